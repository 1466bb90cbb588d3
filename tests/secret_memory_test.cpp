// Where a secret must not be: in the arguments, the environment or the memory of a process that is
// done with it, in what it prints, or in a file that others can read, at any moment.
#include <csignal>
#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "pki/core_dumps.h"
#include "pki/create.h"
#include "pki/forged_overlay.h"
#include "pki/overlay_file.h"
#include "pki/posix_effects.h"
#include "sim/lab.h"

// A program with the sanitizer keeps what was freed for a while: overwritten, as in any other.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming): the sanitizer's name
extern "C" const char* __asan_default_options() {
  return "max_free_fill_size=1073741824";
}

namespace gatehouse::pki {
namespace {

class SecretMemory : public PosixEffectsTest {
 protected:
  SecretMemory() {
    request_ = forged::request();
    request_.workspace = path("workspace");
    request_.overlay = path("overlay.yaml");
    request_.iterations = 1'000;
  }

  /// What the workspace holds that nobody may see.
  std::vector<std::string> secrets() {
    std::vector<std::string> found;
    for (const char* file : {"issuing-ca/passphrase.txt", "controller-ca/passphrase.txt"}) {
      found.push_back(content_of(path("workspace/" + std::string(file))));
    }
    const std::string key = content_of(path("workspace/controller/controller.key"));
    found.push_back(key.substr(key.find('\n') + 1, 64));
    for (const std::string& secret : found) EXPECT_GE(secret.size(), 44U);
    return found;
  }

  /// Those, the controller's key as it is before base64, and as the overlay writes it.
  std::vector<std::string> forms_of_secrets() {
    std::vector<std::string> found = secrets();
    const std::string key = content_of(path("workspace/controller/controller.key"));
    std::string body;
    for (const std::string_view line : lines_of(key)) {
      if (!line.starts_with('-')) body += line;
    }
    // The private number itself stands from byte 36 on.
    constexpr std::size_t kNumberAt = 40, kNumberBytes = 24;
    found.push_back(base64_decode(body).value_or("").substr(kNumberAt, kNumberBytes));
    const std::string overlay = content_of(path("overlay.yaml"));
    constexpr std::size_t kTail = 62;
    found.push_back(overlay.substr(overlay.rfind('"') - kTail, kTail));
    EXPECT_EQ(found.end()[-2].size(), kNumberBytes);
    return found;
  }

  PkiRequest request_;
};

/// All that a core dump would hold, page by page of the writable memory that `maps` lists.
std::string writable_memory(const std::string& maps, int memory) {
  std::string held;
  std::istringstream lines(maps);
  for (std::string line; std::getline(lines, line);) {
    unsigned long begin = 0, end = 0;
    char mode[5] = {};
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &begin, &end, mode) != 3) continue;
    if (mode[0] != 'r' || mode[1] != 'w') continue;
    // Larger than anything of ours: a sanitizer's record of it.
    if (end - begin > std::size_t{1} << 32) continue;
    std::string pages(end - begin, '\0');
    const ssize_t got = pread(memory, pages.data(), pages.size(), static_cast<off_t>(begin));
    if (got > 0) held.append(pages.data(), static_cast<std::size_t>(got));
  }
  return held;
}

std::string memory_of(pid_t pid) {
  const std::string folder = "/proc/" + std::to_string(pid);
  const int memory = open((folder + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
  EXPECT_GE(memory, 0);
  std::ostringstream maps;
  maps << std::ifstream(folder + "/maps").rdbuf();
  const std::string held = writable_memory(maps.str(), memory);
  if (memory >= 0) close(memory);
  return held;
}

/// Runs the work in a child, which then waits; looks at the child; ends it.
template <class Work, class Look>
void look_at_child(Work work, Look look) {
  int done[2] = {-1, -1};
  int leave[2] = {-1, -1};
  ASSERT_EQ(pipe(done), 0);
  ASSERT_EQ(pipe(leave), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const char result = work() ? '1' : '0';
    // As if somebody forced a core dump of it now.
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    char byte = result;
    if (write(done[1], &byte, 1) != 1) _exit(1);
    if (read(leave[0], &byte, 1) != 1) _exit(1);
    _exit(0);
  }
  char result = '0';
  ASSERT_EQ(read(done[0], &result, 1), 1);
  EXPECT_EQ(result, '1');
  look(child);
  ASSERT_EQ(write(leave[1], "x", 1), 1);
  int status = 0;
  waitpid(child, &status, 0);
  for (const int descriptor : {done[0], done[1], leave[0], leave[1]}) close(descriptor);
}

TEST_F(SecretMemory, holds_nothing_once_a_pki_was_made) {
  look_at_child(
      [&] {
        forbid_core_dumps();
        return create_pki(request_, effects_, *make_key_maker()).has_value();
      },
      [&](pid_t child) {
        const std::string memory = memory_of(child);
        EXPECT_GT(memory.size(), std::size_t{1} << 16);
        for (const std::string& secret : secrets()) {
          EXPECT_EQ(memory.find(secret), std::string::npos) << "after byte 0 of the memory";
        }
      });
}

TEST_F(SecretMemory, holds_nothing_once_an_overlay_was_judged) {
  ASSERT_TRUE(create_pki(request_, effects_, *make_key_maker()));
  // Of the process that made it, so that the child does not inherit what lies in ours.
  const std::vector<std::string> wanted = secrets();
  const std::string folder = path("other");
  PkiRequest other = request_;
  other.workspace = folder;
  other.overlay = path("other.yaml");
  const pid_t maker = fork();
  ASSERT_GE(maker, 0);
  if (maker == 0) _exit(create_pki(other, effects_, *make_key_maker()) ? 0 : 1);
  int status = 0;
  ASSERT_EQ(waitpid(maker, &status, 0), maker);
  ASSERT_EQ(status, 0);
  look_at_child(
      [&] {
        forbid_core_dumps();
        const auto file = read_overlay_file(*files_, other.overlay);
        if (!file) return false;
        VerifyRequest verify;
        verify.at = forged::kNow;
        const auto library = CryptoLibrary::open();
        return library && !has_error(judge_overlay(*library, file->source, verify).findings);
      },
      [&](pid_t child) {
        const std::string memory = memory_of(child);
        EXPECT_EQ(memory.find(content_of(folder + "/issuing-ca/passphrase.txt")),
                  std::string::npos);
        const std::string key = content_of(folder + "/controller/controller.key");
        EXPECT_EQ(memory.find(key.substr(key.find('\n') + 1, 64)), std::string::npos);
      });
}

// The search itself: what is held is found.
TEST_F(SecretMemory, that_is_held_is_found) {
  const std::string half = "a secret that is put ";
  std::string held;
  look_at_child(
      [&] {
        held = half + "together in the child";
        return !held.empty();
      },
      [&](pid_t child) {
        EXPECT_NE(memory_of(child).find(half + "together in" + " the child"), std::string::npos);
      });
}

TEST_F(SecretMemory, of_a_process_that_handles_secrets_is_never_dumped) {
  look_at_child(
      [&] {
        forbid_core_dumps();
        rlimit limit{};
        getrlimit(RLIMIT_CORE, &limit);
        return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && limit.rlim_cur == 0 &&
               limit.rlim_max == 0;
      },
      [](pid_t) {});
}

/// Closed with the object.
class Descriptor {
 public:
  Descriptor(const std::string& path, int flags) : number_(open(path.c_str(), flags | O_CLOEXEC)) {}
  Descriptor(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

std::string all_of(const Descriptor& file) {
  std::string text;
  char block[4096];
  for (ssize_t got = 0; (got = read(file.number(), block, sizeof block)) > 0;) {
    text.append(block, static_cast<std::size_t>(got));
  }
  return text;
}

/// Runs the built program to its end and takes its memory there, as a debugger would: what a core
/// dump that is forced in its last moment holds.
std::string memory_at_end(std::vector<std::string> argv,
                          const std::map<std::string, std::string>& environment = {}) {
  argv.insert(argv.begin(), GATEHOUSE_BINARY_DIR "/gatehouse");
  std::vector<char*> words;
  for (std::string& word : argv) words.push_back(word.data());
  words.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    const int nowhere = open("/dev/null", O_WRONLY);
    if (dup2(nowhere, 1) < 0 || dup2(nowhere, 2) < 0) _exit(126);
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
    // Of a program with the sanitizer, which keeps what was freed: overwritten, as in any other.
    setenv("ASAN_OPTIONS", "detect_leaks=0:max_free_fill_size=1073741824", 1);
    execv(words[0], words.data());
    _exit(127);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  if (!WIFSTOPPED(status)) return {};
  // Before it forbids that anybody looks.
  const std::string folder = "/proc/" + std::to_string(child);
  const Descriptor maps(folder + "/maps", O_RDONLY);
  const Descriptor memory(folder + "/mem", O_RDONLY);
  ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACEEXIT);
  std::string held;
  for (int signal = 0;; signal = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status)) {
    ptrace(PTRACE_CONT, child, nullptr, signal);
    EXPECT_EQ(waitpid(child, &status, 0), child);
    if (!WIFSTOPPED(status)) break;
    if (status >> 8 == (SIGTRAP | (PTRACE_EVENT_EXIT << 8))) {
      held = writable_memory(all_of(maps), memory.number());
    }
  }
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << argv[2] << " " << status;
  return held;
}

TEST_F(SecretMemory, of_the_program_holds_nothing_at_the_end_of_any_command) {
  const std::string workspace = path("workspace"), overlay = path("overlay.yaml");
  ASSERT_TRUE(files_->create(path("backup.pass"), "a passphrase for the backup alone\n", 0600));
  const std::vector<std::vector<std::string>> commands = {
      {"pki", "create", "--workspace", workspace, "--overlay", overlay, "--dns",
       "octavia.example.org", "--ip", "192.0.2.57"},
      {"pki", "verify", overlay, "--workspace", workspace},
      {"pki", "fingerprints", overlay},
      {"pki", "compare", overlay, overlay},
      {"pki", "status", overlay, "--workspace", workspace},
      {"pki", "backup", path("backup"), "--workspace", workspace, "--passphrase-file",
       path("backup.pass")}};
  for (const auto& command : commands) {
    const std::string held = memory_at_end(command);
    EXPECT_GT(held.size(), std::size_t{1} << 20) << command[1];
    for (const std::string& secret : forms_of_secrets()) {
      EXPECT_EQ(held.find(secret), std::string::npos) << "after pki " << command[1];
    }
  }
}

TEST_F(SecretMemory, of_a_look_at_maas_holds_no_part_of_the_key_at_its_end) {
  sim::LabRequest request;
  request.site_file = GATEHOUSE_SOURCE_DIR "/sites/second/site.yaml";
  request.speed = 1;
  request.folder = path("lab");
  request.program = GATEHOUSE_BINARY_DIR "/gatehouse-lab";
  const auto lab = sim::start_lab(request, effects_);
  ASSERT_TRUE(lab) << to_string(lab.error());
  const std::string held =
      memory_at_end({"observe", "maas", "--site", request.site_file}, lab->assignments);
  EXPECT_GT(held.size(), std::size_t{1} << 20);
  const auto key = files_->read_secret(lab->assignments.at("GATEHOUSE_MAAS_KEY_FILE"), 4096);
  ASSERT_TRUE(key);
  const std::string secret = split(trim(key->reveal()), ':').back();
  EXPECT_GE(secret.size(), 16U);
  EXPECT_EQ(held.find(secret), std::string::npos);
  (void)sim::stop_lab(request.folder, effects_);
}

TEST_F(SecretMemory, of_the_program_is_seen_by_that_search) {
  ASSERT_TRUE(files_->create(path("bundle.yaml"),
                             "applications: {a: {charm: ubuntu}}\n# a word to find\n", 0600));
  const std::string held = memory_at_end({"bundle", "plan", path("bundle.yaml")});
  EXPECT_NE(held.find("word to" + std::string(" find")), std::string::npos);
}

}  // namespace
}  // namespace gatehouse::pki
