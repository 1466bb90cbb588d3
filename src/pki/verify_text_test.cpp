// One flaw in the text of the overlay or in one of its values at a time.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <openssl/pkcs12.h>

#include "pki/forged_overlay.h"

namespace gatehouse::pki {
namespace {

using forged::Forge;
using forged::Parts;

const Parts& sound_parts() {
  static const Parts parts = Forge().build();
  return parts;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

struct TextFlaw {
  std::string name;
  std::string found;
  std::string (*spoil)(const std::string& text);
};

void PrintTo(const TextFlaw& flaw, std::ostream* stream) {
  *stream << flaw.name;
}

std::string line_of(const std::string& text, const std::string& option) {
  const std::size_t at = text.find("      " + option + ":");
  return text.substr(at, text.find('\n', at) + 1 - at);
}

std::string with_value(const std::string& text, const std::string& option,
                       const std::string& value) {
  return replaced(text, line_of(text, option), "      " + option + ": " + value + "\n");
}

class OneTextFlaw : public testing::TestWithParam<TextFlaw> {};

TEST_P(OneTextFlaw, is_found) {
  const std::string text = GetParam().spoil(sound_parts().text());
  EXPECT_THAT(forged::codes_in(text), testing::Contains(GetParam().found));
}

const TextFlaw kTextFlaws[] = {
    {"empty_file", "error/application-missing", [](const std::string&) { return std::string(); }},
    {"a_list", "error/application-missing",
     [](const std::string&) { return std::string("- a\n"); }},
    {"tab_for_indentation", "error/yaml-invalid",
     [](const std::string& t) { return replaced(t, "    options", "\toptions"); }},
    {"quote_never_closed", "error/yaml-invalid",
     [](const std::string& t) { return t.substr(0, t.size() - 2); }},
    {"second_document", "error/multi-document",
     [](const std::string& t) { return t + "---\napplications: {}\n"; }},
    {"option_twice", "error/duplicate-key",
     [](const std::string& t) { return t + line_of(t, "lb-mgmt-controller-cert"); }},
    {"applications_twice", "error/duplicate-key",
     [](const std::string& t) { return t + "applications:\n  nova: {}\n"; }},
    {"other_application", "error/application-missing",
     [](const std::string& t) { return replaced(t, "octavia:", "octavia-api:"); }},
    {"no_options", "error/application-missing",
     [](const std::string& t) { return replaced(t, "options:", "config:"); }},
    {"option_missing", "error/option-missing",
     [](const std::string& t) { return replaced(t, line_of(t, "lb-mgmt-issuing-cacert"), ""); }},
    {"option_empty", "error/option-empty",
     [](const std::string& t) { return with_value(t, "lb-mgmt-controller-cacert", "\"\""); }},
    {"option_null", "error/option-empty",
     [](const std::string& t) { return with_value(t, "lb-mgmt-controller-cacert", ""); }},
    {"option_blank", "error/option-empty",
     [](const std::string& t) { return with_value(t, "lb-mgmt-controller-cacert", "\"  \""); }},
    {"option_is_a_number", "error/option-type",
     [](const std::string& t) { return with_value(t, "lb-mgmt-issuing-ca-key-passphrase", "12"); }},
    {"option_is_a_boolean", "error/option-type",
     [](const std::string& t) { return with_value(t, "lb-mgmt-controller-cert", "true"); }},
    {"option_is_a_list", "error/option-type",
     [](const std::string& t) { return with_value(t, "lb-mgmt-controller-cert", "[a]"); }},
    {"controller_ca_key_in_the_overlay", "error/unexpected-key",
     [](const std::string& t) { return t + "      lb-mgmt-controller-ca-private-key: \"x\"\n"; }},
    {"slip_of_the_hand", "error/unexpected-key",
     [](const std::string& t) {
       return replaced(t, "lb-mgmt-controller-cert", "lb-mgmt-controler-cert");
     }},
    {"second_application", "warning/extra-content",
     [](const std::string& t) { return t + "  nova:\n    options: {debug: true}\n"; }},
    {"machines_too", "warning/extra-content",
     [](const std::string& t) { return t + "machines: {}\n"; }},
    {"unit_count_too", "warning/extra-content",
     [](const std::string& t) {
       return replaced(t, "    options:", "    num_units: 3\n    options:");
     }},
    {"no_break_space", "error/non-ascii",
     [](const std::string& t) { return replaced(t, "M=\"", "M=\xc2\xa0\""); }},
    {"no_break_space_escaped", "error/non-ascii",
     [](const std::string& t) { return replaced(t, "M=\"", "M=\\u00a0\""); }},
    {"byte_order_mark", "error/non-ascii", [](const std::string& t) { return "\xef\xbb\xbf" + t; }},
    {"next_line_character", "error/non-ascii",
     [](const std::string& t) { return t + "# a\xc2\x85"; }},
    {"line_separator", "error/non-ascii",
     [](const std::string& t) { return replaced(t, "options:", "options:\xe2\x80\xa8"); }},
    {"tagged_as_bytes", "error/option-type",
     [](const std::string& t) { return replaced(t, "cacert: \"", "cacert: !!binary \""); }},
    {"passphrase_tagged_as_a_number", "error/option-type",
     [](const std::string& t) { return replaced(t, "passphrase: \"", "passphrase: !!int \""); }},
    {"invalid_utf8", "error/non-ascii", [](const std::string& t) { return t + "# \xff\n"; }},
    {"control_character", "error/control-char",
     [](const std::string& t) { return t + "# \x01\n"; }},
    {"zero_byte", "error/control-char",
     [](const std::string& t) { return t + std::string("#\0\n", 3); }},
    {"carriage_returns", "warning/crlf",
     [](const std::string& t) { return replace_all(t, "\n", "\r\n"); }},
    {"passphrase_with_line_break", "error/passphrase-whitespace",
     [](const std::string& t) { return replaced(t, "M=\"", "M=\\n\""); }},
    {"passphrase_with_blank", "error/passphrase-whitespace",
     [](const std::string& t) { return replaced(t, "M=\"", "M= \""); }},
    {"setting_behind_the_passphrase", "error/passphrase-whitespace",
     [](const std::string& t) {
       return replaced(t, "M=\"", "M=\\n[house_keeping]\\ncert_interval = 1\"");
     }},
    {"passphrase_that_is_interpolated", "error/passphrase-unsafe",
     [](const std::string& t) {
       return with_value(t, "lb-mgmt-issuing-ca-key-passphrase", "'a$b'");
     }},
    {"short_passphrase", "warning/passphrase-weak",
     [](const std::string& t) {
       return with_value(t, "lb-mgmt-issuing-ca-key-passphrase", "foobar");
     }},
    {"wrong_passphrase", "error/passphrase-wrong",
     [](const std::string& t) { return replaced(t, "bPfl", "cPfl"); }},
    {"base64_cut_off", "error/base64-invalid",
     [](const std::string& t) { return t.substr(0, t.size() - 5) + "\"\n"; }},
    {"base64_foreign_character", "error/base64-invalid",
     [](const std::string& t) { return replaced(t, "cert: \"LS0t", "cert: \"LS*t"); }},
    {"base64_in_lines", "warning/base64-invalid",
     [](const std::string& t) { return replaced(t, "cert: \"LS0t", "cert: \"LS0t\\n"); }},
};

INSTANTIATE_TEST_SUITE_P(Text, OneTextFlaw, testing::ValuesIn(kTextFlaws),
                         [](const auto& one) { return one.param.name; });

struct ValueFlaw {
  std::string name;
  std::string found;
  void (*spoil)(Parts& parts);
};

void PrintTo(const ValueFlaw& flaw, std::ostream* stream) {
  *stream << flaw.name;
}

class OneValueFlaw : public testing::TestWithParam<ValueFlaw> {};

TEST_P(OneValueFlaw, is_found) {
  Parts parts = sound_parts();
  GetParam().spoil(parts);
  EXPECT_THAT(forged::codes_in(parts.text()), testing::Contains(GetParam().found));
}

PrivateKey issuing_key(const Parts& parts) {
  return forged::key_in(parts.issuing_key, parts.passphrase);
}

std::string written_by(int (*write)(BIO*, EVP_PKEY*, const std::string&), EVP_PKEY* key,
                       const std::string& passphrase) {
  const Bio bio(BIO_new(BIO_s_mem()));
  EXPECT_EQ(write(bio.get(), key, passphrase), 1);
  char* bytes = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<std::size_t>(length)};
}

int write_old_pem(BIO* bio, EVP_PKEY* key, const std::string& passphrase) {
  const Cipher cipher = forged::library().cipher("AES-256-CBC");
  return PEM_write_bio_PrivateKey_traditional(
      bio, key, cipher.get(), reinterpret_cast<const unsigned char*>(passphrase.data()),
      static_cast<int>(passphrase.size()), nullptr, nullptr);
}

// PBES2 with so many iterations and so much salt.
std::string weak_pem(EVP_PKEY* key, const std::string& passphrase, int iterations, int salt) {
  unsigned char bytes[64] = {1, 2, 3};
  const Algorithm algorithm(PKCS5_pbe2_set_iv_ex(forged::library().cipher("AES-256-CBC").get(),
                                                 iterations, bytes, salt, nullptr,
                                                 NID_hmacWithSHA256, forged::library().context()));
  const PlainKeyInfo plain(EVP_PKEY2PKCS8(key));
  const EncryptedKeyInfo sealed(
      PKCS8_set0_pbe_ex(passphrase.data(), static_cast<int>(passphrase.size()), plain.get(),
                        X509_ALGOR_dup(algorithm.get()), forged::library().context(), nullptr));
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8(bio.get(), sealed.get());
  char* text = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

const ValueFlaw kValueFlaws[] = {
    {"no_pem", "error/pem-none", [](Parts& p) { p.issuing_cacert = "nothing\n"; }},
    {"base64_twice", "error/pem-none",
     [](Parts& p) { p.issuing_cacert = base64_encode(p.issuing_cacert); }},
    {"der_instead_of_pem", "error/pem-none",
     [](Parts& p) { p.issuing_cacert = der_of(forged::certificate_in(p.issuing_cacert).get()); }},
    {"indented_pem", "error/pem-none",
     [](Parts& p) { p.issuing_cacert = replaced(p.issuing_cacert, "-----BEGIN", " -----BEGIN"); }},
    {"indefinite_length", "error/der-invalid",
     [](Parts& p) {
       const std::string der = der_of(forged::certificate_in(p.issuing_cacert).get());
       const std::string ber = "\x30\x80" + der.substr(4) + std::string(2, '\0');
       p.issuing_cacert =
           "-----BEGIN CERTIFICATE-----\n" + base64_encode(ber) + "\n-----END CERTIFICATE-----\n";
     }},
    {"cut_pem", "error/pem-incomplete", [](Parts& p) { p.controller_cacert.resize(300); }},
    {"end_line_of_another_kind", "error/pem-incomplete",
     [](Parts& p) { p.controller_cacert = replaced(p.controller_cacert, "END CERT", "END KERT"); }},
    {"pem_with_carriage_returns", "warning/pem-crlf",
     [](Parts& p) { p.controller_cacert = replace_all(p.controller_cacert, "\n", "\r\n"); }},
    {"certificate_beside_the_key", "warning/pem-junk",
     [](Parts& p) { p.issuing_key += p.issuing_cacert; }},
    {"text_before_the_pem", "warning/pem-junk",
     [](Parts& p) { p.controller_cacert = "Certificate:\n" + p.controller_cacert; }},
    {"damaged_der", "error/der-invalid",
     [](Parts& p) { p.controller_cacert = replaced(p.controller_cacert, "\nMII", "\nAII"); }},
    {"pem_body_no_base64", "error/der-invalid",
     [](Parts& p) { p.controller_cacert = replaced(p.controller_cacert, "\nMII", "\nM-I"); }},
    {"key_in_issuing_cacert", "error/private-key-in-cacert",
     [](Parts& p) { p.issuing_cacert += p.issuing_key; }},
    {"key_in_controller_cacert", "error/private-key-in-cacert",
     [](Parts& p) { p.controller_cacert += forged::plain_pem(forged::ec_key("P-384").get()); }},
    {"three_cas", "error/cert-count",
     [](Parts& p) { p.issuing_cacert += p.controller_cacert + Forge().build().issuing_cacert; }},
    {"same_ca_twice", "error/cert-count", [](Parts& p) { p.issuing_cacert += p.issuing_cacert; }},
    {"chain_in_controller_cert", "error/cert-count",
     [](Parts& p) { p.controller_cert += p.controller_cacert; }},
    {"no_key_in_controller_cert", "error/cert-count",
     [](Parts& p) {
       p.controller_cert = forged::pem_of(forged::certificate_in(p.controller_cert).get());
     }},
    {"no_certificate_in_controller_cert", "error/cert-count",
     [](Parts& p) {
       p.controller_cert = p.controller_cert.substr(p.controller_cert.find("-----BEGIN PRIV"));
     }},
    {"certificate_for_a_key", "error/pem-none", [](Parts& p) { p.issuing_key = p.issuing_cacert; }},
    {"plain_issuing_key", "error/key-not-encrypted",
     [](Parts& p) { p.issuing_key = forged::plain_pem(issuing_key(p).get()); }},
    {"damaged_issuing_key", "error/der-invalid",
     [](Parts& p) { p.issuing_key = replaced(p.issuing_key, "\nMII", "\nAII"); }},
    {"leaf_key_of_another_version", "warning/der-invalid",
     [](Parts& p) { p.controller_cert = replaced(p.controller_cert, "MIGHAgEA", "MIGHAgEQ"); }},
    {"leaf_key_of_another_inner_version", "warning/der-invalid",
     [](Parts& p) { p.controller_cert = replaced(p.controller_cert, "awIBAQQg", "awIBAgQg"); }},
    {"encrypted_leaf_key", "error/leaf-key-encrypted",
     [](Parts& p) {
       const PrivateKey key = forged::key_in(p.controller_cert);
       p.controller_cert = forged::pem_of(forged::certificate_in(p.controller_cert).get()) +
                           forged::sealed_pem(key.get(), p.passphrase);
     }},
    {"foreign_leaf_key", "error/leaf-key-mismatch",
     [](Parts& p) {
       p.controller_cert = forged::pem_of(forged::certificate_in(p.controller_cert).get()) +
                           forged::plain_pem(forged::ec_key("P-256").get());
     }},
    {"foreign_issuing_key", "error/ca-key-mismatch",
     [](Parts& p) {
       p.issuing_key = forged::sealed_pem(forged::ec_key("P-384").get(), p.passphrase);
     }},
    {"one_iteration", "error/kdf-weak",
     [](Parts& p) { p.issuing_key = weak_pem(issuing_key(p).get(), p.passphrase, 1, 16); }},
    {"runbook_iterations", "warning/kdf-weak",
     [](Parts& p) { p.issuing_key = weak_pem(issuing_key(p).get(), p.passphrase, 2048, 16); }},
    {"short_salt", "warning/kdf-weak",
     [](Parts& p) { p.issuing_key = weak_pem(issuing_key(p).get(), p.passphrase, 10'000, 8); }},
    {"old_pem_encryption", "warning/kdf-weak",
     [](Parts& p) {
       p.issuing_key = written_by(write_old_pem, issuing_key(p).get(), p.passphrase);
     }},
};

INSTANTIATE_TEST_SUITE_P(Values, OneValueFlaw, testing::ValuesIn(kValueFlaws),
                         [](const auto& one) { return one.param.name; });

TEST(BarePem, is_told_in_its_own_words) {
  std::string body;
  for (const std::string_view line : lines_of(sound_parts().controller_cacert)) {
    body += "        " + std::string(line) + "\n";
  }
  const std::string text =
      with_value(sound_parts().text(), "lb-mgmt-controller-cacert", "|\n" + body);
  const Source source("overlay.yaml", text, Sensitivity::secret);
  const PkiJudgement judgement = forged::judge(source);
  EXPECT_THAT(forged::codes_of(judgement.findings), testing::ElementsAre("error/base64-invalid"));
  EXPECT_THAT(forged::all_messages(judgement), testing::HasSubstr("is bare PEM"));
}

TEST(OldPemEncryption, is_opened_all_the_same) {
  Parts parts = sound_parts();
  parts.issuing_key = written_by(write_old_pem, issuing_key(parts).get(), parts.passphrase);
  EXPECT_THAT(forged::codes_in(parts.text()), testing::ElementsAre("warning/kdf-weak"));
}

// Octavia's guide puts the key before the certificate; both orders are read.
TEST(ControllerCert, may_have_its_key_first) {
  Parts parts = sound_parts();
  const std::size_t key = parts.controller_cert.find("-----BEGIN PRIVATE");
  parts.controller_cert = parts.controller_cert.substr(key) + parts.controller_cert.substr(0, key);
  EXPECT_THAT(forged::codes_in(parts.text()), testing::IsEmpty());
}

TEST(Quotes, are_of_no_importance) {
  std::string text = sound_parts().text();
  EXPECT_THAT(forged::codes_in(replace_all(text, "\"", "'")), testing::IsEmpty());
  EXPECT_THAT(forged::codes_in("# made by hand\n---\n" + replace_all(text, "\"", "")),
              testing::IsEmpty());
}

TEST(AnotherApplication, is_judged_where_it_is_asked_for) {
  VerifyRequest verify;
  verify.application = "octavia-two";
  const std::string text = replaced(sound_parts().text(), "octavia:", "octavia-two:");
  EXPECT_THAT(forged::codes_in(text, verify), testing::IsEmpty());
}

TEST(WrongPassphrase, that_was_encoded_once_more_is_told) {
  Parts parts = sound_parts();
  parts.passphrase = base64_encode(parts.passphrase);
  const Source source("overlay.yaml", parts.text(), Sensitivity::secret);
  EXPECT_THAT(forged::all_messages(forged::judge(source)),
              testing::HasSubstr("(its base64 decoding does)"));
}

TEST(Finding, has_the_place_of_its_value) {
  const std::string text = replaced(sound_parts().text(), "lb-mgmt-controller-cert: \"LS0t",
                                    "lb-mgmt-controller-cert: \"LS*t");
  const Source source("overlay.yaml", text, Sensitivity::secret);
  const PkiJudgement judgement = forged::judge(source);
  ASSERT_EQ(judgement.findings.size(), 1U);
  EXPECT_EQ(to_string(judgement.findings[0].span), "overlay.yaml:8:32");
  EXPECT_EQ(judgement.findings[0].subject, "lb-mgmt-controller-cert");
}

TEST(FileMode, open_to_others_is_an_error) {
  VerifyRequest verify;
  verify.file = FileInfo{.kind = FileKind::file, .mode = 0644, .size = 1, .is_ours = true};
  EXPECT_THAT(forged::codes_in(sound_parts().text(), verify),
              testing::ElementsAre("error/file-mode"));
  verify.file->mode = 0600;
  EXPECT_THAT(forged::codes_in(sound_parts().text(), verify), testing::IsEmpty());
}

TEST(Messages, hold_nothing_of_a_secret) {
  const Parts& parts = sound_parts();
  for (const TextFlaw& flaw : kTextFlaws) {
    const Source source("overlay.yaml", flaw.spoil(parts.text()), Sensitivity::secret);
    const PkiJudgement judgement = forged::judge(source);
    std::string all;
    for (const Diagnostic& finding : judgement.findings) all += render(finding, Colour::off);
    EXPECT_THAT(all, testing::Not(testing::HasSubstr(parts.passphrase.substr(4, 12)))) << flaw.name;
    EXPECT_THAT(all, testing::Not(testing::HasSubstr("MIG"))) << flaw.name;
  }
}

// An anchor's name is quoted by the parser; here it is a piece of a passphrase.
TEST(Messages, do_not_quote_what_the_parser_quotes) {
  const std::string text =
      with_value(sound_parts().text(), "lb-mgmt-issuing-ca-key-passphrase", "*hiddenword");
  const Source source("overlay.yaml", text, Sensitivity::secret);
  const std::string all = forged::all_messages(forged::judge(source));
  EXPECT_THAT(all, testing::HasSubstr("yaml-invalid"));
  EXPECT_THAT(all, testing::Not(testing::HasSubstr("hiddenword")));
}

}  // namespace
}  // namespace gatehouse::pki
