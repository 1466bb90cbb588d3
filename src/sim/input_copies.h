// A rehearsal's copies of site, bundle and overlays, read for putting faults in.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "diag/source.h"
#include "effects/effects.h"
#include "input/bundle/load_bundle.h"
#include "input/site/site.h"
#include "input/yaml/tree.h"
#include "sim/text_edits.h"

namespace gatehouse::sim {

/// An application with the virtual addresses that its option holds, in order of names.
struct VipHolder {
  const BundleApplication* application = nullptr;
  const OptionValue* option = nullptr;
  std::vector<std::string> legs;
};

class InputCopies {
 public:
  /// Of a site file, or of the folder of one. invalid_input where it or its bundle cannot be read.
  static Result<InputCopies> open(const std::string& site, FileStore& files);

  const Site& site() const { return site_; }
  const Bundle& bundle() const { return *loaded_.bundle; }
  std::vector<VipHolder> vip_holders() const;
  /// Writes the edits of one file, each span's own source.
  Result<void> edit(const Source& source, std::vector<TextEdit> edits);
  /// Of the first secret overlay; "" where the site has none.
  std::string secret_overlay_path() const;
  /// A path of the site file or of a source, made absolute.
  std::string absolute(const std::string& path) const;
  FileStore& files() { return *files_; }

 private:
  std::string folder_;
  FileStore* files_ = nullptr;
  std::unique_ptr<SourceMap> sources_;
  Site site_;
  LoadedBundle loaded_;
};

}  // namespace gatehouse::sim
