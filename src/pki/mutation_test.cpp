// Every overlay that is made verifies clean, whatever its names, lives and generation; and each
// single field that is then changed is found. The seed is printed; GATEHOUSE_TEST_SEED repeats it.
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pki/create.h"
#include "pki/forged_overlay.h"
#include "pki/generation.h"
#include "pki/overlay_text.h"

namespace gatehouse::pki {
namespace {

using forged::Forge;
using forged::kNow;
using forged::Parts;
using forged::replace_extension;
using std::chrono::days;

std::uint64_t seed() {
  const char* const given = std::getenv("GATEHOUSE_TEST_SEED");
  static const std::uint64_t kSeed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  return kSeed;
}

class Chance {
 public:
  explicit Chance(std::uint64_t start) : engine_(start) {}
  int between(int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(engine_);
  }
  std::string word(int least, int most, const std::string& letters) {
    std::string text;
    for (int i = between(least, most); i > 0; --i) {
      text += letters[static_cast<std::size_t>(between(0, static_cast<int>(letters.size()) - 1))];
    }
    return text;
  }

 private:
  std::mt19937_64 engine_;
};

const std::string kLetters = "abcdefghijklmnopqrstuvwxyz";

PkiRequest random_request(Chance& chance) {
  PkiRequest request = forged::request();
  request.organisation = chance.between(0, 3) == 0 ? "" : chance.word(1, 64, kLetters + "AZ09 .&'");
  request.name = "N" + chance.word(0, 44, kLetters + "XY 09.-");
  request.dns.clear();
  for (int i = chance.between(0, 4); i > 0; --i) {
    request.dns.push_back(chance.word(1, 63, kLetters + "09") + "." + chance.word(1, 20, kLetters));
  }
  request.ips.clear();
  for (int i = chance.between(0, 2); i > 0; --i) {
    request.ips.push_back(std::to_string(chance.between(1, 223)) + ".0.2." +
                          std::to_string(chance.between(0, 255)));
  }
  // Shorter lives than these are warned of from the first day on.
  request.ca_years = chance.between(2, kCaYears);
  request.controller_days = chance.between(0, 1) == 0 ? 0 : chance.between(91, 700);
  request.iterations = 10'000;
  request.now =
      kNow + days(chance.between(-5'000, 9'000)) + std::chrono::seconds(chance.between(0, 86'399));
  for (int i = chance.between(0, 2); i > 0; --i) {
    if (request.name.size() < 30) request.name = next_generation(request.name);
  }
  return request;
}

TEST(EveryOverlayThatIsMade, verifies_clean) {
  Chance chance(seed());
  SCOPED_TRACE("GATEHOUSE_TEST_SEED=" + std::to_string(seed()));
  const auto key_maker = make_key_maker();
  for (int round = 0; round < 25; ++round) {
    const PkiRequest request = random_request(chance);
    const auto made = make_chain(forged::library(), *key_maker, request);
    ASSERT_TRUE(made) << to_string(made.error());
    VerifyRequest verify;
    verify.at = request.now;
    verify.strictness = Strictness::strict;
    verify.bundle_vips = request.ips.empty() ? std::vector<std::string>{"192.0.2.1"} : request.ips;
    const Source source("overlay.yaml", std::string(overlay_text(made->chain, "octavia").reveal()),
                        Sensitivity::secret);
    const PkiJudgement judgement = forged::judge(source, verify);
    EXPECT_THAT(judgement.findings, testing::IsEmpty()) << "round " << round << "\n"
                                                        << forged::all_messages(judgement);
  }
}

/// One field of one certificate, changed before it is signed.
struct Mutation {
  std::string name;
  std::string found;
  void (*change)(Forge&);
};

const std::vector<Mutation>& mutations() {
  static const std::vector<Mutation> kMutations = {
      {"CA version", "error/version",
       [](Forge& f) {
         f.issuing.version = 0;
         f.issuing.extensions.clear();
       }},
      {"CA issuer", "error/ca-not-self-signed",
       [](Forge& f) { f.controller_ca.issuer_name = "Somebody"; }},
      {"CA digest", "warning/signature-unexpected", [](Forge& f) { f.issuing.digest = "SHA512"; }},
      {"CA serial", "warning/serial", [](Forge& f) { f.issuing.serial = "ff"; }},
      {"CA notBefore", "error/not-yet-valid", [](Forge& f) { f.issuing.from = kNow + days(1); }},
      {"CA notAfter", "error/expired", [](Forge& f) { f.controller_ca.until = kNow - days(1); }},
      {"CA constraints", "error/ca-not-ca",
       [](Forge& f) {
         replace_extension(f.controller_ca, NID_basic_constraints, "critical,CA:FALSE");
       }},
      {"CA constraints not critical", "warning/ca-not-ca",
       [](Forge& f) {
         replace_extension(f.controller_ca, NID_basic_constraints, "CA:TRUE,pathlen:0");
       }},
      {"CA path length", "warning/ca-pathlen",
       [](Forge& f) {
         replace_extension(f.controller_ca, NID_basic_constraints, "critical,CA:TRUE,pathlen:1");
       }},
      {"CA key usage without cRLSign", "warning/ca-keyusage",
       [](Forge& f) { replace_extension(f.issuing, NID_key_usage, "critical,keyCertSign"); }},
      {"CA key usage not critical", "warning/ca-keyusage",
       [](Forge& f) { replace_extension(f.issuing, NID_key_usage, "keyCertSign,cRLSign"); }},
      {"CA SKI", "warning/ca-ski",
       [](Forge& f) {
         replace_extension(f.issuing, NID_subject_key_identifier,
                           "00112233445566778899aabbccddeeff00112233");
       }},
      {"CA AKI with issuer and serial", "warning/ca-ski",
       [](Forge& f) {
         f.issuing.extensions.emplace_back(NID_authority_key_identifier, "keyid,issuer:always");
       }},
      {"CA extended key usage", "warning/eku-extra",
       [](Forge& f) { f.issuing.extensions.emplace_back(NID_ext_key_usage, "serverAuth"); }},
      {"CA CRL address", "note/extension-extra",
       [](Forge& f) {
         f.issuing.extensions.emplace_back(NID_crl_distribution_points, "URI:http://a.test/c");
       }},
      {"CA Netscape comment", "note/extension-extra",
       [](Forge& f) { f.issuing.extensions.emplace_back(NID_netscape_comment, "made by hand"); }},
      {"leaf issuer", "error/chain-broken",
       [](Forge& f) { f.controller.issuer_name = "Somebody"; }},
      {"leaf digest", "warning/signature-unexpected",
       [](Forge& f) { f.controller.digest = "SHA256"; }},
      {"leaf constraints missing", "warning/leaf-is-ca",
       [](Forge& f) { replace_extension(f.controller, NID_basic_constraints, ""); }},
      {"leaf constraints not critical", "warning/leaf-is-ca",
       [](Forge& f) { replace_extension(f.controller, NID_basic_constraints, "CA:FALSE"); }},
      {"leaf key usage not critical", "warning/leaf-keyusage",
       [](Forge& f) { replace_extension(f.controller, NID_key_usage, "digitalSignature"); }},
      {"leaf key usage with keyAgreement", "warning/leaf-keyusage",
       [](Forge& f) {
         replace_extension(f.controller, NID_key_usage, "critical,digitalSignature,keyAgreement");
       }},
      {"leaf key usage with nonRepudiation", "warning/leaf-keyusage",
       [](Forge& f) {
         replace_extension(f.controller, NID_key_usage, "critical,digitalSignature,nonRepudiation");
       }},
      {"leaf extended key usage of anything", "error/eku-clientauth-missing",
       [](Forge& f) { replace_extension(f.controller, NID_ext_key_usage, "anyExtendedKeyUsage"); }},
      {"leaf SKI missing", "warning/leaf-ski",
       [](Forge& f) { replace_extension(f.controller, NID_subject_key_identifier, ""); }},
      {"leaf SKI", "warning/leaf-ski",
       [](Forge& f) {
         replace_extension(f.controller, NID_subject_key_identifier,
                           "00112233445566778899aabbccddeeff00112233");
       }},
      {"leaf AKI missing", "warning/leaf-ski",
       [](Forge& f) { replace_extension(f.controller, NID_authority_key_identifier, ""); }},
      {"leaf AKI of another", "error/chain-broken",
       [](Forge& f) {
         replace_extension(f.controller, NID_authority_key_identifier,
                           "DER:3016801400112233445566778899aabbccddeeff00112233");
       }},
      {"leaf address of five bytes", "warning/san-missing",
       [](Forge& f) {
         replace_extension(
             f.controller, NID_subject_alt_name,
             "DER:301f8216636f6e74726f6c6c65722e6578616d706c652e6f726787050102030405");
       }},
      {"leaf name", "warning/san-missing",
       [](Forge& f) { f.controller.common_name = "another.example.org"; }},
      {"leaf policy", "note/extension-extra",
       [](Forge& f) {
         f.controller.extensions.emplace_back(NID_certificate_policies, "DER:3007300506032a0304");
       }},
  };
  return kMutations;
}

TEST(EveryChangeOfOneField, is_found) {
  for (const Mutation& mutation : mutations()) {
    Forge forge;
    mutation.change(forge);
    EXPECT_THAT(forged::codes_in(forge.build().text()), testing::Contains(mutation.found))
        << mutation.name;
  }
}

// A bit of a certificate's signed part, of its signature, of a key: nothing may go through.
TEST(EveryBitOfTheFiveValues, matters) {
  Chance chance(seed());
  SCOPED_TRACE("GATEHOUSE_TEST_SEED=" + std::to_string(seed()));
  const Parts sound = Forge().build();
  for (int round = 0; round < 150; ++round) {
    Parts parts = sound;
    std::string* const values[] = {&parts.issuing_cacert, &parts.issuing_key, &parts.passphrase,
                                   &parts.controller_cacert, &parts.controller_cert};
    std::string& value = *values[chance.between(0, 4)];
    const auto at = static_cast<std::size_t>(chance.between(0, static_cast<int>(value.size()) - 1));
    const char before = value[at];
    const char after = before == 'Q' ? 'R' : 'Q';
    // The last characters of a block of base64 may hold bits that stand for nothing.
    const bool is_padding = value.substr(at, 5).find('=') != std::string::npos;
    if (before == '\n' || is_padding) continue;
    value[at] = after;
    EXPECT_THAT(forged::codes_in(parts.text()), testing::Not(testing::IsEmpty()))
        << "round " << round << ", byte " << at << " of a value of " << value.size();
  }
}

// What the passphrase of another generation, or one certificate of it, does to a sound overlay.
TEST(EveryValueOfAnotherPki, is_found) {
  const Parts sound = Forge().build();
  const Parts other = Forge().build();
  std::string Parts::* const values[] = {&Parts::issuing_cacert, &Parts::issuing_key,
                                         &Parts::controller_cacert, &Parts::controller_cert};
  for (std::string Parts::* const value : values) {
    Parts mixed = sound;
    mixed.*value = other.*value;
    EXPECT_THAT(forged::codes_in(mixed.text()), testing::Contains(testing::StartsWith("error/")));
  }
}

}  // namespace
}  // namespace gatehouse::pki
