// The built program on the PKI: what it prints, what others can see of it while it runs, and the
// whole life of an overlay by its commands.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "effects/posix/posix.h"

namespace gatehouse {
namespace {

using testing::HasSubstr;
using testing::Not;

class PkiProgram : public testing::Test {
 protected:
  PkiProgram() {
    std::string pattern = testing::TempDir() + "gatehouse-pki-program-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~PkiProgram() override { std::filesystem::remove_all(folder_); }

  ProcessResult call(std::vector<std::string> argv) {
    Command command;
    command.argv = std::move(argv);
    command.directory = folder_;
    // Which does not work under strace, in a build that looks for leaks.
    command.environment = {{"ASAN_OPTIONS", "detect_leaks=0"}};
    if (!openssl_conf_.empty()) command.environment["OPENSSL_CONF"] = openssl_conf_;
    auto result = run_one(*processes_, std::move(command));
    EXPECT_TRUE(result);
    return result ? std::move(*result) : ProcessResult{};
  }

  ProcessResult pki(std::vector<std::string> arguments) {
    std::vector<std::string> argv{std::string(GATEHOUSE_BINARY_DIR) + "/gatehouse", "pki"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    ProcessResult result = call(std::move(argv));
    said_ += result.out + result.err;
    return result;
  }

  std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(folder_ + "/" + name, std::ios::binary).rdbuf();
    return text.str();
  }

  void create() {
    const auto made =
        pki({"create", "--workspace", "ws", "--overlay", "o.yaml", "--dns",
             "controller.example.org", "--ip", "192.0.2.7", "--at", "2026-11-22T17:30:00Z"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
  }

  /// Every passphrase and a line of every key that the workspace holds or held.
  std::vector<std::string> secrets() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ + "/ws")) {
      const std::string name = entry.path().filename();
      if (!entry.is_regular_file()) continue;
      const std::string text = read(std::filesystem::relative(entry.path(), folder_).string());
      if (name == "passphrase.txt") found.push_back(text);
      if (name.find(".key") == std::string::npos) continue;
      for (std::size_t at = text.find('\n'); at + 60 < text.size(); at = text.find('\n', at + 1)) {
        const std::string line = text.substr(at + 1, 64);
        if (line.find("-----") == std::string::npos) found.push_back(line);
      }
    }
    return found;
  }

  std::string folder_;
  std::string openssl_conf_;  ///< the machine's, where it is not that of the test's own machine
  std::string said_;          ///< by every command so far
  std::unique_ptr<Clock> clock_ = posix::make_clock(std::nullopt);
  std::unique_ptr<ProcessRunner> processes_ = posix::make_process_runner(*clock_);
};

TEST_F(PkiProgram, leads_an_overlay_through_its_whole_life_and_never_prints_a_secret) {
  create();
  std::ofstream(folder_ + "/pass") << "correct horse battery staple\n";
  std::filesystem::permissions(folder_ + "/pass", std::filesystem::perms(0600));
  const std::vector<std::string> rotate{"--workspace", "ws", "--overlay", "o.yaml", "--at"};
  const auto step = [&](std::vector<std::string> words, const std::string& at,
                        const std::vector<std::string>& more = {}) {
    words.insert(words.end(), rotate.begin(), rotate.end());
    words.push_back(at);
    words.insert(words.end(), more.begin(), more.end());
    const auto result = pki(words);
    EXPECT_EQ(result.exit_code, 0) << words[0] << " " << result.err << result.out;
    const auto verified = pki({"verify", "o.yaml", "--workspace", "ws", "--strict", "--at", at});
    EXPECT_EQ(verified.exit_code, 0) << words[0] << " " << verified.out << verified.err;
  };
  step({"renew"}, "2026-12-01T00:00:00Z");
  std::filesystem::copy(folder_ + "/o.yaml", folder_ + "/old.yaml");
  step({"roll", "issuing"}, "2026-12-02T00:00:00Z");
  EXPECT_EQ(pki({"compare", "old.yaml", "o.yaml", "--at", "2026-12-02T00:00:00Z"}).exit_code, 0);
  EXPECT_EQ(pki({"roll", "issuing", "--workspace", "ws", "--overlay", "o.yaml", "--at",
                 "2026-12-02T00:30:00Z"})
                .exit_code,
            2);
  step({"roll", "issuing"}, "2026-12-03T00:00:00Z");
  step({"roll", "issuing"}, "2027-01-03T00:00:00Z");
  EXPECT_EQ(pki({"compare", "old.yaml", "o.yaml", "--at", "2027-01-03T00:00:00Z"}).exit_code, 1);
  step({"roll", "controller"}, "2027-01-04T00:00:00Z");
  step({"roll", "controller"}, "2027-01-05T00:00:00Z", {"--confirm", "switch"});
  step({"roll", "controller"}, "2027-01-06T00:00:00Z");
  EXPECT_EQ(pki({"backup", "b", "--workspace", "ws", "--passphrase-file", "pass", "--at",
                 "2027-01-07T00:00:00Z"})
                .exit_code,
            0);
  const auto status = pki({"status", "o.yaml", "--workspace", "ws", "--prometheus", "m.prom",
                           "--json", "--at", "2027-01-10T00:00:00Z"});
  EXPECT_EQ(status.exit_code, 0) << status.err;
  const auto document = parse_json(status.out);
  ASSERT_TRUE(document);
  const json::value* workspace = find(*document, "workspace");
  ASSERT_NE(workspace, nullptr);
  EXPECT_EQ(find_integer(*workspace, "backup_age_days"), 3);
  const json::array* certificates = find_array(*document, "certificates");
  ASSERT_NE(certificates, nullptr);
  ASSERT_EQ(certificates->size(), 3U);
  EXPECT_EQ(find_integer(certificates->at(0), "generation"), 2);
  EXPECT_THAT(read("m.prom"), HasSubstr("pki_certificate_not_after_seconds{role=\"issuing CA\""));
  EXPECT_EQ(pki({"restore", "b", "--workspace", "back", "--passphrase-file", "pass"}).exit_code, 0);
  EXPECT_EQ(read("back/issuing-ca/issuing-ca.key.enc"), read("ws/issuing-ca/issuing-ca.key.enc"));
  for (const char* format : {"text", "json", "sarif", "junit"}) {
    pki({"verify", "o.yaml", "--format", format, "--at", "2027-01-10T00:00:00Z"});
  }
  const auto wanted = secrets();
  EXPECT_GT(wanted.size(), 15U);
  for (const std::string& secret : wanted) EXPECT_THAT(said_, Not(HasSubstr(secret)));
  EXPECT_THAT(read("ws/created.jsonl") + read("ws/plan.txt"), Not(HasSubstr(wanted[0])));
}

TEST_F(PkiProgram, prints_the_fingerprints_that_openssl_prints) {
  create();
  const auto printed = pki({"fingerprints", "o.yaml"});
  EXPECT_EQ(printed.exit_code, 0);
  for (const std::string file :
       {"issuing-ca/issuing-ca", "controller-ca/controller-ca", "controller/controller"}) {
    const auto openssl = call({"openssl", "x509", "-in", "ws/" + file + ".cert.pem", "-noout",
                               "-fingerprint", "-sha256"});
    EXPECT_THAT(printed.out, HasSubstr(openssl.out)) << file;
  }
  EXPECT_THAT(printed.out, HasSubstr("/etc/octavia/certs/controller_cert.pem: sha256"));
}

/// Every file that a trace of system calls shows being made, with the mode that it was given.
std::vector<std::pair<std::string, std::string>> made_files(const std::string& trace) {
  static const std::regex kCreating(
      R"re(openat\([^,]+, "([^"]+)", [^)]*(?:O_CREAT|O_TMPFILE)[^,)]*, (0[0-7]+)\))re");
  std::vector<std::pair<std::string, std::string>> made;
  for (std::sregex_iterator at(trace.begin(), trace.end(), kCreating), end; at != end; ++at) {
    made.emplace_back((*at)[1], (*at)[2]);
  }
  return made;
}

// One that demands keys of 256 bits, and one that cannot be read.
TEST_F(PkiProgram, is_not_changed_by_the_settings_of_the_machines_openssl) {
  openssl_conf_ = folder_ + "/openssl.cnf";
  std::ofstream(openssl_conf_) << "openssl_conf = all\n[all]\nssl_conf = tls\n[tls]\n"
                                  "system_default = strict\n[strict]\n"
                                  "CipherString = DEFAULT@SECLEVEL=5\n";
  create();
  EXPECT_EQ(pki({"verify", "o.yaml", "--workspace", "ws", "--strict"}).exit_code, 0) << said_;
  std::ofstream(openssl_conf_) << "openssl_conf = [all\n= \n";
  EXPECT_EQ(pki({"verify", "o.yaml", "--workspace", "ws", "--strict"}).exit_code, 0) << said_;
}

TEST_F(PkiProgram, opens_no_secret_to_others_at_any_moment) {
  const auto traced = call({"strace", "-f", "-qq", "-s", "4096", "-e",
                            "trace=openat,open,creat,chmod,fchmod,fchmodat,"
                            "mkdir,mkdirat,execve",
                            "-o", "trace", std::string(GATEHOUSE_BINARY_DIR) + "/gatehouse", "pki",
                            "create", "--workspace", "ws", "--overlay", "o.yaml"});
  ASSERT_EQ(traced.exit_code, 0) << traced.err;
  const std::string trace = read("trace");
  const auto made = made_files(trace);
  std::size_t secret_files = 0;
  for (const auto& [file, mode] : made) {
    if (file.starts_with("/dev/") || file.starts_with("/proc/")) continue;
    if (file.ends_with(".gcda")) continue;  // of a build that counts the lines it runs
    ++secret_files;
    EXPECT_EQ(mode, "0600") << file;
  }
  EXPECT_GE(secret_files, 10U);
  // A mode that is set afterwards is never a wider one.
  static const std::regex kMode(R"re((?:chmod|mkdir)\([^,]+, (0[0-7]+)\))re");
  for (std::sregex_iterator at(trace.begin(), trace.end(), kMode), end; at != end; ++at) {
    EXPECT_EQ(std::stoul((*at)[1], nullptr, 8) & 077U, 0U) << (*at)[0];
  }
  // What is handed to another program, its arguments and its environment, is in the trace too.
  for (const std::string& secret : secrets()) EXPECT_THAT(trace, Not(HasSubstr(secret)));
}

TEST_F(PkiProgram, leaves_no_secret_in_a_temporary_file_when_it_is_killed) {
  for (int nth = 1; nth < 40; nth += 3) {
    const std::string name = "w" + std::to_string(nth);
    const auto killed =
        call({"strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e",
              "inject=fsync:signal=KILL:when=" + std::to_string(nth),
              std::string(GATEHOUSE_BINARY_DIR) + "/gatehouse", "pki", "create", "--workspace",
              name, "--overlay", name + ".yaml", "--dns", "controller.example.org"});
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
      const std::string file = entry.path().filename();
      EXPECT_THAT(file, Not(HasSubstr(".tmp"))) << "killed at flush " << nth;
    }
    if (killed.exit_code == 0) return;
  }
  ADD_FAILURE() << "it was never left alone";
}

TEST_F(PkiProgram, shows_no_secret_in_its_arguments_or_environment) {
  create();
  const auto traced = call({"strace", "-f", "-v", "-qq", "-s", "65536", "-e", "trace=execve", "-o",
                            "trace", std::string(GATEHOUSE_BINARY_DIR) + "/gatehouse", "pki",
                            "verify", "o.yaml", "--workspace", "ws"});
  ASSERT_NE(traced.exit_code, 70) << traced.err;
  const std::string trace = read("trace");
  EXPECT_THAT(trace, HasSubstr("execve("));
  for (const std::string& secret : secrets()) EXPECT_THAT(trace, Not(HasSubstr(secret)));
}

TEST_F(PkiProgram, takes_names_and_address_from_the_site_and_its_own_bundle) {
  const auto made = pki({"create", "--workspace", "ws", "--overlay", "o.yaml", "--from-site",
                         "--site", std::string(GATEHOUSE_SOURCE_DIR) + "/sites/omega/site.yaml"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const auto verified = pki({"verify", "o.yaml", "--strict", "--bundle",
                             std::string(GATEHOUSE_SOURCE_DIR) + "/sites/omega/bundle.yaml"});
  EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
}

}  // namespace
}  // namespace gatehouse
