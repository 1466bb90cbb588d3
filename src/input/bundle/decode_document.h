// From a YAML document to BundleData, as Juju decodes it: once loosely for the data, once strictly
// for its remarks. Source: github.com/juju/yaml/v2 (decode.go), charm library v12
// (bundledatasrc.go).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "diag/source.h"
#include "input/bundle/bundle_data.h"
#include "input/yaml/tree.h"

namespace gatehouse::bundle {

/// Why a file cannot be read at all, from "unmarshal document N: " on.
struct DecodeFailure {
  std::string text;
  std::string code;
  Span span;
  std::string reason;  ///< the text without where it was met
};

struct DecodedFile {
  std::vector<Part> parts;  ///< their folder is left empty
  std::optional<DecodeFailure> failure;
};

DecodedFile decode_file(const yaml::File& file);

}  // namespace gatehouse::bundle
