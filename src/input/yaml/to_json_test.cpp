#include "input/yaml/to_json.h"

#include <gtest/gtest.h>

namespace gatehouse::yaml {

namespace {

std::string json_of(std::string text) {
  const Source source("a.yaml", std::move(text), Sensitivity::open);
  const File file = parse(source);
  EXPECT_FALSE(file.error());
  EXPECT_EQ(file.documents().size(), 1U);
  return json::serialize(to_json(*file.documents().front()));
}

TEST(YamlToJson, KeepsTheTreeAndTheMeaningOfScalars) {
  EXPECT_EQ(json_of("a: {b: [1, two, true, null, 1.5, '3']}\n\"0\": x\n0/lxd/1: {}\n"),
            R"({"a":{"b":[1,"two",true,null,1.5E0,"3"]},"0":"x","0/lxd/1":{}})");
}

TEST(YamlToJson, AnAliasIsWhatItStandsForAndTheLastKeyWins) {
  EXPECT_EQ(json_of("a: &x [1]\nb: *x\na: 2\n"), R"({"a":2,"b":[1]})");
}

TEST(YamlToJson, TimesAndVersionsStayText) {
  EXPECT_EQ(json_of("since: 13 Feb 2017 14:50:16Z\nversion: 2.0.3\nmessage: \"\"\n"),
            R"({"since":"13 Feb 2017 14:50:16Z","version":"2.0.3","message":""})");
}

}  // namespace

}  // namespace gatehouse::yaml
