// Every exchange with a real MAAS that was recorded (tests/fixtures/maas, 3.5.0~beta1 and 3.4.1) is
// put to the lab's region: it must answer with the same status, the headers that a client may look
// at, and a body of the same shape, or in the same words where it is no JSON.
#include <regex>

#include <fmt/format.h>

#include "sim/maas_region.h"
#include "sim/test_lab.h"

namespace gatehouse::sim {
namespace {

std::string read_fixture(const std::string& name) {
  const auto files = posix::make_file_store();
  const Result<std::string> text =
      files->read(GATEHOUSE_SOURCE_DIR "/tests/fixtures/maas/" + name, 1 << 26);
  EXPECT_TRUE(text) << name;
  return text ? *text : "";
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

std::set<std::string> difference(const std::set<std::string>& one,
                                 const std::set<std::string>& two) {
  std::set<std::string> rest;
  std::set_difference(one.begin(), one.end(), two.begin(), two.end(),
                      std::inserter(rest, rest.end()));
  return rest;
}

bool has(const std::string& name, std::string_view word) {
  return name.find(word) != std::string::npos;
}

class Replay {
 public:
  RegionAnswer answer(const std::string& name, const json::value& request) {
    RegionRequest asked{.method = string_or_empty(request, "method"),
                        .path = string_or_empty(request, "path"),
                        .query = query_of(string_or_empty(request, "query")),
                        .authorization = authorization_of(name, request),
                        .has_body = !string_or_empty(request, "body").empty()};
    const LabWorld& world = world_of(name);
    return region_.answer(asked, {world, none_, test_.clock.now()});
  }

 private:
  static std::vector<std::pair<std::string, std::string>> query_of(const std::string& text) {
    std::vector<std::pair<std::string, std::string>> query;
    for (const std::string& part : split(text, '&')) {
      const std::size_t equals = part.find('=');
      if (equals == std::string::npos) continue;
      query.emplace_back(percent_decoded(part.substr(0, equals)),
                         percent_decoded(part.substr(equals + 1)));
    }
    return query;
  }

  /// The recorded header with a nonce and a moment in place of what was blanked.
  std::string authorization_of(const std::string& name, const json::value& request) {
    const json::object* headers = find_object(request, "headers");
    std::string header = headers ? string_or_empty(*headers, "Authorization") : "";
    const std::int64_t now = to_milliseconds(test_.clock.now()) / 1000;
    std::string moment = std::to_string(has(name, "too-old") ? now - 400 : now);
    if (has(name, "timestamp-not-a-number")) moment = "abc";
    if (!has(name, "nonce-reused")) ++nonce_;
    header = replace_all(header, "oauth_nonce=\"EXAMPLE\"",
                         fmt::format("oauth_nonce=\"{:032x}\"", nonce_));
    return replace_all(header, "oauth_timestamp=\"EXAMPLE\"",
                       fmt::format("oauth_timestamp=\"{}\"", moment));
  }

  const LabWorld& world_of(const std::string& name) {
    const bool is_drifted = name.starts_with("drifted/");
    LabSettings settings = test_.world().settings;
    settings.speed = 1;
    settings.bound_spaces = {"metal-admin", "provider-public", "data-tenant", "storage",
                             "replication"};
    settings.machine_tags = {"openstack"};
    if (is_drifted) settings.faults = {"maas-drifted"};
    Result<LabWorld> world = build_world(test_.world().site, settings);
    EXPECT_TRUE(world) << name;
    world_ = std::make_unique<LabWorld>(std::move(*world));
    world_->faults.maas.region = region_quirk(name);
    return *world_;
  }

  static RegionQuirk region_quirk(const std::string& name) {
    if (has(name, "viewer")) return RegionQuirk::ordinary_user;
    if (has(name, "app-down")) return RegionQuirk::bad_gateway;
    if (has(name, "tls-plain-port")) return RegionQuirk::redirect;
    if (has(name, "plain-http-to-tls")) return RegionQuirk::speaks_tls;
    return name.starts_with("good-3.4.1/") ? RegionQuirk::older : RegionQuirk::none;
  }

  TestLab test_{"omega"};
  std::unique_ptr<LabWorld> world_;
  std::vector<LabModel> none_;
  MaasRegion region_{RegionKey{"EXAMPLE-CONSUMER-KEY", "EXAMPLE-TOKEN", Secret("EXAMPLE-SECRET")}};
  int nonce_ = 0;
};

/// What a client may look at; the API's hash is there or not, and tells nothing.
std::map<std::string, std::string> looked_at(
    const std::vector<std::pair<std::string, std::string>>& headers) {
  std::map<std::string, std::string> kept;
  for (const auto& [name, value] : headers) {
    for (const char* wanted :
         {"Vary", "WWW-Authenticate", "Allow", "Location", "Retry-After", "X-Frame-Options"}) {
      if (name == wanted) kept[name] = value;
    }
    if (name == "X-Maas-Api-Hash" || name == "X-MAAS-API-Hash") kept["API hash"] = "there";
  }
  return kept;
}

std::vector<std::pair<std::string, std::string>> recorded_headers(const json::value& item) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const json::value& header : *find_array(item, "headers")) {
    headers.emplace_back(header.at(0).as_string(), header.at(1).as_string());
  }
  return headers;
}

std::string masked(std::string text) {
  text = replace_all(text, "\r", "");
  text = std::regex_replace(text, std::regex("[0-9a-f]{32}"), "NONCE");
  text = std::regex_replace(text, std::regex("[0-9]{10}"), "MOMENT");
  return std::regex_replace(text, std::regex("valid settings are: [^)]*"), "valid settings are:");
}

void expect_same_body(const std::string& name, const std::string& recorded,
                      const RegionAnswer& seen) {
  const Result<json::value> wanted = parse_json(recorded);
  if (!wanted || seen.status != 200) {
    if (wanted) {
      const Result<json::value> words = parse_json(masked(seen.body));
      const Result<json::value> wanted_words = parse_json(masked(recorded));
      ASSERT_TRUE(words && wanted_words) << name << ": " << seen.body;
      EXPECT_EQ(*words, *wanted_words) << name;
      return;
    }
    EXPECT_EQ(masked(seen.body), masked(recorded)) << name;
    return;
  }
  const Result<json::value> body = parse_json(seen.body);
  ASSERT_TRUE(body) << name << ": " << seen.body.substr(0, 200);
  std::set<std::string> wanted_keys, keys;
  add_keys(*wanted, "", wanted_keys);
  add_keys(*body, "", keys);
  EXPECT_EQ(difference(wanted_keys, keys), std::set<std::string>{}) << name << " lacks";
  EXPECT_EQ(difference(keys, wanted_keys), std::set<std::string>{}) << name << " invents";
}

TEST(MaasContract, the_lab_answers_every_recorded_exchange_as_maas_did) {
  const Result<json::value> index = parse_json(read_fixture("index.json"));
  ASSERT_TRUE(index);
  Replay replay;
  std::size_t examined = 0;
  for (const json::value& item : *find_array(*index, "cases")) {
    const std::string name = string_or_empty(item, "case");
    const RegionAnswer seen = replay.answer(name, *find(item, "request"));
    ++examined;
    EXPECT_EQ(seen.status, find_integer(item, "status"))
        << name << ": " << seen.body.substr(0, 200);
    const auto headers = recorded_headers(item);
    for (const auto& [header, value] : headers) {
      if (header != "Content-Type") continue;
      EXPECT_EQ(seen.content_type, value) << name;
    }
    EXPECT_EQ(looked_at(seen.headers), looked_at(headers)) << name;
    const auto file = find_string(item, "body_file");
    expect_same_body(name, file ? read_fixture(*file) : string_or_empty(item, "body_text"), seen);
  }
  EXPECT_EQ(examined, 164U);
}

TEST(MaasContract, a_list_is_printed_as_maas_prints_it) {
  const std::string recorded = read_fixture("good/subnets.json");
  const Result<json::value> value = parse_json(recorded);
  ASSERT_TRUE(value);
  EXPECT_EQ(maas_text(*value), recorded);
}

}  // namespace
}  // namespace gatehouse::sim
