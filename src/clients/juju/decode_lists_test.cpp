#include "clients/juju/decode_lists.h"

#include <gtest/gtest.h>

namespace gatehouse::juju {
namespace {

TEST(JujuLists, ReadsAVersionWithOrWithoutQuotes) {
  for (const char* out : {"3.6.28-genericlinux-amd64\n", "\"3.6.28-genericlinux-amd64\"\n"}) {
    EXPECT_EQ(decode_version(out)->version, "3.6.28-genericlinux-amd64");
  }
  EXPECT_EQ(decode_version("2.9.52-ubuntu-amd64")->version, "2.9.52-ubuntu-amd64");
  for (const char* out : {"", "\n", "juju", "\"", "3"}) EXPECT_FALSE(decode_version(out)) << out;
}

TEST(JujuLists, ReadsTheControllerByName) {
  const char* out = R"({"controllers": {"omega": {"current-model": "m", "user": "admin",
    "access": "superuser", "uuid": "c0", "agent-version": "3.6.28", "cloud": "maas"},
    "other": {"controller-uuid": "c1"}}, "current-controller": "other"})";
  const auto omega = decode_controller(out, "omega");
  ASSERT_TRUE(omega && *omega);
  EXPECT_EQ((*omega)->uuid, "c0");
  EXPECT_EQ((*omega)->user, "admin");
  EXPECT_EQ((*omega)->agent_version, "3.6.28");
  const auto other = decode_controller(out, "other");
  ASSERT_TRUE(other && *other);
  EXPECT_EQ((*other)->uuid, "c1");
  EXPECT_EQ((*other)->user, "");
  for (const char* none : {out, R"({"controllers": null})", R"({"controllers": {}})", ""}) {
    const auto third = decode_controller(none, "third");
    ASSERT_TRUE(third) << none;
    EXPECT_FALSE(*third) << none;
  }
  EXPECT_EQ(decode_controller("{}", "omega").error().kind, ErrorKind::malformed);
  EXPECT_EQ(decode_controller("[", "omega").error().kind, ErrorKind::malformed);
}

TEST(JujuLists, NobodyIsLoggedInWhereWhoamiSaysNothing) {
  EXPECT_EQ(decode_whoami("")->has_value(), false);
  EXPECT_EQ(decode_whoami("\n")->has_value(), false);
  const auto who = decode_whoami(R"({"controller":"omega","model":"m","user":"admin"})");
  ASSERT_TRUE(who && *who);
  EXPECT_EQ((*who)->controller, "omega");
  EXPECT_EQ((*who)->user, "admin");
  EXPECT_FALSE(decode_whoami("words"));
}

TEST(JujuLists, ReadsModelsOfAnyVersion) {
  const auto models = decode_models(R"({"models": [
    {"name": "admin/openstack", "short-name": "openstack", "model-uuid": "u0", "owner": "admin",
     "cloud": "maas", "credential": {"name": "maas-api", "owner": "admin", "cloud": "maas"},
     "life": "dying", "status": {"current": "destroying", "since": "3 minutes ago"}},
    {"name": "admin/openstack-machines", "life": "alive", "status": {}}], "current-model": "x"})");
  ASSERT_TRUE(models);
  ASSERT_EQ(models->size(), 2U);
  EXPECT_EQ(models->at(0).name, "openstack");
  EXPECT_EQ(models->at(0).life, "dying");
  EXPECT_EQ(models->at(0).status, "destroying");
  EXPECT_EQ(models->at(0).credential, "maas-api");
  EXPECT_EQ(models->at(1).name, "openstack-machines");
  EXPECT_EQ(models->at(1).owner, "admin");
  EXPECT_TRUE(decode_models(R"({"models": []})")->empty());
  for (const char* out : {"", "{}", "[]", R"({"models": {}})", R"({"models": [{}]})"}) {
    EXPECT_FALSE(decode_models(out)) << out;
  }
}

// No recording of show-model is at hand: the entry is one of `juju models`, keyed by the name.
TEST(JujuLists, ReadsOneModelByItsName) {
  const char* out = R"({"openstack": {"name": "admin/openstack", "short-name": "openstack",
    "model-uuid": "u0", "life": "alive", "cloud": "maas", "status": {"current": "available"}}})";
  const auto model = decode_show_model(out, "openstack");
  ASSERT_TRUE(model);
  EXPECT_EQ(model->uuid, "u0");
  EXPECT_EQ(model->owner, "admin");
  EXPECT_EQ(decode_show_model(out, "other").error().kind, ErrorKind::not_found);
  EXPECT_EQ(decode_show_model("{}", "openstack").error().kind, ErrorKind::not_found);
  EXPECT_EQ(decode_show_model("", "openstack").error().kind, ErrorKind::malformed);
}

TEST(JujuLists, ReadsSpacesAndAnEmptyOutputAsNone) {
  const auto spaces = decode_spaces(R"({"spaces": [
    {"id": "0", "name": "alpha", "subnets": {}},
    {"id": "1", "name": "storage", "subnets": {"10.12.16.0/22": {"type": "ipv4", "zones": null}}}]})");
  ASSERT_TRUE(spaces);
  ASSERT_EQ(spaces->size(), 2U);
  EXPECT_EQ(spaces->at(1).cidrs, std::vector<std::string>{"10.12.16.0/22"});
  EXPECT_TRUE(decode_spaces("")->empty());
  EXPECT_FALSE(decode_spaces("{}"));
}

}  // namespace
}  // namespace gatehouse::juju
