// The as-built record of a deployed bundle, as the runbook's "As-built reference" keeps it, and
// what the next phase needs. A pure function of the inputs, the plan and the last facts.
#pragma once

#include "facts/facts.h"
#include "input/inputs.h"
#include "plan/plan.h"

namespace gatehouse {

/// {"model":{...},"plan":{...},"machines":[...],"applications":[...],"vips":[...],"next":{...}}
json::object as_built_of_deploy(const Inputs& inputs, const Plan& plan, const Facts& facts);

}  // namespace gatehouse
