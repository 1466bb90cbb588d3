#include "cli/pki_life_commands.h"

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/pki_commands.h"
#include "cli/print_result.h"
#include "cli/site_session.h"
#include "effects/posix/terminal.h"
#include "pki/backup.h"
#include "pki/certificate_facts.h"
#include "pki/compare.h"
#include "pki/core_dumps.h"
#include "pki/overlay_file.h"
#include "pki/overlay_reader.h"
#include "pki/times.h"

namespace gatehouse::cli {

namespace {

constexpr std::size_t kPassphraseBytesMax = 1024;

int code_of(Console& console, const Error& error) {
  tell_error(console, error);
  if (error.kind == ErrorKind::interrupted) return kExitInterrupted;
  return error.kind == ErrorKind::io ? kExitEffect : kExitInput;
}

int print_rotated(const Result<pki::Rotated>& rotated, const PkiRotateOptions& options,
                  Context& context) {
  if (!rotated) return code_of(context.console, rotated.error());
  CommandResult result = make_result("pki " + rotated->what, false);
  result.subject = options.overlay;
  result.findings = rotated->findings;
  json::array plan;
  std::string text = fmt::format("{}: wrote {}\n", rotated->what, options.overlay);
  for (const CertificateFacts& facts : rotated->certificates) {
    text += fmt::format("{}: {}, until {}\n", facts.role, printable(facts.subject),
                        pki::date_of(facts.not_after));
  }
  text += "next:\n";
  for (const std::string& line : rotated->plan) {
    plan.emplace_back(line);
    text += fmt::format("{:3}. {}\n", plan.size(), line);
  }
  result.more["phase"] = rotated->what;
  result.more["certificates"] = certificate_rows(rotated->certificates);
  result.more["plan"] = std::move(plan);
  result.text_more = std::move(text);
  print(result, context.options.format, context.console);
  return kExitHolds;
}

pki::RotationRequest request_of(const PkiRotateOptions& options, Context& context) {
  pki::RotationRequest request;
  request.workspace = options.workspace;
  request.overlay = options.overlay;
  request.application = options.application;
  request.now = context.judged_at();
  request.phase = options.phase;
  request.confirmed = options.confirmed;
  request.is_compromised = options.is_compromised;
  request.dns = options.dns;
  request.ips = options.ips;
  return request;
}

/// An overlay's text and what is in it; the text must outlive the material.
struct OpenedOverlay {
  pki::OverlayFile file;
  pki::Material material;
};

Result<std::unique_ptr<OpenedOverlay>> open_overlay(const pki::CryptoLibrary& library,
                                                    const std::string& path,
                                                    const std::string& application,
                                                    Effects& effects) {
  Result<pki::OverlayFile> file = pki::read_overlay_file(effects.files, path);
  if (!file) return fail(file.error());
  auto opened = std::make_unique<OpenedOverlay>(OpenedOverlay{std::move(*file), {}});
  pki::Findings findings;
  const auto document = pki::read_overlay(opened->file.source, application, findings);
  opened->material = pki::read_material(library, document, findings);
  return opened;
}

json::object to_json(const pki::Reach& reach, std::string_view amphora,
                     std::string_view controller) {
  json::object row{{"amphora", amphora},
                   {"controller", controller},
                   {"reachable", reach.is_reachable},
                   {"refreshable", reach.is_refreshable}};
  if (!reach.why_not.empty()) row["why_not"] = reach.why_not;
  return row;
}

std::string in_words(const pki::Reach& reach, std::string_view what) {
  if (!reach.is_reachable) return fmt::format("{}: not reachable: {}\n", what, reach.why_not);
  return fmt::format("{}: reachable, {}\n", what,
                     reach.is_refreshable ? "refreshable" : "its certificate not refreshable");
}

// One that is new is typed twice: a slip would lock the backup for good.
enum class Passphrase { known, chosen };

Result<Secret> ask_passphrase(Passphrase which, Clock& clock) {
  Result<Secret> typed = posix::ask_secret("Passphrase of the backup: ", clock);
  if (!typed || which == Passphrase::known) return typed;
  const Result<Secret> again = posix::ask_secret("The same again: ", clock);
  if (!again) return fail(again.error());
  if (again->equals(typed->reveal())) return typed;
  return fail(ErrorKind::invalid_input, "the two passphrases differ; nothing was written",
              "give the command again");
}

Result<Secret> passphrase_of(const PkiBackupOptions& options, Passphrase which, Effects& effects) {
  pki::forbid_core_dumps();
  if (options.passphrase_file.empty()) return ask_passphrase(which, effects.clock);
  Result<Secret> read = effects.files.read_secret(options.passphrase_file, kPassphraseBytesMax);
  if (!read) return read;
  return Secret(trim(read->reveal()));
}

int run_on_backup(const PkiBackupOptions& options, Passphrase which, Context& context,
                  Result<void> (*act)(const pki::BackupRequest&, const Secret&, Effects&),
                  const std::string& done) {
  const Result<Secret> passphrase = passphrase_of(options, which, context.effects);
  if (!passphrase) return code_of(context.console, passphrase.error());
  const pki::BackupRequest request{
      .workspace = options.workspace, .file = options.file, .now = context.judged_at()};
  const Result<void> acted = act(request, *passphrase, context.effects);
  if (!acted) return code_of(context.console, acted.error());
  if (context.options.wants_json) {
    CommandResult result = make_result("pki " + done, false);
    result.more["file"] = options.file;
    result.more["workspace"] = options.workspace;
    print(result, OutputFormat::json, context.console);
  } else {
    context.console.data(
        fmt::format("{}: workspace {}, file {}\n", done, options.workspace, options.file));
  }
  return kExitHolds;
}

}  // namespace

int run_pki_renew(const PkiRotateOptions& options, Context& context) {
  const auto key_maker = pki::make_key_maker();
  const auto renew = options.certificate == "controller" ? pki::renew : pki::renew_issuing_ca;
  return print_rotated(renew(request_of(options, context), context.effects, *key_maker), options,
                       context);
}

int run_pki_roll(pki::Tier tier, const PkiRotateOptions& options, Context& context) {
  const auto key_maker = pki::make_key_maker();
  return print_rotated(pki::roll(tier, request_of(options, context), context.effects, *key_maker),
                       options, context);
}

int run_pki_compare(const PkiCompareOptions& options, Context& context) {
  pki::forbid_core_dumps();
  const auto library = pki::CryptoLibrary::open();
  if (!library) return code_of(context.console, library.error());
  const auto former = open_overlay(*library, options.former, options.application, context.effects);
  if (!former) return code_of(context.console, former.error());
  const auto later = open_overlay(*library, options.later, options.application, context.effects);
  if (!later) return code_of(context.console, later.error());
  const auto compared =
      pki::compare_overlays(*library, (*former)->material, (*later)->material, context.judged_at());
  if (!compared) return code_of(context.console, compared.error());
  CommandResult result = make_result("pki compare", context.options.is_strict);
  result.subject = options.later;
  pki::Findings findings;
  pki::report_pair(*compared, findings);
  result.findings = findings.take();
  result.more["directions"] =
      json::array{to_json(compared->old_under_new, options.former, options.later),
                  to_json(compared->new_under_old, options.later, options.former)};
  result.text_more = in_words(compared->old_under_new,
                              "an amphora born under the old, a controller under the new") +
                     in_words(compared->new_under_old,
                              "an amphora born under the new, a controller under the old");
  print(result, context.options.format, context.console);
  return fails(result.findings, result.warnings) ? kExitFails : kExitHolds;
}

int run_pki_fingerprints(const PkiFingerprintOptions& options, Context& context) {
  pki::forbid_core_dumps();
  const auto library = pki::CryptoLibrary::open();
  if (!library) return code_of(context.console, library.error());
  const auto opened = open_overlay(*library, options.overlay, options.application, context.effects);
  if (!opened) return code_of(context.console, opened.error());
  const pki::Material& material = (*opened)->material;
  CommandResult result = make_result("pki fingerprints", false);
  result.subject = options.overlay;
  json::array rows;
  for (const pki::FoundCertificate* const found : material.all()) {
    const CertificateFacts facts = pki::facts_of(found->get(), found->role);
    const std::string printed = pki::fingerprint_text(facts.fingerprint);
    rows.push_back({{"file", facts.unit_file},
                    {"role", facts.role},
                    {"subject", facts.subject},
                    {"sha256", facts.fingerprint},
                    {"fingerprint", printed}});
    result.text_more += fmt::format("{}: sha256 Fingerprint={}\n", facts.unit_file, printed);
  }
  const bool is_whole = !material.issuing_cas.empty() && !material.controller_cas.empty() &&
                        !material.controllers.empty();
  result.more["certificates"] = std::move(rows);
  if (!is_whole) {
    pki::Findings findings;
    findings.error("der-invalid", {}, "a certificate of the overlay can not be read",
                   "gatehouse pki verify " + options.overlay);
    result.findings = findings.take();
  }
  print(result, context.options.format, context.console);
  return is_whole ? kExitHolds : kExitFails;
}

int run_pki_backup(const PkiBackupOptions& options, Context& context) {
  return run_on_backup(options, Passphrase::chosen, context, pki::back_up, "backup");
}

int run_pki_restore(const PkiBackupOptions& options, Context& context) {
  return run_on_backup(options, Passphrase::known, context, pki::restore, "restore");
}

}  // namespace gatehouse::cli
