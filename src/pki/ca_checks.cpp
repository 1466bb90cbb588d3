#include "pki/ca_checks.h"

#include <cstring>
#include <string>

#include <fmt/format.h>

#include "pki/extension.h"

namespace gatehouse::pki {

namespace {

const std::string kNewCa = "make the CA again (`gatehouse pki create` in a new workspace)";

class CaCheck {
 public:
  /// `group` holds all certificates of the same option.
  CaCheck(const FoundCertificate& found, const std::vector<FoundCertificate>& group,
          Findings& findings)
      : found_(found), group_(group), x509_(found.get()), findings_(findings) {}

  void check() {
    check_constraints();
    check_key_usage();
    check_key_identifiers();
    check_extended_key_usage();
    check_self_signature();
  }

 private:
  std::string say(const std::string& what) const { return found_.name + ": " + what; }

  void check_constraints() {
    const auto constraints = basic_constraints_of(x509_);
    if (!constraints.value) {
      findings_.error("ca-not-ca", found_.place,
                      say(constraints.is_present ? "basicConstraints can not be decoded"
                                                 : "basicConstraints is missing"),
                      kNewCa);
      return;
    }
    if (constraints.value->ca == 0) {
      findings_.error("ca-not-ca", found_.place, say("basicConstraints says CA:FALSE"), kNewCa);
    } else if (!constraints.is_critical) {
      findings_.warning("ca-not-ca", found_.place, say("basicConstraints is not critical"), kNewCa);
    }
    const ASN1_INTEGER* const length = constraints.value->pathlen;
    if (length == nullptr) {
      findings_.warning("ca-pathlen", found_.place, say("no path length; 0 wanted"), kNewCa);
    } else if (ASN1_INTEGER_get(length) != 0) {
      findings_.warning("ca-pathlen", found_.place,
                        say(fmt::format("path length {}; 0 wanted", ASN1_INTEGER_get(length))),
                        kNewCa);
    }
  }

  void check_key_usage() {
    const auto usage = key_usage_of(x509_);
    if (!usage.is_present) {
      return findings_.strict_error("ca-keyusage", found_.place,
                                    say("no key usage; Python 3.13 and later refuse it"), kNewCa);
    }
    if (!has_bit(usage.value.get(), KeyUsageBit::key_cert_sign)) {
      return findings_.error("ca-keyusage", found_.place, say("key usage lacks keyCertSign"),
                             kNewCa);
    }
    if (!usage.is_critical) {
      findings_.warning("ca-keyusage", found_.place, say("key usage is not critical"), kNewCa);
    }
    if (!has_bit(usage.value.get(), KeyUsageBit::crl_sign)) {
      findings_.warning("ca-keyusage", found_.place, say("key usage lacks cRLSign"), kNewCa);
    }
    for (int bit = 0; bit < 9; ++bit) {
      const bool is_wanted = bit == static_cast<int>(KeyUsageBit::key_cert_sign) ||
                             bit == static_cast<int>(KeyUsageBit::crl_sign);
      if (is_wanted || ASN1_BIT_STRING_get_bit(usage.value.get(), bit) == 0) continue;
      return findings_.warning("ca-keyusage", found_.place,
                               say("key usage has more than keyCertSign and cRLSign"), kNewCa);
    }
  }

  // Chains are built by these: a CA that names another key as its signer's is not taken for a root.
  void check_key_identifiers() {
    const ASN1_OCTET_STRING* const own = X509_get0_subject_key_id(x509_);
    if (own == nullptr) {
      findings_.warning("ca-ski", found_.place, say("no subject key identifier"), kNewCa);
    } else if (!is_identifier_of_key(x509_, own)) {
      findings_.warning("ca-ski", found_.place,
                        say("subject key identifier is not the SHA-1 of its public key"), kNewCa);
    }
    const auto signer =
        extension_of<AUTHORITY_KEYID, AUTHORITY_KEYID_free>(x509_, NID_authority_key_identifier);
    if (!signer.value) return;
    const bool is_own = own != nullptr && signer.value->keyid != nullptr &&
                        ASN1_OCTET_STRING_cmp(signer.value->keyid, own) == 0;
    if (!is_own && is_named_as_own_issuer()) {
      findings_.warning("ca-ski", found_.place,
                        say("authority key identifier is not its subject key identifier"), kNewCa);
    }
    if (signer.value->issuer != nullptr || signer.value->serial != nullptr) {
      findings_.warning("ca-ski", found_.place,
                        say("authority key identifier has issuer and serial, which break a renewal "
                            "with the same key"),
                        kNewCa);
    }
  }

  // A CA's extended key usage binds everything below it.
  void check_extended_key_usage() {
    if (X509_get_ext_by_NID(x509_, NID_ext_key_usage, -1) < 0) return;
    findings_.warning("eku-extra", found_.place,
                      say("a CA needs no extended key usage; it limits what it signs"), kNewCa);
  }

  bool is_named_as_own_issuer() const {
    return X509_NAME_cmp(X509_get_subject_name(x509_), X509_get_issuer_name(x509_)) == 0;
  }

  void check_self_signature() {
    if (!is_named_as_own_issuer()) {
      if (is_signed_by_another()) {
        return findings_.warning("ca-not-self-signed", found_.place,
                                 say("not self-signed; its signer is in the same option"),
                                 "use a self-signed CA of path length 0");
      }
      return findings_.error("ca-not-self-signed", found_.place,
                             fmt::format("{} is signed by \"{}\"; the root is not in the overlay",
                                         found_.name, name_text(X509_get_issuer_name(x509_))),
                             "use a self-signed CA: Python up to 3.12 sets no partial-chain flag");
    }
    if (!is_signed_by(found_, found_)) {
      findings_.error("ca-self-signature", found_.place, say("its own signature does not verify"),
                      "the certificate was altered or put together; restore it");
    }
  }

  bool is_signed_by_another() const {
    for (const FoundCertificate& other : group_) {
      if (other.index != found_.index && is_signed_by(found_, other)) return true;
    }
    return false;
  }

  const FoundCertificate& found_;
  const std::vector<FoundCertificate>& group_;
  X509* const x509_;
  Findings& findings_;
};

bool have_same_key(const FoundCertificate& a, const FoundCertificate& b) {
  EVP_PKEY* const key = X509_get0_pubkey(a.get());
  return key != nullptr && is_key_of(key, b);
}

bool have_same_subject(const FoundCertificate& a, const FoundCertificate& b) {
  return X509_NAME_cmp(X509_get_subject_name(a.get()), X509_get_subject_name(b.get())) == 0;
}

void check_separation(const Material& material, Findings& findings) {
  const std::string help = "the two tiers need a CA each; make them again in a new workspace";
  for (const FoundCertificate& issuing : material.issuing_cas) {
    for (const FoundCertificate& controller : material.controller_cas) {
      const std::string both = fmt::format("{} and {}", issuing.name, controller.name);
      if (X509_cmp(issuing.get(), controller.get()) == 0) {
        findings.error("ca-separation", controller.place,
                       both + " are the same certificate; any amphora could pose as the controller",
                       help);
      } else if (have_same_key(issuing, controller)) {
        findings.error("ca-separation", controller.place,
                       both + " have the same key; any amphora could pose as the controller", help);
      }
      if (have_same_subject(issuing, controller)) {
        findings.error("ca-same-subject", controller.place, both + " have the same subject", help);
      }
    }
  }
}

void check_clash(const std::vector<FoundCertificate>& cas, Findings& findings) {
  if (cas.size() < 2 || !have_same_subject(cas[0], cas[1]) || have_same_key(cas[0], cas[1])) return;
  findings.error(
      "ca-subject-clash", cas[1].place,
      fmt::format("two certificates of subject \"{}\" with different keys in {}; amphora "
                  "certificates may have no AKI to tell them apart",
                  name_text(X509_get_subject_name(cas[0].get())), cas[1].place.option),
      "a new CA needs a new name, with a generation suffix such as \"G2\"");
}

void check_issuing_key(const Material& material, Findings& findings) {
  EVP_PKEY* const key = material.issuing_key.get();
  if (key == nullptr || material.issuing_cas.empty()) return;
  if (is_key_of(key, material.issuing_cas[0])) return;
  std::string belongs = "none of the issuing CA certificates";
  for (const FoundCertificate& ca : material.issuing_cas) {
    if (is_key_of(key, ca)) {
      belongs = fmt::format("certificate {}, Octavia signs with certificate 1", ca.index + 1);
    }
  }
  for (const FoundCertificate& ca : material.controller_cas) {
    if (is_key_of(key, ca)) belongs = "the " + ca.name;
  }
  findings.error(
      "ca-key-mismatch",
      {material.issuing_cas[0].place.span, std::string(name_of(Option::issuing_ca_private_key))},
      "the issuing CA key belongs to " + belongs,
      "put the certificate of this key first, or take the key of that certificate");
}

// The two ways in which an exchange shows; either is enough unless the CAs are one.
void check_swapped(const Material& material, Findings& findings) {
  if (material.issuing_cas.empty() || material.controller_cas.empty()) return;
  const FoundCertificate& issuing = material.issuing_cas[0];
  const FoundCertificate& controller = material.controller_cas[0];
  if (have_same_key(issuing, controller)) return;
  EVP_PKEY* const key = material.issuing_key.get();
  const bool key_fits_other = key != nullptr && is_key_of(key, controller);
  // The names first: to verify a signature that nobody claims would cost as much as to make one.
  const bool leaf_fits_other = !material.controllers.empty() &&
                               X509_NAME_cmp(X509_get_issuer_name(material.controllers[0].get()),
                                             X509_get_subject_name(issuing.get())) == 0 &&
                               is_signed_by(material.controllers[0], issuing);
  const bool leaf_is_open = material.controllers.empty() || leaf_fits_other;
  const bool key_is_open = key == nullptr || key_fits_other;
  if ((key_fits_other && leaf_is_open) || (leaf_fits_other && key_is_open)) {
    findings.error("ca-swapped", controller.place, "the two CA certificates look exchanged",
                   "exchange lb-mgmt-issuing-cacert and lb-mgmt-controller-cacert");
  }
}

}  // namespace

bool is_signed_by(const FoundCertificate& certificate, const FoundCertificate& signer) {
  EVP_PKEY* const key = X509_get0_pubkey(signer.get());
  const bool is_signed = key != nullptr && X509_verify(certificate.get(), key) == 1;
  take_library_error();
  return is_signed;
}

bool is_identifier_of_key(const X509* certificate, const ASN1_OCTET_STRING* identifier) {
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  return X509_pubkey_digest(certificate, EVP_sha1(), bytes, &length) == 1 &&
         ASN1_STRING_length(identifier) == static_cast<int>(length) &&
         std::memcmp(ASN1_STRING_get0_data(identifier), bytes, length) == 0;
}

bool is_key_of(EVP_PKEY* key, const FoundCertificate& certificate) {
  EVP_PKEY* const own = X509_get0_pubkey(certificate.get());
  const bool is_same = own != nullptr && key != nullptr && EVP_PKEY_eq(own, key) == 1;
  take_library_error();
  return is_same;
}

void check_cas(const Material& material, Findings& findings) {
  for (const auto* const group : {&material.issuing_cas, &material.controller_cas}) {
    for (const FoundCertificate& ca : *group) CaCheck(ca, *group, findings).check();
    check_clash(*group, findings);
  }
  check_separation(material, findings);
  check_issuing_key(material, findings);
  check_swapped(material, findings);
}

}  // namespace gatehouse::pki
