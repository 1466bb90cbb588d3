#include "pki/make_chain.h"

#include <algorithm>
#include <utility>

#include <openssl/pem.h>

#include "base/json.h"
#include "pki/certificate_facts.h"
#include "pki/certificate_profile.h"
#include "pki/key_protection.h"
#include "pki/request_check.h"
#include "pki/secret_text.h"

namespace gatehouse::pki {

namespace {

constexpr std::size_t kPassphraseBytes = 32;

struct MadeCa {
  PrivateKey key;
  Certificate certificate;
  Secret key_pem;
  Secret passphrase;
};

Result<std::string> certificate_pem(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_X509(bio.get(), certificate) != 1) {
    return library_failure("writing a certificate");
  }
  char* bytes = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &bytes);
  return std::string(bytes, static_cast<std::size_t>(length));
}

std::string journal_line(X509* certificate, Role role, Moment now) {
  json::object line{{"event", "created"}, {"at", to_rfc3339(now)}};
  for (const auto& member : to_json(facts_of(certificate, role))) {
    line[member.key()] = member.value();
  }
  line["public_key_sha256"] = public_key_sha256(certificate);
  return json::serialize(line) + "\n";
}

class ChainMaker {
 public:
  ChainMaker(const CryptoLibrary& library, KeyMaker& key_maker, const PkiRequest& request)
      : library_(library), key_maker_(key_maker), request_(request) {}

  Result<MadeChain> make() {
    Result<MadeCa> issuing = make_ca(request_.name + " Issuing CA");
    if (!issuing) return fail(issuing.error());
    Result<MadeCa> controller_ca = make_ca(request_.name + " Controller CA");
    if (!controller_ca) return fail(controller_ca.error());
    Result<PrivateKey> key = key_maker_.make_key(library_, Curve::p256);
    if (!key) return fail(key.error());
    Result<Certificate> certificate = make_leaf(key->get(), *controller_ca);
    if (!certificate) return fail(certificate.error());
    return assemble(std::move(*issuing), std::move(*controller_ca), key->get(), certificate->get());
  }

 private:
  Result<MadeCa> make_ca(const std::string& common_name) {
    Result<PrivateKey> key = key_maker_.make_key(library_, Curve::p384);
    if (!key) return fail(key.error());
    const Result<Secret> serial = key_maker_.random(library_, kSerialBytes);
    if (!serial) return fail(serial.error());
    Result<Certificate> certificate =
        make_ca_certificate(library_, key->get(),
                            {.subject = {request_.organisation, common_name},
                             .now = request_.now,
                             .serial = serial->reveal()});
    if (!certificate) return fail(certificate.error());
    const Result<Secret> random = key_maker_.random(library_, kPassphraseBytes);
    if (!random) return fail(random.error());
    Secret passphrase = encode_base64(random->reveal());
    const Result<Secret> salt = key_maker_.random(library_, kSaltBytes);
    if (!salt) return fail(salt.error());
    Result<Secret> key_pem = encrypted_key_pem(library_, key->get(), passphrase, *salt);
    if (!key_pem) return fail(key_pem.error());
    return MadeCa{std::move(*key), std::move(*certificate), std::move(*key_pem),
                  std::move(passphrase)};
  }

  Result<Certificate> make_leaf(EVP_PKEY* key, const MadeCa& ca) {
    const Result<Secret> serial = key_maker_.random(library_, kSerialBytes);
    if (!serial) return fail(serial.error());
    ControllerOrder order{.subject = {request_.organisation, controller_common_name(request_)},
                          .dns_names = request_.dns,
                          .ip_addresses = request_.ips,
                          .now = request_.now,
                          .serial = serial->reveal()};
    const std::string& own = order.subject.common_name;
    if (std::find(order.dns_names.begin(), order.dns_names.end(), own) == order.dns_names.end()) {
      order.dns_names.insert(order.dns_names.begin(), own);
    }
    return make_controller_certificate(library_, key, {ca.certificate.get(), ca.key.get()}, order);
  }

  Result<MadeChain> assemble(MadeCa issuing, MadeCa controller_ca, EVP_PKEY* key,
                             X509* certificate) {
    const auto issuing_pem = certificate_pem(issuing.certificate.get());
    const auto controller_ca_pem = certificate_pem(controller_ca.certificate.get());
    const auto controller_pem = certificate_pem(certificate);
    for (const auto* const pem : {&issuing_pem, &controller_ca_pem, &controller_pem}) {
      if (!*pem) return fail(pem->error());
    }
    Result<Secret> key_pem = plain_key_pem(library_, key);
    if (!key_pem) return fail(key_pem.error());
    const Moment now = request_.now;
    return MadeChain{
        .chain = {.issuing_certificate = *issuing_pem,
                  .issuing_key = std::move(issuing.key_pem),
                  .issuing_passphrase = std::move(issuing.passphrase),
                  .controller_ca_certificate = *controller_ca_pem,
                  .controller_ca_key = std::move(controller_ca.key_pem),
                  .controller_ca_passphrase = std::move(controller_ca.passphrase),
                  .controller_certificate = *controller_pem,
                  .controller_key = std::move(*key_pem)},
        .journal = journal_line(issuing.certificate.get(), Role::issuing_ca, now) +
                   journal_line(controller_ca.certificate.get(), Role::controller_ca, now) +
                   journal_line(certificate, Role::controller, now)};
  }

  const CryptoLibrary& library_;
  KeyMaker& key_maker_;
  const PkiRequest& request_;
};

}  // namespace

Result<MadeChain> make_chain(const CryptoLibrary& library, KeyMaker& key_maker,
                             const PkiRequest& request) {
  return ChainMaker(library, key_maker, request).make();
}

}  // namespace gatehouse::pki
