#include "pki/certificate_checks.h"

#include <algorithm>
#include <map>
#include <string>

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/objects.h>

#include "pki/times.h"

namespace gatehouse::pki {

namespace {

using std::chrono::days;

constexpr int kBytesOfSerialMax = 20;
constexpr int kBytesOfSerialRandom = 8;
constexpr days kCaWarningMargin{365};
constexpr days kLeafWarningMargin{90};
/// Rounding of -days against calendar years, and our own backdating.
constexpr days kLifeTolerance{3};

bool is_ca_role(Role role) {
  return role != Role::controller;
}

std::string next_step(Role role) {
  switch (role) {
    case Role::issuing_ca:
      return "roll the issuing CA";
    case Role::controller_ca:
      return "roll the controller CA";
    case Role::controller:
      break;
  }
  return "issue a new controller certificate from the controller CA";
}

class CertificateCheck {
 public:
  CertificateCheck(const FoundCertificate& found, Moment at, Findings& findings)
      : found_(found), x509_(found.get()), at_(at), findings_(findings) {}

  void check() {
    check_version();
    check_key();
    check_signature();
    check_validity();
    check_serial();
    check_extensions();
  }

 private:
  std::string say(const std::string& what) const { return found_.name + ": " + what; }

  void check_version() {
    const long version = X509_get_version(x509_) + 1;
    if (version == 3) return;
    findings_.error("version", found_.place, say(fmt::format("X.509 version {}", version)),
                    "make it again as version 3, with extensions");
  }

  // A named curve is an object identifier; explicit parameters are a sequence.
  bool has_explicit_curve() const {
    X509_ALGOR* algorithm = nullptr;
    X509_PUBKEY_get0_param(nullptr, nullptr, nullptr, &algorithm, X509_get_X509_PUBKEY(x509_));
    int kind = V_ASN1_UNDEF;
    const ASN1_OBJECT* name = nullptr;
    X509_ALGOR_get0(&name, &kind, nullptr, algorithm);
    return OBJ_obj2nid(name) == NID_X9_62_id_ecPublicKey && kind == V_ASN1_SEQUENCE;
  }

  void check_key() {
    const std::string wanted = is_ca_role(found_.role) ? "secp384r1" : "prime256v1";
    const std::string help = "make the key again: EC " + wanted;
    EVP_PKEY* const key = X509_get0_pubkey(x509_);
    if (has_explicit_curve()) {
      return findings_.error("key-algorithm", found_.place,
                             say("explicit curve parameters; named curve " + wanted + " wanted"),
                             help);
    }
    if (key == nullptr) {
      return findings_.error("key-algorithm", found_.place,
                             say("its public key can not be decoded (point not on the curve?)"),
                             help);
    }
    check_point();
    const std::string found = key_text(key);
    if (found == "EC " + wanted) return;
    // A stronger curve of the same kind in the leaf works everywhere that P-256 does.
    const bool is_stronger_leaf =
        !is_ca_role(found_.role) && (found == "EC secp384r1" || found == "EC secp521r1");
    const std::string message = say(fmt::format("{}; EC {} wanted", found, wanted));
    if (is_stronger_leaf) return findings_.warning("key-algorithm", found_.place, message, help);
    findings_.error("key-algorithm", found_.place, message, help);
  }

  // The first byte of a point says its form: 4 where both coordinates follow (SEC 1, 2.3.3).
  void check_point() {
    constexpr unsigned char kUncompressed = 4;
    const unsigned char* bytes = nullptr;
    int length = 0;
    X509_PUBKEY_get0_param(nullptr, &bytes, &length, nullptr, X509_get_X509_PUBKEY(x509_));
    const EVP_PKEY* const key = X509_get0_pubkey(x509_);
    if (EVP_PKEY_is_a(key, "EC") != 1 || length == 0 || bytes[0] == kUncompressed) return;
    findings_.warning("key-algorithm", found_.place,
                      say("its public point is not in uncompressed form"), "make the key again");
  }

  static std::string key_text(const EVP_PKEY* key) {
    char group[64] = {};
    if (EVP_PKEY_is_a(key, "EC") == 1 &&
        EVP_PKEY_get_group_name(key, group, sizeof group, nullptr) == 1) {
      return fmt::format("EC {}", group);
    }
    const char* const name = EVP_PKEY_get0_type_name(key);
    return fmt::format("{} {}", name == nullptr ? "unknown key" : name, EVP_PKEY_get_bits(key));
  }

  void check_signature() {
    int digest = NID_undef;
    X509_get_signature_info(x509_, &digest, nullptr, nullptr, nullptr);
    const std::string help = "sign it again with SHA-384";
    if (digest == NID_sha384) return;
    const std::string name = digest == NID_undef ? "an unknown digest" : digest_name(digest);
    if (digest == NID_sha1 || digest == NID_md5 || digest == NID_md4 || digest == NID_md2) {
      findings_.error("signature-weak", found_.place, say("signed with " + name), help);
    } else {
      findings_.warning("signature-unexpected", found_.place,
                        say(fmt::format("signed with {}; SHA-384 wanted", name)), help);
    }
  }

  static std::string digest_name(int nid) {
    switch (nid) {
      case NID_sha1:
        return "SHA-1";
      case NID_sha224:
        return "SHA-224";
      case NID_sha256:
        return "SHA-256";
      case NID_sha512:
        return "SHA-512";
      default:
        return OBJ_nid2sn(nid);
    }
  }

  // The second CA of an overlap signs nothing new; its end is worth a warning only.
  void report_time(std::string_view code, const std::string& message) {
    const std::string help = next_step(found_.role);
    if (found_.index > 0 && is_ca_role(found_.role)) {
      return findings_.warning(code, found_.place, message, "drop it from the overlap");
    }
    findings_.error(code, found_.place, message, help);
  }

  void check_validity() {
    const auto begin = moment_of(X509_get0_notBefore(x509_));
    const auto end = moment_of(X509_get0_notAfter(x509_));
    if (!begin || !end) {
      return findings_.error("der-invalid", found_.place, say("its dates can not be decoded"),
                             next_step(found_.role));
    }
    if (*end <= *begin) {
      findings_.error(
          "validity-reversed", found_.place,
          say(fmt::format("ends {} before it begins {}", date_of(*end), date_of(*begin))),
          next_step(found_.role));
    }
    check_now(*begin, *end);
    check_life(*begin, *end);
  }

  void check_now(Moment begin, Moment end) {
    if (at_ < begin) {
      report_time("not-yet-valid", say(fmt::format("valid from {} only", to_rfc3339(begin))));
    }
    if (at_ > end) {
      return report_time("expired", say(fmt::format("expired {} ({} days ago)", date_of(end),
                                                    days_between(end, at_))));
    }
    const bool is_ca = is_ca_role(found_.role);
    const long left = days_between(at_, end);
    const std::string message = say(fmt::format(
        "{} days left{}", left,
        is_ca ? "; amphora certificates live 30 days" : " (until " + date_of(end) + ")"));
    if (end - at_ < error_margin(found_.role)) {
      report_time("expires-soon", message);
    } else if (end - at_ < (is_ca ? kCaWarningMargin : kLeafWarningMargin)) {
      findings_.warning("expires-soon", found_.place, message, next_step(found_.role));
    }
  }

  void check_life(Moment begin, Moment end) {
    const int years = is_ca_role(found_.role) ? 10 : 2;
    if (end <= add_years(begin, years) + kLifeTolerance) return;
    findings_.warning(
        "validity-too-long", found_.place,
        say(fmt::format("valid for {} days; {} years wanted", days_between(begin, end), years)),
        next_step(found_.role));
  }

  void check_serial() {
    const ASN1_INTEGER* const serial = X509_get0_serialNumber(x509_);
    const Number number(ASN1_INTEGER_to_BN(serial, nullptr));
    if (!number) return;
    const int bits = BN_num_bits(number.get());
    const std::string help = "make it again with a random serial number";
    if (BN_is_negative(number.get()) == 1) {
      findings_.error("serial", found_.place, say("serial is negative"), help);
    } else if (bits == 0) {
      findings_.error("serial", found_.place, say("serial is zero"), help);
    } else if (bits >= kBytesOfSerialMax * 8) {
      findings_.error("serial", found_.place, say("serial is longer than 20 octets"), help);
    } else if (bits <= (kBytesOfSerialRandom - 1) * 8) {
      findings_.warning("serial", found_.place,
                        say(fmt::format("serial has {} bits; 64 random ones wanted", bits)), help);
    }
  }

  // Nothing beyond the profile is harmful by itself, but nobody asked for it either.
  void report_extra(X509_EXTENSION* extension) {
    const int kind = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
    for (const int usual :
         {NID_basic_constraints, NID_key_usage, NID_subject_key_identifier,
          NID_authority_key_identifier, NID_ext_key_usage, NID_subject_alt_name}) {
      if (kind == usual) return;
    }
    char name[80] = {};
    OBJ_obj2txt(name, sizeof name, X509_EXTENSION_get_object(extension), 0);
    findings_.note("extension-extra", found_.place, say(fmt::format("{} is not needed", name)),
                   "leave it out of the next one");
  }

  void check_extensions() {
    for (int i = 0; i < X509_get_ext_count(x509_); ++i) {
      X509_EXTENSION* const extension = X509_get_ext(x509_, i);
      report_extra(extension);
      if (X509_EXTENSION_get_critical(extension) != 1 || X509_supported_extension(extension) == 1) {
        continue;
      }
      char name[80] = {};
      OBJ_obj2txt(name, sizeof name, X509_EXTENSION_get_object(extension), 1);
      findings_.error("unknown-critical", found_.place,
                      say(fmt::format("unknown critical extension {}", name)),
                      "make it again without the extension");
    }
    X509_check_purpose(x509_, -1, 0);
    if ((X509_get_extension_flags(x509_) & EXFLAG_INVALID) != 0) {
      findings_.error("der-invalid", found_.place, say("an extension is malformed or given twice"),
                      "make it again with the extensions of this product");
    }
    take_library_error();
  }

  const FoundCertificate& found_;
  X509* const x509_;
  const Moment at_;
  Findings& findings_;
};

void check_shared_serials(const Material& material, Findings& findings) {
  std::map<std::string, const FoundCertificate*> seen;
  for (const FoundCertificate* const found : material.all()) {
    const std::string serial = facts_of(found->get(), found->role).serial;
    const auto [first, is_new] = seen.emplace(serial, found);
    if (is_new || X509_cmp(first->second->get(), found->get()) == 0) continue;
    findings.warning("serial", found->place,
                     fmt::format("two certificates share serial {}: {} and {}", serial,
                                 first->second->name, found->name),
                     "make one of them again with a random serial number");
  }
}

}  // namespace

void check_certificates(const Material& material, Moment at, Findings& findings) {
  for (const FoundCertificate* const found : material.all()) {
    CertificateCheck(*found, at, findings).check();
  }
  check_shared_serials(material, findings);
}

}  // namespace gatehouse::pki
