#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "lint/relations.h"
#include "lint/rule.h"
#include "lint/spaces.h"

namespace gatehouse {

namespace {

void judge(const LintCase& c, Findings& findings) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const Attachment& pair : attachments(c)) {
    if (!seen.emplace(pair.principal->name, pair.subordinate->name).second) continue;
    // A principal without any binding takes what its machine has.
    if (pair.principal->bindings.empty()) continue;
    const std::set<std::string> bound = spaces_of(*pair.principal);
    for (const auto& [endpoint, space] : pair.subordinate->bindings) {
      if (space.value.empty() || bound.contains(space.value)) continue;
      findings.add(
          {.span = space.span,
           .subject = pair.subordinate->name,
           .message =
               fmt::format("{} binds \"{}\" to space {}, which its principal {} does not "
                           "bind",
                           pair.subordinate->name, endpoint, space.value, pair.principal->name),
           .help = fmt::format("bind an endpoint of {} to {} too: a subordinate has no network of "
                               "its own",
                               pair.principal->name, space.value),
           .related = {{pair.principal->span, "the principal"}}});
    }
  }
}

}  // namespace

extern const Rule subordinate_space_rule;
const Rule subordinate_space_rule{
    .code = "bundle/subordinate-space",
    .severity = Severity::warning,
    .summary = "a subordinate binds a space that its principal does not bind",
    .judge = judge,
};

}  // namespace gatehouse
