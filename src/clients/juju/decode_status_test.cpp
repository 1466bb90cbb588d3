#include "clients/juju/decode_status.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "clients/recordings.h"

namespace gatehouse::juju {
namespace {

/// Machines, applications and units of a document, counted without the decoder.
struct Counts {
  std::size_t machines = 0, applications = 0, units = 0;

  bool operator==(const Counts&) const = default;
};

void count_machines(const json::value& owner, std::string_view key, Counts& counts) {
  if (const json::object* machines = find_object(owner, key)) {
    for (const auto& [id, machine] : *machines) {
      ++counts.machines;
      count_machines(machine, "containers", counts);
    }
  }
}

Counts count(const json::value& document) {
  Counts counts;
  count_machines(document, "machines", counts);
  if (const json::object* applications = find_object(document, "applications")) {
    counts.applications = applications->size();
    for (const auto& [name, application] : *applications) {
      const json::object* units = find_object(application, "units");
      if (!units) continue;
      for (const auto& [unit, item] : *units) {
        ++counts.units;
        if (const auto* below = find_object(item, "subordinates")) counts.units += below->size();
      }
    }
  }
  return counts;
}

Counts count(const ModelStatus& status) {
  return {status.machines.size(), status.applications.size(), status.units.size()};
}

TEST(JujuStatus, EveryRecordedDocumentIsDecodedWhole) {
  const auto folder = recordings::shared("recorded/juju");
  if (!folder) return;
  std::size_t documents = 0;
  for (const auto& path : recordings::files_in(*folder, ".json")) {
    const std::string text = recordings::read_file(path);
    const auto status = decode_status(text);
    ASSERT_TRUE(status) << path << ": " << to_string(status.error());
    ++documents;
    if (path.filename() == "jubilant-status-errors.json") continue;
    EXPECT_EQ(status->unread, std::vector<std::string>{}) << path;
    EXPECT_EQ(status->unknown, std::vector<std::string>{}) << path;
    EXPECT_EQ(count(*status), count(*parse_json(text))) << path;
    EXPECT_FALSE(status->name.empty()) << path;
    for (const auto& [name, unit] : status->units) {
      EXPECT_FALSE(unit.agent.current.empty()) << path << name;
      EXPECT_TRUE(status->applications.contains(unit.application)) << path << name;
    }
    for (const auto& [name, application] : status->applications) {
      EXPECT_FALSE(application.charm.empty()) << path << name;
      EXPECT_FALSE(application.base.empty()) << path << name;
    }
  }
  EXPECT_GE(documents, 10U);
}

TEST(JujuStatus, NamesEveryPartThatTheServerCouldNotTell) {
  const auto folder = recordings::shared("recorded/juju");
  if (!folder) return;
  const auto status = decode_status(recordings::read_file(*folder / "jubilant-status-errors.json"));
  ASSERT_TRUE(status);
  EXPECT_EQ(status->unread,
            (std::vector<std::string>{
                "model tt: status-error: model status error!",
                "machine machine-failed: status-error: machine status error!",
                "application app-failed: status-error: app status error!",
                "unit unit-failed/0: status-error: unit status error!",
                "offers offer-failed: status-error: offer status error!",
                "application-endpoints remote-app-failed: status-error: remote app status "
                "error!"}));
  EXPECT_TRUE(status->applications.contains("unit-failed"));
  EXPECT_TRUE(status->units.empty());
}

TEST(JujuStatus, SubordinatesStandOnTheMachineOfTheirPrincipal) {
  const auto folder = recordings::shared("recorded/juju");
  if (!folder) return;
  const auto status = decode_status(recordings::read_file(*folder / "cou-openstack-focal.json"));
  ASSERT_TRUE(status);
  const UnitStatus& unit = status->units.at("cinder-mysql-router/0");
  EXPECT_EQ(unit.principal, "cinder/0");
  EXPECT_EQ(unit.machine, "7");
  EXPECT_EQ(unit.application, "cinder-mysql-router");
  EXPECT_TRUE(unit.is_leader);
  EXPECT_EQ(status->units.at("cinder/0").principal, "");
  EXPECT_EQ(status->applications.at("cinder-mysql-router").subordinate_to,
            std::vector<std::string>{"cinder"});
  EXPECT_EQ(status->applications.at("cinder").endpoint_bindings.at(""), "alpha");
  EXPECT_EQ(status->applications.at("cinder").base, "ubuntu@20.04");
  EXPECT_EQ(status->applications.at("cinder").channel, "ussuri/stable");
  EXPECT_EQ(status->applications.at("cinder").revision, 633);
}

constexpr const char* kDocument = R"({
  "model": {"name": "openstack", "type": "iaas", "controller": "omega", "cloud": "maas",
            "version": "3.6.28", "model-status": {"current": "available"}},
  "machines": {
    "0": {"juju-status": {"current": "started", "since": "2026-11-22 19:04:10Z", "version": "3.6.28"},
          "hostname": "h", "display-name": "openstack0", "instance-id": "4na83t",
          "machine-status": {"current": "running", "message": "Deployed"}, "modification-status": {},
          "ip-addresses": ["10.12.8.40"],
          "network-interfaces": {"br-ex": {"ip-addresses": ["10.12.4.40"], "mac-address": "52:54:00:12:00:02",
                                           "space": "provider-public metal-admin", "is-up": true}},
          "containers": {"0/lxd/0": {"juju-status": {"current": "pending"}, "instance-id": "pending",
                                     "machine-status": {}}}}},
  "applications": {
    "vault": {"charm": "local:vault-0", "charm-origin": "local", "charm-name": "vault", "charm-rev": 7,
              "base": {"name": "ubuntu", "channel": "22.04"}, "exposed": false,
              "application-status": {"current": "blocked", "message": "Vault needs to be initialized"},
              "relations": {"shared-db": [{"related-application": "vault-mysql-router",
                                           "interface": "mysql-shared", "scope": "container"}],
                            "cluster": ["vault"], "ha": []},
              "units": {"vault/0": {"workload-status": {"current": "blocked",
                                      "message": "Vault needs to be initialized"},
                        "juju-status": {"current": "idle"}, "leader": true, "machine": "0/lxd/0",
                        "public-address": "10.12.8.61"}}},
    "ntp": {"charm": "ntp", "series": "jammy", "os": "ubuntu", "charm-rev": 50,
            "subordinate-to": ["ceph-osd"]}},
  "storage": {}, "controller": {"timestamp": "19:04:10"}})";

TEST(JujuStatus, ReadsMachinesContainersBindingsAndBothFormsOfRelations) {
  const auto status = decode_status(kDocument);
  ASSERT_TRUE(status) << to_string(status.error());
  EXPECT_EQ(status->unread, std::vector<std::string>{});
  EXPECT_EQ(status->name, "openstack");
  EXPECT_EQ(status->controller, "omega");
  EXPECT_EQ(status->version, "3.6.28");
  const MachineStatus& machine = status->machines.at("0");
  EXPECT_EQ(machine.hostname, "openstack0");
  EXPECT_EQ(machine.agent.current, "started");
  EXPECT_EQ(machine.agent.since, "2026-11-22 19:04:10Z");
  EXPECT_EQ(machine.instance.message, "Deployed");
  EXPECT_EQ(machine.interfaces.at("br-ex").spaces,
            (std::vector<std::string>{"provider-public", "metal-admin"}));
  EXPECT_TRUE(status->machines.at("0/lxd/0").is_container());
  const ApplicationStatus& vault = status->applications.at("vault");
  EXPECT_EQ(vault.charm, "vault");
  ASSERT_EQ(vault.relations.size(), 2U);
  EXPECT_EQ(vault.relations[0].application, "vault-mysql-router");
  EXPECT_EQ(vault.relations[0].scope, "container");
  EXPECT_EQ(vault.relations[1].application, "vault");
  EXPECT_EQ(vault.relations[1].interface, "");
  EXPECT_EQ(status->units.at("vault/0").workload.message, "Vault needs to be initialized");
  EXPECT_EQ(status->applications.at("ntp").base, "jammy");
}

TEST(JujuStatus, KeepsGoingPastOddPartsAndNamesThem) {
  const auto status = decode_status(R"({"model": {"name": "m"}, "machines": {"0": 7, "1": {}},
    "applications": {"a": {"charm-name": "a", "relations": {"x": 3, "y": [4, "b"]},
      "endpoint-bindings": {"": null}, "subordinate-to": "c",
      "units": {"a/0": {"juju-status": "idle"}, "a/1": null}}}})");
  ASSERT_TRUE(status);
  EXPECT_EQ(
      status->unread,
      (std::vector<std::string>{
          "machine 0: an object is expected", "application a subordinate-to: a list is expected",
          "application a binding : a text is expected",
          "application a relation x: a list is expected",
          "application a relation y: a name, or an object with related-application, is "
          "expected",
          "unit a/0 juju-status: an object is expected", "unit a/1: an object is expected"}));
  EXPECT_TRUE(status->machines.contains("1"));
  EXPECT_TRUE(status->units.contains("a/0"));
  EXPECT_EQ(status->applications.at("a").relations.size(), 1U);
}

TEST(JujuStatus, RefusesWhatIsNoStatus) {
  for (const char* text :
       {"", "{}", "{}\n", "[]", "null", "{\"model\": 3}", "not JSON",
        "{\"model\": {\"name\": \"m\"}", "{} {}", "[{\"model\": {}}]", "{\"model\": {}} x"}) {
    const auto status = decode_status(text);
    ASSERT_FALSE(status) << text;
    EXPECT_EQ(status.error().kind, ErrorKind::malformed);
  }
}

TEST(JujuStatus, NamesMembersThatNoJujuKnownHereHas) {
  const auto status = decode_status(R"({"model": {"name": "m", "mood": 1}, "weather": {},
    "machines": {"0": {"juju-status": {"current": "started", "colour": "red"}, "shape": 2,
      "network-interfaces": {"e": {"speed": 1}}}},
    "applications": {"a": {"charm": "a", "taste": 1, "units": {"a/0": {"smell": 1}}},
      "b": {"taste": 2}}})");
  ASSERT_TRUE(status);
  EXPECT_EQ(status->unknown,
            (std::vector<std::string>{"application.taste", "interface.speed", "juju-status.colour",
                                      "machine.shape", "model.mood", "unit.smell", "weather"}));
  EXPECT_EQ(status->unread, std::vector<std::string>{});
}

TEST(JujuStatus, ReadsLifeAndTheChangeOfProfiles) {
  const auto status = decode_status(R"({"model": {"name": "m"},
    "machines": {"0": {"juju-status": {"current": "started", "life": "dying"},
      "modification-status": {"current": "error", "message": "no profile"}},
      "1": {"modification-status": {}}},
    "applications": {"a": {"life": "dead"}},
    "application-endpoints": {"db": {"url": "u", "application-status": {"current": "active"}}}})");
  ASSERT_TRUE(status);
  EXPECT_EQ(status->machines.at("0").agent.life, "dying");
  EXPECT_EQ(status->machines.at("0").modification.current, "error");
  EXPECT_EQ(status->machines.at("0").modification.message, "no profile");
  EXPECT_EQ(status->machines.at("1").modification.current, "");
  EXPECT_EQ(status->applications.at("a").life, "dead");
  EXPECT_EQ(status->remotes.at("db").current, "active");
}

TEST(JujuStatus, ReadsSectionsInAnyOrderAndPartsOfAnySize) {
  std::string text = R"({"applications": {"a": {"charm": "a", "units": {)";
  for (int at = 0; at < 3000; ++at) {
    text += (at == 0 ? "\"a/" : ",\"a/") + std::to_string(at) +
            R"(": {"workload-status": {"current": "active", "message": ")" + std::string(200, 'x') +
            R"("}, "machine": "0"})";
  }
  text += R"(}}}, "machines": {"0": {"containers": {"0/lxd/0": {}}}}, "model": {"name": "m"}})";
  const auto status = decode_status(text);
  ASSERT_TRUE(status) << to_string(status.error());
  EXPECT_EQ(status->unread, std::vector<std::string>{});
  EXPECT_EQ(status->units.size(), 3000U);
  EXPECT_EQ(status->units.at("a/2999").workload.message, std::string(200, 'x'));
  EXPECT_EQ(status->machines.size(), 2U);
  EXPECT_EQ(status->name, "m");
}

TEST(JujuStatus, ManyLargePartsTakeNoMoreMemoryThanOne) {
  const std::string part = R"({"constraints": ")" + std::string(300'000, 'x') + R"("})";
  std::string text = R"({"model": {"name": "m"}, "applications": {}, "machines": {)";
  for (int at = 0; at < 60; ++at) {
    text += (at == 0 ? "\"" : ",\"") + std::to_string(at) + "\": " + part;
  }
  const auto status = decode_status(text + "}}");
  ASSERT_TRUE(status) << to_string(status.error());
  EXPECT_EQ(status->machines.size(), 60U);
}

TEST(JujuStatus, SectionsOfAnotherTypeAreNamed) {
  const auto status =
      decode_status(R"({"model": {"name": "m"}, "machines": [{"a": 1}], "applications": "x"})");
  ASSERT_TRUE(status);
  EXPECT_EQ(status->unread, (std::vector<std::string>{"machines: an object is expected",
                                                      "applications: an object is expected"}));
}

TEST(JujuStatus, AnAbsentSectionIsNotAnEmptyOne) {
  const auto status = decode_status(R"({"model": {"name": "m"}, "applications": {}})");
  ASSERT_TRUE(status);
  EXPECT_EQ(status->unread, std::vector<std::string>{"machines: an object is expected"});
}

}  // namespace
}  // namespace gatehouse::juju
