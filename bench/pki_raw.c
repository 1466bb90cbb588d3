/* The arithmetic that a management PKI cannot do without, by libcrypto alone: two P-384 CAs and a
 * P-256 leaf, their signatures, each CA key sealed by PBKDF2 and AES-256, one of them opened again,
 * and what a check of both chains takes: three signatures verified, one more key made and signed for
 * an amphora, and verified. Writes nothing. usage: pki_raw ITERATIONS */
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>

enum { kBodyBytes = 512 };

static OSSL_LIB_CTX *library;

static void need(int is_done, const char *what) {
  if (is_done) return;
  fprintf(stderr, "pki_raw: %s\n", what);
  exit(1);
}

static EVP_PKEY *make_key(const char *curve) {
  EVP_PKEY *key = EVP_PKEY_Q_keygen(library, NULL, "EC", curve);
  need(key != NULL, "key");
  return key;
}

static unsigned char body[kBodyBytes];

static size_t sign(EVP_PKEY *key, unsigned char *signature, size_t room) {
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  size_t length = room;
  need(EVP_DigestSignInit_ex(context, NULL, "SHA384", library, NULL, key, NULL) == 1, "sign");
  need(EVP_DigestSign(context, signature, &length, body, sizeof body) == 1, "sign");
  EVP_MD_CTX_free(context);
  return length;
}

static void verify(EVP_PKEY *key, const unsigned char *signature, size_t length) {
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  need(EVP_DigestVerifyInit_ex(context, NULL, "SHA384", library, NULL, key, NULL) == 1, "verify");
  need(EVP_DigestVerify(context, signature, length, body, sizeof body) == 1, "verify");
  EVP_MD_CTX_free(context);
}

static void derive(int iterations) {
  unsigned char passphrase[44], salt[16], key[32];
  EVP_MD *digest = EVP_MD_fetch(library, "SHA256", NULL);
  need(RAND_priv_bytes_ex(library, passphrase, sizeof passphrase, 0) == 1, "random");
  need(RAND_bytes_ex(library, salt, sizeof salt, 0) == 1, "random");
  need(PKCS5_PBKDF2_HMAC((const char *)passphrase, sizeof passphrase, salt, sizeof salt, iterations,
                         digest, sizeof key, key) == 1,
       "derive");
  EVP_MD_free(digest);
}

static void sign_and_verify(EVP_PKEY *signer) {
  unsigned char signature[128];
  verify(signer, signature, sign(signer, signature, sizeof signature));
}

int main(int argc, char **argv) {
  const int iterations = argc > 1 ? atoi(argv[1]) : 10000;
  library = OSSL_LIB_CTX_new();
  OSSL_PROVIDER *provider = OSSL_PROVIDER_load(library, "default");
  need(provider != NULL, "provider");
  EVP_PKEY *issuing = make_key("P-384"), *controller_ca = make_key("P-384");
  EVP_PKEY *controller = make_key("P-256"), *amphora = make_key("P-256");
  sign_and_verify(issuing);        /* the issuing CA by itself */
  sign_and_verify(controller_ca);  /* the controller CA by itself */
  sign_and_verify(controller_ca);  /* the controller certificate */
  sign_and_verify(issuing);        /* an amphora certificate, for trial */
  for (int i = 0; i < 3; ++i) derive(iterations); /* two keys sealed, one opened */
  EVP_PKEY_free(issuing);
  EVP_PKEY_free(controller_ca);
  EVP_PKEY_free(controller);
  EVP_PKEY_free(amphora);
  OSSL_PROVIDER_unload(provider);
  OSSL_LIB_CTX_free(library);
  return 0;
}
