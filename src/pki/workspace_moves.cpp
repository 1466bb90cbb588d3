#include "pki/workspace_moves.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"
#include "effects/file_modes.h"
#include "pki/workspace.h"

namespace gatehouse::pki {

namespace {

constexpr std::string_view kFolders[] = {"issuing-ca", "controller-ca", "controller"};
constexpr std::size_t kReadyBytesMax = std::size_t{1} << 16;

std::string ready_file(const std::string& root) {
  return root + "/next/READY";
}

Result<void> move_in(FileStore& files, const std::string& root, const std::string& name) {
  const std::string from = root + "/next/" + name;
  const std::string to = root + "/" + name;
  if (!files.info(from)) return {};  // Done by the run before the crash.
  if (files.info(to)) {
    int number = 1;
    while (files.info(fmt::format("{}/retired/{}/{}", root, number, name))) ++number;
    const std::string retired = fmt::format("{}/retired/{}", root, number);
    if (auto made = files.make_folder(retired, kPrivateFolder); !made) return made;
    if (auto moved = files.rename(to, retired + "/" + name); !moved) return moved;
  }
  return files.rename(from, to);
}

// Lines that stand at the journal's end already were appended by the run before the crash.
Result<void> append_once(FileStore& files, const std::string& path, const std::string& lines) {
  constexpr std::size_t kJournalBytesMax = std::size_t{16} << 20;
  const Result<std::string> present = files.read(path, kJournalBytesMax);
  if (present && present->ends_with(lines)) return {};
  if (!present && present.error().kind != ErrorKind::not_found) return fail(present.error());
  return files.append(path, lines, kPrivateFile);
}

}  // namespace

Result<void> move_staged(FileStore& files, const std::string& workspace, const StagedMove& move) {
  if (auto made = files.make_folder(workspace + "/next", kPrivateFolder); !made) return made;
  const std::string text = join(move.folders, " ") + "\n" + move.journal_lines;
  if (auto done = files.write_atomic(ready_file(workspace), text, kPrivateFile); !done) return done;
  return finish_moves(files, workspace);
}

Result<void> finish_moves(FileStore& files, const std::string& workspace) {
  const Result<std::string> text = files.read(ready_file(workspace), kReadyBytesMax);
  if (!text && text.error().kind == ErrorKind::not_found) return {};
  if (!text) return fail(text.error());
  const std::size_t end = text->find('\n');
  const std::vector<std::string> wanted = words_of(text->substr(0, end));
  for (const std::string_view name : kFolders) {
    if (std::find(wanted.begin(), wanted.end(), name) == wanted.end()) continue;
    if (auto moved = move_in(files, workspace, std::string(name)); !moved) return moved;
  }
  const std::string lines = end == std::string::npos ? "" : text->substr(end + 1);
  const auto appended = append_once(files, WorkspacePaths(workspace).journal, lines);
  if (!appended) return appended;
  return files.remove(ready_file(workspace));
}

}  // namespace gatehouse::pki
