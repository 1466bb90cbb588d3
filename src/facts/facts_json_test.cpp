#include "facts/facts_json.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

const Evidence kEvidence{.source = "http",
                         .locator = "GET http://h/MAAS/api/2.0/subnets/",
                         .at = *parse_rfc3339("2026-11-22T19:04:10Z"),
                         .digest = "ab"};

TEST(FactsJson, TellsValueErrorAndNotAskedApart) {
  Facts facts;
  MaasSubnet subnet;
  subnet.id = 1;
  subnet.cidr = "10.12.4.0/22";
  subnet.dns_servers = {"10.12.4.1"};
  subnet.mtu = 1500;
  facts.maas_subnets = Observation<std::vector<MaasSubnet>>::seen({subnet}, kEvidence);
  facts.maas_identity = Observation<MaasIdentity>::failed(
      fail(ErrorKind::denied, "MAAS refuses the key", "make a new one").value(), kEvidence);
  const FactKey keys[] = {FactKey::maas_subnets, FactKey::maas_identity, FactKey::maas_ranges,
                          FactKey::maas_addresses};
  EXPECT_EQ(json::serialize(facts_to_json(facts, keys)),
            R"({"maas_subnets":{"value":[{"id":1,"name":"","cidr":"10.12.4.0/22","space":"",)"
            R"("gateway":"","dns_servers":["10.12.4.1"],"mtu":1500,"vid":null}],"evidence":)"
            R"({"source":"http","locator":"GET http://h/MAAS/api/2.0/subnets/",)"
            R"("at":"2026-11-22T19:04:10Z","digest":"ab"}},"maas_identity":{"error":)"
            R"({"kind":"denied","message":"MAAS refuses the key","help":"make a new one"},)"
            R"("evidence":{"source":"http","locator":"GET http://h/MAAS/api/2.0/subnets/",)"
            R"("at":"2026-11-22T19:04:10Z","digest":"ab"}},"maas_ranges":{"asked":false},)"
            R"("maas_addresses":{"asked":false}})");
}

TEST(FactsJson, AnEmptyAnswerIsAValue) {
  Facts facts;
  facts.juju_models = Observation<std::vector<JujuModel>>::seen({}, kEvidence);
  const FactKey keys[] = {FactKey::juju_models};
  const json::object out = facts_to_json(facts, keys);
  EXPECT_TRUE(find_array(out.at("juju_models"), "value")->empty());
}

TEST(FactsJson, KeyedFactsAreByTheirKeys) {
  Facts facts;
  facts.name_lookups["0/lxd/1"] = Observation<NameLookup>::seen(
      {.resolved = {{"a.b", false}}, .resolvers = {"10.0.0.1"}, .at = kEvidence.at, .tries = 2},
      kEvidence);
  facts.host_disks["m:/p"] = Observation<HostDisk>::seen(
      {.machine = "m", .path = "/p", .virtual_size = 5, .allocated = 1}, kEvidence);
  const FactKey keys[] = {FactKey::name_lookups, FactKey::host_disks};
  const json::object out = facts_to_json(facts, keys);
  const json::value& lookup = out.at("name_lookups").at("0/lxd/1").at("value");
  EXPECT_EQ(json::serialize(lookup),
            R"({"resolved":{"a.b":false},"resolvers":["10.0.0.1"],"at":"2026-11-22T19:04:10Z",)"
            R"("tries":2})");
  const json::value& disk = out.at("host_disks").at("m:/p").at("value");
  EXPECT_EQ(find_integer(disk, "virtual_size"), 5);
  EXPECT_EQ(find_integer(disk, "data"), 0);
  EXPECT_EQ(find_bool(disk, "is_data_at_least"), false);
}

TEST(FactsJson, CertificatesOfAUnitAreByTheirFiles) {
  Facts facts;
  facts.unit_certificates["0/lxd/1"] = Observation<UnitCertificates>::seen(
      {.fingerprints = {{"/etc/a.pem", {"ab"}}}, .complaint = "no"}, kEvidence);
  const FactKey keys[] = {FactKey::unit_certificates};
  const json::object out = facts_to_json(facts, keys);
  EXPECT_EQ(json::serialize(out.at("unit_certificates").at("0/lxd/1").at("value")),
            R"({"fingerprints":{"/etc/a.pem":["ab"]},"complaint":"no"})");
}

TEST(FactsJson, EveryKeyHasAForm) {
  const FactKey keys[] = {
      FactKey::pki,          FactKey::maas_identity, FactKey::maas_machines,
      FactKey::maas_subnets, FactKey::maas_ranges,   FactKey::maas_addresses,
      FactKey::host_disks,   FactKey::juju_client,   FactKey::juju_controller,
      FactKey::juju_models,  FactKey::juju_spaces,   FactKey::dry_run,
      FactKey::model_status, FactKey::name_lookups,  FactKey::unit_certificates};
  const json::object out = facts_to_json(Facts{}, keys);
  ASSERT_EQ(out.size(), 15U);
  for (const auto& member : out) EXPECT_EQ(find_bool(member.value(), "asked"), false);
}

TEST(FactsJson, AStatusHoldsMachinesApplicationsAndUnits) {
  ModelStatus status;
  status.name = "openstack";
  status.machines["0"].agent.current = "started";
  status.applications["vault"].endpoint_bindings[""] = "metal";
  status.units["vault/0"].workload = {.current = "blocked", .message = "m", .since = ""};
  status.unread = {"offers x: an object is expected"};
  const json::object out = status_to_json(status);
  EXPECT_EQ(string_or_empty(out.at("machines").at("0").at("agent"), "current"), "started");
  EXPECT_EQ(string_or_empty(out.at("applications").at("vault").at("endpoint_bindings"), ""),
            "metal");
  EXPECT_EQ(string_or_empty(out.at("units").at("vault/0").at("workload"), "message"), "m");
  EXPECT_EQ(out.at("unread").as_array().size(), 1U);
}

}  // namespace
}  // namespace gatehouse
