#include "pki/key_protection.h"

#include <algorithm>
#include <climits>
#include <cstring>

#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "pki/secret_text.h"

namespace gatehouse::pki {

namespace {

using Pbe2 = Handle<PBE2PARAM, PBE2PARAM_free>;
using Pbkdf2 = Handle<PBKDF2PARAM, PBKDF2PARAM_free>;

Bio secret_bio() {
  return Bio(BIO_new(BIO_s_secmem()));
}

Secret bytes_in(BIO* bio) {
  char* bytes = nullptr;
  const long length = BIO_get_mem_data(bio, &bytes);
  return length > 0 ? Secret({bytes, static_cast<std::size_t>(length)}) : Secret();
}

// Into bytes of ours: the library's own, which i2d_..._bio takes, go away unwiped.
Secret der_of(const PKCS8_PRIV_KEY_INFO* info) {
  const int length = i2d_PKCS8_PRIV_KEY_INFO(info, nullptr);
  if (length <= 0) return {};
  std::string bytes(static_cast<std::size_t>(length), '\0');
  auto* end = reinterpret_cast<unsigned char*>(bytes.data());
  if (i2d_PKCS8_PRIV_KEY_INFO(info, &end) != length) return {};
  return Secret::take(bytes);
}

std::string long_name(const ASN1_OBJECT* object) {
  const int nid = OBJ_obj2nid(object);
  return nid == NID_undef ? "unknown" : OBJ_nid2sn(nid);
}

EncryptedKeyInfo encrypted_info(const PemBlock& block) {
  const std::string_view der = block.der.reveal();
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  const auto* const end = bytes + der.size();
  EncryptedKeyInfo info(d2i_X509_SIG(nullptr, &bytes, static_cast<long>(der.size())));
  if (bytes != end) info.reset();
  return info;
}

void describe_pbkdf2(const ASN1_TYPE* parameter, KeyProtection& protection) {
  const Pbkdf2 kdf(
      static_cast<PBKDF2PARAM*>(ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), parameter)));
  if (!kdf) return;
  protection.scheme = "PBES2 with PBKDF2";
  std::uint64_t iterations = 0;
  if (ASN1_INTEGER_get_uint64(&iterations, kdf->iter) == 1) protection.iterations = iterations;
  if (kdf->salt->type == V_ASN1_OCTET_STRING) {
    protection.salt_bytes =
        static_cast<std::size_t>(ASN1_STRING_length(kdf->salt->value.octet_string));
  }
  protection.prf = "hmacWithSHA1";  // The default of RFC 8018 A.2.
  if (kdf->prf != nullptr) protection.prf = long_name(kdf->prf->algorithm);
}

void describe_pbes2(const ASN1_TYPE* parameter, KeyProtection& protection) {
  const Pbe2 scheme(
      static_cast<PBE2PARAM*>(ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), parameter)));
  if (!scheme) return;
  const ASN1_OBJECT* cipher = nullptr;
  X509_ALGOR_get0(&cipher, nullptr, nullptr, scheme->encryption);
  protection.cipher = long_name(cipher);
  const ASN1_OBJECT* kdf = nullptr;
  X509_ALGOR_get0(&kdf, nullptr, nullptr, scheme->keyfunc);
  protection.scheme = "PBES2 with " + long_name(kdf);
  if (OBJ_obj2nid(kdf) == NID_id_pbkdf2) describe_pbkdf2(scheme->keyfunc->parameter, protection);
}

// The schemes of before PKCS#5 v2 name salt and iterations themselves.
void describe_pbes1(const ASN1_TYPE* parameter, KeyProtection& protection) {
  const Handle<PBEPARAM, PBEPARAM_free> scheme(
      static_cast<PBEPARAM*>(ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM), parameter)));
  std::uint64_t iterations = 0;
  if (scheme && ASN1_INTEGER_get_uint64(&iterations, scheme->iter) == 1) {
    protection.iterations = iterations;
  }
}

std::optional<KeyProtection> pkcs8_protection(const PemBlock& block) {
  const EncryptedKeyInfo info = encrypted_info(block);
  if (!info) return std::nullopt;
  const X509_ALGOR* algorithm = nullptr;
  X509_SIG_get0(info.get(), &algorithm, nullptr);
  KeyProtection protection;
  protection.format = KeyFormat::pkcs8_encrypted;
  protection.scheme = long_name(algorithm->algorithm);
  if (OBJ_obj2nid(algorithm->algorithm) == NID_pbes2) {
    describe_pbes2(algorithm->parameter, protection);
  } else {
    describe_pbes1(algorithm->parameter, protection);
  }
  return protection;
}

/// The version inside an elliptic key, which is 1 (RFC 5915); OpenSSL keeps whatever it finds.
bool has_wanted_version(const PKCS8_PRIV_KEY_INFO* found, const PrivateKey& key) {
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_EC) return true;
  const unsigned char* bytes = nullptr;
  int size = 0;
  if (PKCS8_pkey_get0(nullptr, &bytes, &size, nullptr, found) != 1) return false;
  long length = 0;
  int tag = 0, type = 0;
  if ((ASN1_get_object(&bytes, &length, &tag, &type, size) & 0x80) != 0) return false;
  const Integer version(d2i_ASN1_INTEGER(nullptr, &bytes, length));
  return version && ASN1_INTEGER_get(version.get()) == 1;
}

/// As it would be written from `key`. What no reader looks at, such as the version, differs where a
/// byte was changed.
bool is_exactly(const PKCS8_PRIV_KEY_INFO* found, const PrivateKey& key) {
  const PlainKeyInfo wanted(key ? EVP_PKEY2PKCS8(key.get()) : nullptr);
  const Secret now = der_of(found);
  return wanted && has_wanted_version(found, key) && !now.reveal().empty() &&
         now.reveal() == der_of(wanted.get()).reveal();
}

OpenedKey key_in(const CryptoLibrary& library, const PlainKeyInfo& plain) {
  if (!plain) return {};
  OpenedKey opened{PrivateKey(EVP_PKCS82PKEY_ex(plain.get(), library.context(), nullptr))};
  opened.is_exact = is_exactly(plain.get(), opened.key);
  return opened;
}

OpenedKey open_sealed(const CryptoLibrary& library, const PemBlock& block,
                      std::string_view passphrase) {
  const EncryptedKeyInfo info = encrypted_info(block);
  if (!info || passphrase.size() > INT_MAX) return {};
  const PlainKeyInfo plain(PKCS8_decrypt_ex(info.get(), passphrase.data(),
                                            static_cast<int>(passphrase.size()), library.context(),
                                            nullptr));
  return key_in(library, plain);
}

OpenedKey open_plain(const CryptoLibrary& library, const PemBlock& block) {
  const std::string_view der = block.der.reveal();
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  const auto* const end = bytes + der.size();
  const PlainKeyInfo plain(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &bytes, static_cast<long>(der.size())));
  OpenedKey opened = key_in(library, plain);
  opened.is_exact = opened.is_exact && bytes == end;
  return opened;
}

int give_passphrase(char* buffer, int size, int, void* user) {
  const auto& passphrase = *static_cast<const std::string_view*>(user);
  if (size < 0 || passphrase.size() > static_cast<std::size_t>(size)) return -1;
  std::memcpy(buffer, passphrase.data(), passphrase.size());
  return static_cast<int>(passphrase.size());
}

OpenedKey open_traditional(const CryptoLibrary& library, const PemBlock& block,
                           std::string_view passphrase) {
  if (block.text.size() > INT_MAX) return {};
  const Bio bio(BIO_new_mem_buf(block.text.data(), static_cast<int>(block.text.size())));
  if (!bio) return {};
  return {PrivateKey(PEM_read_bio_PrivateKey_ex(bio.get(), nullptr, give_passphrase, &passphrase,
                                                library.context(), nullptr))};
}

Algorithm our_encryption(const CryptoLibrary& library, const Sealing& sealing) {
  std::string salt_bytes(sealing.salt.reveal());
  return Algorithm(PKCS5_pbe2_set_iv_ex(library.cipher("AES-256-CBC").get(), sealing.iterations,
                                        reinterpret_cast<unsigned char*>(salt_bytes.data()),
                                        static_cast<int>(salt_bytes.size()), nullptr,
                                        NID_hmacWithSHA256, library.context()));
}

}  // namespace

Result<Secret> plain_key_pem(const CryptoLibrary&, EVP_PKEY* key) {
  const Bio bio = secret_bio();
  const PlainKeyInfo info(EVP_PKEY2PKCS8(key));
  if (!bio || !info || PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio.get(), info.get()) != 1) {
    return library_failure("writing a key");
  }
  return bytes_in(bio.get());
}

Result<Secret> encrypted_key_pem(const CryptoLibrary& library, EVP_PKEY* key,
                                 const Sealing& sealing) {
  const PlainKeyInfo info(EVP_PKEY2PKCS8(key));
  Algorithm encryption = our_encryption(library, sealing);
  if (!info || !encryption) return library_failure("encrypting a key");
  const std::string_view text = sealing.passphrase.reveal();
  const EncryptedKeyInfo sealed(PKCS8_set0_pbe_ex(text.data(), static_cast<int>(text.size()),
                                                  info.get(), encryption.get(), library.context(),
                                                  nullptr));
  if (!sealed) return library_failure("encrypting a key");
  static_cast<void>(encryption.release());  // It belongs to `sealed` from here on.
  const Bio bio = secret_bio();
  if (!bio || PEM_write_bio_PKCS8(bio.get(), sealed.get()) != 1) {
    return library_failure("writing a key");
  }
  return bytes_in(bio.get());
}

std::optional<KeyProtection> protection_of(const PemBlock& block) {
  if (!block.is_private_key() || !block.is_complete) return std::nullopt;
  if (block.has_headers) {
    const bool is_encrypted = block.text.find("ENCRYPTED") != std::string_view::npos;
    if (!is_encrypted) return KeyProtection{};
    KeyProtection protection;
    protection.format = KeyFormat::old_pem_encrypted;
    protection.scheme = "old PEM encryption (MD5 key derivation)";
    return protection;
  }
  if (block.label == "ENCRYPTED PRIVATE KEY") return pkcs8_protection(block);
  return KeyProtection{};
}

OpenedKey open_key(const CryptoLibrary& library, const PemBlock& block,
                   std::string_view passphrase) {
  const std::optional<KeyProtection> protection = protection_of(block);
  if (!protection) return {};
  if (protection->iterations.value_or(0) > kIterationsMost) return {};
  OpenedKey opened;
  if (protection->format == KeyFormat::pkcs8_encrypted) {
    opened = open_sealed(library, block, passphrase);
  } else if (block.label == "PRIVATE KEY") {
    opened = open_plain(library, block);
  } else {
    opened = open_traditional(library, block, passphrase);
  }
  take_library_error();
  return opened;
}

}  // namespace gatehouse::pki
