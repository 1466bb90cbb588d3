// The program: makes the real effects, reads the environment once, hands both to the command line.
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <system_error>

#include <fmt/format.h>
#include <openssl/crypto.h>

#include "base/text.h"
#include "cli/command_line.h"
#include "cli/freed_memory.h"
#include "cli/lab_clock.h"
#include "effects/posix/posix.h"

// jemalloc's own settings (docs/adr/0013-jemalloc.md): one arena, for one thread allocates; memory
// that was freed is kept for ten seconds: a short command gives none back, a watch of hours does
// not hold on to the most that it ever had.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "narenas:1,dirty_decay_ms:10000,muzzy_decay_ms:0";
}

namespace {

using gatehouse::Colour;

/// What standard output first refused with; 0 while it takes all.
int lost_output = 0;

void note_lost_output() {
  if (lost_output == 0) lost_output = errno;
}

// What was asked for and is not there is no success. A reader that went away has had enough.
int told_in_full(int code) {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) note_lost_output();
  if (lost_output == 0 || lost_output == EPIPE) return code;
  std::fputs(fmt::format("error: writing to standard output: {}\n",
                         std::generic_category().message(lost_output))
                 .c_str(),
             stderr);
  return code == gatehouse::cli::kExitHolds ? int{gatehouse::cli::kExitInput} : code;
}

class TerminalConsole : public gatehouse::cli::Console {
 public:
  explicit TerminalConsole(gatehouse::cli::ConsoleOptions options) : options_(options) {}
  void data(std::string_view text) override {
    if (std::fwrite(text.data(), 1, text.size(), stdout) < text.size()) note_lost_output();
  }
  void talk(std::string_view text) override {
    if (std::fflush(stdout) != 0) note_lost_output();
    std::fwrite(text.data(), 1, text.size(), stderr);
  }
  Colour colour() const override {
    const char* no_colour = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    const bool is_dumb = !terminal || std::string_view(terminal) == "dumb";
    const bool is_off = options_.no_colour || (no_colour && *no_colour) || is_dumb;
    return is_off || isatty(STDERR_FILENO) == 0 ? Colour::off : Colour::on;
  }
  bool is_quiet() const override { return options_.is_quiet; }
  bool confirm(std::string_view question) override {
    if (isatty(STDIN_FILENO) == 0) return false;
    talk(fmt::format("{}? Type yes: ", question));
    std::string answer;
    return std::getline(std::cin, answer) && gatehouse::trim(answer) == "yes";
  }

 private:
  gatehouse::cli::ConsoleOptions options_;
};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// Who is at work here, for a second operator who finds the site locked.
std::string operator_name() {
  char host[256] = "";
  gethostname(host, sizeof host - 1);
  std::string user = variable("USER");
  const passwd* const entry = user.empty() ? getpwuid(geteuid()) : nullptr;
  if (user.empty()) user = entry ? entry->pw_name : std::to_string(geteuid());
  std::string name = fmt::format("{}@{}, process {}", user, host, getpid());
  const std::string connection = variable("SSH_CONNECTION");
  if (!connection.empty()) name += ", from " + connection.substr(0, connection.find(' '));
  return gatehouse::printable(name);
}

gatehouse::cli::Environment read_environment() {
  std::error_code error;
  return {.home = variable("HOME"),
          .working_directory = std::filesystem::current_path(error).string(),
          .path = variable("PATH"),
          .program = std::filesystem::read_symlink("/proc/self/exe", error).string(),
          .lab = variable("GATEHOUSE_LAB"),
          .maas_url = variable("GATEHOUSE_MAAS_URL"),
          .maas_key_file = variable("GATEHOUSE_MAAS_KEY_FILE"),
          .ssh_config = variable("GATEHOUSE_LAB").empty() ? "" : variable("GATEHOUSE_SSH_CONFIG"),
          .runtime_folder = variable("XDG_RUNTIME_DIR"),
          .site_file = variable("GATEHOUSE_SITE"),
          .operator_name = operator_name(),
          .state_folder = {}};
}

int run(int argc, char** argv) {
  using namespace gatehouse;
  const cli::Environment environment = read_environment();
  const auto scale = cli::lab_clock_scale(environment, variable("GATEHOUSE_LAB_CLOCK"));
  if (!scale) {
    std::fputs((to_string(scale.error()) + "\n").c_str(), stderr);
    return cli::kExitInput;
  }
  const auto clock = posix::make_clock(*scale);
  const auto http = posix::make_http_transport(*clock);
  const auto processes = posix::make_process_runner(*clock);
  const auto files = posix::make_file_store();
  const auto entropy = posix::make_entropy();
  Effects effects{*http, *processes, *files, *clock, *entropy};
  // Never taken apart; a reference that stays lets the leak checker find it.
  static cli::Kept& kept = *new cli::Kept;
  return cli::run_command_line(
      argc, argv, {environment, effects, kept},
      [](cli::ConsoleOptions options) { return std::make_unique<TerminalConsole>(options); });
}

}  // namespace

int main(int argc, char** argv) {
  gatehouse::cli::lead_library_memory();
  // Before anything else does: it would read the machine's openssl.cnf, whose rules for TLS and
  // whose providers would then change what a PKI is found to be.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  try {
    return told_in_full(run(argc, argv));
  } catch (const std::exception& error) {
    std::fputs(fmt::format("bug: {}\n", error.what()).c_str(), stderr);
    return gatehouse::cli::kExitBug;
  }
}
