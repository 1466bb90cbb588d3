#include "cli/pki_commands.h"

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/print_result.h"
#include "pki/certificate_facts.h"
#include "pki/core_dumps.h"
#include "pki/create.h"
#include "pki/git_ignore.h"
#include "pki/next_action.h"
#include "pki/overlay_file.h"
#include "pki/times.h"
#include "pki/verify.h"
#include "pki/workspace.h"

namespace gatehouse::cli {

namespace {

json::array to_json_array(const std::vector<CertificateFacts>& certificates) {
  json::array facts;
  for (const CertificateFacts& one : certificates) facts.emplace_back(pki::to_json(one));
  return facts;
}

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

json::object status_row(const CertificateFacts& facts, Moment now) {
  json::object row = pki::to_json(facts);
  row["days_left"] = pki::days_between(now, facts.not_after);
  row["next_action"] = pki::next_action(facts, now);
  return row;
}

}  // namespace

int run_pki_create(const PkiCreateOptions& options, Effects& effects, Console& console) {
  pki::PkiRequest request;
  request.workspace = options.workspace;
  request.overlay = options.overlay;
  request.application = options.application;
  request.organisation = options.organisation;
  request.name = options.name;
  request.dns = options.dns;
  request.ips = options.ips;
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
    result.more["certificates"] = to_json_array(created->certificates);
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
  result.more["certificates"] = to_json_array(judgement->certificates);
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
  std::string text;
  bool is_over = judgement->certificates.empty();
  for (const CertificateFacts& facts : judgement->certificates) {
    is_over = is_over || facts.not_after <= now;
    rows.emplace_back(status_row(facts, now));
    text += fmt::format("{}: {}, {} days left; {}\n", facts.role, printable(facts.subject),
                        pki::days_between(now, facts.not_after), pki::next_action(facts, now));
  }
  if (options.wants_json) {
    result.findings = judgement->findings;
    result.more["certificates"] = std::move(rows);
    print(result, OutputFormat::json, console);
  } else {
    if (judgement->certificates.empty())
      text = "no certificate can be read in " + options.overlay + "\n";
    console.data(text);
  }
  return is_over ? kExitFails : kExitHolds;
}

}  // namespace gatehouse::cli
