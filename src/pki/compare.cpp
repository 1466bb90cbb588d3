#include "pki/compare.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "pki/ca_checks.h"
#include "pki/certificate_profile.h"
#include "pki/handshake.h"

namespace gatehouse::pki {

namespace {

std::vector<X509*> all_of(const std::vector<FoundCertificate>& found) {
  std::vector<X509*> certificates;
  for (const FoundCertificate& one : found) certificates.push_back(one.get());
  return certificates;
}

Result<void> check_side(const Material& side, const std::string& name) {
  const auto lacks = [&name](const std::string& what) {
    return fail(ErrorKind::invalid_input, name + " overlay: " + what,
                "gatehouse pki verify says what is wrong with it");
  };
  if (side.issuing_cas.empty()) return lacks("no issuing CA can be read");
  if (side.controller_cas.empty()) return lacks("no controller CA can be read");
  if (side.controllers.empty()) return lacks("no controller certificate can be read");
  if (!side.controller_key) return lacks("the controller's key can not be opened");
  if (!side.issuing_key) return lacks("the issuing CA key can not be opened");
  if (!is_key_of(side.issuing_key.get(), side.issuing_cas[0])) {
    return lacks("the issuing CA key does not belong to the first issuing CA");
  }
  return {};
}

// Amphora certificates may carry no AKI (Octavia before c86b945c), so of two CAs with one name the
// library takes whichever comes first; which one that is must not decide.
bool has_clash(const std::vector<FoundCertificate>& trusted, const FoundCertificate& signer) {
  for (const FoundCertificate& ca : trusted) {
    const bool has_its_name =
        X509_NAME_cmp(X509_get_subject_name(ca.get()), X509_get_subject_name(signer.get())) == 0;
    EVP_PKEY* const key = X509_get0_pubkey(ca.get());
    if (has_its_name && key != nullptr && !is_key_of(key, signer)) return true;
  }
  return false;
}

/// An amphora that was born under one overlay and is met by a controller under another.
class Meeting {
 public:
  Meeting(const CryptoLibrary& library, const Material& birth, const Material& controller,
          Moment at)
      : library_(library), birth_(birth), controller_(controller), at_(at) {}

  Result<Reach> judge() const {
    const PrivateKey key(EVP_PKEY_Q_keygen(library_.context(), nullptr, "EC", "P-256"));
    if (!key) return library_failure("making a key");
    Result<std::string> first = refusal_of(key.get(), birth_);
    if (!first) return fail(first.error());
    Reach reach;
    reach.is_reachable = first->empty();
    reach.why_not = std::move(*first);
    if (!reach.is_reachable) return reach;
    // The refreshed certificate comes from the controller's issuing CA; what the amphora trusts is
    // still what it was born with.
    const Result<std::string> second = refusal_of(key.get(), controller_);
    if (!second) return fail(second.error());
    reach.is_refreshable = second->empty();
    return reach;
  }

 private:
  /// "" where the handshake is agreed with an amphora certificate of that issuing CA.
  Result<std::string> refusal_of(EVP_PKEY* key, const Material& issuer) const {
    const FoundCertificate& ca = issuer.issuing_cas[0];
    if (has_clash(controller_.issuing_cas, ca)) {
      return fmt::format(
          "the controller trusts another CA of the subject \"{}\", and the amphora's certificate "
          "may have no AKI to tell them apart",
          name_text(X509_get_subject_name(ca.get())));
    }
    for (const KeyReference reference : {KeyReference::none, KeyReference::by_identifier}) {
      const auto certificate = make_trial_amphora_certificate(
          library_, key, {ca.get(), issuer.issuing_key.get()}, at_, reference);
      if (!certificate) return fail(certificate.error());
      const Endpoint amphora{certificate->get(), key, all_of(birth_.controller_cas)};
      const Endpoint controller{controller_.controllers[0].get(), controller_.controller_key.get(),
                                all_of(controller_.issuing_cas)};
      const HandshakeResult result = tls_.shake_hands(controller, amphora, at_);
      if (!result.is_agreed) return why(ca, result.reason);
    }
    return std::string();
  }

  std::string why(const FoundCertificate& ca, const std::string& reason) const {
    bool is_issuer_trusted = false;
    for (const FoundCertificate& trusted : controller_.issuing_cas) {
      is_issuer_trusted = is_issuer_trusted || is_key_of(X509_get0_pubkey(ca.get()), trusted);
    }
    if (!is_issuer_trusted) {
      return fmt::format("the controller does not trust the amphora's issuing CA \"{}\"",
                         common_name(ca.get()));
    }
    for (const FoundCertificate& trusted : birth_.controller_cas) {
      if (is_signed_by(controller_.controllers[0], trusted)) {
        return "controller and amphora do not agree: " + reason;
      }
    }
    return fmt::format("the amphora was born without the controller CA \"{}\"",
                       common_name(controller_.controller_cas[0].get()));
  }

  const CryptoLibrary& library_;
  const TlsContext tls_{library_};
  const Material& birth_;
  const Material& controller_;
  const Moment at_;
};

}  // namespace

Result<Comparison> compare_overlays(const CryptoLibrary& library, const Material& former,
                                    const Material& later, Moment at) {
  if (auto whole = check_side(former, "old"); !whole) return fail(whole.error());
  if (auto whole = check_side(later, "new"); !whole) return fail(whole.error());
  Result<Reach> old_under_new = Meeting(library, former, later, at).judge();
  if (!old_under_new) return fail(old_under_new.error());
  Result<Reach> new_under_old = Meeting(library, later, former, at).judge();
  if (!new_under_old) return fail(new_under_old.error());
  return Comparison{std::move(*old_under_new), std::move(*new_under_old)};
}

void report_pair(const Comparison& compared, Findings& findings) {
  const Reach& old = compared.old_under_new;
  if (!old.is_reachable || !old.is_refreshable) {
    findings.error(
        "pair-unreachable", {},
        old.is_reachable
            ? "amphorae born under the old overlay are reachable under the new one, but their "
              "certificates can not be refreshed"
            : "amphorae born under the old overlay get out of reach under the new one: " +
                  old.why_not,
        "roll in phases: gatehouse pki roll issuing | controller");
  }
  if (!compared.new_under_old.is_reachable) {
    findings.warning(
        "pair-unreachable", {},
        "a unit that has not switched yet can not reach amphorae born under the new overlay: " +
            compared.new_under_old.why_not,
        "hand the new CA out as the second one first");
  }
}

}  // namespace gatehouse::pki
