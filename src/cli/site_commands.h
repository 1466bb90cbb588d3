// Commands that look and judge but change nothing: site check, check, plan, gates, observe,
// settled.
#pragma once

#include <string>
#include <vector>

#include "cli/context.h"

namespace gatehouse::cli {

int run_site_check(Context& context);

/// Every gate that can be judged now, or those named. Offline: those that need no peer.
int run_check(const std::vector<std::string>& gates, Context& context);

/// The offline plan, Juju's dry run where there is an empty model, and the plan gates.
int run_plan(Context& context);

int run_gates_list(Context& context);
/// docs/gates.md.
int run_gates_page(Context& context);
int run_gates_explain(const std::string& gate, Context& context);

/// `what`: "maas", "juju" or "hosts".
int run_observe(const std::string& what, Context& context);

/// One recorded status against the declared state.
int run_settled(const std::string& status_file, Context& context);

}  // namespace gatehouse::cli
