// Samples of a model as the journal keeps them: what each changed against the one before it. Folded
// again they give the history that the run had, so that a resume goes on where it was and a report
// needs no status document.
#pragma once

#include <span>

#include "base/json.h"
#include "facts/model_status.h"
#include "journal/journal.h"

namespace gatehouse {

/// The body of a `sample` event: the difference, the counts of all, and which sample it was, when.
json::object sample_body(const SampleDifference& difference, const ModelHistory& after,
                         const ModelStatus& now);

/// What a body holds; members that it lacks or that are of another type are left as they are new.
SampleDifference difference_of(const json::object& body);

/// The history at the last recorded sample of a run: samples without change are not recorded, so
/// that only `samples` and `newest` may have been further on.
ModelHistory history_of(std::span<const Event> events);

}  // namespace gatehouse
