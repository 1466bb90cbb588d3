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

/// A path as an existing folder, in canonical form, and what lies below it.
struct Anchored {
  std::string folder;
  std::string rest;
};

Anchored anchored(FileStore& files, const std::string& path) {
  std::string rest;
  for (std::string at = path;; at = folder_of(at)) {
    const Result<std::string> canonical = files.canonical(at);
    const Result<FileInfo> info = canonical ? files.info(*canonical) : fail(canonical.error());
    if (info && info->kind == FileKind::folder) return {*canonical, rest};
    if (at == "/" || at == ".") return {at, rest};
    const std::string name = at.substr(at.rfind('/') + 1);
    rest = rest.empty() ? name : name + "/" + rest;
  }
}

bool has_git_above(FileStore& files, const std::string& folder) {
  for (std::string at = folder;; at = folder_of(at)) {
    if (files.info(at == "/" ? "/.git" : at + "/.git")) return true;
    if (at == "/" || at == ".") return false;
  }
}

}  // namespace

bool is_in_work_tree(FileStore& files, const std::string& path) {
  return has_git_above(files, anchored(files, path).folder);
}

Ignored ask_ignored(Effects& effects, const std::string& path) {
  const Anchored at = anchored(effects.files, path);
  if (!has_git_above(effects.files, at.folder)) return Ignored::outside;
  Command command;
  command.argv = {"git", "-C", at.folder, "check-ignore", "--quiet", "--", at.rest};
  command.deadline = kDeadline;
  const Result<ProcessResult> result = run_one(effects.processes, std::move(command));
  if (!result) return Ignored::unknown;
  // git-check-ignore(1): 0 ignored, 1 not ignored, 128 a fatal error.
  if (result->exit_code == 0) return Ignored::yes;
  return result->exit_code == 1 ? Ignored::no : Ignored::unknown;
}

void check_ignored(Effects& effects, const std::string& path, const Place& place,
                   Findings& findings) {
  const std::string help =
      fmt::format("add {} to the .gitignore of its work tree", path.substr(path.rfind('/') + 1));
  switch (ask_ignored(effects, path)) {
    case Ignored::outside:
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
