#include "base/json_cursor.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

// What is walked, as "path=value" in order: objects and lists two levels deep, the rest read.
Result<void> walk(JsonCursor& cursor, const std::string& path, int depth,
                  std::vector<std::string>& seen) {
  if (depth > 0 && cursor.kind() == JsonCursor::Kind::object) {
    return cursor.for_each_member([&](std::string_view name) {
      return walk(cursor, path + "/" + std::string(name), depth - 1, seen);
    });
  }
  if (depth > 0 && cursor.kind() == JsonCursor::Kind::array) {
    return cursor.for_each_element([&] { return walk(cursor, path + "/", depth - 1, seen); });
  }
  const auto value = cursor.read();
  if (!value) return fail(value.error());
  seen.push_back(path + "=" + json::serialize(**value));
  return {};
}

Result<std::vector<std::string>> walked(std::string_view text) {
  JsonCursor cursor(text);
  std::vector<std::string> seen;
  Result<void> done = walk(cursor, "", 2, seen);
  if (done) done = cursor.finish();
  if (!done) return fail(done.error());
  return seen;
}

TEST(JsonCursor, WalksObjectsAndLists) {
  using Seen = std::vector<std::string>;
  EXPECT_EQ(walked(R"({"a": {"b": 1, "c": [2, {"d": 3}]}, "e": [], "f": {}, "g": null} )"),
            (Seen{"/a/b=1", "/a/c=[2,{\"d\":3}]", "/g=null"}));
  EXPECT_EQ(walked("\n[1.5, \"x\", [true, false]]\r\n"),
            (Seen{"/=1.5E0", "/=\"x\"", "//=true", "//=false"}));
  EXPECT_EQ(walked("7"), (Seen{"=7"}));
  EXPECT_EQ(walked(R"({"a\"\u00e9": 1, "": 2})"), (Seen{"/a\"\xc3\xa9=1", "/=2"}));
}

TEST(JsonCursor, TellsWhereItIsNoJson) {
  const auto said = [](std::string_view text) {
    const auto seen = walked(text);
    return seen ? "nothing" : seen.error().message;
  };
  EXPECT_EQ(said(R"({"a" 1})"), "byte 5: not JSON: \":\" is expected");
  EXPECT_EQ(said(R"({"a": 1,})"), "byte 8: not JSON: the name of a member is expected");
  EXPECT_EQ(said(R"({"a": 1)"), "byte 7: not JSON: \",\" or \"}\" is expected");
  EXPECT_EQ(said("[1 2]"), "byte 3: not JSON: \",\" or \"]\" is expected");
  EXPECT_EQ(said("[1] 2"), "byte 4: text after the JSON document");
  for (const char* text : {"", " ", "[", "[1,", "{", "{\"a\":", "{\"a", "nul", "[[[1,]]]", "{1: 2}",
                           "\"\xff\"", "[1,]", "]", "{\"a\": {\"b\": tru}}"}) {
    EXPECT_NE(said(text), "nothing") << text;
  }
}

TEST(JsonCursor, EndsWithTheVisitorsError) {
  JsonCursor cursor("[1, 2, 3]");
  int seen = 0;
  const auto done = cursor.for_each_element([&]() -> Result<void> {
    const auto value = cursor.read();
    if (++seen == 2) return fail(ErrorKind::conflict, "two");
    return {};
  });
  EXPECT_EQ(done.error().message, "two");
  EXPECT_EQ(seen, 2);
}

TEST(JsonCursor, IsBoundedInDepth) {
  const std::string deep(100'000, '[');
  EXPECT_NE(walked(deep).error().message.find("too deep"), std::string::npos);
}

TEST(JsonCursor, ReadsPiecesLargerThanItsBuffer) {
  const std::string large(1 << 20, 'x');
  const auto seen = walked("[\"" + large + "\", \"" + large + "\", 1]");
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->size(), 3U);
  EXPECT_EQ((*seen)[1], "/=\"" + large + "\"");
}

}  // namespace
}  // namespace gatehouse
