#include "effects/posix/child_environment.h"

#include <array>
#include <cerrno>
#include <cstdlib>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "effects/posix/descriptor.h"

namespace gatehouse::posix {
namespace {

// TERM is not here: no child talks to a terminal. Nor is LC_ALL: it would defeat our LANG.
constexpr std::array kInherited = {"HOME",          "PATH",           "JUJU_DATA",
                                   "USER",          "LOGNAME",        "XDG_CONFIG_HOME",
                                   "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR",
                                   "SSH_AUTH_SOCK", "http_proxy",     "https_proxy",
                                   "no_proxy",      "HTTP_PROXY",     "HTTPS_PROXY",
                                   "NO_PROXY"};
constexpr const char* kPathWhereNoneIsSet = "/usr/local/bin:/usr/bin:/bin";

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

bool is_folder(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool is_plain_file(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

Result<std::string> find_program(const std::string& name, const std::string& search_path) {
  if (name.find('/') != std::string::npos) return name;
  std::string found_but_denied;
  for (const std::string& folder : split(search_path, ':')) {
    const std::string candidate = (folder.empty() ? "." : folder) + "/" + name;
    if (!is_plain_file(candidate)) continue;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    found_but_denied = candidate;
  }
  if (!found_but_denied.empty()) {
    return fail(ErrorKind::denied, found_but_denied + " is not executable");
  }
  return fail(ErrorKind::not_found, fmt::format("no program {} in PATH {}", name, search_path),
              fmt::format("install {} or set PATH", name));
}

}  // namespace

std::map<std::string, std::string> child_environment(
    const std::map<std::string, std::string>& additions) {
  std::map<std::string, std::string> variables = additions;
  variables.emplace("LANG", "C.UTF-8");
  for (const char* name : kInherited) {
    if (const char* value = std::getenv(name)) variables.emplace(name, value);
  }
  variables.emplace("PATH", kPathWhereNoneIsSet);
  return variables;
}

Result<ExecutionImage> ExecutionImage::prepare(
    const std::vector<std::string>& argv, const std::string& directory,
    const std::map<std::string, std::string>& additions) {
  if (argv.empty() || argv.front().empty()) {
    return fail(ErrorKind::invalid_input, "a command without a program");
  }
  if (!directory.empty() && !is_folder(directory)) {
    return fail(ErrorKind::not_found,
                fmt::format("no folder {} to run {} in", directory, argv.front()));
  }
  const auto variables = child_environment(additions);
  Result<std::string> program = find_program(argv.front(), variables.at("PATH"));
  if (!program) return fail(program.error());

  ExecutionImage image;
  image.program_ = std::move(*program);
  image.directory_ = directory;
  image.arguments_ = argv;
  for (const auto& [name, value] : variables) image.environment_.push_back(name + "=" + value);
  // Moving a vector keeps its elements where they are, so the pointers survive the return.
  image.argument_pointers_ = pointers_to(image.arguments_);
  image.environment_pointers_ = pointers_to(image.environment_);
  return image;
}

}  // namespace gatehouse::posix
