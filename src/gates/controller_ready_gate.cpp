#include <charconv>

#include <fmt/format.h>

#include "gates/checks.h"

namespace gatehouse {

namespace {

constexpr FactKey kControllerReadyNeeds[] = {FactKey::juju_client, FactKey::juju_controller};

// "3.6.28-genericlinux-amd64" gives 3.
std::optional<int> major_of(std::string_view version) {
  int major = 0;
  const auto [end, error] = std::from_chars(version.data(), version.data() + version.size(), major);
  if (error != std::errc() || end == version.data() + version.size() || *end != '.') {
    return std::nullopt;
  }
  return major;
}

// 3.x is what this product is built for; 2.9 and 4.0 are understood. Another one may print other
// shapes, which is worth a remark and no reason to stop: what cannot be read is unknown anyway.
void judge_client(const Case& c, std::vector<Check>& checks, std::vector<Diagnostic>& findings) {
  const auto* client = require_seen(c.facts.juju_client, "juju client", "a version", checks);
  if (!client) return;
  const auto major = major_of(client->version);
  if (!major) {
    checks.push_back(placed(unknown("juju client", "a version", client->version), {},
                            c.facts.juju_client.evidence()));
    return;
  }
  checks.push_back(placed(passed("juju client", "a version", client->version), {},
                          c.facts.juju_client.evidence()));
  if (*major >= 2 && *major <= 4) return;
  findings.push_back(remark(
      "juju/client-version", "juju",
      fmt::format("juju {} is none of 2.9, 3.x and 4.0, whose output is known", client->version)));
}

std::string login_help(const Case& c) {
  return fmt::format("log in first: juju login -c {}", c.inputs.site.juju.controller);
}

void judge_controller(const Case& c, std::vector<Check>& checks) {
  const SiteJuju& juju = c.inputs.site.juju;
  const auto& seen = c.facts.juju_controller;
  const JujuController* controller =
      require_seen(seen, "controller " + juju.controller, "reachable and logged in", checks);
  if (!controller) {
    checks.back().span = juju.span;
    if (seen.error() && seen.error()->kind == ErrorKind::denied) checks.back().help = login_help(c);
    return;
  }
  if (controller->name.empty()) {
    checks.push_back(placed(
        Check{.subject = "controller",
              .expected = juju.controller,
              .observed = "none of that name",
              .ruling = Ruling::fail,
              .help = "see: juju controllers; then correct juju.controller in the site file, "
                      "or register with: juju register"},
        juju.span, seen.evidence()));
    return;
  }
  checks.push_back(placed(expect_equal("controller", juju.controller, controller->name), juju.span,
                          seen.evidence()));
  const bool is_logged_in = !controller->user.empty();
  checks.push_back(placed(Check{.subject = "user at the controller",
                                .expected = "logged in",
                                .observed = is_logged_in ? controller->user : "nobody",
                                .ruling = is_logged_in ? Ruling::pass : Ruling::fail,
                                .help = is_logged_in ? "" : login_help(c)},
                          juju.span, seen.evidence()));
}

Verdict judge_controller_ready(const Case& c) {
  std::vector<Check> checks;
  std::vector<Diagnostic> findings;
  judge_client(c, checks, findings);
  judge_controller(c, checks);
  return conclude(std::move(checks), std::move(findings));
}

}  // namespace

extern const Gate controller_ready_gate;
const Gate controller_ready_gate{
    .id = "controller_ready",
    .question = "Does the site's controller answer, with the user logged in?",
    .source = "phase 01, step 1.2",
    .needs = kControllerReadyNeeds,
    .judge = judge_controller_ready,
};

}  // namespace gatehouse
