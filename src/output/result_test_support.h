// Results that the tests of the writers share: one with everything in it, from an open and a secret
// file, with texts that a writer must not let through as they are.
#pragma once

#include "output/result.h"

namespace gatehouse {

/// A key that stands in the secret source and must be in no output.
inline constexpr std::string_view kHiddenText = "c2VjcmV0LWtleQ";

struct ResultSources {
  SourceMap map;
  const Source& open;
  const Source& secret;

  ResultSources()
      : open(map.add("./a bundle.yaml", "applications:\n  mysql: {num_units: x}\n")),
        secret(map.add("overlays/pki.yaml", "key: \"c2VjcmV0LWtleQ\"\n", Sensitivity::secret)) {}
};

inline Diagnostic finding_at(Severity severity, std::string code, Span span, std::string message) {
  Diagnostic finding;
  finding.severity = severity;
  finding.code = std::move(code);
  finding.span = span;
  finding.message = std::move(message);
  return finding;
}

inline VerdictRow verdict_row(std::string gate, std::string ruling, std::vector<CheckRow> checks) {
  VerdictRow row;
  row.gate = std::move(gate);
  row.question = "Is it so?";
  row.ruling = std::move(ruling);
  row.checks = std::move(checks);
  row.record = {{"gate", row.gate}, {"ruling", row.ruling}};
  return row;
}

inline CommandResult full_result(const ResultSources& sources) {
  const Span units{&sources.open, {2, 11}, {2, 20}};
  CommandResult result;
  result.command = "check";
  result.version = "1.2.3";
  result.subject = "site.yaml";
  result.findings = {
      finding_at(Severity::error, "bundle/units", units, "wrong \x1b[31m number <\"&'>"),
      finding_at(Severity::warning, "expired", {&sources.secret, {1, 6}, {1, 20}}, "it is over"),
      finding_at(Severity::note, "made/up", {}, "nowhere")};
  result.findings[0].help = "write a number";
  result.findings[0].related = {{units, "here"}, {units, "here"}};
  result.accepted = {
      finding_at(Severity::warning, "bundle/duplicate-key", {&sources.open, {1, 1}, {}}, "twice")};
  result.verdicts = {
      {verdict_row("channels", "pass", {{"mysql", "8.0/stable", "8.0/stable", "pass"}}),
       verdict_row("placement", "fail",
                   {{"mysql", "on 1", "on 2\x07", "fail", units, "move it"},
                    {"vault", "on 1", "on 1", "pass"}}),
       verdict_row("model_absent", "unknown", {{"model", "none", "not asked", "unknown"}}),
       verdict_row("empty", "unknown", {})}};
  return result;
}

}  // namespace gatehouse
