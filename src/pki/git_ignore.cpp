#include "pki/git_ignore.h"

#include <utility>

#include <fmt/format.h>

namespace gatehouse::pki {

namespace {

constexpr Milliseconds kDeadline{10'000};

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

enum class Ignored { yes, no, unknown };

Ignored ask_git(ProcessRunner& processes, const std::string& folder, const std::string& name) {
  Command command;
  command.argv = {"git", "-C", folder, "check-ignore", "--quiet", "--", name};
  command.deadline = kDeadline;
  const Result<ProcessResult> result = run_one(processes, std::move(command));
  if (!result) return Ignored::unknown;
  // git-check-ignore(1): 0 ignored, 1 not ignored, 128 a fatal error.
  if (result->exit_code == 0) return Ignored::yes;
  return result->exit_code == 1 ? Ignored::no : Ignored::unknown;
}

}  // namespace

bool is_in_work_tree(FileStore& files, const std::string& folder) {
  const Result<std::string> canonical = files.canonical(folder);
  if (!canonical) return false;
  for (std::string at = *canonical;; at = folder_of(at)) {
    if (files.info(at == "/" ? "/.git" : at + "/.git")) return true;
    if (at == "/" || at == ".") return false;
  }
}

void check_ignored(Effects& effects, const std::string& path, const Place& place,
                   Findings& findings) {
  const std::string folder = folder_of(path);
  if (!is_in_work_tree(effects.files, folder)) return;
  const std::string name = path.substr(path.rfind('/') + 1);
  const std::string help = fmt::format("add {} to the .gitignore of its work tree", name);
  switch (ask_git(effects.processes, folder, name)) {
    case Ignored::yes:
      return;
    case Ignored::no:
      return findings.warning("not-ignored", place, path + " is in a git work tree and not ignored",
                              help);
    case Ignored::unknown:
      return findings.warning(
          "not-ignored", place,
          path + " is in a git work tree; git does not say whether it is ignored", help);
  }
}

}  // namespace gatehouse::pki
