// For tests only: keys, and certificates with any flaw.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/objects.h>
#include <openssl/pem.h>

#include "pki/certificate_profile.h"
#include "pki/key_protection.h"
#include "pki/pem_blocks.h"
#include "pki/times.h"

namespace gatehouse::pki::forged {

inline const Moment kNow = *parse_rfc3339("2026-11-22T17:30:00Z");

inline CryptoLibrary& library() {
  static CryptoLibrary opened = *CryptoLibrary::open();
  return opened;
}

inline PrivateKey key_in(const std::string& pem, std::string_view passphrase = "") {
  const PemText text = split_pem(pem);
  for (const PemBlock& block : text.blocks) {
    if (block.is_private_key()) return open_key(library(), block, passphrase).key;
  }
  return {};
}

inline Certificate certificate_in(const std::string& pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  X509* raw = X509_new_ex(library().context(), nullptr);
  PEM_read_bio_X509(bio.get(), &raw, nullptr, nullptr);
  return Certificate(raw);
}

inline std::string pem_of(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate);
  char* bytes = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<std::size_t>(length)};
}

inline std::string plain_pem(EVP_PKEY* key) {
  return std::string(plain_key_pem(library(), key)->reveal());
}

inline std::string sealed_pem(EVP_PKEY* key, const std::string& passphrase) {
  return std::string(
      encrypted_key_pem(library(), key, {Secret(passphrase), Secret("0123456789abcdef")})
          ->reveal());
}

inline PrivateKey ec_key(const char* group) {
  return PrivateKey(EVP_PKEY_Q_keygen(library().context(), nullptr, "EC", group));
}

inline PrivateKey rsa_key() {
  return PrivateKey(
      EVP_PKEY_Q_keygen(library().context(), nullptr, "RSA", static_cast<std::size_t>(2048)));
}

/// One certificate, with whatever flaw.
struct Recipe {
  std::string common_name;
  std::string issuer_name;  ///< "" for the same
  Moment from = kNow - std::chrono::hours(1);
  Moment until = add_years(kNow, 10);
  std::vector<std::pair<int, std::string>> extensions;  ///< in the library's configuration words
  std::string digest = "SHA384";
  long version = 2;
  std::string serial = "1234567890abcdef1234567890abcdef";  ///< hexadecimal, may be negative
};

inline Recipe ca_recipe(const std::string& common_name) {
  Recipe recipe;
  recipe.common_name = common_name;
  recipe.extensions = {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                       {NID_key_usage, "critical,keyCertSign,cRLSign"},
                       {NID_subject_key_identifier, "hash"}};
  return recipe;
}

inline Recipe leaf_recipe() {
  Recipe recipe;
  recipe.common_name = "controller.example.org";
  recipe.issuer_name = "Controller";
  recipe.until = add_years(kNow, 2);
  recipe.serial = "2234567890abcdef1234567890abcdef";
  recipe.extensions = {{NID_basic_constraints, "critical,CA:FALSE"},
                       {NID_key_usage, "critical,digitalSignature"},
                       {NID_ext_key_usage, "clientAuth"},
                       {NID_subject_alt_name, "DNS:controller.example.org"},
                       {NID_subject_key_identifier, "hash"},
                       {NID_authority_key_identifier, "keyid"}};
  return recipe;
}

inline void replace_extension(Recipe& recipe, int nid, const std::string& value) {
  std::erase_if(recipe.extensions, [&](const auto& one) { return one.first == nid; });
  if (!value.empty()) recipe.extensions.emplace_back(nid, value);
}

inline Name name_of_text(const std::string& common_name) {
  Name name(X509_NAME_new());
  X509_NAME_add_entry_by_NID(name.get(), NID_commonName, MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.data()),
                             static_cast<int>(common_name.size()), -1, 0);
  return name;
}

inline Certificate forge(const Recipe& recipe, EVP_PKEY* key, EVP_PKEY* signer,
                         X509* issuer_certificate = nullptr) {
  Certificate certificate(X509_new_ex(library().context(), nullptr));
  X509* const raw = certificate.get();
  X509_set_version(raw, recipe.version);
  BIGNUM* number = nullptr;
  BN_hex2bn(&number, recipe.serial.c_str());
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(raw));
  BN_free(number);
  const Name subject = name_of_text(recipe.common_name);
  const Name issuer =
      name_of_text(recipe.issuer_name.empty() ? recipe.common_name : recipe.issuer_name);
  X509_set_subject_name(raw, subject.get());
  X509_set_issuer_name(raw, issuer.get());
  X509_set1_notBefore(raw, asn1_time(recipe.from).get());
  X509_set1_notAfter(raw, asn1_time(recipe.until).get());
  X509_set_pubkey(raw, key);
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer_certificate == nullptr ? raw : issuer_certificate, raw, nullptr,
                 nullptr, 0);
  for (const auto& [nid, value] : recipe.extensions) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    EXPECT_NE(extension, nullptr) << nid << " " << value;
    X509_add_ext(raw, extension, -1);
    X509_EXTENSION_free(extension);
  }
  EXPECT_GT(X509_sign(raw, signer, library().digest(recipe.digest.c_str()).get()), 0);
  return certificate;
}

}  // namespace gatehouse::pki::forged
