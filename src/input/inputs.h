// What the operator declares, read once: site file, bundle with overlays, and the digests of every
// file, so that a later reader can tell whether it is still the same.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "input/bundle/load_bundle.h"
#include "input/site/site.h"

namespace gatehouse {

struct InputFile {
  std::string path;    ///< relative to the site file's folder
  std::string digest;  ///< SHA-256; "" where the file is not there
  bool is_secret = false;
  bool is_there = false;
  unsigned mode = 0;
  const Source* source = nullptr;  ///< nullptr where not there or not read
};

struct Inputs {
  Site site;
  std::string folder;  ///< absolute; what relative paths of the site file start from
  InputFile site_file;
  std::vector<InputFile> overlays;  ///< one for each overlay of the site file, in its order
  std::vector<InputFile> files;     ///< all that the bundle is made of, overlays included
  LoadedBundle loaded;
  std::vector<Diagnostic> findings;  ///< of the site file and of reading the others
  /// Subordinate -> the applications beside whose units its own stand, as facts about charms tell;
  /// without those of a charm that nothing is known of.
  std::map<std::string, std::set<std::string>> principals;

  const Bundle* bundle() const { return loaded.bundle ? &*loaded.bundle : nullptr; }
};

}  // namespace gatehouse
