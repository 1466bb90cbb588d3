// A run's report in each form, and all of a run that a colleague may see.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "cli/context.h"
#include "input/inputs.h"
#include "report/archive.h"
#include "report/run_view.h"

namespace gatehouse::cli {

/// `format`: "text", "json", "html", "md" or "junit".
std::string form_of(const RunView& view, const std::string& format);

/// What is handed on of a run, and what is not.
struct Parcel {
  std::vector<ArchiveEntry> entries;
  json::array left_out;  ///< inputs: `path` and `why`
};

/// The report in each form, the run's rows, and its inputs as they were judged: none that is
/// secret, was changed since, or holds a value of a secret overlay.
Parcel parcel_of(const RunView& view, const std::vector<Event>& events, const Inputs& inputs,
                 const Context& context);

}  // namespace gatehouse::cli
