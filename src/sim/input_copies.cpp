#include "sim/input_copies.h"

#include "base/text.h"
#include "input/site/load_site.h"

namespace gatehouse::sim {
namespace {

constexpr std::size_t kInputBytesMax = std::size_t{16} << 20;

BundleFiles files_in(const std::string& folder, FileStore& store) {
  BundleFiles files;
  files.working_directory = folder;
  files.read = [&store](const std::string& path) { return store.read(path, kInputBytesMax); };
  files.kind = [&store](const std::string& path) {
    const Result<std::string> real = store.canonical(path);
    const Result<FileInfo> info = store.info(real ? *real : path);
    if (!info) return PathKind::missing;
    return info->kind == FileKind::folder ? PathKind::folder : PathKind::file;
  };
  return files;
}

/// In a folder: site.yaml, else the first file that reads as a site.
std::string site_file_at(const std::string& site, FileStore& files) {
  const Result<FileInfo> info = files.info(site);
  if (!info || info->kind != FileKind::folder) return site;
  const std::string usual = site + "/site.yaml";
  if (files.info(usual)) return usual;
  const Result<std::vector<std::string>> names = files.list(site);
  if (!names) return usual;
  for (const std::string& name : *names) {
    if (!name.ends_with(".yaml") && !name.ends_with(".yml")) continue;
    const Result<std::string> text = files.read(site + "/" + name, kInputBytesMax);
    if (text && load_site(Source(name, *text, Sensitivity::open)).site) return site + "/" + name;
  }
  return usual;
}

}  // namespace

Result<InputCopies> InputCopies::open(const std::string& site, FileStore& files) {
  InputCopies copies;
  const std::string site_file = site_file_at(site, files);
  const std::size_t slash = site_file.rfind('/');
  copies.folder_ = slash == std::string::npos ? "." : site_file.substr(0, slash);
  copies.files_ = &files;
  copies.sources_ = std::make_unique<SourceMap>();
  Result<std::string> text = files.read(site_file, kInputBytesMax);
  if (!text) return fail(with_context(text.error(), "putting a fault in"));
  LoadedSite loaded = load_site(copies.sources_->add(site_file, std::move(*text)));
  if (!loaded.site) return fail(ErrorKind::invalid_input, site_file + " cannot be used");
  copies.site_ = std::move(*loaded.site);
  BundleRequest request;
  request.bundle = "./" + copies.site_.bundle;
  copies.loaded_ = load_bundle(*copies.sources_, files_in(copies.folder_, files), request);
  if (!copies.loaded_.bundle) {
    return fail(ErrorKind::invalid_input, copies.site_.bundle + " cannot be used");
  }
  return copies;
}

std::vector<VipHolder> InputCopies::vip_holders() const {
  std::vector<VipHolder> holders;
  if (!site_.vips) return holders;
  for (const auto& [name, application] : bundle().applications) {
    const auto option = application.options.find(site_.vips->option);
    if (option == application.options.end()) continue;
    holders.push_back({&application, &option->second, words_of(option->second.text)});
  }
  return holders;
}

Result<void> InputCopies::edit(const Source& source, std::vector<TextEdit> edits) {
  const std::string path = absolute(source.path());
  Result<FileInfo> info = files_->info(path);
  if (!info) return fail(info.error());
  return files_->write_atomic(path, with_edits(source, std::move(edits)), info->mode);
}

std::string InputCopies::secret_overlay_path() const {
  for (const SiteOverlay& overlay : site_.overlays) {
    if (overlay.is_secret) return absolute(overlay.file);
  }
  return "";
}

std::string InputCopies::absolute(const std::string& path) const {
  return path.rfind('/', 0) == 0 ? path : folder_ + "/" + path;
}

}  // namespace gatehouse::sim
