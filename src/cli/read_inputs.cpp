#include "cli/read_inputs.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"
#include "cli/acceptances.h"
#include "input/site/load_site.h"
#include "lint/relations.h"
#include "lint/rule.h"
#include "pki/core_dumps.h"

namespace gatehouse::cli {

namespace {

constexpr std::size_t kInputBytesMax = std::size_t{256} << 20;

InputFile input_file(const std::string& folder, const std::string& path, bool is_secret,
                     FileStore& files) {
  InputFile file{.path = path, .digest = {}, .is_secret = is_secret};
  const std::string absolute = path.starts_with("/") ? path : folder + "/" + path;
  if (const auto info = files.info(absolute)) {
    file.is_there = true;
    file.mode = info->mode;
  }
  if (auto bytes = files.read(absolute, kInputBytesMax)) {
    file.digest = sha256_hex(*bytes);
    if (is_secret) wipe(*bytes);
  }
  return file;
}

// What a secret overlay includes is secret, but for a certificate. Behind a link the mode is that
// of the file it leads to.
InputFile included_file(const std::string& folder, const std::string& path, FileStore& files) {
  InputFile file{.path = path, .digest = {}, .is_secret = true};
  const std::string absolute = path.starts_with("/") ? path : folder + "/" + path;
  if (const auto info = files.info(files.canonical(absolute).value_or(absolute))) {
    file.is_there = true;
    file.mode = info->mode;
  }
  if (auto bytes = files.read(absolute, kInputBytesMax)) {
    file.digest = sha256_hex(*bytes);
    file.is_secret = !bytes->starts_with("-----BEGIN CERTIFICATE") ||
                     bytes->find("PRIVATE KEY") != std::string::npos;
    wipe(*bytes);
  }
  return file;
}

std::string relative_to(const std::string& folder, const std::string& path) {
  return path.starts_with(folder + "/") ? path.substr(folder.size() + 1) : path;
}

// The newest of that path: a stage is read after the files it was copied from.
const Source* source_of(const std::string& path, const SourceMap& sources) {
  const auto found = std::find_if(sources.sources().rbegin(), sources.sources().rend(),
                                  [&](const Source& source) { return source.path() == path; });
  return found == sources.sources().rend() ? nullptr : &*found;
}

void read_bundle(ReadInputs& read, Inputs& inputs, FileStore& files, SourceMap& sources) {
  BundleRequest request;
  request.bundle = "./" + inputs.site.bundle;
  for (const SiteOverlay& overlay : inputs.site.overlays) {
    inputs.overlays.push_back(input_file(inputs.folder, overlay.file, overlay.is_secret, files));
    if (!inputs.overlays.back().is_there) continue;
    request.overlays.push_back(
        {.path = "./" + overlay.file,
         .sensitivity = overlay.is_secret ? Sensitivity::secret : Sensitivity::open});
  }
  const BundleFiles access = bundle_files_in(inputs.folder, files, kInputBytesMax);
  inputs.loaded = load_bundle(sources, access, request);
  for (InputFile& overlay : inputs.overlays)
    overlay.source = source_of("./" + overlay.path, sources);
  read.refusal = inputs.loaded.refusal;
  for (const std::string& path : inputs.loaded.files) {
    const std::string relative = relative_to(inputs.folder, path);
    const bool is_secret = std::any_of(
        inputs.site.overlays.begin(), inputs.site.overlays.end(),
        [&](const SiteOverlay& overlay) { return overlay.is_secret && overlay.file == relative; });
    inputs.files.push_back(inputs.loaded.secret_files.contains(path)
                               ? included_file(inputs.folder, relative, files)
                               : input_file(inputs.folder, relative, is_secret, files));
  }
}

// Local charms and resources are deployed too, so they are staged and digested like the rest. What
// is missing, or a folder, is refused when it is staged.
void add_local_files(Inputs& inputs, FileStore& files) {
  if (!inputs.bundle()) return;
  std::set<std::string> paths;
  for (const auto& [name, application] : inputs.bundle()->applications) {
    if (application.has_local_charm()) paths.insert(application.charm);
    for (const auto& [resource, value] : application.resources) {
      const auto* path = std::get_if<std::string>(&value.value);
      if (path && (path->starts_with("./") || path->starts_with("../") || path->starts_with("/"))) {
        paths.insert(*path);
      }
    }
  }
  for (std::string path : paths) {
    if (path.starts_with("./")) path.erase(0, 2);
    inputs.files.push_back(input_file(inputs.folder, path, false, files));
  }
}

void append(std::vector<Diagnostic>& findings, const std::vector<Diagnostic>& more) {
  findings.insert(findings.end(), more.begin(), more.end());
}

void compute(ReadInputs& read, const Inputs& inputs) {
  if (!inputs.bundle()) return;
  auto plan = compute_plan(*inputs.bundle());
  if (auto* refusal = std::get_if<PlanRefusal>(&plan)) {
    read.refusal = refusal->text;
  } else {
    read.plan = std::move(std::get<Plan>(plan));
  }
}

std::map<std::string, std::set<std::string>> principals_by_subordinate(const LintCase& c) {
  std::map<std::string, std::set<std::string>> principals;
  for (const Attachment& pair : attachments(c)) {
    principals[pair.subordinate->name].insert(pair.principal->name);
  }
  return principals;
}

// What Juju ignores and the site declares that it will: `plan.warnings`.
bool is_declared_warning(const Inputs& inputs, const Diagnostic& finding) {
  if (!inputs.bundle()) return false;
  for (const StrictRemark& remark : inputs.bundle()->remarks) {
    if (!(remark.span == finding.span)) continue;
    const std::string name = remark.scope + "." + remark.field;
    for (const auto& warning : inputs.site.plan.warnings) {
      if (warning.value == name) return true;
    }
  }
  return false;
}

PathKind kind_of_path(FileStore& files, const std::string& path) {
  auto info = files.info(path);
  if (info && info->kind == FileKind::symlink) {
    const auto real = files.canonical(path);
    if (!real) return PathKind::missing;
    info = files.info(*real);
  }
  if (!info) return PathKind::missing;
  return info->kind == FileKind::folder ? PathKind::folder : PathKind::file;
}

// The site file's word on each finding. Whether an entry is in vain is known only where the bundle
// could be judged.
void sort_out(ReadInputs& read, std::vector<Diagnostic> findings, const Inputs& inputs,
              Judging judging) {
  Acceptances acceptances(inputs.site);
  append(findings, acceptances.unknown());
  for (Diagnostic& finding : findings) {
    if (const Acceptance* entry = acceptances.of(finding)) {
      finding.accepted_because = entry->reason;
      read.accepted.push_back(std::move(finding));
    } else if (is_declared_warning(inputs, finding)) {
      finding.accepted_because = "plan.warnings";
      read.accepted.push_back(std::move(finding));
    } else {
      read.findings.push_back(std::move(finding));
    }
  }
  const bool is_judged = read.plan && judging == Judging::with_charms;
  if (is_judged) append(read.findings, acceptances.unused());
}

}  // namespace

BundleFiles bundle_files_in(const std::string& folder, FileStore& files, std::size_t bytes_max) {
  return {
      .working_directory = folder,
      .read = [&files, bytes_max](const std::string& path) { return files.read(path, bytes_max); },
      .kind = [&files](const std::string& path) { return kind_of_path(files, path); },
      .canonical = [&files](const std::string& path) { return files.canonical(path); }};
}

std::string parent_folder(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string absolute_path(const std::string& path, const std::string& folder,
                          const std::string& home) {
  if (path == "~") return home;
  if (path.starts_with("~/")) return home + path.substr(1);
  if (path.starts_with("/")) return path;
  return folder + "/" + path;
}

Result<ReadInputs> read_inputs(const std::string& site_file, const std::string& shown_as,
                               FileStore& files, SourceMap& sources, Judging judging) {
  // A site leads to its secret overlay and to the key of MAAS.
  pki::forbid_core_dumps();
  auto text = files.read(site_file, kInputBytesMax);
  if (!text) {
    return fail(with_context(text.error(), "reading the site file " + site_file));
  }
  const auto folder = files.canonical(parent_folder(site_file));
  if (!folder) return fail(folder.error());
  const std::string digest = sha256_hex(*text);
  const Source& source = sources.add(shown_as, std::move(*text));
  LoadedSite loaded = load_site(source);
  ReadInputs read;
  if (!loaded.site) {
    read.findings = std::move(loaded.findings);
    return read;
  }
  Inputs inputs;
  inputs.site = std::move(*loaded.site);
  inputs.folder = *folder;
  inputs.site_file = {.path = site_file.substr(site_file.rfind('/') + 1),
                      .digest = digest,
                      .is_secret = false,
                      .is_there = true};
  read_bundle(read, inputs, files, sources);
  add_local_files(inputs, files);
  compute(read, inputs);
  std::vector<Diagnostic> findings = std::move(loaded.findings);
  append(findings, inputs.loaded.findings);
  if (judging == Judging::with_charms && inputs.bundle()) {
    const LintCase c{*inputs.bundle(), read.plan ? &*read.plan : nullptr,
                     CharmCatalogue::embedded(), &inputs.site};
    append(findings, lint(c));
    inputs.principals = principals_by_subordinate(c);
  }
  sort_out(read, std::move(findings), inputs, judging);
  inputs.findings = read.findings;
  sort_diagnostics(read.findings);
  read.inputs = std::move(inputs);
  return read;
}

Result<void> stage_inputs(const Inputs& inputs, const std::string& stage, FileStore& files) {
  std::vector<std::string> paths{inputs.site_file.path};
  for (const InputFile& file : inputs.files) paths.push_back(file.path);
  for (const std::string& path : paths) {
    if (path.starts_with("/") || path.find("../") != std::string::npos) {
      return fail(ErrorKind::invalid_input,
                  fmt::format("{} lies outside the site's folder {}", path, inputs.folder),
                  "move it into the site's folder: only what lies there is copied and deployed");
    }
    auto bytes = files.read(inputs.folder + "/" + path, kInputBytesMax);
    if (!bytes) return fail(with_context(bytes.error(), "staging " + path));
    const std::string target = stage + "/" + path;
    if (auto made = files.make_folder(parent_folder(target), 0700); !made) return made;
    auto written = files.write_atomic(target, *bytes, 0600);
    wipe(*bytes);
    if (!written) return fail(with_context(written.error(), "staging " + path));
  }
  return {};
}

Result<void> verify_stage(const Inputs& inputs, FileStore& files) {
  for (const InputFile& file : inputs.files) {
    auto bytes = files.read(inputs.folder + "/" + file.path, kInputBytesMax);
    if (!bytes) return fail(with_context(bytes.error(), "reading the staged " + file.path));
    const std::string digest = sha256_hex(*bytes);
    wipe(*bytes);
    if (digest == file.digest) continue;
    return fail(ErrorKind::conflict,
                fmt::format("the staged {} is no longer what was judged: SHA-256 {} expected, {} "
                            "observed",
                            file.path, file.digest, digest),
                "begin anew with gatehouse run");
  }
  return {};
}

}  // namespace gatehouse::cli
