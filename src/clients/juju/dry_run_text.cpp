#include "clients/juju/dry_run_text.h"

#include <optional>

#include "base/text.h"
#include "clients/juju/failure.h"

namespace gatehouse::juju {

namespace {

constexpr std::string_view kHeading = "Changes to deploy bundle:";
constexpr std::string_view kNothing = "No changes to apply.";
constexpr std::string_view kWarning = "WARNING ";
constexpr std::string_view kError = "ERROR";
constexpr std::string_view kFields = "These fields";

bool starts_entry(std::string_view line) {
  return line.starts_with(kWarning) || line.starts_with(kError) || line.starts_with("INFO ") ||
         line.starts_with("Located charm ") || line.starts_with("Located bundle ") ||
         line.starts_with(kNothing) || line.starts_with("Deploy of bundle");
}

/// One log entry of standard error with the lines that continue it.
std::vector<std::vector<std::string_view>> entries_of(std::string_view err) {
  std::vector<std::vector<std::string_view>> entries;
  for (const std::string_view line : lines_of(err)) {
    if (starts_entry(line) || entries.empty()) {
      entries.push_back({line});
    } else {
      entries.back().push_back(line);
    }
  }
  return entries;
}

// "These fields / unmarshal document 0: ... / line 34: field name not found in ... / will be
// ignored during deployment": each line that names a field is a remark of its own.
void add_fields(const std::vector<std::string_view>& entry, DryRun& run) {
  for (const std::string_view line : entry) {
    const std::string_view text = trim(line);
    if (text.starts_with("line ")) run.remarks.push_back(printable(text));
  }
}

void add_warning(const std::vector<std::string_view>& entry, DryRun& run) {
  const std::string_view first = trim(entry.front().substr(kWarning.size()));
  if (first.starts_with(kFields)) {
    add_fields(entry, run);
    return;
  }
  std::string text(first);
  for (std::size_t at = 1; at < entry.size(); ++at) {
    const std::string_view more = trim(entry[at]);
    if (!more.empty()) text += (text.empty() ? "" : " ") + std::string(more);
  }
  run.warnings.push_back(printable(text));
}

/// The refusal in Juju's own lines, from "ERROR" to the end of that entry.
std::string refusal_of(std::string_view err) {
  std::string text;
  for (const auto& entry : entries_of(err)) {
    if (!entry.front().starts_with(kError)) continue;
    text.clear();
    for (const std::string_view line : entry) {
      text += (text.empty() ? "" : "\n") + printable(line);
    }
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

Result<std::vector<std::string>> changes_of(const ProcessResult& result) {
  std::vector<std::string> changes;
  const auto lines = lines_of(result.out);
  if (lines.empty()) {
    if (result.err.find(kNothing) != std::string::npos) return changes;
    return fail(ErrorKind::malformed,
                "dry run: the heading \"Changes to deploy bundle:\" is expected, observed nothing");
  }
  if (lines.front() != kHeading) {
    return fail(ErrorKind::malformed,
                "dry run: the heading \"Changes to deploy bundle:\" is expected, observed " +
                    printable(lines.front().substr(0, 80)));
  }
  for (std::size_t at = 1; at < lines.size(); ++at) {
    if (!lines[at].starts_with("- ")) {
      return fail(ErrorKind::malformed, "dry run: a change \"- ...\" is expected, observed " +
                                            printable(lines[at].substr(0, 80)));
    }
    changes.push_back(printable(lines[at].substr(2)));
  }
  return changes;
}

}  // namespace

Result<DryRun> decode_dry_run(const ProcessResult& result, const std::string& controller) {
  DryRun run;
  if (result.exit_code != 0) {
    Error failure = failure_of(result, controller);
    run.refusal = refusal_of(result.err);
    // What is left is Juju's judgement of the bundle itself, which the gates are to see.
    if (result.exit_code == 1 && failure.kind == ErrorKind::malformed && !run.refusal.empty()) {
      return run;
    }
    return fail(std::move(failure));
  }
  Result<std::vector<std::string>> changes = changes_of(result);
  if (!changes) return fail(changes.error());
  run.changes = std::move(*changes);
  for (const auto& entry : entries_of(result.err)) {
    if (entry.front().starts_with(kWarning)) add_warning(entry, run);
  }
  return run;
}

}  // namespace gatehouse::juju
