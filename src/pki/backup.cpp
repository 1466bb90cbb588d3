#include "pki/backup.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "effects/file_modes.h"
#include "pki/backup_cipher.h"
#include "pki/core_dumps.h"
#include "pki/secret_text.h"
#include "pki/workspace.h"
#include "pki/workspace_journal.h"
#include "pki/workspace_moves.h"
#include "pki/write_places.h"

namespace gatehouse::pki {

namespace {

constexpr std::size_t kFileBytesMax = std::size_t{1} << 20;
constexpr std::size_t kBackupBytesMax = std::size_t{16} << 20;
constexpr int kDepthMax = 6;
constexpr std::size_t kLengthBytes = 4;

/// One file of a workspace: its path below the root, and its bytes.
struct Entry {
  std::string path;
  Secret bytes;
};

std::string length_text(std::size_t length) {
  std::string text(kLengthBytes, '\0');
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    text[i] = static_cast<char>(length >> (8 * (kLengthBytes - 1 - i)) & 0xff);
  }
  return text;
}

class Walk {
 public:
  Walk(FileStore& files, const std::string& root) : files_(files), root_(root) {}

  Result<std::vector<Entry>> entries() {
    if (auto read = folder("", 0); !read) return fail(read.error());
    return std::move(entries_);
  }

 private:
  Result<void> folder(const std::string& below, int depth) {
    const auto names = files_.list(root_ + below);
    if (!names) return fail(names.error());
    for (const std::string& name : *names) {
      const std::string path = below + "/" + name;
      const Result<FileInfo> info = files_.info(root_ + path);
      if (!info) return fail(info.error());
      if (path == "/lock") continue;  // Of this run.
      if (info->kind == FileKind::folder && depth < kDepthMax) {
        if (auto read = folder(path, depth + 1); !read) return read;
        continue;
      }
      if (info->kind != FileKind::file) {
        return fail(ErrorKind::conflict, root_ + path + " is neither a plain file nor a folder",
                    "move it out of the workspace");
      }
      Result<Secret> bytes = read(root_ + path);
      if (!bytes) return fail(bytes.error());
      entries_.push_back({path.substr(1), std::move(*bytes)});
    }
    return {};
  }

  // Certificates may be open to others; what holds a key or opens one may not.
  Result<Secret> read(const std::string& path) {
    Result<std::string> bytes = files_.read(path, kFileBytesMax);
    if (!bytes) return fail(bytes.error());
    Secret secret = Secret::take(*bytes);
    const bool holds_secret = secret.reveal().find("PRIVATE KEY") != std::string_view::npos ||
                              !secret.reveal().starts_with("-----BEGIN CERTIFICATE");
    if (holds_secret) return files_.read_secret(path, kFileBytesMax);
    return secret;
  }

  FileStore& files_;
  const std::string& root_;
  std::vector<Entry> entries_;
};

Secret pack(const std::vector<Entry>& entries) {
  std::string packed;
  std::size_t size = 0;
  for (const Entry& entry : entries) {
    size += 2 * kLengthBytes + entry.path.size() + entry.bytes.size();
  }
  packed.reserve(size);
  for (const Entry& entry : entries) {
    packed += length_text(entry.path.size());
    packed += entry.path;
    packed += length_text(entry.bytes.size());
    packed += entry.bytes.reveal();
  }
  return Secret::take(packed);
}

// A relative path of plain names: nothing of a backup may be written outside of the workspace.
bool is_safe(std::string_view path) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";
  return !path.empty() && path.front() != '/' && path.back() != '/' &&
         path.find("..") == std::string_view::npos && path.find("//") == std::string_view::npos &&
         path.find_first_not_of(kAllowed) == std::string_view::npos;
}

class Unpacker {
 public:
  explicit Unpacker(std::string_view packed) : rest_(packed) {}

  Result<std::vector<Entry>> entries() {
    std::vector<Entry> found;
    while (!rest_.empty()) {
      const auto path = take();
      const auto bytes = path ? take() : std::nullopt;
      if (!bytes || !is_safe(*path)) {
        return fail(ErrorKind::malformed, "the backup opens, but what is in it can not be read",
                    "use the version of the program that wrote it");
      }
      found.push_back({std::string(*path), Secret(*bytes)});
    }
    return found;
  }

 private:
  std::optional<std::string_view> take() {
    if (rest_.size() < kLengthBytes) return std::nullopt;
    std::uint32_t length = 0;
    for (std::size_t i = 0; i < kLengthBytes; ++i) {
      length = length << 8 | static_cast<unsigned char>(rest_[i]);
    }
    rest_.remove_prefix(kLengthBytes);
    if (length > rest_.size()) return std::nullopt;
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }

  std::string_view rest_;
};

Result<void> write_entries(FileStore& files, const std::string& root,
                           const std::vector<Entry>& entries) {
  if (auto made = files.make_folder(root, kPrivateFolder); !made) return made;
  for (const Entry& entry : entries) {
    const std::string path = root + "/" + entry.path;
    const auto made = files.make_folder(path.substr(0, path.rfind('/')), kPrivateFolder);
    if (!made) return made;
    if (auto done = files.create(path, entry.bytes.reveal(), kPrivateFile); !done) return done;
  }
  return {};
}

// The next backup would hold it too, and a lost folder would take both.
Result<void> refuse_inside(const BackupRequest& request, FileStore& files) {
  const std::size_t slash = request.file.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : request.file.substr(0, slash + 1);
  const auto target = files.canonical(folder);
  const auto workspace = files.canonical(request.workspace);
  // What cannot be resolved is refused where it is written.
  if (!target || !workspace || !(*target + "/").starts_with(*workspace + "/")) return {};
  return fail(ErrorKind::invalid_input, request.file + " would lie in the workspace itself",
              "keep the backup elsewhere, best on another machine");
}

}  // namespace

Result<void> back_up(const BackupRequest& request, const Secret& passphrase, Effects& effects) {
  forbid_core_dumps();
  if (passphrase.size() < kBackupPassphraseLeast) {
    return fail(ErrorKind::invalid_input,
                fmt::format("the passphrase has {} characters, {} at least are wanted",
                            passphrase.size(), kBackupPassphraseLeast),
                "the backup holds every key; take a longer one");
  }
  const WorkspacePaths paths(request.workspace);
  if (auto moved = finish_moves(effects.files, paths.root); !moved) return moved;
  const auto state = examine_workspace(effects.files, paths);
  if (!state) return fail(state.error());
  if (*state != WorkspaceState::whole) {
    return fail(ErrorKind::not_found,
                fmt::format("workspace {} does not hold a whole PKI", paths.root),
                "name the folder that `gatehouse pki create` made");
  }
  if (auto outside = refuse_inside(request, effects.files); !outside) return outside;
  auto entries = Walk(effects.files, paths.root).entries();
  if (!entries) return fail(with_context(entries.error(), "reading the workspace " + paths.root));
  const std::string line = event_line("backup", request.now, {});
  // What is restored knows of its backup too.
  for (Entry& entry : *entries) {
    const bool is_journal = paths.root + "/" + entry.path == paths.journal;
    if (is_journal) entry.bytes = concatenate({entry.bytes.reveal(), line});
  }
  const auto library = CryptoLibrary::open();
  if (!library) return fail(library.error());
  const Secret packed = pack(*entries);
  if (packed.size() > kBackupBytesMax) {
    return fail(ErrorKind::invalid_input, "the workspace holds more than 16 MiB",
                "move out what does not belong into it");
  }
  const auto key_maker = make_key_maker();
  const auto sealed = seal_backup(*library, *key_maker, packed.reveal(), passphrase);
  if (!sealed) return fail(sealed.error());
  auto written = effects.files.create(request.file, *sealed, kPrivateFile);
  if (!written) return fail(with_context(written.error(), "writing the backup"));
  return effects.files.append(paths.journal, line, kPrivateFile);
}

Result<void> restore(const BackupRequest& request, const Secret& passphrase, Effects& effects) {
  forbid_core_dumps();
  const std::string root = WorkspacePaths(request.workspace).root;
  if (auto placed = check_workspace_place(effects.files, root); !placed) return placed;
  const auto there = effects.files.info(root);
  if (there) {
    return fail(ErrorKind::conflict, root + " exists already",
                "restore into a folder that is not there; no key is ever overwritten");
  }
  if (there.error().kind != ErrorKind::not_found) return fail(there.error());
  const auto sealed = effects.files.read(request.file, kBackupBytesMax + kFileBytesMax);
  if (!sealed) return fail(with_context(sealed.error(), "reading the backup"));
  const auto library = CryptoLibrary::open();
  if (!library) return fail(library.error());
  const auto packed = open_backup(*library, *sealed, passphrase);
  if (!packed) return fail(packed.error());
  const auto entries = Unpacker(packed->reveal()).entries();
  if (!entries) return fail(entries.error());
  // Beside its place first: a restore that is cut off leaves no half of a workspace there.
  const std::string beside = root + ".restoring";
  if (auto removed = effects.files.remove(beside); !removed) return removed;
  if (auto written = write_entries(effects.files, beside, *entries); !written) {
    return fail(with_context(written.error(), "writing the workspace"));
  }
  return effects.files.rename(beside, root);
}

}  // namespace gatehouse::pki
