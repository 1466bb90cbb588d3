#include "engine/waiting_events.h"

#include <gtest/gtest.h>

#include "engine/earlier_settles.h"
#include "engine/engine_test_support.h"

namespace gatehouse {

namespace {

Waiting waiting(std::string who, std::string what) {
  Waiting made;
  made.application = who.substr(0, who.find('/'));
  made.who = {who};
  made.shows = what;
  made.chain = {{LinkKind::shows, std::move(who), "is " + what}};
  return made;
}

NotYet held_by(std::vector<Waiting> list) {
  NotYet why;
  why.holding_up = std::move(list);
  return why;
}

std::string added(const json::object& body) {
  std::string words;
  for (const json::value& item : *find_array(body, "added")) {
    words += string_or_empty(item, "words") + "|";
  }
  return words;
}

TEST(WaitingEvents, TellChangesOnly) {
  WaitingEvents events;
  const auto first =
      events.changes(held_by({waiting("a/0", "x"), waiting("b/0", "x")}), Milliseconds(15'000));
  ASSERT_TRUE(first);
  EXPECT_EQ(added(*first), "a/0 is x|b/0 is x|");
  EXPECT_EQ(find_integer(*first, "elapsed_seconds"), 15);
  EXPECT_FALSE(
      events.changes(held_by({waiting("a/0", "x"), waiting("b/0", "x")}), Milliseconds(30'000)));
  const auto second =
      events.changes(held_by({waiting("b/0", "x"), waiting("c/0", "y")}), Milliseconds(45'000));
  ASSERT_TRUE(second);
  EXPECT_EQ(added(*second), "c/0 is y|");
  EXPECT_EQ(json::serialize(*find(*second, "gone")), "[0]");
  EXPECT_EQ(find_integer(*second, "holding_up"), 2);
}

TEST(WaitingEvents, TellNothingWhereNothingHoldsItUp) {
  WaitingEvents events;
  EXPECT_FALSE(events.changes({}, Milliseconds(0)));
  EXPECT_TRUE(events.changes(held_by({waiting("a/0", "x")}), Milliseconds(0)));
  const auto done = events.changes({}, Milliseconds(0));
  ASSERT_TRUE(done);
  EXPECT_EQ(json::serialize(*find(*done, "gone")), "[0]");
}

TEST(WaitingEvents, WhatIsNotSeenIsNotGone) {
  WaitingEvents events;
  ASSERT_TRUE(events.changes(held_by({waiting("a/0", "x")}), Milliseconds(0)));
  NotYet unseen;
  unseen.unobserved = "away";
  const auto told = events.changes(unseen, Milliseconds(0));
  ASSERT_TRUE(told);
  EXPECT_EQ(json::serialize(*find(*told, "gone")), "[]");
  EXPECT_EQ(string_or_empty(*told, "unobserved"), "away");
  EXPECT_FALSE(events.changes(unseen, Milliseconds(0)));
  const auto back = events.changes(held_by({waiting("a/0", "x")}), Milliseconds(0));
  ASSERT_TRUE(back);
  EXPECT_EQ(added(*back), "");
}

TEST(WaitingEvents, AreBoundedAndCountTheRest) {
  std::vector<Waiting> many;
  for (int at = 0; at < 130; ++at) many.push_back(waiting("a/" + std::to_string(at), "x"));
  WaitingEvents events;
  const auto told = events.changes(held_by(std::move(many)), Milliseconds(0));
  ASSERT_TRUE(told);
  EXPECT_EQ(find_array(*told, "added")->size(), WaitingEvents::kGroupsMax);
  EXPECT_EQ(find_integer(*told, "more"), 30);
  EXPECT_EQ(find_integer(*told, "holding_up"), 130);
}

TEST(WaitingEvents, NameTheRootsWithTheMostUnitsBehindThem) {
  NotYet why = held_by({waiting("a/0", "x")});
  for (int at = 9; at > 0; --at) {
    why.roots.push_back(
        {"m/" + std::to_string(at), "is slow", static_cast<std::size_t>(at), false});
  }
  WaitingEvents events;
  const auto told = events.changes(why, Milliseconds(0));
  ASSERT_TRUE(told);
  const json::array& roots = *find_array(*told, "roots");
  ASSERT_EQ(roots.size(), 5U);
  EXPECT_EQ(string_or_empty(roots[0], "who"), "m/9");
  EXPECT_EQ(find_integer(roots[0], "units"), 9);
}

TEST(WaitingEvents, CarryTheMedianOfEarlierRuns) {
  WaitingEvents events;
  events.set_earlier(
      {std::chrono::minutes(60), std::chrono::minutes(90), std::chrono::minutes(62)});
  const auto told = events.changes(held_by({waiting("a/0", "x")}), Milliseconds(0));
  ASSERT_TRUE(told);
  EXPECT_EQ(find_integer(*told, "earlier_runs"), 3);
  EXPECT_EQ(find_integer(*told, "earlier_seconds"), 62 * 60);
}

class ManyRuns : public engine_test::MemoryJournal {
 public:
  Result<std::vector<Event>> events_of(const std::string& run) override {
    const auto entry = by_run.find(run);
    return entry == by_run.end() ? std::vector<Event>{} : entry->second;
  }
  Result<std::vector<std::string>> runs() override {
    std::vector<std::string> names;
    for (const auto& [name, list] : by_run) names.push_back(name);
    return names;
  }
  void add(const std::string& run, std::string_view step, bool is_settled, int seconds) {
    Event event;
    event.kind = "settled";
    event.body = {{"step", step}, {"settled", is_settled}, {"seconds", seconds}};
    by_run[run].push_back(std::move(event));
  }

  std::map<std::string, std::vector<Event>> by_run;
};

TEST(EarlierSettles, AreThoseOfOtherRunsThatSettledTheNewestFirst) {
  ManyRuns journal;
  journal.add("1", "settle", true, 100);
  journal.add("2", "settle", false, 200);
  journal.add("3", "other", true, 300);
  journal.add("4", "settle", true, 400);
  journal.add("5", "settle", true, 500);
  EXPECT_EQ(earlier_settles(journal, "5", "settle"),
            (std::vector<Milliseconds>{std::chrono::seconds(400), std::chrono::seconds(100)}));
  EXPECT_TRUE(earlier_settles(journal, "5", "third").empty());
}

}  // namespace

}  // namespace gatehouse
