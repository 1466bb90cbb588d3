// Owners of the crypto library's objects. Each frees its object with the library's own function;
// keys and decrypted bytes are wiped by it on the way.
#pragma once

#include <memory>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace gatehouse::pki {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

template <class T, auto Free>
using Handle = std::unique_ptr<T, Freed<Free>>;

inline void free_certificates(STACK_OF(X509) * stack) {
  sk_X509_free(stack);
}

using Certificate = Handle<X509, X509_free>;
using PrivateKey = Handle<EVP_PKEY, EVP_PKEY_free>;
using Bio = Handle<BIO, BIO_free_all>;
using Name = Handle<X509_NAME, X509_NAME_free>;
using Number = Handle<BIGNUM, BN_free>;
using Integer = Handle<ASN1_INTEGER, ASN1_INTEGER_free>;
using Time = Handle<ASN1_TIME, ASN1_TIME_free>;
using OctetString = Handle<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>;
using Digest = Handle<EVP_MD, EVP_MD_free>;
using Cipher = Handle<EVP_CIPHER, EVP_CIPHER_free>;
using GeneralNames = Handle<GENERAL_NAMES, GENERAL_NAMES_free>;
using BasicConstraints = Handle<BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free>;
using KeyIdentifier = Handle<AUTHORITY_KEYID, AUTHORITY_KEYID_free>;
using Algorithm = Handle<X509_ALGOR, X509_ALGOR_free>;
using PlainKeyInfo = Handle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;
using EncryptedKeyInfo = Handle<X509_SIG, X509_SIG_free>;
using Store = Handle<X509_STORE, X509_STORE_free>;
using StoreContext = Handle<X509_STORE_CTX, X509_STORE_CTX_free>;
/// Borrows the certificates in it.
using CertificateStack = Handle<STACK_OF(X509), free_certificates>;

}  // namespace gatehouse::pki
