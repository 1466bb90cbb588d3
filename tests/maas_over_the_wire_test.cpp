// The built program against the lab's MAAS on loopback: how many requests a look takes, what is
// said of each way in which a region can fail, that no word of the key gets out, and that the
// operator's interruption is heard.
#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "effects/posix/posix.h"
#include "sim/lab.h"

namespace gatehouse {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kSite = GATEHOUSE_SOURCE_DIR "/sites/omega/site.yaml";

class MaasOverTheWire : public testing::Test {
 protected:
  MaasOverTheWire()
      : folder_(std::filesystem::path(GATEHOUSE_BINARY_DIR) / "lab-tests" /
                ("wire-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_.parent_path());
  }
  ~MaasOverTheWire() override { end_lab(); }

  void end_lab() {
    (void)sim::stop_lab(folder_.string(), effects_);
    std::filesystem::remove_all(folder_);
  }

  void start_lab(std::vector<std::string> faults) {
    sim::LabRequest request;
    request.site_file = kSite;
    request.faults = std::move(faults);
    request.speed = 1;
    request.folder = folder_.string();
    request.program = GATEHOUSE_BINARY_DIR "/gatehouse-lab";
    Result<sim::LabHandle> lab = sim::start_lab(request, effects_);
    ASSERT_TRUE(lab) << to_string(lab.error());
    environment_ = lab->assignments;
    environment_["HOME"] = folder_.string();
    environment_["NO_COLOR"] = "1";
    const auto key = files_->read_secret(environment_.at("GATEHOUSE_MAAS_KEY_FILE"), 4096);
    ASSERT_TRUE(key);
    secret_ = split(trim(key->reveal()), ':').back();
  }

  ProcessResult gatehouse(std::vector<std::string> arguments, const std::string& site = kSite) {
    Command command;
    command.argv = {GATEHOUSE_BINARY_DIR "/gatehouse"};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.argv.insert(command.argv.end(), {"--site", site});
    command.environment = environment_;
    command.deadline = std::chrono::minutes(2);
    Result<ProcessResult> result = run_one(*processes_, command);
    EXPECT_TRUE(result) << to_string(result.error());
    return result ? *result : ProcessResult{};
  }

  std::filesystem::path folder_;
  std::unique_ptr<Clock> clock_ = posix::make_clock(std::nullopt);
  std::unique_ptr<HttpTransport> http_ = posix::make_http_transport(*clock_);
  std::unique_ptr<ProcessRunner> processes_ = posix::make_process_runner(*clock_);
  std::unique_ptr<FileStore> files_ = posix::make_file_store();
  std::unique_ptr<Entropy> entropy_ = posix::make_entropy();
  Effects effects_{*http_, *processes_, *files_, *clock_, *entropy_};
  std::map<std::string, std::string> environment_;
  std::string secret_;
};

std::size_t count_of(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++count;
  return count;
}

TEST_F(MaasOverTheWire, a_look_is_four_requests_and_one_for_each_plane_of_virtual_addresses) {
  start_lab({});
  const ProcessResult look = gatehouse({"observe", "maas", "--json", "--verbose"});
  EXPECT_EQ(look.exit_code, 0) << look.err;
  EXPECT_EQ(count_of(look.err, "+ GET "), 6U) << look.err;
  EXPECT_THAT(look.err, HasSubstr("machines/?hostname=openstack0&hostname=openstack1"));
  EXPECT_EQ(count_of(look.err, "?op=ip_addresses"), 2U);
  EXPECT_EQ(count_of(look.err, "Authorization: (blanked)"), 6U);
  EXPECT_THAT(look.out + look.err, Not(HasSubstr(secret_)));
}

TEST_F(MaasOverTheWire, every_maas_gate_holds_at_the_good_site) {
  start_lab({});
  const ProcessResult check =
      gatehouse({"check", "vip_policy", "machine_links", "subnet_dns", "machines_ready",
                 "machine_constraints", "reserved_ranges"});
  EXPECT_EQ(check.exit_code, 0) << check.out << check.err;
}

struct Failing {
  const char* fault;
  const char* sentence;
};

void PrintTo(const Failing& failing, std::ostream* stream) {
  *stream << failing.fault;
}

class EachRegionFault : public MaasOverTheWire, public testing::WithParamInterface<Failing> {};

TEST_P(EachRegionFault, has_its_own_sentence_and_lets_no_key_out) {
  start_lab({GetParam().fault});
  const ProcessResult look = gatehouse({"observe", "maas", "--json", "--verbose"});
  EXPECT_EQ(look.exit_code, 3) << look.out << look.err;
  EXPECT_THAT(look.out, HasSubstr(GetParam().sentence));
  EXPECT_THAT(look.out + look.err, Not(HasSubstr(secret_)));
  EXPECT_THAT(look.out + look.err, Not(HasSubstr("base string")));
}

INSTANTIATE_TEST_SUITE_P(
    lab, EachRegionFault,
    testing::Values(Failing{"maas-key-refused", "MAAS refuses the key"},
                    Failing{"maas-tells-secret", "MAAS refuses the key"},
                    Failing{"maas-nonce-used", "MAAS says that this request came twice"},
                    Failing{"maas-forbidden", "MAAS does not permit this to the key's user"},
                    Failing{"maas-clock-ahead",
                            "behind MAAS's, which refuses what is older than 5 min"},
                    Failing{"maas-busy", "MAAS is too busy or not ready"},
                    Failing{"maas-bad-gateway", "the proxy before MAAS answers 502"},
                    Failing{"maas-redirects", "redirects to https, which the key does not follow"},
                    Failing{"maas-speaks-tls", "the MAAS URL says http, but this port speaks TLS"},
                    Failing{"maas-is-none", "JSON of MAAS expected, observed text/html"},
                    Failing{"maas-resets", "unavailable"}, Failing{"maas-cuts", "malformed"},
                    Failing{"maas-drips", "no whole answer within 10 s"},
                    Failing{"maas-stalls", "no whole answer within 10 s"},
                    Failing{"maas-floods", "the body exceeds 67108864 bytes"}),
    [](const testing::TestParamInfo<Failing>& failing) {
      return replace_all(failing.param.fault, "-", "_");
    });

/// The reference site with another way to log in to MAAS, in a folder of its own.
std::string site_with_login(const std::filesystem::path& folder, const std::string& login) {
  const std::filesystem::path from = std::filesystem::path(kSite).parent_path();
  std::filesystem::create_directories(folder);
  std::filesystem::copy_file(from / "bundle.yaml", folder / "bundle.yaml");
  std::ifstream file(from / "site.yaml");
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  text = replace_all(text, "maas: {profile: admin}", login);
  EXPECT_THAT(text, HasSubstr(login));
  std::ofstream(folder / "site.yaml") << text;
  return (folder / "site.yaml").string();
}

TEST_F(MaasOverTheWire,
       the_variable_names_the_key_file_before_the_site_and_never_before_a_profile) {
  start_lab({});
  const std::string url = environment_.at("GATEHOUSE_MAAS_URL");
  const std::string key_file = environment_.at("GATEHOUSE_MAAS_KEY_FILE");
  // As at a real site: where there is a lab, its own URL and key hold.
  for (const char* name : {"GATEHOUSE_LAB", "GATEHOUSE_LAB_CLOCK", "GATEHOUSE_MAAS_URL"}) {
    environment_.erase(name);
  }
  const std::string by_file = site_with_login(
      folder_ / "by-file", "maas: {url: \"" + url + "\", key_file: /nowhere/maas.key}");
  const std::string by_profile = site_with_login(folder_ / "by-profile", "maas: {profile: nobody}");

  const ProcessResult named = gatehouse({"observe", "maas", "--json"}, by_file);
  EXPECT_EQ(named.exit_code, 0) << named.out << named.err;
  EXPECT_THAT(named.out, HasSubstr("openstack0"));
  EXPECT_THAT(named.out + named.err, Not(HasSubstr(secret_)));
  EXPECT_EQ(gatehouse({"observe", "maas", "--json"}, by_profile).exit_code, 3);

  environment_["GATEHOUSE_MAAS_KEY_FILE"] = "";
  const ProcessResult unnamed = gatehouse({"observe", "maas", "--json"}, by_file);
  EXPECT_EQ(unnamed.exit_code, 3) << unnamed.err;
  EXPECT_THAT(unnamed.out, HasSubstr("/nowhere/maas.key"));

  // What is named holds, also where it is open to others and hence no key.
  environment_["GATEHOUSE_MAAS_KEY_FILE"] = key_file;
  std::filesystem::permissions(key_file, std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  const ProcessResult open = gatehouse({"observe", "maas", "--json"}, by_file);
  EXPECT_EQ(open.exit_code, 3) << open.err;
  EXPECT_THAT(open.out, HasSubstr(key_file));
}

TEST_F(MaasOverTheWire, a_region_that_is_busy_at_first_and_an_older_one_are_seen) {
  for (const char* fault : {"maas-busy-at-first", "maas-older", "maas-ids-changed"}) {
    start_lab({fault});
    const ProcessResult look = gatehouse({"observe", "maas", "--json"});
    EXPECT_EQ(look.exit_code, 0) << fault << look.out << look.err;
    end_lab();
  }
}

/// A child whose standard error is read here, so that a test knows how far it has come.
class FollowedChild {
 public:
  FollowedChild(std::vector<std::string> argv,
                const std::map<std::string, std::string>& variables) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) return;
    read_end_ = ends[0];
    std::vector<std::string> texts;
    for (const auto& [name, value] : variables) texts.push_back(name + "=" + value);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn(&pid_, argv.front().c_str(), &actions, nullptr, pointers(argv).data(),
                pointers(texts).data());
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
  }
  FollowedChild(const FollowedChild&) = delete;
  FollowedChild& operator=(const FollowedChild&) = delete;
  ~FollowedChild() { ::close(read_end_); }

  /// Reads on until the word was said, or nothing more comes.
  bool says(const std::string& word) {
    std::array<char, 4096> buffer;
    while (said_.find(word) == std::string::npos) {
      const ssize_t count = ::read(read_end_, buffer.data(), buffer.size());
      if (count <= 0) return false;
      said_.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return true;
  }
  int interrupt_and_wait() {
    ::kill(pid_, SIGINT);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  static std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (std::string& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
  }

  pid_t pid_ = -1;
  int read_end_ = -1;
  std::string said_;
};

TEST_F(MaasOverTheWire, the_first_interruption_ends_a_look_at_a_region_that_stalls) {
  start_lab({"maas-stalls"});
  FollowedChild look(
      {GATEHOUSE_BINARY_DIR "/gatehouse", "observe", "maas", "--verbose", "--site", kSite},
      environment_);
  // The second wave is told once the first has been sent: the machines are being waited for.
  ASSERT_TRUE(look.says("?op=ip_addresses"));
  EXPECT_EQ(look.interrupt_and_wait(), 130) << "at the deadline it would be 3";
}

}  // namespace
}  // namespace gatehouse
