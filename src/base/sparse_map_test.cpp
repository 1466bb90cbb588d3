#include "base/sparse_map.h"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace gatehouse {

namespace {

using Map = SparseMap<std::string, int>;

TEST(SparseMap, IsAPointerAndEmptyAtFirst) {
  Map map;
  EXPECT_EQ(sizeof(map), sizeof(void*));
  EXPECT_TRUE(map.empty());
  EXPECT_EQ(map.begin(), map.end());
  EXPECT_EQ(map.find("a"), map.end());
  EXPECT_FALSE(map.contains("a"));
  EXPECT_EQ(map.erase("a"), 0U);
  EXPECT_THROW((void)map.at("a"), std::out_of_range);
}

TEST(SparseMap, HoldsWhatIsPutInSorted) {
  Map map{{"b", 2}};
  map["a"] = 1;
  EXPECT_FALSE(map.try_emplace("a").second);
  std::string keys;
  for (const auto& [key, value] : map) keys += key + std::to_string(value);
  EXPECT_EQ(keys, "a1b2");
  map.erase(map.find("b"));
  EXPECT_EQ(map.size(), 1U);
  EXPECT_EQ(map.at("a"), 1);
}

TEST(SparseMap, CopiesAreTheirOwn) {
  Map map{{"a", 1}};
  Map copy = map;
  copy["a"] = 2;
  EXPECT_EQ(map.at("a"), 1);
  copy.clear();
  EXPECT_TRUE(copy.empty());
  EXPECT_EQ(map.size(), 1U);
}

}  // namespace

}  // namespace gatehouse
