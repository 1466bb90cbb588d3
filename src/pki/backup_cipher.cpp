#include "pki/backup_cipher.h"

#include <openssl/evp.h>

#include "pki/backup.h"
#include "pki/handles.h"

namespace gatehouse::pki {

namespace {

constexpr std::string_view kFirstLine = "gatehouse pki backup 1\n";
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kBackupSaltBytes = 16;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kHeadBytes = kFirstLine.size() + kBackupSaltBytes + kNonceBytes;

using CipherContext = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned char* raw(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

Result<Secret> derive_key(const CryptoLibrary& library, const Secret& passphrase,
                          std::string_view salt) {
  std::string key(kKeyBytes, '\0');
  const std::string_view text = passphrase.reveal();
  const int done = PKCS5_PBKDF2_HMAC(text.data(), static_cast<int>(text.size()), raw(salt),
                                     static_cast<int>(salt.size()), kBackupIterations,
                                     library.digest("SHA256").get(), kKeyBytes, raw(key));
  if (done != 1) return library_failure("deriving a key");
  return Secret::take(key);
}

}  // namespace

Result<std::string> seal_backup(const CryptoLibrary& library, KeyMaker& key_maker,
                                std::string_view bytes, const Secret& passphrase) {
  const Result<Secret> random = key_maker.random(library, kBackupSaltBytes + kNonceBytes);
  if (!random) return fail(random.error());
  const std::string_view salt = random->reveal().substr(0, kBackupSaltBytes);
  const std::string_view nonce = random->reveal().substr(kBackupSaltBytes);
  const Result<Secret> key = derive_key(library, passphrase, salt);
  if (!key) return fail(key.error());
  std::string out(kFirstLine);
  out += random->reveal();
  const CipherContext context(EVP_CIPHER_CTX_new());
  std::string sealed(bytes.size(), '\0');
  std::string tag(kTagBytes, '\0');
  int written = 0;
  const bool is_sealed =
      context &&
      EVP_EncryptInit_ex(context.get(), library.cipher("AES-256-GCM").get(), nullptr,
                         raw(key->reveal()), raw(nonce)) == 1 &&
      EVP_EncryptUpdate(context.get(), nullptr, &written, raw(std::string_view(out)),
                        static_cast<int>(out.size())) == 1 &&
      EVP_EncryptUpdate(context.get(), raw(sealed), &written, raw(bytes),
                        static_cast<int>(bytes.size())) == 1 &&
      EVP_EncryptFinal_ex(context.get(), raw(tag), &written) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes, raw(tag)) == 1;
  if (!is_sealed) return library_failure("encrypting the backup");
  return out + sealed + tag;
}

Result<Secret> open_backup(const CryptoLibrary& library, std::string_view sealed,
                           const Secret& passphrase) {
  if (!sealed.starts_with(kFirstLine) || sealed.size() < kHeadBytes + kTagBytes) {
    return fail(ErrorKind::malformed, "the file is no backup of a workspace",
                "name the file that `gatehouse pki backup` wrote");
  }
  const std::string_view head = sealed.substr(0, kHeadBytes);
  const std::string_view salt = head.substr(kFirstLine.size(), kBackupSaltBytes);
  const std::string_view nonce = head.substr(kFirstLine.size() + kBackupSaltBytes);
  const std::string_view body = sealed.substr(kHeadBytes, sealed.size() - kHeadBytes - kTagBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  const Result<Secret> key = derive_key(library, passphrase, salt);
  if (!key) return fail(key.error());
  const CipherContext context(EVP_CIPHER_CTX_new());
  std::string bytes(body.size(), '\0');
  int written = 0;
  const bool is_opened =
      context &&
      EVP_DecryptInit_ex(context.get(), library.cipher("AES-256-GCM").get(), nullptr,
                         raw(key->reveal()), raw(nonce)) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &written, raw(head),
                        static_cast<int>(head.size())) == 1 &&
      EVP_DecryptUpdate(context.get(), raw(bytes), &written, raw(body),
                        static_cast<int>(body.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kTagBytes, raw(tag)) == 1 &&
      EVP_DecryptFinal_ex(context.get(), raw(tag), &written) == 1;
  take_library_error();
  Secret opened = Secret::take(bytes);
  if (is_opened) return opened;
  return fail(ErrorKind::denied, "the passphrase does not open the backup, or the file was changed",
              "try the passphrase again, or another copy of the file");
}

}  // namespace gatehouse::pki
