// A lab's state folder, opened: the world that it shows and the models in it. Writing a model is
// atomic, so a deploy that is killed leaves the changes that it had made.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "diag/source.h"
#include "effects/effects.h"
#include "sim/model.h"
#include "sim/timeline.h"
#include "sim/world.h"

namespace gatehouse::sim {

struct OpenLab {
  LabPaths paths;
  std::unique_ptr<SourceMap> sources;  ///< the texts that spans of the site point into
  LabWorld world;
};

/// not_found where the folder holds no lab; invalid_input where its site file cannot be used.
Result<OpenLab> open_lab(const std::string& folder, FileStore& files);

/// Lower-case letters, digits and hyphens, beginning with one of the former: Juju's rule, and what
/// may become a file name here.
bool is_model_name(const std::string& name);

/// None where there is no such model.
Result<std::optional<LabModel>> read_model(const LabPaths& paths, const std::string& name,
                                           FileStore& files);
/// In byte order of their names.
Result<std::vector<LabModel>> read_models(const LabPaths& paths, FileStore& files);
/// conflict where there is one of that name.
Result<void> create_model(const LabPaths& paths, const LabModel& model, FileStore& files);
Result<void> write_model_plan(const LabPaths& paths, const LabModel& model, FileStore& files);
/// Cut off half way it leaves an empty model. not_found where there is none.
Result<void> remove_model(const LabPaths& paths, const std::string& name, FileStore& files);
/// Runs, step and the number of changes that have landed.
Result<void> write_progress(const LabPaths& paths, const LabModel& model, FileStore& files);

/// The moment at which the machine of that host was given to a model, and when it was deployed.
MachineTimes deployment_of_host(const LabWorld& world, const std::vector<LabModel>& models,
                                const std::string& hostname);

}  // namespace gatehouse::sim
