#include "cli/pki_commands.h"

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/print_result.h"
#include "pki/certificate_facts.h"
#include "pki/core_dumps.h"
#include "pki/create.h"
#include "pki/generation.h"
#include "pki/git_ignore.h"
#include "pki/next_action.h"
#include "pki/overlay_file.h"
#include "pki/roll_schedule.h"
#include "pki/status_metrics.h"
#include "pki/times.h"
#include "pki/verify.h"
#include "pki/workspace.h"
#include "pki/workspace_journal.h"

namespace gatehouse::cli {

namespace {

std::string certificate_line(const CertificateFacts& facts) {
  return fmt::format("{}: {}, until {}\n", facts.role, facts.subject,
                     pki::date_of(facts.not_after));
}

std::string error_text(const Error& error) {
  std::string text = fmt::format("error: {}\n", printable(to_string(error)));
  if (!error.help.empty()) text += fmt::format("      = help: {}\n", printable(error.help));
  return text;
}

// The overlay cannot be opened: told as a finding, so that every format has one shape.
int tell_not_readable(const Error& error, CommandResult result, OutputFormat format,
                      Console& console) {
  result.findings = {pki::not_readable(error)};
  result.more["certificates"] = json::array();
  print(result, format, console);
  return kExitInput;
}

Result<pki::PkiJudgement> judge(const pki::OverlayFile& file, const PkiVerifyOptions& options,
                                Effects& effects) {
  const auto library = pki::CryptoLibrary::open();
  if (!library) return fail(library.error());
  pki::VerifyRequest request;
  request.application = options.application;
  request.file = file.info;
  request.bundle_vips = options.bundle_vips;
  request.strictness = options.is_strict ? pki::Strictness::strict : pki::Strictness::usual;
  request.at = options.at ? *options.at : effects.clock.now();
  std::optional<pki::WorkspaceMaterial> workspace;
  if (!options.workspace.empty()) {
    Result<pki::WorkspaceMaterial> read = pki::workspace_material(effects.files, options.workspace);
    if (!read) return fail(read.error());
    workspace = std::move(*read);
    request.workspace = &*workspace;
  }
  pki::PkiJudgement judgement = pki::judge_overlay(*library, file.source, request);
  pki::Findings around;
  const Span whole{.source = &file.source, .begin = {}, .end = {}};
  pki::check_ignored(effects, options.overlay, {whole, ""}, around);
  for (Diagnostic& finding : around.take()) judgement.findings.push_back(std::move(finding));
  sort_diagnostics(judgement.findings);
  return judgement;
}

// "O=Example, CN=Example Issuing CA G2" is of the second generation.
int generation_of(const CertificateFacts& facts) {
  return pki::generation_of(facts.subject);
}

json::object status_row(const CertificateFacts& facts, Moment now) {
  json::object row = pki::to_json(facts);
  row["generation"] = generation_of(facts);
  row["days_left"] = pki::days_between(now, facts.not_after);
  row["next_action"] = pki::next_action(facts, now);
  return row;
}

/// What only the workspace knows; nothing where none was named.
struct WorkspaceStatus {
  std::optional<Moment> backed_up;
  std::vector<std::pair<pki::Tier, pki::RollState>> rolls;  ///< those that are under way
};

Result<WorkspaceStatus> read_workspace_status(const std::string& workspace, FileStore& files) {
  WorkspaceStatus status;
  const auto events = pki::read_journal(files, pki::WorkspacePaths(workspace).journal);
  if (!events) return fail(events.error());
  status.backed_up = pki::newest(*events, "backup");
  for (const pki::Tier tier : {pki::Tier::issuing, pki::Tier::controller}) {
    const auto state = pki::roll_state(files, workspace, tier);
    if (!state) return fail(state.error());
    const bool is_under_way =
        state->phase == pki::RollPhase::trust || state->phase == pki::RollPhase::change;
    if (is_under_way) status.rolls.emplace_back(tier, *state);
  }
  return status;
}

void tell_workspace(const WorkspaceStatus& status, Moment now, CommandResult& result) {
  json::object row;
  if (status.backed_up) {
    const long age = pki::days_between(*status.backed_up, now);
    row["backup_age_days"] = age;
    result.text_more +=
        fmt::format("backup: {}, {} days old\n", to_rfc3339(*status.backed_up), age);
  } else {
    row["backup_age_days"] = nullptr;
    result.text_more += "backup: none was made; gatehouse pki backup FILE --workspace DIR\n";
  }
  json::array rolls;
  for (const auto& [tier, state] : status.rolls) {
    const std::string next = to_string(pki::phase_after(state.phase), tier);
    rolls.push_back({{"tier", to_string(tier)},
                     {"phase", to_string(state.phase, tier)},
                     {"since", to_rfc3339(state.since)},
                     {"next", next}});
    result.text_more += fmt::format("roll {}: {} since {}; next {}\n", to_string(tier),
                                    to_string(state.phase, tier), to_rfc3339(state.since), next);
  }
  row["rolls"] = std::move(rolls);
  result.more["workspace"] = std::move(row);
}

}  // namespace

json::array certificate_rows(const std::vector<CertificateFacts>& certificates) {
  json::array facts;
  for (const CertificateFacts& one : certificates) facts.emplace_back(pki::to_json(one));
  return facts;
}

int run_pki_create(const PkiCreateOptions& options, Effects& effects, Console& console) {
  pki::PkiRequest request;
  request.workspace = options.workspace;
  request.overlay = options.overlay;
  request.application = options.application;
  request.organisation = options.organisation;
  request.name = options.name;
  request.dns = options.dns;
  request.ips = options.ips;
  request.iterations = options.iterations;
  request.ca_years = options.ca_years;
  request.controller_days = options.controller_days;
  request.now = options.at ? *options.at : effects.clock.now();
  if (options.replaces_overlay) request.existing = pki::ExistingOverlay::replace;
  const auto key_maker = pki::make_key_maker();
  const Result<pki::PkiCreated> created = pki::create_pki(request, effects, *key_maker);
  if (!created) {
    console.talk(error_text(created.error()));
    return created.error().kind == ErrorKind::io ? kExitEffect : kExitInput;
  }
  for (const Diagnostic& finding : created->findings) {
    console.talk(render(finding, console.colour()));
  }
  if (options.wants_json) {
    CommandResult result = make_result("pki create", false);
    result.findings = created->findings;
    result.more["certificates"] = certificate_rows(created->certificates);
    result.more["overlay"] = created->overlay;
    result.more["workspace"] = created->workspace;
    result.more["origin"] = created->origin == pki::Origin::made ? "made" : "rewritten";
    print(result, OutputFormat::json, console);
    return kExitHolds;
  }
  std::string text;
  for (const CertificateFacts& facts : created->certificates) text += certificate_line(facts);
  text += created->origin == pki::Origin::made
              ? fmt::format(
                    "made the workspace {} and the overlay {}; keep the workspace safe and "
                    "backed up\n",
                    created->workspace, created->overlay)
              : fmt::format("wrote the overlay {} again from the workspace {}\n", created->overlay,
                            created->workspace);
  console.data(text);
  return kExitHolds;
}

int run_pki_verify(const PkiVerifyOptions& options, Effects& effects, Console& console) {
  pki::forbid_core_dumps();
  CommandResult result = make_result("pki verify", options.is_strict);
  result.subject = options.overlay;
  const Result<pki::OverlayFile> file = pki::read_overlay_file(effects.files, options.overlay);
  if (!file) return tell_not_readable(file.error(), std::move(result), options.format, console);
  Result<pki::PkiJudgement> judgement = judge(*file, options, effects);
  if (!judgement) {
    console.talk(error_text(judgement.error()));
    return kExitInput;
  }
  result.findings = std::move(judgement->findings);
  result.more["certificates"] = certificate_rows(judgement->certificates);
  for (const CertificateFacts& facts : judgement->certificates) {
    result.text_more += certificate_line(facts);
  }
  print(result, options.format, console);
  return fails(result.findings, result.warnings) ? kExitFails : kExitHolds;
}

int run_pki_status(const PkiStatusOptions& options, Effects& effects, Console& console) {
  pki::forbid_core_dumps();
  CommandResult result = make_result("pki status", false);
  result.subject = options.overlay;
  const Result<pki::OverlayFile> file = pki::read_overlay_file(effects.files, options.overlay);
  if (!file) {
    return tell_not_readable(file.error(), std::move(result),
                             options.wants_json ? OutputFormat::json : OutputFormat::text, console);
  }
  PkiVerifyOptions verify;
  verify.overlay = options.overlay;
  verify.application = options.application;
  verify.at = options.at;
  const Result<pki::PkiJudgement> judgement = judge(*file, verify, effects);
  if (!judgement) {
    console.talk(error_text(judgement.error()));
    return kExitInput;
  }
  const Moment now = options.at ? *options.at : effects.clock.now();
  json::array rows;
  bool is_due = judgement->certificates.empty();
  if (is_due) result.text_more = "no certificate can be read in " + options.overlay + "\n";
  for (const CertificateFacts& facts : judgement->certificates) {
    is_due = is_due || facts.not_after <= now ||
             facts.not_after - now < std::chrono::days(facts.least_days);
    rows.emplace_back(status_row(facts, now));
    result.text_more +=
        fmt::format("{}: {}, generation {}, {} days left; {}\n", facts.role,
                    printable(facts.subject), generation_of(facts),
                    pki::days_between(now, facts.not_after), pki::next_action(facts, now));
  }
  if (!options.workspace.empty()) {
    const auto workspace = read_workspace_status(options.workspace, effects.files);
    if (!workspace) {
      console.talk(error_text(workspace.error()));
      return kExitInput;
    }
    tell_workspace(*workspace, now, result);
  }
  if (!options.prometheus.empty()) {
    // Read by the exporter's own user; there is no secret in it.
    constexpr unsigned kOpenMode = 0644;
    const auto written = effects.files.write_atomic(
        options.prometheus, pki::prometheus_text(judgement->certificates), kOpenMode);
    if (!written) {
      console.talk(error_text(with_context(written.error(), "writing " + options.prometheus)));
      return kExitEffect;
    }
  }
  if (options.wants_json) {
    result.findings = judgement->findings;
    result.more["certificates"] = std::move(rows);
    print(result, OutputFormat::json, console);
  } else {
    console.data(result.text_more);
  }
  return is_due ? kExitFails : kExitHolds;
}

}  // namespace gatehouse::cli
