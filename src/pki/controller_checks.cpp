#include "pki/controller_checks.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include <fmt/format.h>
#include <openssl/objects.h>

#include "base/text.h"
#include "pki/ca_checks.h"
#include "pki/extension.h"
#include "pki/times.h"

namespace gatehouse::pki {

namespace {

const std::string kNewLeaf = "issue a new controller certificate from the controller CA";

/// RFC 5280 4.2.1.3, by bit.
constexpr std::string_view kKeyUsageNames[] = {
    "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
    "keyCertSign",      "cRLSign",        "encipherOnly",    "decipherOnly"};

class ControllerCheck {
 public:
  ControllerCheck(const Material& material, const FoundCertificate& found, Findings& findings)
      : material_(material), found_(found), x509_(found.get()), findings_(findings) {}

  void check(const std::vector<std::string>& bundle_vips) {
    check_key();
    check_signer();
    check_constraints();
    check_key_usage();
    check_key_identifiers();
    check_extended_key_usage();
    check_names(bundle_vips);
  }

 private:
  std::string say(const std::string& what) const { return found_.name + what; }

  void check_key() {
    for (const auto* const cas : {&material_.issuing_cas, &material_.controller_cas}) {
      for (const FoundCertificate& ca : *cas) {
        if (!is_key_of(material_.controller_key.get(), ca)) continue;
        findings_.error("ca-separation", found_.place,
                        "the key in lb-mgmt-controller-cert is that of the " + ca.name +
                            ", and lies in the clear on every controller",
                        "take that CA for compromised: make the PKI again in a new workspace");
      }
    }
    if (!material_.controller_key || is_key_of(material_.controller_key.get(), found_)) return;
    findings_.error("leaf-key-mismatch", found_.place,
                    "the key in lb-mgmt-controller-cert does not belong to its certificate",
                    "encode the certificate with its own key, or issue a new one");
  }

  void check_signer() {
    if (material_.controller_cas.empty()) return;
    for (const FoundCertificate& ca : material_.controller_cas) {
      if (!is_signed_by(found_, ca)) continue;
      check_issuer_name(ca);
      check_key_identifier(ca);
      check_nesting(ca);
      return;
    }
    findings_.error("chain-broken", found_.place, say(" " + wrong_signer()),
                    "take the controller CA that signed it, or issue a new controller certificate");
    check_key_identifier(material_.controller_cas[0]);
  }

  std::string wrong_signer() const {
    for (const FoundCertificate& ca : material_.issuing_cas) {
      if (is_signed_by(found_, ca)) return "is signed by the " + ca.name;
    }
    const X509_NAME* const issuer = X509_get_issuer_name(x509_);
    for (const FoundCertificate& ca : material_.controller_cas) {
      if (X509_NAME_cmp(issuer, X509_get_subject_name(ca.get())) == 0) {
        return "names the controller CA as its issuer, but the signature does not fit: another CA "
               "of the same name, or an altered certificate";
      }
    }
    if (X509_NAME_cmp(issuer, X509_get_subject_name(x509_)) == 0) {
      return "is self-signed, not signed by the controller CA";
    }
    return fmt::format("is signed by \"{}\", not by the controller CA", name_text(issuer));
  }

  void check_issuer_name(const FoundCertificate& ca) {
    if (X509_NAME_cmp(X509_get_issuer_name(x509_), X509_get_subject_name(ca.get())) == 0) return;
    findings_.error("chain-broken", found_.place,
                    say(fmt::format(" names \"{}\" as its issuer, its CA is \"{}\"",
                                    name_text(X509_get_issuer_name(x509_)),
                                    name_text(X509_get_subject_name(ca.get())))),
                    kNewLeaf);
  }

  void check_key_identifier(const FoundCertificate& ca) {
    const auto named =
        extension_of<AUTHORITY_KEYID, AUTHORITY_KEYID_free>(x509_, NID_authority_key_identifier);
    const ASN1_OCTET_STRING* const own = X509_get0_subject_key_id(ca.get());
    if (!named.value || named.value->keyid == nullptr || own == nullptr) return;
    if (ASN1_OCTET_STRING_cmp(named.value->keyid, own) == 0) return;
    findings_.error(
        "chain-broken", found_.place,
        say(": its authority key identifier is not the subject key identifier of the " + ca.name),
        kNewLeaf);
  }

  void check_nesting(const FoundCertificate& ca) {
    const auto end = moment_of(X509_get0_notAfter(x509_));
    const auto ca_end = moment_of(X509_get0_notAfter(ca.get()));
    if (end && ca_end && *end > *ca_end) {
      findings_.error(
          "validity-not-nested", found_.place,
          say(fmt::format(" ends {}, after its CA ({})", date_of(*end), date_of(*ca_end))),
          kNewLeaf);
    }
    const auto begin = moment_of(X509_get0_notBefore(x509_));
    const auto ca_begin = moment_of(X509_get0_notBefore(ca.get()));
    if (begin && ca_begin && *begin < *ca_begin) {
      findings_.warning("validity-not-nested", found_.place,
                        say(fmt::format(" begins {}, before its CA ({})", to_rfc3339(*begin),
                                        to_rfc3339(*ca_begin))),
                        kNewLeaf);
    }
  }

  void check_constraints() {
    const auto constraints = basic_constraints_of(x509_);
    if (!constraints.value) {
      findings_.warning("leaf-is-ca", found_.place,
                        say(": no basicConstraints; critical CA:FALSE wanted"), kNewLeaf);
    } else if (constraints.value->ca != 0) {
      findings_.error("leaf-is-ca", found_.place, say(" says CA:TRUE"), kNewLeaf);
    } else if (!constraints.is_critical) {
      findings_.warning("leaf-is-ca", found_.place, say(": basicConstraints is not critical"),
                        kNewLeaf);
    }
  }

  void check_key_usage() {
    const auto usage = key_usage_of(x509_);
    if (!usage.is_present) {
      return findings_.warning("leaf-keyusage", found_.place,
                               say(": no key usage; digitalSignature wanted"), kNewLeaf);
    }
    if (!has_bit(usage.value.get(), KeyUsageBit::digital_signature)) {
      findings_.error("leaf-keyusage", found_.place, say(": key usage lacks digitalSignature"),
                      kNewLeaf);
    }
    const EVP_PKEY* const key = X509_get0_pubkey(x509_);
    const bool is_ec = key != nullptr && EVP_PKEY_is_a(key, "EC") == 1;
    if (is_ec && has_bit(usage.value.get(), KeyUsageBit::key_encipherment)) {
      findings_.warning(
          "leaf-keyusage-ec", found_.place,
          say(": key usage has keyEncipherment, which an EC key can not do (RFC 8813)"), kNewLeaf);
    }
    if (!usage.is_critical) {
      findings_.warning("leaf-keyusage", found_.place, say(": key usage is not critical"),
                        kNewLeaf);
    }
    report_other_bits(usage.value.get(), is_ec);
  }

  void report_other_bits(const ASN1_BIT_STRING* usage, bool is_ec) {
    std::vector<std::string> others;
    for (std::size_t bit = 0; bit < std::size(kKeyUsageNames); ++bit) {
      const auto number = static_cast<int>(bit);
      const bool is_told_elsewhere =
          number == static_cast<int>(KeyUsageBit::digital_signature) ||
          (is_ec && number == static_cast<int>(KeyUsageBit::key_encipherment));
      if (is_told_elsewhere || usage == nullptr) continue;
      if (ASN1_BIT_STRING_get_bit(usage, number) == 1) others.emplace_back(kKeyUsageNames[bit]);
    }
    if (others.empty()) return;
    findings_.warning(
        "leaf-keyusage", found_.place,
        say(fmt::format(": key usage has {}; digitalSignature alone wanted", join(others, ", "))),
        kNewLeaf);
  }

  void check_key_identifiers() {
    const ASN1_OCTET_STRING* const own = X509_get0_subject_key_id(x509_);
    if (own == nullptr) {
      findings_.warning("leaf-ski", found_.place, say(": no subject key identifier"), kNewLeaf);
    } else if (!is_identifier_of_key(x509_, own)) {
      findings_.warning("leaf-ski", found_.place,
                        say(": subject key identifier is not the SHA-1 of its public key"),
                        kNewLeaf);
    }
    if (X509_get_ext_by_NID(x509_, NID_authority_key_identifier, -1) < 0) {
      findings_.warning("leaf-ski", found_.place, say(": no authority key identifier"), kNewLeaf);
    }
  }

  void check_extended_key_usage() {
    const auto usage = extended_key_usage_of(x509_);
    bool has_client = false;
    std::vector<std::string> others;
    for (int i = 0; usage.value && i < sk_ASN1_OBJECT_num(usage.value.get()); ++i) {
      const int purpose = OBJ_obj2nid(sk_ASN1_OBJECT_value(usage.value.get(), i));
      if (purpose == NID_client_auth) {
        has_client = true;
      } else {
        others.emplace_back(purpose == NID_server_auth ? "serverAuth"
                            : purpose == NID_undef     ? "a purpose of unknown name"
                                                       : OBJ_nid2ln(purpose));
      }
    }
    if (!has_client) {
      findings_.error("eku-clientauth-missing", found_.place,
                      say(usage.is_present ? ": extended key usage lacks clientAuth"
                                           : ": no extended key usage; clientAuth wanted"),
                      kNewLeaf);
    }
    for (const std::string& other : others) {
      findings_.note("eku-extra", found_.place, say(": " + other + " is not needed"),
                     "leave it out of the next one");
    }
  }

  void check_names(const std::vector<std::string>& bundle_vips) {
    const std::vector<std::string> names = dns_names_of(x509_);
    const std::vector<std::string> addresses = ip_addresses_of(x509_);
    const std::string own = common_name(x509_);
    if (names.empty() && addresses.empty()) {
      findings_.warning("san-missing", found_.place, say(": no subject alternative name"),
                        kNewLeaf);
    } else if (std::none_of(names.begin(), names.end(),
                            [&](const std::string& name) { return is_same_dns_name(name, own); })) {
      findings_.warning(
          "san-missing", found_.place,
          say(fmt::format(": its common name \"{}\" is none of its DNS names", printable(own))),
          kNewLeaf);
    }
    for (const std::string& address : addresses) {
      if (address != kMalformedIp) continue;
      findings_.warning("san-missing", found_.place,
                        say(": an IP address among its alternative names is malformed"), kNewLeaf);
    }
    if (bundle_vips.empty()) return;
    const auto is_vip = [&](const std::string& address) {
      return std::any_of(bundle_vips.begin(), bundle_vips.end(),
                         [&](const std::string& vip) { return canonical_ip(vip) == address; });
    };
    for (const std::string& address : addresses) {
      if (is_vip(address)) continue;
      findings_.warning("san-stale", found_.place,
                        say(fmt::format(": IP {} is none of the bundle's VIPs ({})", address,
                                        join(bundle_vips, ", "))),
                        "issue a new one: gatehouse pki renew --ip ADDRESS");
    }
  }

  const Material& material_;
  const FoundCertificate& found_;
  X509* const x509_;
  Findings& findings_;
};

}  // namespace

void check_controller(const Material& material, const std::vector<std::string>& bundle_vips,
                      Findings& findings) {
  if (material.controllers.empty()) return;
  ControllerCheck(material, material.controllers[0], findings).check(bundle_vips);
}

}  // namespace gatehouse::pki
