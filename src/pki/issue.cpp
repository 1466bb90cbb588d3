#include "pki/issue.h"

#include <algorithm>
#include <utility>

#include <openssl/pem.h>

#include "base/json.h"
#include "pki/key_protection.h"
#include "pki/secret_text.h"

namespace gatehouse::pki {

namespace {

constexpr std::size_t kPassphraseBytes = 32;

// Upper and lower case are the same to DNS (RFC 4343).
std::vector<std::string> each_once(const std::vector<std::string>& names) {
  std::vector<std::string> once;
  for (const std::string& name : names) {
    const auto is_it = [&](const std::string& other) { return is_same_dns_name(name, other); };
    if (std::none_of(once.begin(), once.end(), is_it)) once.push_back(name);
  }
  return once;
}

}  // namespace

Result<std::string> certificate_pem(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_X509(bio.get(), certificate) != 1) {
    return library_failure("writing a certificate");
  }
  char* bytes = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &bytes);
  return std::string(bytes, static_cast<std::size_t>(length));
}

std::string journal_line(std::string_view event, X509* certificate, Role role, Moment now) {
  json::object line{{"event", event}, {"at", to_rfc3339(now)}};
  for (const auto& member : to_json(facts_of(certificate, role))) {
    line[member.key()] = member.value();
  }
  line["public_key_sha256"] = public_key_sha256(certificate);
  return json::serialize(line) + "\n";
}

Result<MadeCa> issue_ca(const Issuer& issuer, const SubjectName& subject) {
  const CryptoLibrary& library = issuer.library;
  Result<PrivateKey> key = issuer.key_maker.make_key(library, Curve::p384);
  if (!key) return fail(key.error());
  const Result<Secret> serial = issuer.key_maker.random(library, kSerialBytes);
  if (!serial) return fail(serial.error());
  Result<Certificate> certificate = make_ca_certificate(library, key->get(),
                                                        {.subject = subject,
                                                         .now = issuer.now,
                                                         .serial = serial->reveal(),
                                                         .years = issuer.ca_years});
  if (!certificate) return fail(certificate.error());
  Result<std::string> pem = certificate_pem(certificate->get());
  if (!pem) return fail(pem.error());
  const Result<Secret> random = issuer.key_maker.random(library, kPassphraseBytes);
  if (!random) return fail(random.error());
  Secret passphrase = encode_base64(random->reveal());
  const Result<Secret> salt = issuer.key_maker.random(library, kSaltBytes);
  if (!salt) return fail(salt.error());
  Result<Secret> key_pem =
      encrypted_key_pem(library, key->get(), {passphrase, *salt, issuer.iterations});
  if (!key_pem) return fail(key_pem.error());
  return MadeCa{std::move(*key), std::move(*certificate), std::move(*pem), std::move(passphrase),
                std::move(*key_pem)};
}

Result<MadeController> issue_controller(const Issuer& issuer, const Signer& ca,
                                        ControllerOrder order) {
  Result<PrivateKey> key = issuer.key_maker.make_key(issuer.library, Curve::p256);
  if (!key) return fail(key.error());
  const Result<Secret> serial = issuer.key_maker.random(issuer.library, kSerialBytes);
  if (!serial) return fail(serial.error());
  order.now = issuer.now;
  order.serial = serial->reveal();
  order.days = issuer.controller_days;
  order.dns_names = each_once(order.dns_names);
  const std::string& own = order.subject.common_name;
  const bool has_own =
      std::any_of(order.dns_names.begin(), order.dns_names.end(),
                  [&](const std::string& name) { return is_same_dns_name(name, own); });
  if (!has_own) order.dns_names.insert(order.dns_names.begin(), own);
  Result<Certificate> certificate =
      make_controller_certificate(issuer.library, key->get(), ca, order);
  if (!certificate) return fail(certificate.error());
  Result<std::string> pem = certificate_pem(certificate->get());
  if (!pem) return fail(pem.error());
  Result<Secret> key_pem = plain_key_pem(issuer.library, key->get());
  if (!key_pem) return fail(key_pem.error());
  return MadeController{std::move(*certificate), std::move(*pem), std::move(*key_pem)};
}

}  // namespace gatehouse::pki
