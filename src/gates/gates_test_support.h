// A small world in which every gate passes: two machines, two planes, a web application with a VIP,
// a clustered store and a subordinate. A test takes it, breaks one thing and asks one gate.
#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "gates/gate.h"

namespace gatehouse::gates_test {

struct World {
  // Out of line: every test would compile the members' own again.
  World();
  World(const World&);
  World(World&&) noexcept;
  World& operator=(const World&);
  World& operator=(World&&) noexcept;
  ~World();

  Inputs inputs;
  std::optional<Plan> plan;
  Facts facts;
  ModelUse model_use = ModelUse::must_be_absent;

  Bundle& bundle() { return *inputs.loaded.bundle; }
  BundleApplication& application(const std::string& name) { return bundle().applications.at(name); }
  std::vector<MaasMachine>& machines() { return *facts.maas_machines.value(); }
  std::vector<MaasSubnet>& subnets() { return *facts.maas_subnets.value(); }
  std::vector<MaasRange>& ranges() { return *facts.maas_ranges.value(); }
  ModelStatus& model() { return *facts.model_status.value(); }
  DryRun& dry_run() { return *facts.dry_run.value(); }
};

/// Everything as the site wants it.
World good_world();

Verdict verdict_of(std::string_view gate, const World& world);

/// The checks that have the ruling, as "subject | expected | observed" lines.
std::string checks_of(const Verdict& verdict, Ruling ruling);

template <class T>
Observation<T> seen(T value) {
  return Observation<T>::seen(std::move(value),
                              {.source = "test", .locator = "a test", .at = {}, .digest = ""});
}

template <class T>
Observation<T> not_told(ErrorKind kind = ErrorKind::unavailable) {
  return Observation<T>::failed(
      {.kind = kind, .message = "no answer", .contexts = {}, .help = "look at the cable"},
      {.source = "test", .locator = "a test", .at = {}, .digest = ""});
}

JujuModel juju_model(std::string name, std::string life);

Ipv4 ip(std::string_view text);
Ipv4Range range(std::string_view text);

}  // namespace gatehouse::gates_test

// The ruling of one gate on a world, with its checks in the message where it is another.
#define EXPECT_RULING(gate, world, wanted)                                         \
  do {                                                                             \
    const auto gatehouse_verdict = gatehouse::gates_test::verdict_of(gate, world); \
    EXPECT_EQ(gatehouse_verdict.ruling, wanted)                                    \
        << gatehouse::json::serialize(gatehouse::to_json(gatehouse_verdict));      \
  } while (false)
