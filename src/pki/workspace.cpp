#include "pki/workspace.h"

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "effects/file_modes.h"

namespace gatehouse::pki {

namespace {

constexpr std::size_t kFileBytesMax = std::size_t{1} << 16;

struct Part {
  const std::string& path;
  std::string_view bytes;
};

Result<void> write_parts(FileStore& files, const std::vector<Part>& parts,
                         std::vector<std::string>& written) {
  for (const Part& part : parts) {
    Result<void> made = files.create(part.path, part.bytes, kPrivateFile);
    if (!made) return made;
    written.push_back(part.path);
  }
  return {};
}

Result<Secret> read_passphrase(FileStore& files, const std::string& path) {
  Result<Secret> read = files.read_secret(path, kFileBytesMax);
  if (!read) return read;
  return Secret(trim(read->reveal()));
}

Result<std::string> read_if_there(FileStore& files, const std::string& path) {
  Result<std::string> read = files.read(path, kFileBytesMax);
  if (!read && read.error().kind == ErrorKind::not_found) return std::string();
  return read;
}

Error in_workspace(Error error, const WorkspacePaths& paths) {
  return with_context(std::move(error), "reading the workspace " + paths.root);
}

// "ws/" and "ws/." would be looked through where "ws" is a symlink.
std::string without_final_slashes(std::string path) {
  for (;;) {
    if (path.size() > 1 && path.ends_with('/')) {
      path.pop_back();
    } else if (path.size() > 2 && path.ends_with("/.")) {
      path.resize(path.size() - 2);
    } else {
      return path;
    }
  }
}

}  // namespace

WorkspacePaths::WorkspacePaths(const std::string& path)
    : root(without_final_slashes(path)),
      issuing_folder(root + "/issuing-ca"),
      controller_ca_folder(root + "/controller-ca"),
      controller_folder(root + "/controller"),
      issuing_certificate(issuing_folder + "/issuing-ca.cert.pem"),
      issuing_key(issuing_folder + "/issuing-ca.key.enc"),
      issuing_passphrase(issuing_folder + "/passphrase.txt"),
      controller_ca_certificate(controller_ca_folder + "/controller-ca.cert.pem"),
      controller_ca_key(controller_ca_folder + "/controller-ca.key.enc"),
      controller_ca_passphrase(controller_ca_folder + "/passphrase.txt"),
      controller_certificate(controller_folder + "/controller.cert.pem"),
      controller_key(controller_folder + "/controller.key"),
      issuing_trusted(issuing_folder + "/trusted.cert.pem"),
      controller_ca_trusted(controller_ca_folder + "/trusted.cert.pem"),
      journal(root + "/created.jsonl") {}

std::vector<std::string> WorkspacePaths::files() const {
  return {issuing_certificate,       issuing_key,       issuing_passphrase,
          controller_ca_certificate, controller_ca_key, controller_ca_passphrase,
          controller_certificate,    controller_key};
}

Result<WorkspaceState> examine_workspace(FileStore& files, const WorkspacePaths& paths) {
  const Result<FileInfo> folder = files.info(paths.root);
  if (!folder && folder.error().kind == ErrorKind::not_found) return WorkspaceState::absent;
  if (!folder) return fail(folder.error());
  if (folder->kind != FileKind::folder) {
    return fail(ErrorKind::denied,
                fmt::format("workspace {} is {}, a folder is wanted", paths.root,
                            folder->kind == FileKind::symlink ? "a symlink" : "no folder"),
                "name the folder itself");
  }
  if (!folder->is_ours) {
    return fail(ErrorKind::denied, fmt::format("workspace {} belongs to another user", paths.root),
                "choose a folder of your own");
  }
  if ((folder->mode & kForOthers) != 0) {
    return fail(ErrorKind::denied,
                fmt::format("workspace {} has mode {:04o}, 0700 wanted", paths.root, folder->mode),
                fmt::format("chmod 700 {}", paths.root));
  }
  std::size_t there = 0;
  const std::vector<std::string> wanted = paths.files();
  for (const std::string& path : wanted) {
    const Result<FileInfo> info = files.info(path);
    if (info) ++there;
    if (!info && info.error().kind != ErrorKind::not_found) return fail(info.error());
  }
  if (there == 0) return WorkspaceState::absent;
  return there == wanted.size() ? WorkspaceState::whole : WorkspaceState::partial;
}

Result<Chain> read_workspace(FileStore& files, const WorkspacePaths& paths) {
  const auto issuing = files.read(paths.issuing_certificate, kFileBytesMax);
  const auto controller_ca = files.read(paths.controller_ca_certificate, kFileBytesMax);
  const auto controller = files.read(paths.controller_certificate, kFileBytesMax);
  const auto issuing_trusted = read_if_there(files, paths.issuing_trusted);
  const auto controller_trusted = read_if_there(files, paths.controller_ca_trusted);
  for (const auto* const read :
       {&issuing, &controller_ca, &controller, &issuing_trusted, &controller_trusted}) {
    if (!*read) return fail(in_workspace(read->error(), paths));
  }
  auto issuing_key = files.read_secret(paths.issuing_key, kFileBytesMax);
  auto issuing_passphrase = read_passphrase(files, paths.issuing_passphrase);
  auto controller_ca_key = files.read_secret(paths.controller_ca_key, kFileBytesMax);
  auto controller_ca_passphrase = read_passphrase(files, paths.controller_ca_passphrase);
  auto controller_key = files.read_secret(paths.controller_key, kFileBytesMax);
  for (const auto* const read : {&issuing_key, &issuing_passphrase, &controller_ca_key,
                                 &controller_ca_passphrase, &controller_key}) {
    if (!*read) return fail(in_workspace(read->error(), paths));
  }
  return Chain{.issuing_certificate = *issuing,
               .issuing_trusted = *issuing_trusted,
               .issuing_key = std::move(*issuing_key),
               .issuing_passphrase = std::move(*issuing_passphrase),
               .controller_ca_certificate = *controller_ca,
               .controller_ca_trusted = *controller_trusted,
               .controller_ca_key = std::move(*controller_ca_key),
               .controller_ca_passphrase = std::move(*controller_ca_passphrase),
               .controller_certificate = *controller,
               .controller_key = std::move(*controller_key)};
}

Result<void> write_workspace(FileStore& files, const WorkspacePaths& paths, const Chain& chain,
                             const std::string& journal) {
  for (const std::string& folder :
       {paths.root, paths.issuing_folder, paths.controller_ca_folder, paths.controller_folder}) {
    const Result<void> made = files.make_folder(folder, kPrivateFolder);
    if (!made) return made;
  }
  std::vector<std::string> written;
  Result<void> done =
      write_parts(files,
                  {{paths.issuing_key, chain.issuing_key.reveal()},
                   {paths.issuing_passphrase, chain.issuing_passphrase.reveal()},
                   {paths.issuing_certificate, chain.issuing_certificate},
                   {paths.controller_ca_key, chain.controller_ca_key.reveal()},
                   {paths.controller_ca_passphrase, chain.controller_ca_passphrase.reveal()},
                   {paths.controller_ca_certificate, chain.controller_ca_certificate},
                   {paths.controller_key, chain.controller_key.reveal()},
                   {paths.controller_certificate, chain.controller_certificate},
                   {paths.journal, journal}},
                  written);
  if (done) return {};
  Error error = with_context(done.error(), "writing the workspace " + paths.root);
  for (const std::string& path : written) {
    // What cannot be removed now makes the workspace partial, which the next run says.
    if (!files.remove(path)) error.help = "remove " + paths.root + "; nothing in it was used";
  }
  return fail(std::move(error));
}

Result<WorkspaceMaterial> workspace_material(FileStore& files, const std::string& root) {
  const WorkspacePaths paths(root);
  const Result<WorkspaceState> state = examine_workspace(files, paths);
  if (!state) return fail(state.error());
  Result<Chain> chain = read_workspace(files, paths);
  if (!chain) return fail(chain.error());
  return WorkspaceMaterial{.path = root,
                           .issuing_certificate = chain->issuing_certificate,
                           .controller_certificate = chain->controller_ca_certificate,
                           .controller_key = std::move(chain->controller_ca_key),
                           .controller_passphrase = std::move(chain->controller_ca_passphrase)};
}

}  // namespace gatehouse::pki
