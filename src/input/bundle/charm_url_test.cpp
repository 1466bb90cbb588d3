#include "input/bundle/charm_url.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "input/bundle/base_and_series.h"
#include "input/bundle/go_text.h"

namespace gatehouse::bundle {
namespace {

TEST(CharmUrls, store_and_local_names_are_read) {
  const CharmUrl full = parse_charm_url("ch:amd64/jammy/foo");
  EXPECT_TRUE(full.error.empty());
  EXPECT_EQ(full.name, "foo");
  EXPECT_EQ(full.series, "jammy");
  EXPECT_EQ(full.architecture, "amd64");
  EXPECT_TRUE(parse_charm_url("foo").is_store());
  EXPECT_EQ(to_string(parse_charm_url("foo-3")), "ch:foo-3");
  EXPECT_EQ(parse_charm_url("local:focal/foo-7").revision, 7);
  EXPECT_FALSE(parse_charm_url("local:foo").is_store());
}

TEST(CharmUrls, each_mistake_is_told_in_the_words_of_juju) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "cannot parse name and/or revision in URL \"\": name \"\" not valid"},
      {"123", "cannot parse name and/or revision in URL \"123\": name \"123\" not valid"},
      {"cs:~user/focal/foo-3",
       "cannot parse URL \"cs:~user/focal/foo-3\": schema \"cs\" not valid"},
      {"~user/foo", "charmhub charm or bundle URL with user name: \"~user/foo\" not valid"},
      {"foo bar",
       "cannot parse name and/or revision in URL \"foo%20bar\": name \"foo bar\" not valid"},
      {"foo?x=1", "charm or bundle URL \"foo?x=1\" has unrecognized parts"},
      {"a/b/c/d", "charm or bundle URL \"a/b/c/d\" malformed"},
      {"x86/focal/foo", "in URL \"x86/focal/foo\": architecture name \"x86\" not valid"},
  };
  for (const auto& [text, error] : cases) EXPECT_EQ(parse_charm_url(text).error, error) << text;
}

TEST(Bases, two_parsers_differ_as_those_of_juju_do) {
  EXPECT_TRUE(is_lenient_base("ubuntu@22.04/stable/foo"));
  EXPECT_EQ(parse_base("ubuntu@22.04/stable/foo").error,
            "channel is malformed and has too many components \"22.04/stable/foo\"");
  EXPECT_FALSE(is_lenient_base("debian@12"));
  EXPECT_FALSE(is_lenient_base("ubuntu@"));
  EXPECT_EQ(to_string(parse_base("ubuntu@22.04").value), "ubuntu@22.04/stable");
  EXPECT_EQ(to_string(parse_base("ubuntu@22.04/edge").value), "ubuntu@22.04/edge");
}

TEST(Bases, series_and_bases_are_two_names_of_one) {
  EXPECT_EQ(to_string(base_of_series("jammy").value), "ubuntu@22.04/stable");
  EXPECT_EQ(to_string(base_of_series("kubernetes").value), "ubuntu@20.04/stable");
  EXPECT_EQ(base_of_series("nosuch").error, "series \"nosuch\" not valid");
  EXPECT_EQ(series_of_base(parse_base("ubuntu@24.04").value).value, "noble");
  EXPECT_EQ(series_of_base(parse_base("ubuntu@99.99").value).error,
            "os \"ubuntu\" version \"99.99\" not found");
}

TEST(GoText, quoting_and_numbers_are_those_of_go) {
  EXPECT_EQ(go_quote("a\"b\\c\n\x01\xc3\xa9\xff"), "\"a\\\"b\\\\c\\n\\x01\xc3\xa9\\xff\"");
  EXPECT_EQ(go_float(0.25), "0.25");
  EXPECT_EQ(go_float(1e20), "100000000000000000000");
  EXPECT_EQ(go_float(1.2345678901234568e20), "123456789012345680000");
  EXPECT_EQ(go_float(1e21), "1e+21");
  EXPECT_EQ(go_float(-0.00001), "-1e-05");
  EXPECT_EQ(go_float(0.001), "0.001");
}

TEST(GoText, paths_are_cleaned_as_filepath_does) {
  EXPECT_EQ(resolve_path("/a/b", "../c//./d"), "/a/c/d");
  EXPECT_EQ(resolve_path("/a/b", "/x/../y"), "/y");
  EXPECT_EQ(clean_path("a/../.."), "..");
  EXPECT_EQ(clean_path("/.."), "/");
  EXPECT_EQ(folder_of("/a/b.yaml"), "/a");
  EXPECT_EQ(folder_of("/b.yaml"), "/");
}

}  // namespace
}  // namespace gatehouse::bundle
