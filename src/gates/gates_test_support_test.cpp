#include "gates/gates_test_support.h"

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse::gates_test {

namespace {

constexpr Milliseconds kMinute{60'000};

Plane plane(std::string name, std::string space, std::string_view cidr, std::int64_t id) {
  Plane plane;
  plane.name = std::move(name);
  plane.space = std::move(space);
  plane.cidr = parse_cidr(cidr).value();
  plane.dns = {ip("10.1.0.1")};
  plane.has_dns = true;
  plane.maas_id = id;
  return plane;
}

Site good_site() {
  Site site;
  site.name = "test";
  site.overlays = {{.file = "secret.yaml", .span = {}, .is_secret = true}};
  site.juju.controller = "lab";
  site.juju.model = "cloud";
  site.planes = {plane("front", "front-space", "10.1.0.0/24", 1),
                 plane("back", "back", "10.2.0.0/24", 2)};
  site.planes[0].gateway = ip("10.1.0.1");
  site.planes[1].mtu = 9000;
  site.planes[1].vlan = 0;
  site.reserved = {{"vips", range("10.1.0.50-10.1.0.59"), {}},
                   {"vips-back", range("10.2.0.50-10.2.0.59"), {}}};
  site.absent = {{"stale", range("10.1.0.10-10.1.0.20"), {}}};
  site.machines.resize(2);
  site.machines[0].hostname = "alpha";
  site.machines[0].links["eth1"] = {ip("10.2.0.11"), {}};
  site.machines[0].maas_id = "aaaaaa";
  site.machines[1].hostname = "beta";
  site.machines[1].links["eth1"] = {ip("10.2.0.12"), {}};
  site.machines[1].maas_id = "bbbbbb";
  BlankDisk disk;
  disk.path = "/images/{machine}.qcow2";
  disk.size = 1 << 30;
  disk.allocated_at_most = 1 << 20;
  site.blank_disks = {disk};
  VipPolicy vips;
  vips.option = "vip";
  vips.legs = {{"front", range("10.1.0.50-10.1.0.59"), {}},
               {"back", range("10.2.0.50-10.2.0.59"), {}}};
  vips.count = 2;
  vips.same_host_part = true;
  vips.taken = {{"registry", ip("10.2.0.20")}};
  vips.relation = "ha";
  site.vips = vips;
  site.dns = SiteDns{
      .lookup = {"example.org"}, .retry_for = kMinute, .phantom = {ip("10.2.0.9")}, .span = {}};
  site.pki = SitePki{.application = "web",
                     .ip_from_vip = "front",
                     .organisation = "Example",
                     .name = "Test",
                     .dns = {"web.example.org"},
                     .span = {}};
  site.bindings["store"]["cluster"] = {"back", {}};
  return site;
}

void expect_of_plan(Site& site) {
  PlanExpectations& plan = site.plan;
  plan.counts.applications = 4;
  plan.counts.machines = 2;
  plan.machine_numbers = {{"8", "0"}, {"9", "1"}};
  plan.placement = {{"store", {"8", "9"}}, {"web", {"lxd:8"}}};
  plan.channels = {{"web", "2.0/stable", {}}, {"*", "stable", {}}};
  plan.options["store"]["memory"] = {json::value(8192), {}};
  plan.require = {{"web:store", "store:clients", {}}};
  plan.forbid = {{"legacy", {}}, {"store:ha", {}}};
  plan.warnings = {{"bundle.name", {}}};
  Settled& settled = site.settled;
  settled.error_grace = 10 * kMinute;
  settled.otherwise.workload = "active";
  settled.otherwise.agent = "idle";
  ExpectedState web;
  web.applications = "web|shop";
  web.workload = "blocked";
  web.message = "*run the `set-up` action*";
  web.never = "*Missing certificate*";
  ExpectedState store;
  store.applications = "store";
  store.message = "*ONLINE*";
  store.exactly = {{"*R/W*", 1}, {"*R/O*", 1}};
  settled.expect = {web, store};
}

BundleApplication application(const std::string& name, std::string channel) {
  BundleApplication application;
  application.name = name;
  application.charm = name;
  application.channel = std::move(channel);
  return application;
}

Bundle good_bundle() {
  Bundle bundle;
  bundle.applications["web"] = application("web", "2.0/stable");
  bundle.applications["shop"] = application("shop", "latest/stable");
  bundle.applications["store"] = application("store", "stable");
  bundle.applications["web-ha"] = application("web-ha", "latest/stable");
  bundle.applications["web"].options["vip"] = {"10.1.0.50 10.2.0.50", "", {}};
  bundle.applications["shop"].options["vip"] = {"10.1.0.51 10.2.0.51", "", {}};
  bundle.applications["store"].options["memory"] = {json::value(8192), "8192", {}};
  bundle.relations = {{"web:ha", "web-ha:ha", {}},
                      {"web-ha:ha", "shop:ha", {}},
                      {"store:clients", "web:store", {}}};
  bundle.remarks = {{.scope = "bundle",
                     .field = "name",
                     .text = "line 3: field name not found in type charm.bundleData",
                     .span = {}}};
  return bundle;
}

Plan good_plan() {
  Plan plan;
  for (const char* line :
       {"add new machine 0 (bundle machine 8)", "add unit store/0 to new machine 0",
        "add relation store:clients - web:store"}) {
    Change change;
    change.description = {line};
    plan.changes.push_back(change);
  }
  plan.counts = {
      .applications = 4, .units = 4, .relations = 3, .machines = 2, .containers = 2, .changes = 3};
  plan.applications = {{"shop", "shop", "latest/stable", ""},
                       {"store", "store", "stable", ""},
                       {"web", "web", "2.0/stable", ""},
                       {"web-ha", "web-ha", "latest/stable", ""}};
  plan.machines = {{"0", "8", ""}, {"1", "9", ""}};
  plan.containers = {{"0/lxd/0", "lxd", "0"}, {"1/lxd/0", "lxd", "1"}};
  plan.units = {{"shop/0", "shop", "1/lxd/0"},
                {"store/0", "store", "0"},
                {"store/1", "store", "1"},
                {"web/0", "web", "0/lxd/0"}};
  plan.relations = {
      {"web:ha", "web-ha:ha"}, {"web-ha:ha", "shop:ha"}, {"store:clients", "web:store"}};
  return plan;
}

MaasMachine machine(std::string hostname, std::string id, std::string address) {
  MaasMachine machine;
  machine.system_id = std::move(id);
  machine.hostname = std::move(hostname);
  machine.status = 4;
  machine.status_name = "Ready";
  machine.power_state = "off";
  machine.disks = {{"vdb", std::uint64_t{1} << 30}};
  MaasInterface eth1;
  eth1.name = "eth1";
  eth1.links = {{.mode = "static", .address = std::move(address), .cidr = "10.2.0.0/24"}};
  machine.interfaces = {{.name = "eth0", .type = "physical", .mac_address = "", .links = {}}, eth1};
  return machine;
}

void see_maas(Facts& facts) {
  facts.maas_identity = seen(MaasIdentity{"admin", true, "http://127.0.0.1:5240/MAAS/api/2.0/"});
  facts.maas_machines = seen(
      std::vector{machine("alpha", "aaaaaa", "10.2.0.11"), machine("beta", "bbbbbb", "10.2.0.12")});
  facts.maas_candidates = seen(std::vector<MaasMachine>{});
  MaasSubnet front{.id = 1,
                   .name = "front",
                   .cidr = "10.1.0.0/24",
                   .space = "front-space",
                   .gateway = "10.1.0.1",
                   .dns_servers = {"10.1.0.1"},
                   .mtu = 1500,
                   .vid = 0};
  MaasSubnet back = front;
  back.id = 2;
  back.cidr = "10.2.0.0/24";
  back.space = "back";
  back.mtu = 9000;
  facts.maas_subnets = seen(std::vector{front, back});
  facts.maas_ranges = seen(
      std::vector<MaasRange>{{1, "reserved", "10.1.0.50", "10.1.0.54", "first", "10.1.0.0/24"},
                             {2, "reserved", "10.1.0.55", "10.1.0.63", "second", "10.1.0.0/24"},
                             {3, "reserved", "10.2.0.40", "10.2.0.60", "", "10.2.0.0/24"},
                             {4, "dynamic", "10.2.0.200", "10.2.0.250", "", "10.2.0.0/24"},
                             {5, "dynamic", "fd00::1", "fd00::9", "", "fd00::/64"}});
  facts.maas_addresses["10.1.0.0/24"] = seen(std::vector<MaasAddress>{{"10.1.0.11", "alpha", 1}});
  facts.maas_addresses["10.2.0.0/24"] = seen(std::vector<MaasAddress>{{"fd00::7", "", 1}});
  for (const std::string name : {"alpha", "beta"}) {
    const std::string path = "/images/" + name + ".qcow2";
    facts.host_disks[name + ":" + path] = seen(HostDisk{.machine = name,
                                                        .path = path,
                                                        .virtual_size = std::uint64_t{1} << 30,
                                                        .allocated = 200 << 10});
  }
}

UnitStatus unit(std::string name, std::string machine, std::string workload, std::string message) {
  UnitStatus unit;
  unit.application = name.substr(0, name.find('/'));
  unit.name = std::move(name);
  unit.machine = std::move(machine);
  unit.workload = {std::move(workload), std::move(message), ""};
  unit.agent = {"idle", "", ""};
  return unit;
}

ModelStatus good_model() {
  ModelStatus model;
  model.name = "cloud";
  for (const std::string id : {"0", "1", "0/lxd/0", "1/lxd/0"}) {
    MachineStatus& machine = model.machines[id];
    machine.id = id;
    machine.agent.current = "started";
    machine.interfaces["eth1"].addresses = {id.starts_with("0") ? "10.2.0.11" : "10.2.0.12"};
  }
  for (const std::string name : {"web", "shop", "store", "web-ha"}) {
    model.applications[name].name = name;
  }
  model.applications["web-ha"].subordinate_to = {"shop", "web"};
  model.applications["store"].endpoint_bindings = {{"", "front-space"}, {"cluster", "back"}};
  const std::string blocked = "waiting for you: run the `set-up` action now";
  for (const UnitStatus& each :
       {unit("web/0", "0/lxd/0", "blocked", blocked),
        unit("shop/0", "1/lxd/0", "blocked", "PO: " + blocked),
        unit("store/0", "0", "active", "Mode: R/W, Cluster is ONLINE"),
        unit("store/1", "1", "active", "Mode: R/O, Cluster is ONLINE"),
        unit("web-ha/0", "0/lxd/0", "active", ""), unit("web-ha/1", "1/lxd/0", "active", "")}) {
    model.units[each.name] = each;
  }
  model.units["web-ha/0"].principal = "web/0";
  model.units["web-ha/1"].principal = "shop/0";
  return model;
}

void see_juju(Facts& facts) {
  facts.juju_client = seen(JujuClient{"3.6.28-genericlinux-amd64"});
  facts.juju_controller = seen(JujuController{"lab", "uuid", "admin", "3.6.28"});
  facts.juju_models =
      seen(std::vector{juju_model("cloud-machines", "alive"), juju_model("other", "dead")});
  DryRun dry_run;
  for (const Change& change : good_plan().changes)
    dry_run.changes.push_back(change.description.front());
  dry_run.remarks = {"line 3: field name not found in type charm.bundleData"};
  facts.dry_run = seen(dry_run);
  facts.model_status = seen(good_model());
  for (const auto& [id, machine] : good_model().machines) {
    NameLookup lookup;
    lookup.resolved = {{"example.org", true}};
    lookup.resolvers = {"10.1.0.1"};
    facts.name_lookups[id] = seen(lookup);
  }
}

}  // namespace

JujuModel juju_model(std::string name, std::string life) {
  JujuModel model;
  model.name = std::move(name);
  model.owner = "admin";
  model.life = std::move(life);
  return model;
}

World::World() = default;
World::World(const World&) = default;
World::World(World&&) noexcept = default;
World& World::operator=(const World&) = default;
World& World::operator=(World&&) noexcept = default;
World::~World() = default;

World good_world() {
  static const Source secret("secret.yaml", "applications: {}\n", Sensitivity::secret);
  World world;
  world.inputs.site = good_site();
  expect_of_plan(world.inputs.site);
  world.inputs.overlays = {{.path = "secret.yaml",
                            .digest = "d",
                            .is_secret = true,
                            .is_there = true,
                            .mode = 0600,
                            .source = &secret}};
  world.inputs.loaded.bundle = good_bundle();
  world.plan = good_plan();
  world.facts.at = parse_rfc3339("2026-11-22T00:00:00Z").value();
  CertificateFacts certificate;
  certificate.role = "issuing CA";
  certificate.subject = "CN=Test Issuing CA";
  certificate.not_after = parse_rfc3339("2036-11-22T00:00:00Z").value();
  certificate.least_days = 44;
  certificate.fingerprint = replace_all(std::string(32, 'x'), "x", "ab");
  certificate.unit_file = "/etc/web/issuing.pem";
  PkiFacts pki;
  pki.overlay = "secret.yaml";
  CertificateFacts controller;
  controller.role = "controller certificate";
  controller.subject = "CN=web.example.org";
  controller.not_after = certificate.not_after;
  controller.least_days = 30;
  controller.names = {"DNS:web.example.org", "IP:10.1.0.50"};
  pki.certificates = {certificate, controller};
  world.facts.pki = seen(pki);
  see_maas(world.facts);
  see_juju(world.facts);
  for (const auto& [name, unit] : world.model().units) {
    world.facts.unit_certificates[unit.machine] = seen(UnitCertificates{
        .fingerprints = {{certificate.unit_file, {certificate.fingerprint}}}, .complaint = ""});
  }
  return world;
}

Verdict verdict_of(std::string_view gate, const World& world) {
  const Gate* found = find_gate(gate);
  if (!found) {
    ADD_FAILURE() << "no gate " << gate;
    return {};
  }
  return judge(*found, {.inputs = world.inputs,
                        .plan = world.plan ? &*world.plan : nullptr,
                        .facts = world.facts,
                        .model_use = world.model_use});
}

std::string checks_of(const Verdict& verdict, Ruling ruling) {
  std::string lines;
  for (const Check& check : verdict.checks) {
    if (check.ruling != ruling) continue;
    lines += fmt::format("{} | {} | {}\n", check.subject, check.expected, check.observed);
  }
  return lines;
}

Ipv4 ip(std::string_view text) {
  return parse_ipv4(text).value();
}
Ipv4Range range(std::string_view text) {
  return parse_ipv4_range(text).value();
}

TEST(GoodWorld, LetsEveryGatePass) {
  const World world = good_world();
  for (const Gate* gate : all_gates()) {
    // It judges a dry run onto a model that has a part already; this one is of an empty model.
    if (gate->id != "deploy_continues") EXPECT_RULING(gate->id, world, Ruling::pass);
  }
}

TEST(GoodWorld, HasNoFinding) {
  const World world = good_world();
  for (const Gate* gate : all_gates()) {
    EXPECT_TRUE(verdict_of(gate->id, world).findings.empty()) << gate->id;
  }
}

}  // namespace gatehouse::gates_test
