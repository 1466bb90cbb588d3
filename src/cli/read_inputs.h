// Reads what the operator declares from its files, and copies it to a stage, so that what was
// verified is what is deployed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "diag/diagnostic.h"
#include "effects/files.h"
#include "input/inputs.h"
#include "plan/plan.h"

namespace gatehouse::cli {

struct ReadInputs {
  std::vector<Diagnostic> findings;  ///< of site file, bundle and overlays; accepted ones left out
  std::vector<Diagnostic> accepted;  ///< those that the site file accepts by code and subject
  std::optional<Inputs> inputs;      ///< absent where the site file cannot be used
  std::optional<Plan> plan;          ///< absent where Juju would refuse the bundle
  std::string refusal;               ///< Juju's words then
};

/// Facts of charms are judged, or left alone by a command that only asks what is there.
enum class Judging { with_charms, inputs_only };

/// Fails where the site file itself cannot be opened. An overlay that is not there is no failure:
/// the gate of the overlay says so.
/// `shown_as` is the site file's name in findings: of a stage, that of the operator's own file.
Result<ReadInputs> read_inputs(const std::string& site_file, const std::string& shown_as,
                               FileStore& files, SourceMap& sources,
                               Judging judging = Judging::with_charms);

/// Copies site file, bundle, overlays and all they include into `stage`, with the same relative
/// tree, each file 0600. Fails where a file lies outside the site's folder.
Result<void> stage_inputs(const Inputs& inputs, const std::string& stage, FileStore& files);

/// Whether each file of the stage still has the digest that was judged.
Result<void> verify_stage(const Inputs& inputs, FileStore& files);

/// `path` made absolute against `folder`, with "~" for `home`; purely textual.
std::string absolute_path(const std::string& path, const std::string& folder,
                          const std::string& home);
/// How a bundle in `folder` reaches its files: symbolic links are followed, no file of more than
/// `bytes_max` is read. `files` must outlive it.
BundleFiles bundle_files_in(const std::string& folder, FileStore& files, std::size_t bytes_max);
std::string parent_folder(const std::string& path);

}  // namespace gatehouse::cli
