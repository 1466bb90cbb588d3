// `gatehouse explain`: the page of a finding's code, from docs/findings/.
#pragma once

#include <string>

#include "cli/context.h"

namespace gatehouse::cli {

/// Prints the page; of a gate's id what `gates explain` prints. 2 for a word that is neither, with
/// the nearest code.
int run_explain(const std::string& code, Context& context);

/// All codes, each with the sentence of its page.
int run_explain_list(Context& context);

}  // namespace gatehouse::cli
