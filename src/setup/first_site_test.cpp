#include "setup/first_site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "input/bundle/load_bundle.h"
#include "input/site/load_site.h"
#include "setup/site_lines.h"

namespace gatehouse::setup {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kBundle = R"(default-base: ubuntu@22.04/stable
name: small
machines: {"4": {constraints: arch=amd64 tags=cloud}, "5": {constraints: arch=amd64 tags=cloud}}
applications:
  ceph-osd:
    {charm: ceph-osd, channel: squid/stable, num_units: 2, to: ["4", "5"], options: {osd-devices: /dev/vdb}}
  keystone:
    charm: keystone
    channel: 2024.1/stable
    num_units: 1
    to: [lxd:4]
    bindings: {"": inside, public: front}
    options: {vip: 10.0.0.50 10.0.4.50}
  keystone-hacluster: {charm: hacluster, channel: 2.4/stable}
  ovn: {charm: ovn-chassis, channel: 24.03/stable, options: {bridge-interface-mappings: "br:52:54:00:00:00:02"}}
relations:
  - [keystone:ha, keystone-hacluster:ha]
)";

template <class T>
Observation<T> saw(T value, std::string locator) {
  return Observation<T>::seen(std::move(value), {.source = "http", .locator = std::move(locator)});
}

MaasMachine machine(const std::string& name, const std::string& address) {
  MaasMachine made;
  made.system_id = "id" + name;
  made.hostname = name;
  made.status = 4;
  made.status_name = "Ready";
  made.architecture = "amd64/generic";
  made.memory_mib = 65536;
  made.tags = {"cloud"};
  made.disks = {{"vdb", std::uint64_t{512} << 30}};
  made.interfaces = {
      {.name = "eth0",
       .type = "physical",
       .mac_address = "52:54:00:00:00:02",
       .links = {{.mode = "static", .address = address, .cidr = "10.0.0.0/22"}}},
      {.name = "eth1", .type = "physical", .mac_address = "52:54:00:00:00:03", .links = {}}};
  return made;
}

Facts good_facts() {
  Facts facts;
  MaasMachine other = machine("other", "10.0.0.9");
  other.tags = {"spare"};
  facts.maas_machines = saw<std::vector<MaasMachine>>(
      {machine("beta", "10.0.0.12"), machine("alpha", "10.0.0.11"), other}, "GET machines/");
  facts.maas_subnets = saw<std::vector<MaasSubnet>>({{.id = 7,
                                                      .name = "front-net",
                                                      .cidr = "10.0.0.0/22",
                                                      .space = "front",
                                                      .gateway = "10.0.0.1",
                                                      .dns_servers = {"10.0.0.1"},
                                                      .mtu = 1500,
                                                      .vid = 0},
                                                     {.id = 8,
                                                      .name = "inside-net",
                                                      .cidr = "10.0.4.0/22",
                                                      .space = "inside",
                                                      .gateway = "",
                                                      .dns_servers = {},
                                                      .mtu = 9000,
                                                      .vid = 12},
                                                     {.id = 9,
                                                      .name = "nowhere",
                                                      .cidr = "10.9.0.0/24",
                                                      .space = "",
                                                      .gateway = "",
                                                      .dns_servers = {},
                                                      .mtu = {},
                                                      .vid = {}},
                                                     {.id = 10,
                                                      .name = "six",
                                                      .cidr = "fd00::/64",
                                                      .space = "front",
                                                      .gateway = "",
                                                      .dns_servers = {},
                                                      .mtu = {},
                                                      .vid = {}}},
                                                    "GET subnets/");
  facts.maas_ranges = saw<std::vector<MaasRange>>({{.id = 1,
                                                    .type = "reserved",
                                                    .start = "10.0.0.40",
                                                    .end = "10.0.0.60",
                                                    .comment = "VIPs: \"front\"\nx",
                                                    .cidr = "10.0.0.0/22"},
                                                   {.id = 2,
                                                    .type = "dynamic",
                                                    .start = "10.0.0.100",
                                                    .end = "10.0.0.200",
                                                    .comment = "",
                                                    .cidr = "10.0.0.0/22"}},
                                                  "GET ipranges/");
  return facts;
}

class FirstSiteFile : public testing::Test {
 protected:
  FirstSiteFile() {
    BundleFiles files;
    files.working_directory = "/w";
    files.read = [](const std::string&) -> Result<std::string> { return std::string(kBundle); };
    files.kind = [](const std::string&) { return PathKind::file; };
    BundleRequest request;
    request.bundle = "./bundle.yaml";
    loaded_ = load_bundle(sources_, files, request);
    site_.name = {"small", "--name"};
    site_.bundle_file = "bundle.yaml";
    site_.controller = {"north", "Juju: juju controllers"};
    site_.model = {"cloud", "--model"};
    site_.maas.profile = "admin";
  }

  std::string text() {
    EXPECT_TRUE(loaded_.bundle) << loaded_.refusal;
    auto plan = compute_plan(*loaded_.bundle);
    return first_site_text(site_, {*loaded_.bundle, std::get<Plan>(plan), facts_});
  }
  /// The file, read back by the reader of site files.
  Site read_back() {
    const LoadedSite loaded = load_site(sources_.add("site.yaml", text()));
    for (const Diagnostic& finding : loaded.findings) ADD_FAILURE() << render(finding, Colour::off);
    return loaded.site.value_or(Site{});
  }

  SourceMap sources_;
  LoadedBundle loaded_;
  FirstSite site_;
  Facts facts_ = good_facts();
};

TEST_F(FirstSiteFile, IsReadBackAsWhatWasSeen) {
  const Site site = read_back();
  EXPECT_EQ(site.name, "small");
  EXPECT_EQ(site.juju.controller, "north");
  EXPECT_EQ(site.juju.model, "cloud");
  ASSERT_EQ(site.planes.size(), 2U) << "a subnet in no space, or of IPv6, is no plane";
  EXPECT_EQ(to_string(site.planes[0].cidr), "10.0.0.0/22");
  EXPECT_EQ(site.planes[0].maas_id, 7);
  EXPECT_EQ(site.planes[1].mtu, 9000);
  EXPECT_EQ(site.planes[1].vlan, 12);
  EXPECT_TRUE(site.planes[1].has_dns) << "no server is an answer";
  ASSERT_EQ(site.reserved.size(), 1U);
  EXPECT_EQ(site.reserved[0].name, "vips-frontx");
  ASSERT_EQ(site.machines.size(), 2U) << "the spare one has another tag";
  EXPECT_EQ(site.machines[0].hostname, "alpha");
  EXPECT_EQ(to_string(site.machines[0].links.at("eth0").value), "10.0.0.11");
  EXPECT_EQ(site.machines[0].macs.at("front").value, "52:54:00:00:00:02");
  EXPECT_EQ(site.machines[0].memory, std::uint64_t{64} << 30);
  ASSERT_EQ(site.blank_disks.size(), 1U);
  EXPECT_EQ(site.blank_disks[0].path, "/dev/vdb");
  EXPECT_EQ(site.blank_disks[0].size, std::uint64_t{512} << 30);
}

TEST_F(FirstSiteFile, HoldsWhatTheBundleComesToToday) {
  const Site site = read_back();
  ASSERT_TRUE(site.vips);
  EXPECT_EQ(site.vips->count, 1U);
  EXPECT_TRUE(site.vips->same_host_part);
  EXPECT_EQ(site.vips->relation, "ha");
  ASSERT_EQ(site.vips->legs.size(), 2U);
  EXPECT_EQ(to_string(site.vips->legs[0].band), "10.0.0.40-10.0.0.60") << "MAAS's range";
  EXPECT_EQ(to_string(site.vips->legs[1].band), "10.0.4.50") << "the least that holds them";
  EXPECT_EQ(site.plan.counts.applications, 4U);
  EXPECT_EQ(site.plan.counts.containers, 1U);
  EXPECT_EQ(site.plan.machine_numbers.at("5"), "1");
  EXPECT_EQ(site.plan.placement.at("ceph-osd"), (std::vector<std::string>{"4", "5"}));
  EXPECT_FALSE(site.plan.placement.contains("keystone")) << "it sits in a container";
  ASSERT_EQ(site.plan.channels.size(), 4U);
  ASSERT_EQ(site.plan.warnings.size(), 1U);
  EXPECT_EQ(site.plan.warnings[0].value, "bundle.name");
  EXPECT_EQ(site.bindings.at("keystone").at("public").value, "front");
  EXPECT_FALSE(site.bindings.at("keystone").contains("")) << "the default is no special binding";
  EXPECT_FALSE(site.pki) << "no secret overlay was named";
}

TEST_F(FirstSiteFile, TellsTheOriginOfEachValueAndWhatNobodyTold) {
  const std::string written = text();
  for (const char* line : {
           "site: small # --name\n",
           "  controller: north # Juju: juju controllers\n",
           "  # credential: nobody told it; Juju's own choice then\n",
           "# MAAS: GET subnets/\n",
           "  inside: {cidr: 10.0.4.0/22, dns: [], maas_id: 8, mtu: 9000, vlan: 12} # MAAS: subnet "
           "inside-net\n",
           "    vips-frontx: 10.0.0.40-10.0.0.60 # MAAS: range 1, VIPs: \"front\"\\x0ax\n",
           "  count: 1 # bundle\n",
           "  deadline: 3h # default\n",
       }) {
    EXPECT_THAT(written, HasSubstr(line));
  }
  EXPECT_THAT(written, Not(HasSubstr("accept:")));
}

TEST_F(FirstSiteFile, OfASecretOverlayThePkiIsDeclared) {
  site_.overlays = {{.file = "overlays/pki.yaml", .is_secret = true, .origin = "not there yet"}};
  loaded_.bundle->applications["lb"] = loaded_.bundle->applications.at("keystone");
  loaded_.bundle->applications["lb"].name = "lb";
  loaded_.bundle->applications["lb"].charm = "octavia";
  loaded_.bundle->applications["lb"].options["vip"].text = "10.0.0.51 10.0.4.51";
  const Site site = read_back();
  ASSERT_TRUE(site.pki);
  EXPECT_EQ(site.pki->application, "lb");
  EXPECT_EQ(site.pki->ip_from_vip, "front");
  ASSERT_EQ(site.overlays.size(), 1U);
  EXPECT_TRUE(site.overlays[0].is_secret);
}

TEST_F(FirstSiteFile, VirtualAddressesThatAreNotClearAreLeftToPeople) {
  auto& applications = loaded_.bundle->applications;
  applications["twin"] = applications.at("keystone");
  applications["twin"].name = "twin";
  EXPECT_THAT(text(), HasSubstr("# vips: several applications have one address"));
  applications["twin"].options["vip"].text = "10.0.0.51";
  EXPECT_THAT(text(), HasSubstr("# vips: the applications have different numbers of legs"));
  applications["twin"].options["vip"].text = "10.0.0.51 10.7.0.1";
  EXPECT_THAT(text(), HasSubstr("# vips: addresses of one leg lie on no plane"));
}

TEST_F(FirstSiteFile, DisksOfGuestsAreThoseThatTheirHostTold) {
  site_.disks = FirstDisks{.host = "hv1", .path = "/i/{machine}.qcow2", .uses_sudo = true};
  EXPECT_THAT(text(), HasSubstr("# blank_disks: hv1 told the size of no image\n"));
  facts_.host_disks["alpha:/i/alpha.qcow2"] = saw<HostDisk>(
      {.machine = "alpha", .path = "/i/alpha.qcow2", .virtual_size = std::uint64_t{5} << 20},
      "ssh");
  const Site site = read_back();
  ASSERT_EQ(site.blank_disks.size(), 1U);
  EXPECT_EQ(site.blank_disks[0].source, DiskSource::qemu_img);
  EXPECT_EQ(site.blank_disks[0].size, std::uint64_t{5} << 20);
  EXPECT_TRUE(site.blank_disks[0].uses_sudo);
}

TEST_F(FirstSiteFile, ErrorsOfTodayAreAcceptedAsThoseToBeDecided) {
  site_.accept = {{.code = "bundle/nic-used-twice", .subject = "ovn", .message = "both want it"}};
  const Site site = read_back();
  ASSERT_EQ(site.accept.size(), 1U);
  EXPECT_EQ(site.accept[0].on, "ovn");
  EXPECT_THAT(site.accept[0].reason, HasSubstr("to be decided"));
  EXPECT_THAT(text(), HasSubstr("  # both want it\n"));
}

TEST(YamlText, StaysTextWhateverYamlWouldTakeItFor) {
  EXPECT_EQ(yaml_text("a-b.c_d/e"), "a-b.c_d/e");
  for (const char* odd :
       {"yes", "Off", "null", "12", "", "a: b", "#x", "*", "a\"b\n", "1.10", "~"}) {
    EXPECT_EQ(yaml_text(odd).front(), '"') << odd;
  }
  EXPECT_EQ(yaml_size(512ULL << 30), "512GiB");
  EXPECT_EQ(yaml_size((1ULL << 30) + (1 << 20)), "1025MiB");
  EXPECT_EQ(yaml_size(1000), "1000");
}

}  // namespace
}  // namespace gatehouse::setup
