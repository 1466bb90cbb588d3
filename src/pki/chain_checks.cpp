#include "pki/chain_checks.h"

#include <algorithm>
#include <ctime>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "pki/ca_checks.h"
#include "pki/certificate_profile.h"
#include "pki/times.h"

namespace gatehouse::pki {

namespace {

struct ChainQuestion {
  X509* certificate = nullptr;
  const std::vector<FoundCertificate>* trusted = nullptr;
  int purpose = X509_PURPOSE_SSL_CLIENT;
  Moment at;
};

enum class Rules { usual, strict };

using Reasons = std::vector<int>;

// Goes on after each error, so that all reasons are known; the answer is in the list alone.
int collect_reason(int is_good, X509_STORE_CTX* context) {
  auto* const reasons = static_cast<Reasons*>(X509_STORE_CTX_get_app_data(context));
  const int reason = X509_STORE_CTX_get_error(context);
  if (is_good == 0 && std::find(reasons->begin(), reasons->end(), reason) == reasons->end()) {
    reasons->push_back(reason);
  }
  return 1;
}

Reasons verify(const CryptoLibrary& library, const ChainQuestion& question, Rules rules) {
  const Store store(X509_STORE_new());
  const StoreContext context(X509_STORE_CTX_new_ex(library.context(), nullptr));
  Reasons reasons;
  if (!store || !context) return {X509_V_ERR_OUT_OF_MEM};
  for (const FoundCertificate& ca : *question.trusted) X509_STORE_add_cert(store.get(), ca.get());
  if (X509_STORE_CTX_init(context.get(), store.get(), question.certificate, nullptr) != 1) {
    return {X509_V_ERR_UNSPECIFIED};
  }
  X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_purpose(parameters, question.purpose);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(question.at.time_since_epoch());
  X509_VERIFY_PARAM_set_time(parameters, static_cast<std::time_t>(seconds.count()));
  if (rules == Rules::strict) X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT);
  X509_STORE_CTX_set_app_data(context.get(), &reasons);
  X509_STORE_CTX_set_verify_cb(context.get(), collect_reason);
  if (X509_verify_cert(context.get()) != 1 && reasons.empty()) {
    reasons.push_back(X509_STORE_CTX_get_error(context.get()));
  }
  take_library_error();
  return reasons;
}

// Told by expired and not-yet-valid, with the certificate's name and date.
bool is_about_time(int reason) {
  return reason == X509_V_ERR_CERT_HAS_EXPIRED || reason == X509_V_ERR_CERT_NOT_YET_VALID;
}

std::string text_of(const Reasons& reasons) {
  std::vector<std::string> texts;
  for (const int reason : reasons) {
    if (!is_about_time(reason)) texts.emplace_back(X509_verify_cert_error_string(reason));
  }
  return join(texts, "; ");
}

struct ChainWords {
  std::string subject;  ///< what the chain is of
  std::string help;
};

void judge_chain(const CryptoLibrary& library, const ChainQuestion& question, const Place& place,
                 const ChainWords& words, Findings& findings) {
  // What the strict rules let through, the usual ones do too; each check costs signatures.
  const std::string strict = text_of(verify(library, question, Rules::strict));
  if (strict.empty()) return;
  const std::string usual = text_of(verify(library, question, Rules::usual));
  if (!usual.empty()) {
    findings.error(
        "chain-broken", place,
        fmt::format("{}: the crypto library refuses the chain: {}", words.subject, usual),
        words.help);
  }
  if (strict != usual) {
    findings.strict_error("strict-chain", place, fmt::format("{}: {}", words.subject, strict),
                          "Python 3.13 and later refuse it; " + words.help);
  }
}

void check_controller_chain(const CryptoLibrary& library, const Material& material, Moment at,
                            Findings& findings) {
  if (material.controllers.empty() || material.controller_cas.empty()) return;
  // The checks on the signature have said so with better words.
  if (findings.has("chain-broken")) return;
  const FoundCertificate& found = material.controllers[0];
  judge_chain(
      library, {found.get(), &material.controller_cas, X509_PURPOSE_SSL_CLIENT, at}, found.place,
      {found.name, "issue a new controller certificate, from a new CA if its CA is at fault"},
      findings);
}

std::optional<TrialAmphora> check_amphora_chain(const CryptoLibrary& library,
                                                const Material& material, Moment at,
                                                Findings& findings) {
  if (material.issuing_cas.empty() || !material.issuing_key) return std::nullopt;
  const FoundCertificate& ca = material.issuing_cas[0];
  if (!is_key_of(material.issuing_key.get(), ca) || findings.has("ca-subject-clash")) {
    return std::nullopt;
  }
  TrialAmphora trial{
      .key = PrivateKey(EVP_PKEY_Q_keygen(library.context(), nullptr, "EC", "P-256")),
      .certificate = {}};
  for (const KeyReference reference : {KeyReference::by_identifier, KeyReference::none}) {
    auto amphora = make_trial_amphora_certificate(
        library, trial.key.get(), {ca.get(), material.issuing_key.get()}, at, reference);
    if (!amphora) {
      findings.error("chain-broken", ca.place,
                     "issuing CA: a trial amphora certificate cannot be issued",
                     "make the CA again");
      return std::nullopt;
    }
    // Without an AKI the strict rules always object; Octavia's own certificates are then the cause.
    const ChainQuestion question{amphora->get(), &material.issuing_cas, X509_PURPOSE_SSL_SERVER,
                                 at};
    if (reference == KeyReference::by_identifier) {
      judge_chain(library, question, ca.place,
                  {"amphora certificate issued for trial", "make the issuing CA again"}, findings);
      trial.certificate = std::move(*amphora);
      // A lone CA is found by its name, with a key identifier or without.
      if (material.issuing_cas.size() == 1) break;
    } else if (!findings.has("chain-broken") &&
               !text_of(verify(library, question, Rules::usual)).empty()) {
      findings.error("chain-broken", ca.place,
                     "amphora certificate issued for trial without key identifier: the crypto "
                     "library refuses the chain",
                     "make the issuing CA again");
    }
  }
  return trial;
}

}  // namespace

std::optional<TrialAmphora> check_chains(const CryptoLibrary& library, const Material& material,
                                         Moment at, Findings& findings) {
  check_controller_chain(library, material, at, findings);
  return check_amphora_chain(library, material, at, findings);
}

}  // namespace gatehouse::pki
