#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "lint/bases.h"
#include "lint/relations.h"

namespace gatehouse {

namespace {

// Of those that most applications have: the first by name.
std::string usual_base(const std::map<std::string, std::string>& bases) {
  std::map<std::string, std::size_t> counts;
  for (const auto& [name, base] : bases) ++counts[base];
  const auto most = std::max_element(
      counts.begin(), counts.end(),
      [](const auto& first, const auto& second) { return first.second < second.second; });
  return most == counts.end() ? "" : most->first;
}

void judge(const LintCase& c, Findings& findings) {
  std::map<std::string, std::string> bases;
  for (const auto& [name, application] : c.bundle.applications) {
    const std::string base = base_of(c.bundle, application);
    if (!base.empty()) bases[name] = base;
  }
  // Juju refuses such a relation when it is made, long after the plan.
  std::set<std::string> told;
  for (const Attachment& pair : attachments(c)) {
    const auto principal = bases.find(pair.principal->name);
    const auto subordinate = bases.find(pair.subordinate->name);
    if (principal == bases.end() || subordinate == bases.end()) continue;
    if (principal->second == subordinate->second || !told.insert(subordinate->first).second) {
      continue;
    }
    findings.add({.span = base_span(*pair.subordinate),
                  .subject = subordinate->first,
                  .message = fmt::format("subordinate {} is on {}, and its principal {} on {}: "
                                         "Juju refuses to relate them",
                                         subordinate->first, subordinate->second, principal->first,
                                         principal->second),
                  .help = "give both the same base",
                  .severity = Severity::error,
                  .related = {{base_span(*pair.principal), "the principal"}}});
  }
  const std::string usual = usual_base(bases);
  for (const auto& [name, base] : bases) {
    if (base == usual || told.contains(name)) continue;
    findings.add(
        {.span = base_span(*c.bundle.find(name)),
         .subject = name,
         .message = fmt::format("{} is on {}, and most of the bundle on {}", name, base, usual),
         .help = "give all of them the same base, if nothing speaks against it"});
  }
}

}  // namespace

extern const Rule base_mixed_rule;
const Rule base_mixed_rule{
    .code = "bundle/base-mixed",
    .severity = Severity::warning,
    .summary = "applications are on different bases",
    .judge = judge,
};

}  // namespace gatehouse
