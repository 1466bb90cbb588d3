#include "pki/key_reading.h"

#include <set>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"
#include "pki/key_protection.h"
#include "pki/secret_text.h"

namespace gatehouse::pki {

namespace {

constexpr std::string_view kBlanks = " \t\r\n\v\f";
/// oslo.config interpolates `$`, strips outer quotes; a backslash changes meaning on the way.
constexpr std::string_view kUnsafe = "$\"'\\";
/// 16 random characters of base64 have 96 bits.
constexpr std::size_t kPassphraseCharactersLeast = 16;
constexpr std::size_t kDifferentCharactersLeast = 8;
/// Beyond this the other readings of a wrong passphrase are not tried, each costs a derivation.
constexpr std::uint64_t kIterationsForHints = 100'000;

const std::string kNewPassphrase =
    "take the one that belongs to the key, or make new CAs with `gatehouse pki create`";

const PemBlock* key_block(const OptionText& option, Findings& findings) {
  const PemBlock* found = nullptr;
  std::size_t count = 0;
  bool has_certificate = false;
  for (const PemBlock& block : option.pem.blocks) {
    has_certificate = has_certificate || block.is_certificate();
    if (!block.is_private_key()) continue;
    if (found == nullptr) found = &block;
    ++count;
  }
  if (has_certificate && option.place.option == name_of(Option::issuing_ca_private_key)) {
    findings.warning("pem-junk", option.place,
                     option.place.option + " holds a certificate beside the key",
                     "keep the key alone");
  }
  if (found == nullptr) {
    findings.error("pem-none", option.place, option.place.option + " holds no private key",
                   "encode the file of the key");
  } else if (count > 1) {
    findings.warning("pem-junk", option.place,
                     fmt::format("{} holds {} private keys; Octavia reads the first",
                                 option.place.option, count),
                     "keep the one that belongs to the certificate");
  }
  return found;
}

// OpenSSL looks neither at the versions in a key nor at some of its lengths; other readers do.
void check_form(const OpenedKey& opened, const Place& place, std::string_view what,
                Findings& findings) {
  if (opened.is_exact) return;
  findings.warning(
      "der-invalid", place,
      fmt::format("{} opens, but is not written as OpenSSL writes it; a byte of it may "
                  "have been changed, and a stricter reader may refuse it",
                  what),
      "encode the file of the key again, or write it again with `openssl pkey`");
}

void report_weak(const Place& place, std::string_view what, Findings& findings) {
  findings.warning("kdf-weak", place, fmt::format("issuing CA key: {}", what),
                   "encrypt it again: openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 10000");
}

void check_iterations(const Place& place, std::uint64_t iterations, Findings& findings) {
  const std::string what =
      fmt::format("PBKDF2 with {} iteration{}", iterations, iterations == 1 ? "" : "s");
  if (iterations < kIterationsLeast) {
    findings.error("kdf-weak", place, "issuing CA key: " + what,
                   "encrypt it again with 10000: openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 10000");
  } else if (iterations < kIterations) {
    report_weak(place, fmt::format("{}; {} wanted", what, kIterations), findings);
  } else if (iterations > kIterationsMost) {
    findings.error("kdf-weak", place,
                   "issuing CA key: " + what + "; Octavia derives it for each amphora",
                   "encrypt it again with 10000: openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 10000");
  }
}

void check_protection(const Place& place, const KeyProtection& protection, Findings& findings) {
  if (protection.format == KeyFormat::old_pem_encrypted) {
    return report_weak(place, protection.scheme, findings);
  }
  if (!protection.scheme.starts_with("PBES2")) {
    return report_weak(place, "encrypted by " + protection.scheme + "; PBES2 wanted", findings);
  }
  if (protection.iterations) check_iterations(place, *protection.iterations, findings);
  if (protection.salt_bytes.value_or(kSaltBytes) < kSaltBytes) {
    findings.warning("kdf-weak", place,
                     fmt::format("issuing CA key: salt of {} bytes; {} wanted",
                                 *protection.salt_bytes, kSaltBytes),
                     "openssl before 3.2 writes no longer one; a new CA has it: gatehouse pki roll "
                     "issuing");
  }
  if (!protection.cipher.starts_with("AES-") && !protection.cipher.starts_with("id-aes")) {
    report_weak(place, "encrypted with " + protection.cipher + "; AES-256-CBC wanted", findings);
  }
  if (protection.prf == "hmacWithSHA1" || protection.prf == "hmacWithMD5") {
    report_weak(place, "PBKDF2 with " + protection.prf + "; hmacWithSHA256 wanted", findings);
  }
}

// What the operator may have done to the passphrase, by trying it.
std::string hint_for(const CryptoLibrary& library, const PemBlock& block,
                     std::string_view passphrase) {
  if (const auto decoded = decode_base64(passphrase);
      decoded && open_key(library, block, decoded->reveal()).key) {
    return " (its base64 decoding does)";
  }
  if (open_key(library, block, encode_base64(passphrase).reveal()).key) {
    return " (its base64 encoding does)";
  }
  const Secret stripped = without_blanks(passphrase);
  if (stripped.size() != passphrase.size() && open_key(library, block, stripped.reveal()).key) {
    return " (it does without its blanks)";
  }
  if (open_key(library, block, concatenate({passphrase, "\n"}).reveal()).key) {
    return " (it does with a line break at its end)";
  }
  return "";
}

// oslo.config strips outer blanks, so what Octavia tries is the stripped passphrase.
OpenedKey open_with_passphrase(const CryptoLibrary& library, const PemBlock& block,
                               std::string_view passphrase) {
  OpenedKey opened = open_key(library, block, passphrase);
  if (!opened.key && trim(passphrase) != passphrase) {
    opened = open_key(library, block, trim(passphrase));
  }
  return opened;
}

std::string unsafe_sentence(char c) {
  switch (c) {
    case '$':
      return "has \"$\", which octavia.conf interpolates";
    case '\\':
      return "has a backslash, which YAML or octavia.conf may change";
    default:
      return "has a quote, which octavia.conf may strip";
  }
}

}  // namespace

void check_passphrase(const OverlayDocument& document, Findings& findings) {
  const auto& value = document.value(Option::issuing_ca_key_passphrase);
  if (!value) return;
  const Place place = document.place(Option::issuing_ca_key_passphrase);
  const std::string_view text = value->text;
  if (text.find_first_of("\r\n") != std::string_view::npos) {
    findings.error("passphrase-whitespace", place,
                   text.find_first_of("\r\n") + 2 < text.size()
                       ? "the passphrase has a line break; what follows would be a setting of "
                         "octavia.conf"
                       : "the passphrase ends in a line break",
                   "write it on one line, in quotes");
  } else if (kBlanks.find(text.front()) != std::string_view::npos ||
             kBlanks.find(text.back()) != std::string_view::npos) {
    findings.error("passphrase-whitespace", place, "the passphrase begins or ends in a blank",
                   "remove the blank; octavia.conf strips it");
  }
  if (const std::size_t at = text.find_first_of(kUnsafe); at != std::string_view::npos) {
    findings.error("passphrase-unsafe", place, "the passphrase " + unsafe_sentence(text[at]),
                   kNewPassphrase);
  }
  const std::size_t different = std::set<char>(text.begin(), text.end()).size();
  if (text.size() < kPassphraseCharactersLeast) {
    findings.warning("passphrase-weak", place,
                     fmt::format("the passphrase has {} characters", text.size()), kNewPassphrase);
  } else if (different < kDifferentCharactersLeast) {
    findings.warning("passphrase-weak", place,
                     fmt::format("the passphrase has {} different characters", different),
                     kNewPassphrase);
  }
}

PrivateKey read_issuing_key(const CryptoLibrary& library, const OverlayDocument& document,
                            Findings& findings) {
  const auto option = read_option_text(document, Option::issuing_ca_private_key, findings);
  if (!option) return {};
  const PemBlock* const block = key_block(*option, findings);
  if (block == nullptr || !block->is_complete) return {};
  const auto protection = protection_of(*block);
  if (!protection ||
      (protection->format == KeyFormat::plain && !open_key(library, *block, "").key)) {
    findings.error("der-invalid", option->place, "the issuing CA key can not be decoded",
                   "encode the file of the key again");
    return {};
  }
  if (protection->format == KeyFormat::plain) {
    findings.error("key-not-encrypted", option->place,
                   "the issuing CA key is not encrypted; Octavia refuses it with a passphrase",
                   "encrypt it: openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 10000");
    return open_key(library, *block, "").key;
  }
  check_protection(option->place, *protection, findings);
  const auto& passphrase = document.value(Option::issuing_ca_key_passphrase);
  if (!passphrase) return {};
  OpenedKey opened = open_with_passphrase(library, *block, passphrase->text);
  if (!opened.key) {
    const bool can_try = protection->iterations.value_or(0) <= kIterationsForHints;
    findings.error("passphrase-wrong", document.place(Option::issuing_ca_key_passphrase),
                   "the passphrase does not open the issuing CA key" +
                       (can_try ? hint_for(library, *block, passphrase->text) : ""),
                   kNewPassphrase);
  } else {
    check_form(opened, option->place, "the issuing CA key", findings);
  }
  return std::move(opened.key);
}

PrivateKey read_controller_key(const CryptoLibrary& library, const OptionText& option,
                               Findings& findings) {
  const PemBlock* const block = key_block(option, findings);
  if (block == nullptr || !block->is_complete) return {};
  const auto protection = protection_of(*block);
  if ((protection && protection->format != KeyFormat::plain) ||
      block->label == "ENCRYPTED PRIVATE KEY") {
    findings.error("leaf-key-encrypted", option.place,
                   "the controller key is encrypted; Octavia has no passphrase for it",
                   "decrypt it with `openssl pkey` before encoding");
    return {};
  }
  OpenedKey opened = open_key(library, *block, "");
  if (!opened.key) {
    findings.error("der-invalid", option.place, "the controller key can not be decoded",
                   "encode the file of the key again");
  } else {
    check_form(opened, option.place, "the controller key", findings);
  }
  return std::move(opened.key);
}

}  // namespace gatehouse::pki
