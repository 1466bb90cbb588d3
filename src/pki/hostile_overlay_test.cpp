// Bytes that nobody wrote on purpose: the verifier must end, and must never call them sound.
#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pki/forged_overlay.h"

namespace gatehouse::pki {
namespace {

constexpr unsigned kSeed = 20261122;

const forged::Parts& sound_parts() {
  static const forged::Parts parts = forged::Forge().build();
  return parts;
}

bool is_refused(const std::string& text) {
  const Source source("overlay.yaml", text, Sensitivity::secret);
  return has_error(forged::judge(source).findings);
}

TEST(HostileOverlay, cut_off_anywhere_is_refused) {
  const std::string text = sound_parts().text();
  // The last two bytes are the closing quote, without which it is no YAML, and the line end.
  for (std::size_t length = 0; length + 1 < text.size(); length += 61) {
    EXPECT_TRUE(is_refused(text.substr(0, length))) << length;
  }
  EXPECT_TRUE(is_refused(text.substr(0, text.size() - 2)));
}

TEST(HostileOverlay, of_random_bytes_is_refused) {
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  for (int round = 0; round < 200; ++round) {
    std::string text(random() % 300, '\0');
    for (char& c : text) c = static_cast<char>(random());
    EXPECT_TRUE(is_refused(text)) << round;
  }
}

// Not every changed byte is an error (a subject's letter, say, breaks the signature; a comment does
// not exist); what counts is that each ends with a judgement.
TEST(HostileOverlay, with_changed_der_ends_with_a_judgement) {
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  const Certificate sound = forged::certificate_in(sound_parts().controller_cacert);
  const std::string der = der_of(sound.get());
  for (int round = 0; round < 150; ++round) {
    std::string changed = der;
    changed[random() % changed.size()] = static_cast<char>(random());
    if (changed == der) continue;
    forged::Parts parts = sound_parts();
    parts.controller_cacert =
        "-----BEGIN CERTIFICATE-----\n" + base64_encode(changed) + "\n-----END CERTIFICATE-----\n";
    // Any change breaks the CA's own signature, or the certificate altogether.
    EXPECT_TRUE(is_refused(parts.text())) << round;
  }
}

TEST(HostileOverlay, with_changed_keys_ends_with_a_judgement) {
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  for (int round = 0; round < 100; ++round) {
    forged::Parts parts = sound_parts();
    std::string& key = round % 2 == 0 ? parts.issuing_key : parts.controller_cert;
    key[random() % key.size()] = static_cast<char>(random());
    const Source source("overlay.yaml", parts.text(), Sensitivity::secret);
    EXPECT_LE(forged::judge(source).certificates.size(), 3U);
  }
}

// PBKDF2 with two thousand million iterations would take nine minutes.
TEST(HostileOverlay, with_a_forged_iteration_count_ends_at_once) {
  forged::Parts parts = sound_parts();
  const PemText pem = split_pem(parts.issuing_key);
  std::string der(pem.blocks[0].der.reveal());
  const std::size_t at = der.find(std::string("\x02\x02\x27\x10", 4));
  ASSERT_NE(at, std::string::npos);
  // Two octets more in the integer, and in each of the lengths around it.
  der.replace(at, 4, std::string("\x02\x04\x7f\xff\xff\xff", 6));
  for (std::size_t i = 0; i < at; ++i) {
    const auto tag = static_cast<unsigned char>(der[i]);
    const auto length = static_cast<unsigned char>(der[i + 1]);
    const bool is_around = tag == 0x30 && length < 0x80 && i + 2 + length >= at + 4;
    if (is_around) der[i + 1] = static_cast<char>(length + 2);
    if (tag == 0x30 && length == 0x82) der[i + 3] = static_cast<char>(der[i + 3] + 2);
    if (tag == 0x30 && length == 0x81) der[i + 2] = static_cast<char>(der[i + 2] + 2);
  }
  parts.issuing_key = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + base64_encode(der) +
                      "\n-----END ENCRYPTED PRIVATE KEY-----\n";
  EXPECT_THAT(forged::codes_in(parts.text()), testing::Contains("error/kdf-weak"));
}

// Each level doubles what a naive reader of merge keys would look at.
TEST(HostileOverlay, with_many_merge_keys_ends_at_once) {
  std::string text = "a0: &a0 {b: c}\n";
  for (int level = 1; level < 60; ++level) {
    text += "a" + std::to_string(level) + ": &a" + std::to_string(level) + "\n";
    for (int i = 0; i < 40; ++i) text += "  <<: *a" + std::to_string(level - 1) + "\n";
  }
  EXPECT_TRUE(is_refused(text + "<<: *a59\n"));
}

TEST(HostileOverlay, with_deep_nesting_is_refused) {
  EXPECT_TRUE(is_refused(std::string(100'000, '[')));
  std::string text = "applications: &a\n  octavia: {options: *a}\n";
  EXPECT_TRUE(is_refused(text));
}

}  // namespace
}  // namespace gatehouse::pki
