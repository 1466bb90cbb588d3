// Whatever bytes come back, a decoder ends with a value or an Error: each is fed recorded documents
// cut at many places and with bytes changed by a fixed generator.
#include <random>

#include <gtest/gtest.h>

#include "clients/juju/decode_lists.h"
#include "clients/juju/decode_status.h"
#include "clients/juju/dry_run_text.h"
#include "clients/juju/exec_results.h"
#include "clients/juju/name_probe.h"
#include "clients/maas/decode.h"
#include "clients/maas/exchange.h"
#include "clients/maas/key.h"
#include "clients/maas/profile.h"
#include "clients/recordings.h"
#include "clients/ssh/disk_probe.h"

namespace gatehouse {
namespace {

constexpr std::uint32_t kSeed = 20261122;
constexpr int kRounds = 150;

template <class T>
std::size_t use(const Result<T>& result) {
  return result ? 1 : to_string(result.error()).size();
}

/// Every decoder there is; the sum only keeps the calls from being left out.
std::size_t decode_all(const std::string& text) {
  std::size_t sum = use(juju::decode_status(text)) + use(juju::decode_models(text)) +
                    use(juju::decode_spaces(text)) + use(juju::decode_whoami(text)) +
                    use(juju::decode_version(text)) + use(juju::decode_controller(text, "omega")) +
                    use(juju::decode_exec_results(text)) +
                    juju::read_name_probe(text).resolvers.size();
  for (const int exit_code : {0, 1}) {
    const ProcessResult result{.exit_code = exit_code, .out = text, .err = text};
    sum += use(juju::decode_dry_run(result, "omega"));
  }
  const DiskQuestion disk{.machine = "m", .host = "h", .path = "/p"};
  const DiskQuestion* const disks[] = {&disk};
  for (const std::string_view command : {"info", "map"}) {
    const ProcessResult said{.exit_code = 0,
                             .out = "gatehouse-disk 0 " + std::string(command) + "\n" + text};
    for (const auto& state : ssh::read_disk_script(said, disks)) sum += use(state);
  }
  for (const int status : {200, 301, 400, 401, 404, 500, 503}) {
    const HttpResponse response{.status = status,
                                .headers = {{.name = "Content-Type", .value = "application/json"}},
                                .body = text};
    sum += use(maas::check_answer(response, Moment{}));
  }
  sum += use(maas::decode_machines(text)) + use(maas::decode_subnets(text)) +
         use(maas::decode_ranges(text)) + use(maas::decode_addresses(text)) +
         use(maas::decode_identity(text)) + use(maas::decode_version(text));
  return sum + use(maas::parse_key(text)) + use(maas::read_profile(Secret(text), "admin"));
}

std::vector<std::string> documents() {
  std::vector<std::string> texts = {
      "Changes to deploy bundle:\n- add new machine 0\n",
      "WARNING These fields\n  line 3: field x not found in type y\nERROR \nbroken\n",
      R"({"0": {"machine": "0", "results": {"return-code": 0, "stdout": "name a ok"}}})",
      R"({"model": {"name": "m"}, "machines": {"0": {"containers": {"0/lxd/0": {}}}},
          "applications": {"a": {"units": {"a/0": {"subordinates": {"b/0": {}}}}}}})",
      R"({"models": [{"name": "admin/a", "life": "alive"}]})",
      "gatehouse-disk 0\n{\"virtual-size\": 5, \"actual-size\": 5}\ngatehouse-exit 0\n"};
  for (const char* name :
       {"good/subnets.json", "good/ipranges.json", "drifted/subnet-1-ip_addresses.json",
        "good/interfaces-openstack0.json", "errors/machines-bad-mac.json"}) {
    texts.push_back(recordings::read_file(recordings::fixtures() / "maas" / name));
  }
  return texts;
}

TEST(DamagedDocuments, EndInAValueOrAnErrorWhereTheyAreCut) {
  for (const std::string& text : documents()) {
    const std::size_t step = std::max<std::size_t>(1, text.size() / 60);
    for (std::size_t at = 0; at <= text.size(); at += step) {
      EXPECT_GT(decode_all(text.substr(0, at)), 0U);
    }
  }
}

TEST(DamagedDocuments, EndInAValueOrAnErrorWhereBytesAreChanged) {
  std::mt19937 random(kSeed);
  for (const std::string& text : documents()) {
    for (int round = 0; round < kRounds; ++round) {
      std::string damaged = text;
      const int changes = 1 + static_cast<int>(random() % 4);
      for (int change = 0; change < changes; ++change) {
        damaged[random() % damaged.size()] = static_cast<char>(random() % 256);
      }
      EXPECT_GT(decode_all(damaged), 0U) << "seed " << kSeed << " round " << round;
    }
  }
}

TEST(DamagedDocuments, EndInAnErrorWhereTheyAreDeepOrOfOtherTypes) {
  std::string deep;
  for (int level = 0; level < 100'000; ++level) deep += "[";
  EXPECT_GT(decode_all(deep), 0U);
  for (const char* text :
       {"null", "0", "[]", "{}", "\"x\"", "[null]", "[[]]", "{\"models\": [null]}",
        "{\"model\": {}, \"machines\": [], \"applications\": 3}",
        "{\"model\": {}, \"machines\": {\"0\": {\"containers\": {\"x\": []}}}}",
        "[{\"system_id\": 1}]", "[{\"cidr\": null}]", "1e999", "[1e999]",
        "{\"virtual-size\": 1e300, \"actual-size\": 1.5}"}) {
    EXPECT_GT(decode_all(text), 0U) << text;
  }
}

}  // namespace
}  // namespace gatehouse
