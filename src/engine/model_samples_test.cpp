#include "engine/model_samples.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/run_events.h"

namespace gatehouse {

namespace {

constexpr std::uint32_t kSeed = 20261124;

Moment minute(int number) {
  return Moment(std::chrono::minutes(number));
}

Event event_of(std::string_view kind, Moment at, json::object body) {
  Event event;
  event.kind = std::string(kind);
  event.at = at;
  // As the journal gives it back.
  event.body = parse_json(json::serialize(body)).value().as_object();
  return event;
}

/// A model of a few units that come, change and go at random.
ModelStatus random_model(std::mt19937& random) {
  const auto one_of = [&](std::initializer_list<const char*> words) {
    return std::string(*(words.begin() + random() % words.size()));
  };
  ModelStatus status;
  for (int at = 0; at < 4; ++at) {
    if (random() % 4 == 0) continue;
    UnitStatus& unit = status.units["a/" + std::to_string(at)];
    unit.name = "a/" + std::to_string(at);
    unit.machine = std::to_string(at);
    unit.workload = {one_of({"active", "error", "waiting"}),
                     one_of({"hook failed: \"install\"", "Unit is ready", "line\nfeed", ""}), ""};
    unit.agent = {one_of({"idle", "executing", "lost"}), one_of({"running install hook", ""}), ""};
    unit.is_leader = random() % 2 == 0;
  }
  for (int at = 0; at < 3; ++at) {
    if (random() % 3 == 0) continue;
    MachineStatus& machine = status.machines[std::to_string(at)];
    machine.id = std::to_string(at);
    machine.agent = {one_of({"started", "pending"}), "", "", one_of({"", "dying"})};
    machine.instance = {"running", one_of({"Deployed", "Deploying: x"}), ""};
    machine.modification.current = one_of({"", "error"});
    machine.hostname = "h" + std::to_string(at);
  }
  return status;
}

TEST(ModelSamples, FoldedFromTheJournalGiveTheHistoryOfTheRun) {
  std::mt19937 random(kSeed);
  for (int round = 0; round < 20; ++round) {
    ModelHistory live;
    std::vector<Event> events;
    for (int at = 0; at < 30; ++at) {
      const ModelStatus now = random_model(random);
      const SampleDifference changed = difference(live, now);
      live = with_difference(std::move(live), changed, minute(at));
      events.push_back(
          event_of(event_kind::kSample, minute(at + 1), sample_body(changed, live, now)));
    }
    EXPECT_EQ(history_of(events), live) << "seed " << kSeed << " round " << round;
  }
}

TEST(ModelSamples, ASampleThatChangedNothingHoldsNoUnit) {
  std::mt19937 random(kSeed);
  const ModelStatus now = random_model(random);
  ModelHistory history = with_sample({}, now, minute(1));
  const SampleDifference changed = difference(history, now);
  EXPECT_TRUE(changed.is_empty());
  const json::object body = sample_body(changed, history, now);
  EXPECT_TRUE(find_array(body, "units")->empty());
  EXPECT_EQ(find_integer(body, "sample"), 1);
}

TEST(ModelSamples, AGapAndTheFirstIntentAreFoldedToo) {
  const ModelHistory history = history_of(std::vector{
      event_of(event_kind::kIntent, minute(1), {}), event_of(event_kind::kIntent, minute(2), {}),
      event_of(event_kind::kUnobserved, minute(5), {{"observed", to_rfc3339(minute(4))}})});
  EXPECT_EQ(history.newer_than, minute(1));
  EXPECT_EQ(history.unobserved_since, minute(4));
  EXPECT_EQ(history.samples, 0U);
}

TEST(ModelSamples, BodiesOfAnyShapeAreReadWithoutHarm) {
  for (const char* text :
       {"{}", R"({"units": 3, "machines": {}, "gone": "x"})", R"({"units": [1, {}, {"unit": 2}]})",
        R"({"machines": [null], "gone": [7], "sample": -1, "observed": "late"})"}) {
    const Event event =
        event_of(event_kind::kSample, minute(3), parse_json(text).value().as_object());
    EXPECT_EQ(history_of(std::vector{event}).newest, minute(3)) << text;
  }
}

}  // namespace

}  // namespace gatehouse
