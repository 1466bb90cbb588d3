#include "pki/overlay_file.h"

#include <utility>

#include "pki/verify.h"

namespace gatehouse::pki {

Result<OverlayFile> read_overlay_file(FileStore& files, const std::string& path) {
  const Result<std::string> target = files.canonical(path);
  if (!target) return fail(target.error());
  const Result<FileInfo> info = files.info(*target);
  if (!info) return fail(info.error());
  Result<std::string> text = files.read(*target, kOverlayBytesMax);
  if (!text) return fail(text.error());
  return OverlayFile{.source = Source(path, std::move(*text), Sensitivity::secret), .info = *info};
}

Diagnostic not_readable(const Error& error) {
  Diagnostic finding;
  finding.code = "not-readable";
  finding.message = "overlay: can not be read: " + to_string(error);
  finding.help =
      error.help.empty() ? "name the overlay, or make one with `gatehouse pki create`" : error.help;
  return finding;
}

}  // namespace gatehouse::pki
