#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "lint/rule.h"
#include "lint/spaces.h"

namespace gatehouse {

namespace {

class SpaceCheck {
 public:
  SpaceCheck(const Site& site, Findings& findings) : site_(site), findings_(findings) {
    for (const Plane& plane : site.planes) known_.push_back(plane.space);
  }

  void space(const std::string& name, const Span& span, const std::string& subject,
             const std::string& user) {
    // The space "" is Juju's default one.
    if (name.empty() || site_.plane_of_space(name)) return;
    const auto nearest = nearest_word(name, known_);
    findings_.add({.span = span,
                   .subject = subject,
                   .message = fmt::format("{} names space {}, which no plane of the site has", user,
                                          printable(name)),
                   .help = nearest ? fmt::format("did you mean {}?", *nearest)
                                   : fmt::format("spaces of the site: {}", join(known_, ", "))});
  }

  void constraints(const Located<std::string>& text, const std::string& subject) {
    const ConstraintSpaces spaces = constraint_spaces(text.value);
    for (const std::string& name : spaces.wanted) space(name, text.span, subject, "the constraint");
    for (const std::string& name : spaces.excluded) {
      space(name, text.span, subject, "the constraint");
    }
  }

 private:
  const Site& site_;
  Findings& findings_;
  std::vector<std::string> known_;
};

void judge(const LintCase& c, Findings& findings) {
  if (!c.site) return;
  SpaceCheck check(*c.site, findings);
  for (const auto& [name, application] : c.bundle.applications) {
    for (const auto& [endpoint, space] : application.bindings) {
      check.space(space.value, space.span, name, fmt::format("binding \"{}\"", endpoint));
    }
    check.constraints(application.constraints, name);
  }
  for (const auto& [id, machine] : c.bundle.machines) check.constraints(machine.constraints, id);
}

}  // namespace

extern const Rule unknown_space_rule;
const Rule unknown_space_rule{
    .code = "bundle/unknown-space",
    .severity = Severity::error,
    .summary = "a binding or a constraint names a space that the site does not have",
    .judge = judge,
};

}  // namespace gatehouse
