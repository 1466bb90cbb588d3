#include "pki/write_places.h"

#include <fmt/format.h>

#include "pki/git_ignore.h"

namespace gatehouse::pki {

Result<void> check_workspace_place(FileStore& files, const std::string& workspace) {
  if (!is_in_work_tree(files, workspace)) return {};
  return fail(ErrorKind::denied, fmt::format("workspace {} is in a git work tree", workspace),
              "keep the CA keys outside of every repository: name another folder");
}

Result<void> check_overlay_place(Effects& effects, const std::string& overlay) {
  if (ask_ignored(effects, overlay) != Ignored::no) return {};
  const std::string name = overlay.substr(overlay.rfind('/') + 1);
  return fail(ErrorKind::denied,
              fmt::format("{} is in a git work tree that does not ignore it", overlay),
              fmt::format("add {} to the .gitignore of its work tree", name));
}

Result<bool> examine_overlay(FileStore& files, const std::string& overlay) {
  const Result<FileInfo> info = files.info(overlay);
  if (!info && info.error().kind == ErrorKind::not_found) return false;
  if (!info) return fail(info.error());
  if (info->kind == FileKind::file) return true;
  return fail(ErrorKind::conflict, overlay + " exists and is no plain file",
              "name another overlay");
}

}  // namespace gatehouse::pki
