// What each recorded model holds, counted once with a few lines of Python over the documents and
// looked at by eye: another recording gets another row. The decoder has no part in these numbers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "clients/juju/decode_status.h"
#include "clients/recordings.h"

namespace gatehouse::juju {
namespace {

struct Recorded {
  std::string_view file, model, version;
  std::size_t machines, interfaces, applications, units, subordinates, leaders, relations, bindings;
  /// Units that are not active and idle, and units without any state: "unit workload agent".
  std::vector<std::string> others = {};
  std::vector<std::string> remotes = {};
};

const std::vector<Recorded>& recorded() {
  static const std::vector<Recorded> rows = {
      {"cou-openstack-focal.json", "zaza-0228b5aec1cf", "3.4.2", 12, 24, 17, 19, 7, 17, 81, 180},
      {"hotsos-controller-k8s.json", "controller", "3.6.5", 0, 0, 1, 1, 0, 1, 0, 4},
      {"hotsos-controller-lxd.json", "controller", "3.6.5", 1, 1, 1, 1, 0, 1, 0, 4},
      {.file = "jhack-cmrs-full_status_None.json",
       .model = "foo",
       .version = "3.1.2",
       .machines = 0,
       .interfaces = 0,
       .applications = 1,
       .units = 1,
       .subordinates = 0,
       .leaders = 1,
       .relations = 1,
       .bindings = 8,
       .remotes = {"alertmanager active"}},
      {"jhack-cmrs-full_status_clite.json", "clite", "3.1.2", 0, 0, 6, 7, 0, 6, 43, 47},
      {"jhack-kafka.json", "foo", "3.1.2", 2, 2, 2, 2, 0, 2, 6, 15},
      {.file = "jhack-keystone-model.json",
       .model = "openstack",
       .version = "3.2.0",
       .machines = 0,
       .interfaces = 0,
       .applications = 26,
       .units = 26,
       .subordinates = 0,
       .leaders = 26,
       .relations = 124,
       .bindings = 168,
       .others = {"cinder-ceph/0 blocked idle", "traefik/0 maintenance idle"}},
      {"jhack-machine-full_status_None.json", "foo", "3.1.2", 2, 2, 2, 2, 0, 2, 6, 15},
      // Every part of it is an error of the server, and named: decode_status_test.cpp.
      {.file = "jubilant-status-errors.json",
       .model = "tt",
       .version = "3.6.1",
       .machines = 0,
       .interfaces = 0,
       .applications = 1,
       .units = 0,
       .subordinates = 0,
       .leaders = 0,
       .relations = 0,
       .bindings = 0},
      {.file = "tfsuite-cmr-consumer-3621.json",
       .model = "model",
       .version = "3.6.21",
       .machines = 0,
       .interfaces = 0,
       .applications = 1,
       .units = 1,
       .subordinates = 0,
       .leaders = 1,
       .relations = 3,
       .bindings = 12,
       .remotes = {"remote-offer active"}},
  };
  return rows;
}

Recorded row_of(const Recorded& wanted, const ModelStatus& status) {
  Recorded row{.file = wanted.file,
               .model = status.name,
               .version = status.version,
               .machines = status.machines.size(),
               .interfaces = 0,
               .applications = status.applications.size(),
               .units = status.units.size(),
               .subordinates = 0,
               .leaders = 0,
               .relations = 0,
               .bindings = 0};
  for (const auto& [id, machine] : status.machines) row.interfaces += machine.interfaces.size();
  for (const auto& [name, application] : status.applications) {
    row.relations += application.relations.size();
    row.bindings += application.endpoint_bindings.size();
  }
  for (const auto& [name, unit] : status.units) {
    row.subordinates += !unit.principal.empty();
    row.leaders += unit.is_leader;
    if (unit.workload.current == "active" && unit.agent.current == "idle") continue;
    row.others.push_back(name + " " + unit.workload.current + " " + unit.agent.current);
  }
  for (const auto& [name, value] : status.remotes)
    row.remotes.push_back(name + " " + value.current);
  return row;
}

std::string in_words(const Recorded& row) {
  std::string words = std::string(row.model) + " " + std::string(row.version);
  for (const std::size_t number : {row.machines, row.interfaces, row.applications, row.units,
                                   row.subordinates, row.leaders, row.relations, row.bindings}) {
    words += " " + std::to_string(number);
  }
  return words + " others: " + join(row.others, ", ") + " remotes: " + join(row.remotes, ", ");
}

TEST(RecordedModels, HoldWhatWasCountedInThem) {
  const auto folder = recordings::shared("recorded/juju");
  if (!folder) return;
  for (const Recorded& wanted : recorded()) {
    const auto status = decode_status(recordings::read_file(*folder / wanted.file));
    ASSERT_TRUE(status) << wanted.file << ": " << to_string(status.error());
    EXPECT_EQ(in_words(row_of(wanted, *status)), in_words(wanted)) << wanted.file;
  }
}

TEST(RecordedModels, AreAllCounted) {
  const auto folder = recordings::shared("recorded/juju");
  if (!folder) return;
  std::vector<std::string> files, counted;
  for (const auto& path : recordings::files_in(*folder, ".json")) {
    files.push_back(path.filename());
  }
  for (const Recorded& row : recorded()) counted.emplace_back(row.file);
  EXPECT_EQ(files, counted);
}

TEST(RecordedModels, SayInWordsWhatTheirUnitsSay) {
  const auto folder = recordings::shared("recorded/juju");
  if (!folder) return;
  const auto openstack =
      decode_status(recordings::read_file(*folder / "jhack-keystone-model.json"));
  ASSERT_TRUE(openstack);
  EXPECT_EQ(openstack->units.at("cinder-ceph/0").workload.message, "(ceph) integration missing");
  EXPECT_EQ(openstack->units.at("traefik/0").workload.message,
            "updating ingress configuration for 'ingress:41'");
  const auto focal = decode_status(recordings::read_file(*folder / "cou-openstack-focal.json"));
  ASSERT_TRUE(focal);
  EXPECT_EQ(focal->units.at("mysql/1").workload.message,
            "Unit is ready: Mode: R/O, Cluster is ONLINE and can tolerate up to ONE failure.");
}

}  // namespace
}  // namespace gatehouse::juju
