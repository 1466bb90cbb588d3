// One flaw in one certificate at a time: the verifier names it, and nothing else is an error.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pki/forged_overlay.h"

namespace gatehouse::pki {
namespace {

using forged::ec_key;
using forged::Forge;
using forged::kNow;
using forged::replace_extension;
using std::chrono::days;

struct Flaw {
  std::string name;
  std::string found;  ///< "error/code" that must be among the findings
  void (*spoil)(Forge& forge);
};

void PrintTo(const Flaw& flaw, std::ostream* stream) {
  *stream << flaw.name;
}

class OneFlaw : public testing::TestWithParam<Flaw> {};

TEST_P(OneFlaw, is_found) {
  Forge forge;
  GetParam().spoil(forge);
  EXPECT_THAT(forged::codes_in(forge.build().text()), testing::Contains(GetParam().found));
}

const Flaw kFlaws[] = {
    {"rsa_issuing_ca", "error/key-algorithm", [](Forge& f) { f.issuing_key = forged::rsa_key(); }},
    {"p256_controller_ca", "error/key-algorithm",
     [](Forge& f) { f.controller_ca_key = ec_key("P-256"); }},
    {"rsa_leaf", "error/key-algorithm", [](Forge& f) { f.controller_key = forged::rsa_key(); }},
    {"p384_leaf", "warning/key-algorithm", [](Forge& f) { f.controller_key = ec_key("P-384"); }},
    {"sha1_leaf", "error/signature-weak", [](Forge& f) { f.controller.digest = "SHA1"; }},
    {"sha1_ca", "error/signature-weak", [](Forge& f) { f.issuing.digest = "SHA1"; }},
    {"sha256_leaf", "warning/signature-unexpected",
     [](Forge& f) { f.controller.digest = "SHA256"; }},
    {"version_1_ca", "error/version",
     [](Forge& f) {
       f.issuing.version = 0;
       f.issuing.extensions.clear();
     }},
    {"expired_leaf", "error/expired", [](Forge& f) { f.controller.until = kNow - days(1); }},
    {"expired_issuing_ca", "error/expired", [](Forge& f) { f.issuing.until = kNow - days(1); }},
    {"future_leaf", "error/not-yet-valid", [](Forge& f) { f.controller.from = kNow + days(1); }},
    {"ca_ends_in_ten_days", "error/expires-soon",
     [](Forge& f) { f.issuing.until = kNow + days(10); }},
    {"ca_ends_in_half_a_year", "warning/expires-soon",
     [](Forge& f) { f.issuing.until = kNow + days(180); }},
    {"leaf_ends_in_29_days", "error/expires-soon",
     [](Forge& f) { f.controller.until = kNow + days(29); }},
    {"leaf_ends_in_89_days", "warning/expires-soon",
     [](Forge& f) { f.controller.until = kNow + days(89); }},
    {"leaf_outlives_ca", "error/validity-not-nested",
     [](Forge& f) { f.controller_ca.until = kNow + days(400); }},
    {"leaf_of_five_years", "warning/validity-too-long",
     [](Forge& f) { f.controller.until = add_years(kNow, 5); }},
    {"ca_of_thirty_years", "warning/validity-too-long",
     [](Forge& f) { f.issuing.until = add_years(kNow, 30); }},
    {"reversed_dates", "error/validity-reversed",
     [](Forge& f) { f.controller.from = f.controller.until + days(1); }},
    {"negative_serial", "error/serial",
     [](Forge& f) { f.controller.serial = "-1234567890abcdef12"; }},
    {"zero_serial", "error/serial", [](Forge& f) { f.controller.serial = "0"; }},
    {"long_serial", "error/serial",
     [](Forge& f) { f.controller.serial = "7f000000000000000000000000000000000000000001"; }},
    {"short_serial", "warning/serial", [](Forge& f) { f.controller.serial = "1"; }},
    {"shared_serial", "warning/serial",
     [](Forge& f) { f.controller_ca.serial = f.issuing.serial; }},
    {"unknown_critical_extension", "error/unknown-critical",
     [](Forge& f) {
       const int nid = OBJ_create("1.3.6.1.4.1.99999.1", "unheardOf", "unheard of");
       f.controller_ca.extensions.emplace_back(
           nid == NID_undef ? OBJ_txt2nid("1.3.6.1.4.1.99999.1") : nid, "critical,DER:0500");
     }},
    {"ca_false", "error/ca-not-ca",
     [](Forge& f) { replace_extension(f.issuing, NID_basic_constraints, "critical,CA:FALSE"); }},
    {"no_basic_constraints", "error/ca-not-ca",
     [](Forge& f) { replace_extension(f.controller_ca, NID_basic_constraints, ""); }},
    {"basic_constraints_not_critical", "warning/ca-not-ca",
     [](Forge& f) { replace_extension(f.issuing, NID_basic_constraints, "CA:TRUE,pathlen:0"); }},
    {"no_path_length", "warning/ca-pathlen",
     [](Forge& f) { replace_extension(f.issuing, NID_basic_constraints, "critical,CA:TRUE"); }},
    {"path_length_two", "warning/ca-pathlen",
     [](Forge& f) {
       replace_extension(f.issuing, NID_basic_constraints, "critical,CA:TRUE,pathlen:2");
     }},
    {"no_key_usage", "warning/ca-keyusage",
     [](Forge& f) { replace_extension(f.controller_ca, NID_key_usage, ""); }},
    {"no_key_cert_sign", "error/ca-keyusage",
     [](Forge& f) { replace_extension(f.issuing, NID_key_usage, "critical,cRLSign"); }},
    {"ca_may_sign_anything", "warning/ca-keyusage",
     [](Forge& f) {
       replace_extension(f.issuing, NID_key_usage, "critical,keyCertSign,cRLSign,digitalSignature");
     }},
    {"no_subject_key_identifier", "warning/ca-ski",
     [](Forge& f) { replace_extension(f.issuing, NID_subject_key_identifier, ""); }},
    {"ca_named_after_a_root", "error/ca-not-self-signed",
     [](Forge& f) { f.issuing.issuer_name = "Corporate Root"; }},
    {"one_key_for_both_cas", "error/ca-separation",
     [](Forge& f) {
       EVP_PKEY_up_ref(f.issuing_key.get());
       f.controller_ca_key.reset(f.issuing_key.get());
     }},
    {"one_subject_for_both_cas", "error/ca-same-subject",
     [](Forge& f) { f.issuing.common_name = "Controller"; }},
    {"leaf_is_ca", "error/leaf-is-ca",
     [](Forge& f) { replace_extension(f.controller, NID_basic_constraints, "critical,CA:TRUE"); }},
    {"no_client_auth", "error/eku-clientauth-missing",
     [](Forge& f) { replace_extension(f.controller, NID_ext_key_usage, "serverAuth"); }},
    {"no_extended_key_usage", "error/eku-clientauth-missing",
     [](Forge& f) { replace_extension(f.controller, NID_ext_key_usage, ""); }},
    {"server_auth_too", "note/eku-extra",
     [](Forge& f) { replace_extension(f.controller, NID_ext_key_usage, "clientAuth,serverAuth"); }},
    {"no_digital_signature", "error/leaf-keyusage",
     [](Forge& f) { replace_extension(f.controller, NID_key_usage, "critical,keyAgreement"); }},
    {"key_encipherment", "warning/leaf-keyusage-ec",
     [](Forge& f) {
       replace_extension(f.controller, NID_key_usage, "critical,digitalSignature,keyEncipherment");
     }},
    {"no_alternative_name", "warning/san-missing",
     [](Forge& f) { replace_extension(f.controller, NID_subject_alt_name, ""); }},
    {"other_alternative_name", "warning/san-missing",
     [](Forge& f) { replace_extension(f.controller, NID_subject_alt_name, "DNS:other.example"); }},
    {"issuer_name_of_another_ca", "error/chain-broken",
     [](Forge& f) { f.controller.issuer_name = "Somebody"; }},
    {"leaf_with_the_key_of_its_ca", "error/ca-separation",
     [](Forge& f) {
       EVP_PKEY_up_ref(f.controller_ca_key.get());
       f.controller_key.reset(f.controller_ca_key.get());
     }},
    {"name_constraint_that_an_amphora_breaks", "error/chain-broken",
     [](Forge& f) {
       f.issuing.extensions.emplace_back(NID_name_constraints,
                                         "critical,permitted;DNS:example.org");
     }},
    {"name_constraint_of_ca", "error/chain-broken",
     [](Forge& f) {
       f.controller_ca.extensions.emplace_back(NID_name_constraints,
                                               "critical,permitted;DNS:.elsewhere.test");
     }},
    {"extension_given_twice", "error/der-invalid",
     [](Forge& f) {
       f.controller.extensions.emplace_back(NID_key_usage, "critical,digitalSignature");
     }},
};

INSTANTIATE_TEST_SUITE_P(Certificates, OneFlaw, testing::ValuesIn(kFlaws),
                         [](const auto& one) { return one.param.name; });

TEST(SoundForgery, has_no_finding) {
  EXPECT_THAT(forged::codes_in(Forge().build().text()), testing::IsEmpty());
}

TEST(StrictVerify, turns_missing_key_usage_into_an_error) {
  Forge forge;
  replace_extension(forge.issuing, NID_key_usage, "");
  replace_extension(forge.issuing, NID_basic_constraints, "critical,CA:TRUE");
  VerifyRequest strict;
  strict.strictness = Strictness::strict;
  const auto codes = forged::codes_in(forge.build().text(), strict);
  EXPECT_THAT(codes, testing::IsSupersetOf({"error/ca-keyusage", "error/strict-chain"}));
}

TEST(ChainOfController, by_the_issuing_ca_is_told_as_such) {
  Forge forge;
  forged::Parts parts = forge.build();
  forge.controller.issuer_name = "Issuing";
  parts.controller_cert = forged::pem_of(forged::forge(forge.controller, forge.controller_key.get(),
                                                       forge.issuing_key.get())
                                             .get()) +
                          forged::plain_pem(forge.controller_key.get());
  const Source source("overlay.yaml", parts.text(), Sensitivity::secret);
  const std::string messages = forged::all_messages(forged::judge(source));
  EXPECT_THAT(messages, testing::HasSubstr("controller certificate is signed by the issuing CA"));
}

TEST(ChainOfController, by_another_ca_of_the_same_name_is_told_as_such) {
  const Forge forge, other;
  forged::Parts parts = forge.build();
  parts.controller_cacert = other.build().controller_cacert;
  const Source source("overlay.yaml", parts.text(), Sensitivity::secret);
  const PkiJudgement judgement = forged::judge(source);
  EXPECT_THAT(forged::codes_of(judgement.findings), testing::Contains("error/chain-broken"));
  EXPECT_THAT(forged::all_messages(judgement), testing::HasSubstr("another CA of the same name"));
}

TEST(SelfSignature, that_was_altered_is_found) {
  const Forge forge;
  forged::Parts parts = forge.build();
  const Certificate altered =
      forged::forge(forge.issuing, forge.issuing_key.get(), forge.controller_ca_key.get());
  parts.issuing_cacert = forged::pem_of(altered.get());
  EXPECT_THAT(forged::codes_in(parts.text()), testing::Contains("error/ca-self-signature"));
}

TEST(ExchangedCas, are_told_as_exchanged) {
  forged::Parts parts = Forge().build();
  std::swap(parts.issuing_cacert, parts.controller_cacert);
  EXPECT_THAT(forged::codes_in(parts.text()),
              testing::IsSupersetOf({"error/ca-swapped", "error/ca-key-mismatch"}));
}

TEST(OneCertificateForBothCas, is_told) {
  forged::Parts parts = Forge().build();
  parts.controller_cacert = parts.issuing_cacert;
  EXPECT_THAT(forged::codes_in(parts.text()), testing::Contains("error/ca-separation"));
}

TEST(Overlap, of_two_issuing_cas_is_a_note) {
  Forge old_one;
  old_one.issuing.common_name = "Issuing G0";
  forged::Parts parts = Forge().build();
  parts.issuing_cacert += old_one.build().issuing_cacert;
  const auto codes = forged::codes_in(parts.text());
  EXPECT_THAT(codes, testing::Contains("note/overlap"));
  EXPECT_THAT(codes, testing::Not(testing::Contains(testing::StartsWith("error/"))));
}

TEST(Overlap, with_an_expired_second_ca_is_no_error) {
  Forge old_one;
  old_one.issuing.common_name = "Issuing G0";
  old_one.issuing.from = kNow - days(30);
  old_one.issuing.until = kNow - days(3);
  forged::Parts parts = Forge().build();
  parts.issuing_cacert += old_one.build().issuing_cacert;
  const auto codes = forged::codes_in(parts.text());
  EXPECT_THAT(codes, testing::Contains("warning/expired"));
  EXPECT_THAT(codes, testing::Not(testing::Contains(testing::StartsWith("error/"))));
}

TEST(Overlap, with_the_signing_key_on_the_second_place_is_found) {
  Forge active;
  active.issuing.common_name = "Issuing G2";
  forged::Parts parts = active.build();
  parts.issuing_cacert = Forge().build().issuing_cacert + parts.issuing_cacert;
  const Source source("overlay.yaml", parts.text(), Sensitivity::secret);
  const std::string messages = forged::all_messages(forged::judge(source));
  EXPECT_THAT(messages, testing::HasSubstr("belongs to certificate 2, Octavia signs with"));
}

TEST(Overlap, of_two_cas_with_one_subject_clashes) {
  forged::Parts parts = Forge().build();
  parts.issuing_cacert += Forge().build().issuing_cacert;
  EXPECT_THAT(forged::codes_in(parts.text()), testing::Contains("error/ca-subject-clash"));
}

TEST(CaWithItsRoot, in_the_same_option_is_a_warning) {
  Forge forge;
  const PrivateKey root_key = ec_key("P-384");
  forged::Recipe root = forged::ca_recipe("Root");
  root.serial = "5234567890abcdef1234567890abcdef";
  replace_extension(root, NID_basic_constraints, "critical,CA:TRUE,pathlen:1");
  const Certificate root_ca = forged::forge(root, root_key.get(), root_key.get());
  forge.issuing.issuer_name = "Root";
  forge.issuing.extensions.emplace_back(NID_authority_key_identifier, "keyid");
  forged::Parts parts = Forge().build();
  parts.issuing_key = forged::sealed_pem(forge.issuing_key.get(), parts.passphrase);
  parts.issuing_cacert = forged::pem_of(forged::forge(forge.issuing, forge.issuing_key.get(),
                                                      root_key.get(), root_ca.get())
                                            .get()) +
                         forged::pem_of(root_ca.get());
  const auto codes = forged::codes_in(parts.text());
  EXPECT_THAT(codes, testing::Contains("warning/ca-not-self-signed"));
  EXPECT_THAT(codes, testing::Not(testing::Contains(testing::StartsWith("error/"))));
}

TEST(Address, that_is_none_of_the_vips_is_stale) {
  Forge forge;
  replace_extension(forge.controller, NID_subject_alt_name,
                    "DNS:controller.example.org,IP:192.0.2.233");
  VerifyRequest with_vips;
  with_vips.bundle_vips = {"192.0.2.57", "198.51.100.57"};
  const std::string text = forge.build().text();
  EXPECT_THAT(forged::codes_in(text, with_vips), testing::Contains("warning/san-stale"));
  EXPECT_THAT(forged::codes_in(text), testing::IsEmpty());
  with_vips.bundle_vips.push_back("192.0.2.233");
  EXPECT_THAT(forged::codes_in(text, with_vips), testing::IsEmpty());
}

TEST(ExplicitCurve, is_refused) {
  Forge forge;
  EVP_PKEY_set_utf8_string_param(forge.issuing_key.get(), "encoding", "explicit");
  EXPECT_THAT(forged::codes_in(forge.build().text()), testing::Contains("error/key-algorithm"));
}

}  // namespace
}  // namespace gatehouse::pki
