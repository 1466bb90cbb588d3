// Where a secret must not be: in the arguments, the environment or the memory of a process that is
// done with it, in what it prints, or in a file that others can read, at any moment.
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pki/core_dumps.h"
#include "pki/create.h"
#include "pki/forged_overlay.h"
#include "pki/overlay_file.h"
#include "pki/posix_effects.h"

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

  PkiRequest request_;
};

/// All that a core dump of the process would hold, page by page of its own writable memory.
std::string memory_of(pid_t pid) {
  std::string memory;
  std::ifstream maps("/proc/" + std::to_string(pid) + "/maps");
  const int mem = open(("/proc/" + std::to_string(pid) + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
  EXPECT_GE(mem, 0);
  for (std::string line; std::getline(maps, line);) {
    unsigned long begin = 0, end = 0;
    char mode[5] = {};
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &begin, &end, mode) != 3) continue;
    if (mode[0] != 'r' || mode[1] != 'w') continue;
    std::string page(end - begin, '\0');
    const ssize_t got = pread(mem, page.data(), page.size(), static_cast<off_t>(begin));
    if (got > 0) memory.append(page.data(), static_cast<std::size_t>(got));
  }
  if (mem >= 0) close(mem);
  return memory;
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

}  // namespace
}  // namespace gatehouse::pki
