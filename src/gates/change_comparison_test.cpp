#include "gates/change_comparison.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

namespace gatehouse {

namespace {

using Lines = std::vector<std::string>;

std::string told(const Lines& planned, const Lines& printed) {
  static constexpr const char* kKinds[] = {"changed", "missing", "extra", "moved"};
  std::string text;
  for (const ChangeDifference& one : compare_changes(planned, printed)) {
    text += kKinds[static_cast<std::size_t>(one.kind)];
    if (one.planned) text += fmt::format(" {}:{}", one.planned->number, one.planned->text);
    if (one.printed) text += fmt::format(" -> {}:{}", one.printed->number, one.printed->text);
    text += "\n";
  }
  return text;
}

TEST(ChangeComparison, of_equal_lists_tells_nothing) {
  EXPECT_EQ(told({}, {}), "");
  EXPECT_EQ(told({"add new machine 0", "expose all endpoints of a"},
                 {"add new machine 0", "expose all endpoints of a"}),
            "");
}

TEST(ChangeComparison, pairs_a_changed_line_by_what_it_is_about) {
  EXPECT_EQ(told({"add unit a/0 to new machine 0", "add unit b/0 to new machine 1"},
                 {"add unit a/0 to new machine 3", "add unit b/0 to new machine 1"}),
            "changed 1:add unit a/0 to new machine 0 -> 1:add unit a/0 to new machine 3\n");
}

TEST(ChangeComparison, tells_missing_and_extra_apart) {
  EXPECT_EQ(told({"add new machine 0", "add unit a/0 to new machine 0"},
                 {"add new machine 0", "add new machine 1"}),
            "missing 2:add unit a/0 to new machine 0\nextra -> 2:add new machine 1\n");
}

TEST(ChangeComparison, calls_one_line_moved_where_one_line_moved) {
  EXPECT_EQ(told({"one", "two", "three", "four"}, {"two", "three", "four", "one"}),
            "moved 1:one -> 4:one\n");
  EXPECT_EQ(told({"one", "two", "three"}, {"three", "one", "two"}), "moved 3:three -> 1:three\n");
}

TEST(ChangeComparison, an_extra_line_moves_nothing) {
  EXPECT_EQ(told({"one", "two"}, {"zero", "one", "two"}), "extra -> 1:zero\n");
}

TEST(ChangeComparison, a_line_that_is_there_twice_is_extra_once) {
  EXPECT_EQ(told({"one", "two"}, {"one", "one", "two"}), "extra -> 2:one\n");
}

TEST(ChangeComparison, knows_the_words_of_juju_2_9) {
  EXPECT_EQ(with_base_for_series("upload charm a from charm-hub for series jammy from channel "
                                 "latest/stable with architecture=amd64"),
            "upload charm a from charm-hub for base ubuntu@22.04/stable from channel "
            "latest/stable with architecture=amd64");
  EXPECT_EQ(with_base_for_series("deploy application a from charm-hub on focal with edge"),
            "deploy application a from charm-hub on ubuntu@20.04/stable with edge");
  const std::string other = "add lxd container 0/lxd/3 on new machine 0";
  EXPECT_EQ(with_base_for_series(other), other);
}

}  // namespace

}  // namespace gatehouse
