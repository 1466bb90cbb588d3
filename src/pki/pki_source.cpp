#include "pki/pki_source.h"

#include <iterator>
#include <utility>

#include "pki/core_dumps.h"
#include "pki/overlay_file.h"
#include "pki/verify.h"

namespace gatehouse {

namespace {

constexpr FactKey kKeys[] = {FactKey::pki};

Diagnostic without_source(Diagnostic finding) {
  const std::string place = to_string(finding.span);
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
  facts.overlay = questions.secret_overlay;
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
    facts.findings.push_back(without_source(std::move(finding)));
  }
  return Observation<PkiFacts>::seen(std::move(facts), evidence);
}

void collect(std::span<const FactKey> wanted, const Questions& questions, Effects& effects,
             Facts& facts) {
  for (const FactKey key : wanted) {
    if (key == FactKey::pki) facts.pki = observe(questions, effects);
  }
}

}  // namespace

const FactSource pki_source{.keys = {std::begin(kKeys), std::end(kKeys)}, .collect = collect};

}  // namespace gatehouse
