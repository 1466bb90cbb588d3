#include "sim/maas_region.h"

#include <fmt/format.h>

#include "sim/test_lab.h"

namespace gatehouse::sim {
namespace {

json::value recorded(const std::string& name) {
  const auto files = posix::make_file_store();
  const Result<std::string> text =
      files->read(GATEHOUSE_SOURCE_DIR "/tests/fixtures/lab/" + name + ".json", 1 << 24);
  EXPECT_TRUE(text) << name;
  const Result<json::value> value = parse_json(text ? *text : "null");
  EXPECT_TRUE(value) << name;
  return value ? *value : json::value();
}

const char* kind_of(const json::value& value) {
  if (value.is_object()) return "object";
  if (value.is_array()) return "array";
  if (value.is_string()) return "text";
  if (value.is_number()) return "number";
  return value.is_null() ? "null" : "bool";
}

/// Every key with the kind of its value, however deep; of an array all items together.
void add_keys(const json::value& value, const std::string& path, std::set<std::string>& keys) {
  keys.insert(path + " " + kind_of(value));
  if (const json::object* object = value.if_object()) {
    for (const auto& [key, member] : *object) add_keys(member, path + "/" + std::string(key), keys);
  } else if (const json::array* array = value.if_array()) {
    for (const json::value& item : *array) add_keys(item, path + "[]", keys);
  }
}

std::set<std::string> keys_of(const json::value& value) {
  std::set<std::string> keys;
  add_keys(value, "", keys);
  return keys;
}

class MaasRegionTest : public testing::Test {
 protected:
  MaasRegionTest() : test_("omega") {
    LabSettings settings = test_.world().settings;
    settings.machine_tags = {"openstack"};
    settings.bound_spaces = {"metal-admin", "provider-public", "data-tenant", "storage",
                             "replication"};
    Result<LabWorld> world = build_world(test_.world().site, settings);
    EXPECT_TRUE(world);
    world_ = std::make_unique<LabWorld>(std::move(*world));
  }
  std::string header(const std::string& secret = "S", const std::string& token = "T",
                     const std::string& consumer = "C") {
    return fmt::format(
        "OAuth oauth_nonce=\"n{}\", oauth_timestamp=\"{}\", oauth_version=\"1.0\", "
        "oauth_signature_method=\"PLAINTEXT\", oauth_consumer_key=\"{}\", oauth_token=\"{}\", "
        "oauth_signature=\"%26{}\"",
        ++nonce_, to_milliseconds(test_.clock.now()) / 1000, consumer, token, secret);
  }
  RegionAnswer ask(const std::string& path,
                   std::vector<std::pair<std::string, std::string>> query = {}) {
    return send("GET", path, header(), std::move(query));
  }
  RegionAnswer send(const std::string& method, const std::string& path,
                    const std::string& authorization,
                    std::vector<std::pair<std::string, std::string>> query = {}) {
    return region_.answer({method, "/MAAS/api/2.0/" + path, std::move(query), authorization},
                          {*world_, models_, test_.clock.now()});
  }
  json::value read(const std::string& path,
                   std::vector<std::pair<std::string, std::string>> query = {}) {
    const RegionAnswer answer = ask(path, std::move(query));
    EXPECT_EQ(answer.status, 200) << path << ": " << answer.body;
    const Result<json::value> value = parse_json(answer.body);
    EXPECT_TRUE(value) << path;
    return value ? *value : json::value();
  }

  TestLab test_;
  std::unique_ptr<LabWorld> world_;
  std::vector<LabModel> models_;
  MaasRegion region_{RegionKey{"C", "T", Secret("S")}};
  int nonce_ = 0;
};

TEST_F(MaasRegionTest, a_machine_has_every_key_and_type_of_the_recording) {
  EXPECT_EQ(keys_of(read("machines/h8frng/")), keys_of(recorded("machine-openstack2")));
}

TEST_F(MaasRegionTest, interfaces_have_every_key_and_type_of_the_recording) {
  EXPECT_EQ(keys_of(read("nodes/qdbqd6/interfaces/")), keys_of(recorded("interfaces-openstack1")));
}

TEST_F(MaasRegionTest, subnets_ranges_and_spaces_have_the_recorded_keys) {
  EXPECT_EQ(keys_of(read("subnets/2/")), keys_of(recorded("subnet-2")));
  EXPECT_EQ(keys_of(read("ipranges/2/")), keys_of(recorded("iprange-2")));
  EXPECT_EQ(keys_of(read("spaces/")), keys_of(recorded("spaces")));
}

TEST_F(MaasRegionTest, addresses_in_use_and_reserved_ranges_have_the_recorded_keys) {
  EXPECT_EQ(keys_of(read("subnets/1/", {{"op", "ip_addresses"}})),
            keys_of(recorded("subnet-1-ip_addresses")));
  EXPECT_EQ(keys_of(read("subnets/1/", {{"op", "reserved_ip_ranges"}})),
            keys_of(recorded("subnet-1-reserved_ip_ranges")));
}

TEST_F(MaasRegionTest, the_version_needs_no_key_and_everything_else_does) {
  EXPECT_EQ(send("GET", "version/", "").status, 200);
  EXPECT_EQ(keys_of(read("users/", {{"op", "whoami"}})), keys_of(recorded("whoami-admin")));
  const RegionAnswer none = send("GET", "subnets/6/", "");
  EXPECT_EQ(none.status, 401);
  EXPECT_EQ(none.body, "Forbidden");
  const RegionAnswer machines = send("GET", "machines/", "");
  EXPECT_EQ(machines.status, 400);
  EXPECT_EQ(machines.body, "Unrecognised signature: method=GET op=None");
}

TEST_F(MaasRegionTest, keys_are_refused_in_the_recorded_words) {
  EXPECT_EQ(send("GET", "subnets/6/", header("S", "T", "X")).body,
            "Authorization Error: Invalid API key.");
  EXPECT_EQ(send("GET", "subnets/6/", header("S", "X")).body,
            "Authorization Error: 'Invalid access token: X'");
  EXPECT_EQ(send("GET", "subnets/6/", header("X")).body,
            "Authorization Error: 'Invalid signature. Expected signature base string: &S'");
  const std::string once = header();
  EXPECT_EQ(send("GET", "subnets/6/", once).status, 200);
  EXPECT_EQ(send("GET", "subnets/6/", once).status, 401);
}

TEST_F(MaasRegionTest, an_old_timestamp_is_refused_and_one_from_the_future_is_not) {
  const std::string old = header();
  const std::string future = header();
  test_.clock.time += std::chrono::hours(2);
  EXPECT_NE(send("GET", "subnets/6/", old).body.find("Expired timestamp: given"),
            std::string::npos);
  test_.clock.time -= std::chrono::hours(4);
  EXPECT_EQ(send("GET", "subnets/6/", future).status, 200);
}

TEST_F(MaasRegionTest, paths_end_in_a_slash_and_unknown_things_are_told_by_kind) {
  EXPECT_EQ(ask("subnets/6").body, "Unknown API endpoint: /MAAS/api/2.0/subnets/6.");
  EXPECT_EQ(ask("nosuch/").body, "Unknown API endpoint: /MAAS/api/2.0/nosuch/.");
  EXPECT_EQ(ask("machines/zzzzzz/").body, "No Machine matches the given query.");
  EXPECT_EQ(ask("nodes/zzzzzz/interfaces/").body, "No Node matches the given query.");
  EXPECT_EQ(ask("subnets/99/").body, "No Subnet matches the given query.");
  EXPECT_EQ(ask("ipranges/999/").body, "No IPRange matches the given query.");
  EXPECT_EQ(ask("ipranges/abc/").status, 500);
  EXPECT_EQ(send("HEAD", "subnets/6/", header()).status, 405);
  EXPECT_EQ(send("DELETE", "ipranges/2/", header()).status, 403);
  EXPECT_EQ(ask("machines/4na83t/", {{"op", "query_power_state"}}).status, 503);
}

TEST_F(MaasRegionTest, a_subnet_is_found_by_id_cidr_and_name) {
  for (const char* path : {"subnets/6/", "subnets/10.12.12.0/22/", "subnets/10.12.12.0%2F22/",
                           "subnets/cidr:10.12.12.0/22/", "subnets/data-tenant/"}) {
    EXPECT_EQ(find_integer(read(path), "id"), 6) << path;
  }
}

TEST_F(MaasRegionTest, machines_are_filtered_and_odd_parameters_refused) {
  EXPECT_EQ(read("machines/").get_array().size(), 4U);
  EXPECT_EQ(read("machines/", {{"hostname", "openstack1"}}).get_array().size(), 1U);
  EXPECT_EQ(read("machines/", {{"id", "4na83t"}, {"id", "tmsafc"}}).get_array().size(), 2U);
  EXPECT_EQ(read("machines/", {{"hostname", "nosuch"}}).get_array().size(), 0U);
  EXPECT_EQ(read("machines/", {{"tags", "openstack"}, {"status", "ready"}}).get_array().size(), 4U);
  EXPECT_EQ(read("machines/", {{"tags", "openstack"}, {"tags", "gone"}}).get_array().size(), 0U);
  EXPECT_EQ(read("machines/", {{"not_hostname", "openstack1"}}).get_array().size(), 3U);
  EXPECT_EQ(read("machines/", {{"status", "deployed"}}).get_array().size(), 0U);
  EXPECT_EQ(ask("machines/", {{"foo", "bar"}}).body, "{\"foo\":[\"No such constraint.\"]}");
}

TEST_F(MaasRegionTest, machines_turn_from_ready_to_deployed_with_a_model) {
  EXPECT_EQ(string_or_empty(read("machines/4na83t/"), "status_name"), "Ready");
  EXPECT_EQ(string_or_empty(read("machines/4na83t/"), "power_state"), "off");
  models_ = {test_.deployed()};
  test_.clock.time += std::chrono::minutes(4);
  EXPECT_EQ(string_or_empty(read("machines/4na83t/"), "status_name"), "Deploying");
  test_.clock.time += std::chrono::minutes(15);
  const json::value machine = read("machines/4na83t/");
  EXPECT_EQ(string_or_empty(machine, "status_name"), "Deployed");
  EXPECT_EQ(string_or_empty(machine, "power_state"), "on");
  EXPECT_EQ(string_or_empty(machine, "owner"), "admin");
  EXPECT_GT(read("subnets/2/", {{"op", "ip_addresses"}}).get_array().size(), 4U);
}

TEST(MaasShapes, a_disk_that_the_site_wants_known_has_its_size) {
  TestLab test("second");
  const std::vector<LabModel> none;
  const json::value machine =
      machine_json({test.world(), none, test.clock.now()}, test.world().machines.front());
  std::map<std::string, std::int64_t> sizes;
  for (const json::value& disk : *find_array(machine, "physicalblockdevice_set")) {
    sizes[string_or_empty(disk, "name")] = find_integer(disk, "size").value_or(0);
  }
  int examined = 0;
  for (const BlankDisk& disk : test.world().site.blank_disks) {
    if (disk.source != DiskSource::maas) continue;
    ++examined;
    EXPECT_EQ(sizes[disk.path.substr(disk.path.rfind('/') + 1)],
              static_cast<std::int64_t>(disk.size));
  }
  EXPECT_GT(examined, 0);
}

TEST(PercentDecoded, undoes_escapes_and_leaves_the_rest) {
  EXPECT_EQ(percent_decoded("a%2Fb%26"), "a/b&");
  EXPECT_EQ(percent_decoded("100%"), "100%");
  EXPECT_EQ(percent_decoded("%zz"), "%zz");
}

}  // namespace
}  // namespace gatehouse::sim
