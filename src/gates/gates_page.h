// docs/gates.md as the gates themselves give it. The page is kept in the repository so that it can
// be read without the program; a test compares the two, `script/dev docs` writes it.
#pragma once

#include <string>

namespace gatehouse {

/// One row for each gate, sorted by id: question, runbook source, facts it needs, whether it may be
/// waived.
std::string gates_page();

}  // namespace gatehouse
