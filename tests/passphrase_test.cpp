// A passphrase that is asked for: the built program on a terminal of its own.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

namespace gatehouse {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kPassphrase = "correct horse of this test";
constexpr const char* kQuestion = "Passphrase of the backup: ";
constexpr const char* kAgain = "The same again: ";
constexpr std::chrono::seconds kLongest{60};

/// One run of the program as a shell's child on a terminal would be.
class OnTerminal {
 public:
  OnTerminal(const std::string& folder, std::vector<std::string> words) {
    const std::string program = std::string(GATEHOUSE_BINARY_DIR) + "/gatehouse";
    std::vector<char*> argv;
    words.insert(words.begin(), program);
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    child_ = ::forkpty(&terminal_, nullptr, nullptr, nullptr);
    if (child_ != 0) return;
    if (::chdir(folder.c_str()) == 0) ::execv(program.c_str(), argv.data());
    ::_exit(127);
  }
  OnTerminal(const OnTerminal&) = delete;
  OnTerminal& operator=(const OnTerminal&) = delete;
  ~OnTerminal() {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
    ::close(terminal_);
  }

  /// Reads until the words have come; false where the program ends before, or takes too long.
  bool shows(const std::string& words) {
    while (shown_.find(words) == std::string::npos) {
      if (!read_more()) return false;
    }
    return true;
  }
  bool echoes() const {
    termios now{};
    EXPECT_EQ(::tcgetattr(terminal_, &now), 0);
    return (now.c_lflag & static_cast<tcflag_t>(ECHO)) != 0;
  }
  void type(const std::string& text) {
    EXPECT_EQ(::write(terminal_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  /// Its exit code; what it still prints is in `shown`.
  int end() {
    while (read_more()) {
    }
    if (child_ <= 0) return -1;
    // One that only stopped printing would never end.
    if (!is_closed_) ::kill(child_, SIGKILL);
    int status = 0;
    EXPECT_EQ(::waitpid(child_, &status, 0), child_);
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  const std::string& shown() const { return shown_; }

 private:
  bool read_more() {
    pollfd watched{.fd = terminal_, .events = POLLIN, .revents = 0};
    const auto most = std::chrono::milliseconds(kLongest).count();
    if (::poll(&watched, 1, static_cast<int>(most)) <= 0) return false;
    char bytes[4096];
    const ssize_t count = ::read(terminal_, bytes, sizeof bytes);
    is_closed_ = count <= 0;
    if (count > 0) shown_.append(bytes, static_cast<std::size_t>(count));
    return count > 0;
  }

  int terminal_ = -1;
  pid_t child_ = -1;
  bool is_closed_ = false;
  std::string shown_;
};

class Passphrase : public testing::Test {
 protected:
  Passphrase() {
    std::string pattern = testing::TempDir() + "gatehouse-passphrase-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    OnTerminal made(folder_, {"pki", "create", "--workspace", "ws", "--overlay", "o.yaml", "--dns",
                              "a.example.org", "--ip", "192.0.2.7"});
    EXPECT_EQ(made.end(), 0) << made.shown();
  }
  ~Passphrase() override { std::filesystem::remove_all(folder_); }

  bool is_there(const std::string& name) const {
    return std::filesystem::exists(folder_ + "/" + name);
  }

  std::string folder_;
};

TEST_F(Passphrase, is_typed_without_being_shown_and_opens_the_backup_again) {
  OnTerminal backup(folder_, {"pki", "backup", "kept", "--workspace", "ws"});
  ASSERT_TRUE(backup.shows(kQuestion)) << backup.shown();
  EXPECT_FALSE(backup.echoes());
  backup.type(std::string(kPassphrase) + "\n");
  ASSERT_TRUE(backup.shows(kAgain)) << backup.shown();
  backup.type(std::string(kPassphrase) + "\n");
  EXPECT_EQ(backup.end(), 0) << backup.shown();
  EXPECT_THAT(backup.shown(), Not(HasSubstr(kPassphrase)));
  OnTerminal wrong(folder_, {"pki", "restore", "kept", "--workspace", "again"});
  ASSERT_TRUE(wrong.shows(kQuestion));
  wrong.type("another\n");
  EXPECT_EQ(wrong.end(), 2) << wrong.shown();
  EXPECT_FALSE(is_there("again/issuing-ca"));
  OnTerminal right(folder_, {"pki", "restore", "kept", "--workspace", "again"});
  ASSERT_TRUE(right.shows(kQuestion));
  right.type(std::string(kPassphrase) + "\n");
  EXPECT_EQ(right.end(), 0) << right.shown();
  EXPECT_TRUE(is_there("again/issuing-ca/issuing-ca.key.enc"));
}

TEST_F(Passphrase, of_a_new_backup_is_typed_twice_alike) {
  OnTerminal backup(folder_, {"pki", "backup", "kept", "--workspace", "ws"});
  ASSERT_TRUE(backup.shows(kQuestion)) << backup.shown();
  backup.type(std::string(kPassphrase) + "\n");
  ASSERT_TRUE(backup.shows(kAgain)) << backup.shown();
  backup.type("correct house of this test\n");
  EXPECT_EQ(backup.end(), 2) << backup.shown();
  EXPECT_THAT(backup.shown(), HasSubstr("the two passphrases differ"));
  EXPECT_FALSE(is_there("kept"));
}

TEST_F(Passphrase, can_be_refused_by_control_c_which_leaves_the_terminal_as_it_was) {
  OnTerminal backup(folder_, {"pki", "backup", "kept", "--workspace", "ws"});
  ASSERT_TRUE(backup.shows(kQuestion)) << backup.shown();
  // Control-D hands over what there is of a line.
  backup.type("half of\x04 it\x03");
  ASSERT_TRUE(backup.shows("stopped by the operator")) << backup.shown();
  EXPECT_TRUE(backup.echoes());
  EXPECT_EQ(backup.end(), 130) << backup.shown();
  EXPECT_THAT(backup.shown(), Not(HasSubstr("half of")));
  EXPECT_FALSE(is_there("kept"));
}

}  // namespace
}  // namespace gatehouse
