// Reads a bundle and its overlays as `juju deploy` does before it asks a controller: documents,
// verification, merging, includes, warnings. Opens nothing itself: files come through BundleFiles.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "diag/diagnostic.h"
#include "input/bundle/bundle.h"

namespace gatehouse {

enum class PathKind { missing, file, folder };

/// How the reader reaches files. Paths are as written, relative ones to `working_directory`.
struct BundleFiles {
  std::string working_directory;  ///< absolute
  std::function<Result<std::string>(const std::string& absolute_path)> read;
  std::function<PathKind(const std::string& absolute_path)> kind;
  /// The path without symbolic links. Where it is given, an include must lie below the bundle's
  /// folder or that of the file that includes it; where not, anywhere, as in Juju.
  std::function<Result<std::string>(const std::string& absolute_path)> canonical{};
};

struct OverlayFile {
  std::string path;
  Sensitivity sensitivity = Sensitivity::open;
};

struct BundleRequest {
  std::string bundle;  ///< as on the command line: "./bundle.yaml"
  std::vector<OverlayFile> overlays;
  bool has_trust = false;      ///< --trust was given
  std::string watched_path{};  ///< "applications.octavia.options.vip": fills `supplies`
};

/// One file's say on the watched path, or on a section that holds it.
struct Supply {
  std::string path;   ///< the watched one, or one above it that was removed or replaced whole
  std::string value;  ///< as JSON; "" where it is withheld
  Span span;
  bool removes = false;  ///< the path is gone after this
};

struct LoadedBundle {
  std::optional<Bundle> bundle;      ///< absent where Juju refuses
  std::string refusal;               ///< Juju's text from "ERROR " on, without the final line feed
  std::string warnings;              ///< what a dry run prints before its "Located charm" lines
  std::vector<Diagnostic> findings;  ///< the refusal's reasons and the remarks, each at its place
  std::vector<Supply> supplies;      ///< in order of merging: the last one won
  std::vector<std::string> files;  ///< every file read, absolute, in order; for digests and staging
  std::set<std::string> secret_files;  ///< of these, what a secret overlay includes
};

LoadedBundle load_bundle(SourceMap& sources, const BundleFiles& files,
                         const BundleRequest& request);

}  // namespace gatehouse
