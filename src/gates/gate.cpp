#include "gates/gate.h"

#include <algorithm>

#include "base/text.h"

namespace gatehouse {

namespace {

Ruling worst(const std::vector<Check>& checks) {
  if (checks.empty()) return Ruling::unknown;
  const auto any = [&](Ruling ruling) {
    return std::any_of(checks.begin(), checks.end(),
                       [&](const Check& check) { return check.ruling == ruling; });
  };
  if (any(Ruling::fail)) return Ruling::fail;
  return any(Ruling::unknown) ? Ruling::unknown : Ruling::pass;
}

json::object to_json(const Check& check) {
  json::object object{{"subject", printable(check.subject)},
                      {"expected", printable(check.expected)},
                      {"observed", printable(check.observed)},
                      {"ruling", to_string(check.ruling)}};
  if (check.span) object["place"] = to_string(check.span);
  if (!check.evidence.locator.empty()) {
    object["evidence"] = json::object{{"source", check.evidence.source},
                                      {"locator", printable(check.evidence.locator)},
                                      {"at", to_rfc3339(check.evidence.at)},
                                      {"digest", check.evidence.digest}};
  }
  if (!check.help.empty()) object["help"] = printable(check.help);
  return object;
}

}  // namespace

const Gate* find_gate(std::string_view id) {
  for (const Gate* gate : all_gates()) {
    if (gate->id == id) return gate;
  }
  return nullptr;
}

Verdict judge(const Gate& gate, const Case& c) {
  Verdict verdict = gate.judge(c);
  verdict.gate = gate.id;
  return verdict;
}

Verdict conclude(std::vector<Check> checks, std::vector<Diagnostic> findings) {
  Verdict verdict;
  verdict.ruling = worst(checks);
  verdict.checks = std::move(checks);
  verdict.findings = std::move(findings);
  return verdict;
}

Check passed(std::string subject, std::string expected, std::string observed) {
  return {std::move(subject), std::move(expected), std::move(observed), Ruling::pass};
}

Check failed(std::string subject, std::string expected, std::string observed, std::string help) {
  Check check{std::move(subject), std::move(expected), std::move(observed), Ruling::fail};
  check.help = std::move(help);
  return check;
}

Check unknown(std::string subject, std::string expected, std::string why, std::string help) {
  Check check{std::move(subject), std::move(expected), std::move(why), Ruling::unknown};
  check.help = std::move(help);
  return check;
}

Check expect_equal(std::string subject, std::string expected, std::string observed) {
  const bool is_equal = expected == observed;
  return {std::move(subject), std::move(expected), std::move(observed),
          is_equal ? Ruling::pass : Ruling::fail};
}

std::string to_string(Ruling ruling) {
  switch (ruling) {
    case Ruling::pass:
      return "pass";
    case Ruling::fail:
      return "fail";
    case Ruling::unknown:
      return "unknown";
  }
  return "unknown";
}

json::object to_json(const Verdict& verdict) {
  json::array checks, findings;
  for (const Check& check : verdict.checks) checks.push_back(to_json(check));
  for (const Diagnostic& finding : verdict.findings) findings.push_back(to_json(finding));
  return {{"gate", verdict.gate},
          {"ruling", to_string(verdict.ruling)},
          {"checks", std::move(checks)},
          {"findings", std::move(findings)}};
}

}  // namespace gatehouse
