#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "gates/checks.h"

namespace gatehouse {

namespace {

/// What was remarked on, with Juju's own lines: "bundle.name" -> "line 34: field name not found
/// ...". The lines are shown and never compared, for they move with every edit.
using Remarks = std::map<std::string, std::string>;

// Juju's type words, of this line of clients and of older ones.
std::string scope_of(std::string_view type) {
  struct Word {
    std::string_view type, scope;
  };
  static constexpr std::array<Word, 10> kWords{{{"charm.bundleData", "bundle"},
                                                {"bundle", "bundle"},
                                                {"charm.ApplicationSpec", "application"},
                                                {"applications", "application"},
                                                {"charm.MachineSpec", "machine"},
                                                {"machines", "machine"},
                                                {"saas", "saas"},
                                                {"charm.SaasSpec", "saas"},
                                                {"charm.OfferSpec", "offer"},
                                                {"charm.ExposedEndpointSpec", "exposed-endpoint"}}};
  for (const Word& word : kWords) {
    if (word.type == type) return std::string(word.scope);
  }
  return std::string(type);
}

// "line 34: field name not found in type charm.bundleData" gives "bundle.name"; older clients write
// "in bundle". A line of another form stands for itself, so that it is never overlooked.
std::string subject_of(const std::string& remark) {
  static constexpr std::string_view kField = "field ", kIn = " not found in ", kType = "type ";
  const auto field = remark.find(kField);
  const auto in = remark.find(kIn);
  if (field == std::string::npos || in == std::string::npos || in < field + kField.size()) {
    return remark;
  }
  const std::string name = remark.substr(field + kField.size(), in - field - kField.size());
  std::string_view type = trim(std::string_view(remark).substr(in + kIn.size()));
  if (type.starts_with(kType)) type.remove_prefix(kType.size());
  return fmt::format("{}.{}", scope_of(type), name);
}

std::string shown(const Remarks& remarks) {
  std::vector<std::string> words;
  for (const auto& [subject, line] : remarks) {
    words.push_back(subject == line ? line : fmt::format("{} ({})", subject, line));
  }
  return listed(words);
}

Check compare(const Case& c, const std::string& subject, const Remarks& observed) {
  std::set<std::string> expected, seen;
  Span span;
  for (const Located<std::string>& warning : c.inputs.site.plan.warnings) {
    expected.insert(warning.value);
    if (!span) span = warning.span;
  }
  for (const auto& [remark_subject, line] : observed) seen.insert(remark_subject);
  const std::vector<std::string> wanted(expected.begin(), expected.end());
  const bool is_same = expected == seen;
  return placed(Check{.subject = subject,
                      .expected = listed(wanted),
                      .observed = shown(observed),
                      .ruling = is_same ? Ruling::pass : Ruling::fail,
                      .help = is_same ? ""
                                      : "Juju ignores such a field silently; correct it, or expect "
                                        "it under plan.warnings in the site file"},
                span);
}

// The dry run is judged where one was asked for, and is no need of this gate: before there is a model
// none can be asked for, and the bundle's own remarks are judged all the same.
void judge_dry_run(const Case& c, std::vector<Check>& checks) {
  const auto& seen = c.facts.dry_run;
  if (!seen.was_asked()) return;  // The bundle itself was judged; a run always asks for this too.
  const DryRun* dry_run = require_seen(seen, "warnings of the dry run", "those expected", checks);
  if (!dry_run) return;
  if (!dry_run->refusal.empty()) {
    checks.push_back(placed(unknown("warnings of the dry run", "those expected",
                                    "the dry run was refused: " + dry_run->refusal),
                            {}, seen.evidence()));
    return;
  }
  Remarks remarks;
  for (const std::string& line : dry_run->remarks) remarks.emplace(subject_of(line), line);
  Check check = compare(c, "fields that the dry run ignores", remarks);
  check.evidence = seen.evidence();
  checks.push_back(std::move(check));
  checks.push_back(placed(Check{.subject = "other warnings of the dry run",
                                .expected = "none",
                                .observed = listed(dry_run->warnings),
                                .ruling = dry_run->warnings.empty() ? Ruling::pass : Ruling::fail},
                          {}, seen.evidence()));
}

Verdict judge_bundle_warnings(const Case& c) {
  std::vector<Check> checks;
  const Bundle* bundle = require_bundle(c, checks);
  if (!bundle) return conclude(std::move(checks));
  Remarks remarks;
  for (const StrictRemark& remark : bundle->remarks) {
    const bool is_field = remark.kind == RemarkKind::unknown_field;
    remarks.emplace(is_field ? fmt::format("{}.{}", remark.scope, remark.field) : remark.text,
                    remark.text);
  }
  checks.push_back(compare(c, "fields that Juju would ignore", remarks));
  judge_dry_run(c, checks);
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate bundle_warnings_gate;
const Gate bundle_warnings_gate{
    .id = "bundle_warnings",
    .question = "Does Juju warn of exactly the fields that the site knows of?",
    .source = "phase 01, step 1.2, gate (R11)",
    .judge = judge_bundle_warnings,
};

}  // namespace gatehouse
