#include "pki/pki_source.h"

#include <iterator>
#include <utility>

#include "base/text.h"
#include "pki/core_dumps.h"
#include "pki/overlay_file.h"
#include "pki/verify.h"

namespace gatehouse {

namespace {

constexpr FactKey kKeys[] = {FactKey::pki};

// The source dies with the observation, so its place goes into the words; the copy that was read is
// called by the name that the operator gave the file.
Diagnostic without_source(Diagnostic finding, const Questions& questions) {
  const std::string place =
      replace_all(to_string(finding.span), questions.secret_overlay, questions.secret_overlay_name);
  if (!place.empty()) finding.message = place + ": " + finding.message;
  finding.span = {};
  finding.related.clear();
  return finding;
}

Observation<PkiFacts> observe(const Questions& questions, Effects& effects) {
  const Moment now = effects.clock.now();
  const Evidence evidence{
      .source = "file", .locator = questions.secret_overlay, .at = now, .digest = ""};
  PkiFacts facts;
  facts.overlay = questions.secret_overlay_name;
  facts.judged_at = questions.judged_at.value_or(now);
  pki::forbid_core_dumps();
  const auto library = pki::CryptoLibrary::open();
  if (!library) return Observation<PkiFacts>::failed(library.error(), evidence);
  const auto file = pki::read_overlay_file(effects.files, questions.secret_overlay);
  if (!file && file.error().kind == ErrorKind::not_found) {
    facts.findings.push_back(pki::not_readable(file.error()));
    return Observation<PkiFacts>::seen(std::move(facts), evidence);
  }
  if (!file) return Observation<PkiFacts>::failed(file.error(), evidence);
  pki::VerifyRequest request;
  if (!questions.pki_application.empty()) request.application = questions.pki_application;
  request.file = file->info;
  request.bundle_vips = questions.vip_addresses;
  request.at = questions.judged_at.value_or(now);
  pki::PkiJudgement judgement = pki::judge_overlay(*library, file->source, request);
  facts.certificates = std::move(judgement.certificates);
  for (Diagnostic& finding : judgement.findings) {
    facts.findings.push_back(without_source(std::move(finding), questions));
  }
  return Observation<PkiFacts>::seen(std::move(facts), evidence);
}

void collect(std::span<const FactKey> wanted, const Questions& questions, Effects& effects,
             Facts& facts) {
  for (const FactKey key : wanted) {
    const bool is_declared = !questions.secret_overlay.empty();
    if (key == FactKey::pki && is_declared) facts.pki = observe(questions, effects);
  }
}

}  // namespace

const FactSource pki_source{.keys = {std::begin(kKeys), std::end(kKeys)}, .collect = collect};

}  // namespace gatehouse
