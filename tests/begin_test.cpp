// How one begins, with the built program against a lab: `doctor`, `site init`, and what they make
// of it. Against the reference site, so what is written can be compared with what people wrote.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/json.h"
#include "base/text.h"
#include "effects/posix/posix.h"
#include "input/site/load_site.h"
#include "sim/lab.h"

namespace gatehouse {
namespace {

using testing::HasSubstr;

class Beginning : public testing::Test {
 protected:
  Beginning()
      : home_(std::filesystem::path(GATEHOUSE_BINARY_DIR) / "homes" /
              ("begin-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(home_);
    std::filesystem::create_directories(home_ / "cloud" / "overlays");
    std::filesystem::copy(GATEHOUSE_SOURCE_DIR "/sites/omega/bundle.yaml",
                          home_ / "cloud" / "bundle.yaml");
  }
  ~Beginning() override {
    (void)sim::stop_lab((home_ / "lab").string(), effects_);
    std::filesystem::remove_all(home_);
    std::filesystem::remove_all(workspace_);
  }

  void start_lab(std::vector<std::string> faults = {}) {
    sim::LabRequest request;
    request.site_file = GATEHOUSE_SOURCE_DIR "/sites/omega/site.yaml";
    request.faults = std::move(faults);
    request.folder = (home_ / "lab").string();
    request.program = GATEHOUSE_BINARY_DIR "/gatehouse-lab";
    auto lab = sim::start_lab(request, effects_);
    ASSERT_TRUE(lab) << to_string(lab.error());
    lab_ = std::move(*lab);
  }

  ProcessResult gatehouse(const std::string& site, std::vector<std::string> words) {
    Command command;
    command.argv = {GATEHOUSE_BINARY_DIR "/gatehouse", "--site", site};
    command.argv.insert(command.argv.end(), words.begin(), words.end());
    command.environment = lab_.assignments;
    command.environment["HOME"] = home_.string();
    command.environment["NO_COLOR"] = "1";
    auto result = run_one(*processes_, std::move(command));
    EXPECT_TRUE(result) << (result ? "" : to_string(result.error()));
    return result ? std::move(*result) : ProcessResult{};
  }

  std::string made() const { return (home_ / "cloud" / "site.yaml").string(); }
  std::string overlay() const {
    return (home_ / "cloud" / "overlays" / "octavia-pki.yaml").string();
  }

  ProcessResult init() {
    return gatehouse(
        made(),
        {"site", "init", "--bundle", (home_ / "cloud" / "bundle.yaml").string(), "--overlay",
         overlay(), "--name", "omega", "--model", "openstack", "--disk-host", "jumphost",
         "--disk-path", "/var/lib/libvirt/images/{machine}-1.qcow2", "--disk-sudo"});
  }

  Site load(const std::string& path) {
    const auto text = files_->read(path, std::size_t{1} << 20);
    EXPECT_TRUE(text);
    const LoadedSite loaded = load_site(sources_.add(path, text ? *text : ""));
    for (const Diagnostic& finding : loaded.findings) ADD_FAILURE() << render(finding, Colour::off);
    return loaded.site.value_or(Site{});
  }

  std::filesystem::path home_;
  SourceMap sources_;
  /// Keys are made in no git work tree.
  std::filesystem::path workspace_ =
      std::filesystem::temp_directory_path() / ("gatehouse-begin-" + std::to_string(::getpid()));
  std::unique_ptr<Clock> clock_ = posix::make_clock(std::nullopt);
  std::unique_ptr<HttpTransport> http_ = posix::make_http_transport(*clock_);
  std::unique_ptr<ProcessRunner> processes_ = posix::make_process_runner(*clock_);
  std::unique_ptr<FileStore> files_ = posix::make_file_store();
  std::unique_ptr<Entropy> entropy_ = posix::make_entropy();
  Effects effects_{*http_, *processes_, *files_, *clock_, *entropy_};
  sim::LabHandle lab_;
};

void expect_same_network(const Site& ours, const Site& theirs) {
  for (const Plane& wanted : theirs.planes) {
    const auto found = std::find_if(ours.planes.begin(), ours.planes.end(),
                                    [&](const Plane& p) { return p.cidr == wanted.cidr; });
    ASSERT_NE(found, ours.planes.end()) << wanted.name;
    EXPECT_EQ(found->space, wanted.space);
    EXPECT_EQ(found->dns, wanted.dns);
    EXPECT_EQ(found->maas_id, wanted.maas_id);
    if (wanted.gateway) {
      EXPECT_EQ(found->gateway, wanted.gateway);
    }
  }
  for (const SiteRange& wanted : theirs.reserved) {
    EXPECT_TRUE(std::any_of(ours.reserved.begin(), ours.reserved.end(), [&](const SiteRange& r) {
      return r.range == wanted.range;
    })) << wanted.name;
  }
}

void expect_same_machines(const Site& ours, const Site& theirs) {
  ASSERT_EQ(ours.machines.size(), theirs.machines.size());
  for (const SiteMachine& wanted : theirs.machines) {
    const SiteMachine* found = ours.machine(wanted.hostname);
    ASSERT_NE(found, nullptr) << wanted.hostname;
    EXPECT_EQ(found->maas_id, wanted.maas_id);
    for (const auto& [nic, address] : wanted.links) {
      ASSERT_TRUE(found->links.contains(nic)) << nic;
      EXPECT_EQ(found->links.at(nic).value, address.value);
    }
  }
  ASSERT_EQ(ours.blank_disks.size(), 1U);
  EXPECT_EQ(ours.blank_disks[0].path, theirs.blank_disks[0].path);
  EXPECT_EQ(ours.blank_disks[0].size, theirs.blank_disks[0].size);
}

void expect_same_plan(const Site& ours, const Site& theirs) {
  ASSERT_TRUE(ours.vips);
  EXPECT_EQ(ours.vips->count, theirs.vips->count);
  EXPECT_EQ(ours.vips->same_host_part, theirs.vips->same_host_part);
  EXPECT_EQ(ours.vips->relation, theirs.vips->relation);
  ASSERT_EQ(ours.vips->legs.size(), theirs.vips->legs.size());
  for (std::size_t at = 0; at < ours.vips->legs.size(); ++at) {
    EXPECT_EQ(ours.vips->legs[at].band, theirs.vips->legs[at].band);
  }
  EXPECT_EQ(ours.plan.counts.applications, theirs.plan.counts.applications);
  EXPECT_EQ(ours.plan.counts.units, theirs.plan.counts.units);
  EXPECT_EQ(ours.plan.counts.relations, theirs.plan.counts.relations);
  EXPECT_EQ(ours.plan.counts.containers, theirs.plan.counts.containers);
  EXPECT_EQ(ours.plan.machine_numbers, theirs.plan.machine_numbers);
  for (const auto& [application, machines] : theirs.plan.placement) {
    ASSERT_TRUE(ours.plan.placement.contains(application)) << application;
    EXPECT_EQ(ours.plan.placement.at(application), machines);
  }
  ASSERT_EQ(ours.plan.warnings.size(), theirs.plan.warnings.size());
  for (std::size_t at = 0; at < ours.plan.warnings.size(); ++at) {
    EXPECT_EQ(ours.plan.warnings[at].value, theirs.plan.warnings[at].value);
  }
  for (const auto& [application, endpoints] : theirs.bindings) {
    for (const auto& [endpoint, plane] : endpoints) {
      if (endpoint.empty()) continue;  // a default is what others are compared with
      ASSERT_TRUE(ours.bindings.contains(application)) << application;
      const Plane* wanted = theirs.plane(plane.value);
      const Plane* found = ours.plane(ours.bindings.at(application).at(endpoint).value);
      ASSERT_TRUE(wanted && found);
      EXPECT_EQ(found->cidr, wanted->cidr) << application << ":" << endpoint;
    }
  }
}

TEST_F(Beginning, a_first_site_file_comes_close_to_the_one_that_people_wrote_and_holds) {
  start_lab();
  const ProcessResult created =
      gatehouse(made(), {"pki", "create", "--workspace", workspace_.string(), "--overlay",
                         overlay(), "--ip", "10.12.4.57", "--dns", "octavia.example", "--name",
                         "omega Octavia", "--organisation", "omega"});
  ASSERT_EQ(created.exit_code, 0) << created.err;
  const ProcessResult said = init();
  ASSERT_EQ(said.exit_code, 0) << said.err;
  EXPECT_EQ(said.out, made() + "\n");

  const Site ours = load(made());
  const Site theirs = load(GATEHOUSE_SOURCE_DIR "/sites/omega/site.yaml");
  expect_same_network(ours, theirs);
  expect_same_machines(ours, theirs);
  expect_same_plan(ours, theirs);
  EXPECT_EQ(ours.juju.cloud, theirs.juju.cloud);
  EXPECT_EQ(ours.juju.region, theirs.juju.region);
  EXPECT_EQ(ours.juju.credential, theirs.juju.credential);
  ASSERT_TRUE(ours.pki);
  EXPECT_EQ(ours.pki->application, theirs.pki->application);

  const ProcessResult checked = gatehouse(made(), {"site", "check"});
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
  const ProcessResult judged = gatehouse(made(), {"check"});
  EXPECT_EQ(judged.exit_code, 0) << judged.out << judged.err;
}

TEST_F(Beginning, a_site_file_is_never_written_over) {
  start_lab();
  ASSERT_TRUE(files_->create(made(), "mine\n", 0644));
  const ProcessResult said = init();
  EXPECT_EQ(said.exit_code, 2);
  EXPECT_THAT(said.err, HasSubstr("is there already"));
  EXPECT_EQ(*files_->read(made(), 100), "mine\n");
}

TEST_F(Beginning, without_maas_nothing_is_written) {
  start_lab({"maas-key-refused"});
  const ProcessResult said = init();
  EXPECT_EQ(said.exit_code, 3) << said.err;
  EXPECT_FALSE(files_->info(made()));
}

TEST_F(Beginning, the_doctor_has_a_command_for_each_line_and_sees_what_is_wrong) {
  start_lab();
  const std::string site = GATEHOUSE_SOURCE_DIR "/sites/omega/site.yaml";
  const ProcessResult said = gatehouse(site, {"doctor", "--json"});
  const auto document = parse_json(said.out);
  ASSERT_TRUE(document) << said.out << said.err;
  const json::array* verdicts = find_array(*document, "verdicts");
  ASSERT_TRUE(verdicts);
  std::set<std::string> topics;
  for (const json::value& verdict : *verdicts) {
    const std::string topic = string_or_empty(verdict, "gate");
    topics.insert(topic);
    // How this very machine is kept is not for this test to judge.
    if (topic != "room" && topic != "umask") {
      EXPECT_EQ(string_or_empty(verdict, "ruling"), "pass") << json::serialize(verdict);
    }
    for (const json::value& check : *find_array(verdict, "checks")) {
      EXPECT_NE(string_or_empty(check, "help"), "") << json::serialize(check);
    }
  }
  EXPECT_EQ(topics, (std::set<std::string>{"tools", "logins", "hosts", "clocks", "room", "umask",
                                           "leftovers"}));
}

TEST_F(Beginning, the_doctor_says_why_a_host_is_not_reached) {
  start_lab({"host-key-changed"});
  const ProcessResult said = gatehouse(GATEHOUSE_SOURCE_DIR "/sites/omega/site.yaml", {"doctor"});
  EXPECT_EQ(said.exit_code, 3) << said.out << said.err;
  EXPECT_THAT(said.out,
              HasSubstr("unknown  jumphost: the host key of jumphost is another than was known\n"));
  EXPECT_THAT(said.out, HasSubstr("         next: compare it at the host's console"));
}

TEST_F(Beginning, the_doctor_looks_at_this_machine_before_there_is_a_site) {
  start_lab();
  const ProcessResult said = gatehouse((home_ / "nowhere.yaml").string(), {"doctor"});
  EXPECT_EQ(said.exit_code, 3) << said.out << said.err;
  EXPECT_THAT(said.out, HasSubstr("next: gatehouse site init --help"));
  EXPECT_THAT(said.out, HasSubstr("pass     ssh: OpenSSH"));
}

TEST_F(Beginning, what_was_observed_comes_with_its_evidence) {
  start_lab();
  const std::string site = GATEHOUSE_SOURCE_DIR "/sites/omega/site.yaml";
  for (const char* what : {"maas", "hosts", "juju"}) {
    const ProcessResult said = gatehouse(site, {"observe", what});
    ASSERT_EQ(said.exit_code, 0) << said.err;
    const auto document = parse_json(said.out);
    ASSERT_TRUE(document) << said.out;
    std::size_t pieces = 0;
    const auto look = [&](const json::value& fact) {
      const json::object* evidence = find_object(fact, "evidence");
      if (!evidence) return;
      ++pieces;
      EXPECT_NE(string_or_empty(*evidence, "locator"), "") << what;
      EXPECT_TRUE(parse_rfc3339(string_or_empty(*evidence, "at"))) << what;
      EXPECT_EQ(string_or_empty(*evidence, "digest").size(), 64U) << json::serialize(*evidence);
    };
    for (const auto& fact : document->as_object()) {
      look(fact.value());
      for (const auto& keyed : fact.value().as_object()) {
        if (keyed.value().is_object()) look(keyed.value());
      }
    }
    EXPECT_GE(pieces, 3U) << what;
  }
}

}  // namespace
}  // namespace gatehouse
