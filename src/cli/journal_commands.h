// Commands that tell what was done, from the journal alone: report, journal list, show, verify,
// export.
#pragma once

#include <string>

#include "cli/context.h"
#include "journal/journal.h"

namespace gatehouse::cli {

struct ReportOptions {
  std::string run;     ///< an id, or "" for the newest; so in all of these
  std::string format;  ///< "text", "json", "md", "html" or "junit"; "" for text
  std::string bundle;  ///< a file to write: all that a colleague may see, as a tar archive
};

int run_report(const ReportOptions& options, Context& context);
int run_journal_list(Context& context);
int run_journal_show(const std::string& run, Context& context);
int run_journal_verify(Context& context);
int run_journal_export(const std::string& run, Context& context);
/// Takes all runs but the newest `kept` out of the journal, into a file of JSON lines beside it.
int run_journal_prune(std::size_t kept, Context& context);

/// The run of that id, or the newest for ""; not_found with the way to the list.
Result<std::string> find_run(Journal& journal, const std::string& asked);

}  // namespace gatehouse::cli
