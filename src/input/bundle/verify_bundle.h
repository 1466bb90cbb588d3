// What Juju refuses in a bundle before it asks a controller. All rules run; the problems come in
// the order in which they are found. Source: charm library v12 (bundledata.go), Juju 3.6
// cmd/juju/application/bundle.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "input/bundle/bundle_data.h"
#include "input/bundle/load_bundle.h"

namespace gatehouse::bundle {

enum class ImageId { allowed, refused };

struct VerifyContext {
  std::string folder;  ///< of the bundle file, absolute
  const BundleFiles& files;
  ImageId image_id = ImageId::allowed;
};

std::vector<Problem> verify(const BundleData& data, const VerifyContext& context);

/// Fields that only an overlay may have, in the first document.
std::vector<Problem> overlay_only_fields(const BundleData& data);

/// An application that takes an image by id must say its base.
std::optional<Problem> missing_base_for_image_id(const BundleData& data);

}  // namespace gatehouse::bundle
