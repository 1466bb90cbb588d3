// Commands that tell what was done, from the journal alone: report, journal list, show, verify,
// export.
#pragma once

#include <string>

#include "cli/context.h"
#include "journal/journal.h"

namespace gatehouse::cli {

/// `format`: "text" or "json". `run`: an id, or "" for the newest; so in all of these.
int run_report(const std::string& run, const std::string& format, Context& context);
int run_journal_list(Context& context);
int run_journal_show(const std::string& run, Context& context);
int run_journal_verify(Context& context);
int run_journal_export(const std::string& run, Context& context);

/// The run of that id, or the newest for ""; not_found with the way to the list.
Result<std::string> find_run(Journal& journal, const std::string& asked);

}  // namespace gatehouse::cli
