#include "lint/charm_catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse {
namespace {

using testing::Contains;
using testing::Not;

constexpr const char* kText = R"({"store": {
  "channel": "2.0/stable", "complete": true, "subordinate": true,
  "provides": {"disk": {"interface": "block", "scope": "container"}},
  "requires": {"db": {"interface": "mysql"}}, "peers": {"ring": {"interface": "ring"}},
  "extra-bindings": ["public"], "options": {"size": "int"}, "resources": {"image": "file"},
  "storage": {"data": "block"},
  "elsewhere": {"endpoints": {"old": [{"role": "requires", "interface": "x"}]},
                "options": ["colour"], "resources": [], "storage": ["logs"]}}})";

BundleApplication application(const std::string& charm, const std::string& channel) {
  BundleApplication made;
  made.name = "a";
  made.charm = charm;
  made.channel = channel;
  return made;
}

TEST(CharmCatalogue, reads_what_a_charm_has_and_what_other_versions_have) {
  const auto catalogue = CharmCatalogue::parse(kText);
  ASSERT_TRUE(catalogue);
  const CharmFacts* facts = catalogue->find(std::string("store"));
  ASSERT_NE(facts, nullptr);
  EXPECT_TRUE(facts->is_complete && facts->is_subordinate);
  EXPECT_EQ(facts->endpoints.at("disk").interface, "block");
  EXPECT_TRUE(facts->endpoints.at("disk").is_container_scoped);
  EXPECT_EQ(facts->endpoints.at("db").role, EndpointRole::needs);
  EXPECT_EQ(facts->endpoints.at("juju-info").role, EndpointRole::provides);
  for (const char* name : {"", "disk", "ring", "juju-info", "public"}) {
    EXPECT_THAT(facts->bindings.listed, Contains(name));
  }
  EXPECT_THAT(facts->endpoint_names.listed, Not(Contains("public")));
  EXPECT_THAT(facts->bindings.elsewhere, Contains("old"));
  EXPECT_THAT(facts->options.elsewhere, Contains("colour"));
  EXPECT_THAT(facts->storage.elsewhere, Contains("logs"));
}

TEST(CharmCatalogue, tells_how_a_name_stands) {
  const auto catalogue = CharmCatalogue::parse(kText);
  ASSERT_TRUE(catalogue);
  CharmFacts facts = *catalogue->find(std::string("store"));
  const auto standing = [&](const std::string& name, const std::string& channel) {
    return standing_of(name, facts.options, facts, application("store", channel));
  };
  EXPECT_EQ(standing("size", ""), Standing::listed);
  EXPECT_EQ(standing("colour", "2.0/edge"), Standing::elsewhere);
  EXPECT_EQ(standing("taste", "2.0/edge"), Standing::absent);
  EXPECT_EQ(standing("taste", "1.0/stable"), Standing::doubtful);
  EXPECT_EQ(standing("taste", ""), Standing::doubtful);
  facts.is_complete = false;
  EXPECT_EQ(standing("taste", "2.0/edge"), Standing::not_known);
}

TEST(CharmCatalogue, knows_nothing_of_a_local_charm) {
  const auto catalogue = CharmCatalogue::parse(kText);
  ASSERT_TRUE(catalogue);
  EXPECT_NE(catalogue->find(application("ch:store", "")), nullptr);
  EXPECT_EQ(catalogue->find(application("./store", "")), nullptr);
  EXPECT_EQ(catalogue->find(application("other", "")), nullptr);
}

TEST(CharmCatalogue, refuses_another_format) {
  EXPECT_FALSE(CharmCatalogue::parse("[]"));
  EXPECT_FALSE(CharmCatalogue::parse("{\"store\": 1}"));
  EXPECT_FALSE(CharmCatalogue::parse("{"));
}

TEST(CharmCatalogue, is_carried_by_the_program) {
  EXPECT_GT(CharmCatalogue::embedded().size(), 250U);
}

TEST(Track, is_latest_where_only_a_risk_is_named) {
  EXPECT_EQ(track_of("squid/stable"), "squid");
  EXPECT_EQ(track_of("stable"), "latest");
  EXPECT_EQ(track_of("8.0"), "8.0");
  EXPECT_EQ(track_of(""), "");
}

}  // namespace
}  // namespace gatehouse
