#include "pki/create.h"

#include <map>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "pki/extension.h"
#include "pki/forged_overlay.h"
#include "pki/overlay_file.h"
#include "pki/posix_effects.h"
#include "pki/workspace.h"

namespace gatehouse::pki {
namespace {

using forged::kNow;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CreatePki : public PosixEffectsTest {
 protected:
  CreatePki() {
    request_ = forged::request();
    request_.workspace = path("workspace");
    request_.overlay = path("overlays/octavia-pki.yaml");
  }

  Result<PkiCreated> create() { return create_pki(request_, effects_, *key_maker_); }

  Certificate certificate(const std::string& name) {
    return forged::certificate_in(content_of(path(name)));
  }

  PkiRequest request_;
  std::unique_ptr<KeyMaker> key_maker_ = make_key_maker();
};

constexpr const char* kIssuingCa = "workspace/issuing-ca/issuing-ca.cert.pem";
constexpr const char* kControllerCa = "workspace/controller-ca/controller-ca.cert.pem";
constexpr const char* kController = "workspace/controller/controller.cert.pem";

// The extension as OpenSSL prints it, or "" where there is none.
std::string extension_text(X509* certificate, int nid) {
  const int at = X509_get_ext_by_NID(certificate, nid, -1);
  if (at < 0) return {};
  X509_EXTENSION* const extension = X509_get_ext(certificate, at);
  const Bio bio(BIO_new(BIO_s_mem()));
  X509V3_EXT_print(bio.get(), extension, 0, 0);
  char* bytes = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &bytes);
  const std::string text(bytes, static_cast<std::size_t>(length));
  return (X509_EXTENSION_get_critical(extension) == 1 ? "critical " : "") + text;
}

std::string group_of(X509* certificate) {
  char group[64] = {};
  EVP_PKEY_get_group_name(X509_get0_pubkey(certificate), group, sizeof group, nullptr);
  return group;
}

TEST_F(CreatePki, makes_ca_certificates_of_the_profile) {
  ASSERT_TRUE(create());
  const std::map<std::string, std::string> subjects{
      {kIssuingCa, "O=Example, CN=Example Octavia Issuing CA"},
      {kControllerCa, "O=Example, CN=Example Octavia Controller CA"}};
  for (const auto& [file, subject] : subjects) {
    const Certificate ca = certificate(file);
    EXPECT_EQ(X509_get_version(ca.get()), 2);
    EXPECT_EQ(name_text(X509_get_subject_name(ca.get())), subject);
    EXPECT_EQ(name_text(X509_get_issuer_name(ca.get())), subject);
    EXPECT_EQ(group_of(ca.get()), "secp384r1");
    EXPECT_EQ(X509_get_signature_nid(ca.get()), NID_ecdsa_with_SHA384);
    EXPECT_EQ(X509_get_ext_count(ca.get()), 3);
    EXPECT_EQ(extension_text(ca.get(), NID_basic_constraints), "critical CA:TRUE, pathlen:0");
    EXPECT_EQ(extension_text(ca.get(), NID_key_usage), "critical Certificate Sign, CRL Sign");
    EXPECT_THAT(extension_text(ca.get(), NID_subject_key_identifier), testing::SizeIs(59));
    EXPECT_EQ(to_rfc3339(*moment_of(X509_get0_notBefore(ca.get()))), "2026-11-22T16:30:00Z");
    EXPECT_EQ(to_rfc3339(*moment_of(X509_get0_notAfter(ca.get()))), "2036-11-22T17:30:00Z");
    EXPECT_EQ(ASN1_STRING_type(X509_NAME_ENTRY_get_data(
                  X509_NAME_get_entry(X509_get_subject_name(ca.get()), 0))),
              V_ASN1_UTF8STRING);
  }
}

TEST_F(CreatePki, makes_a_controller_certificate_of_the_profile) {
  ASSERT_TRUE(create());
  const Certificate leaf = certificate(kController);
  X509* const raw = leaf.get();
  EXPECT_EQ(name_text(X509_get_subject_name(raw)), "O=Example, CN=controller.example.org");
  EXPECT_EQ(group_of(raw), "prime256v1");
  EXPECT_EQ(X509_get_signature_nid(raw), NID_ecdsa_with_SHA384);
  EXPECT_EQ(X509_get_ext_count(raw), 6);
  EXPECT_EQ(extension_text(raw, NID_basic_constraints), "critical CA:FALSE");
  EXPECT_EQ(extension_text(raw, NID_key_usage), "critical Digital Signature");
  EXPECT_EQ(extension_text(raw, NID_ext_key_usage), "TLS Web Client Authentication");
  EXPECT_EQ(extension_text(raw, NID_subject_alt_name),
            "DNS:controller.example.org, DNS:octavia.example.org, IP Address:192.0.2.57");
  EXPECT_EQ(extension_text(raw, NID_authority_key_identifier),
            extension_text(certificate(kControllerCa).get(), NID_subject_key_identifier));
  EXPECT_EQ(to_rfc3339(*moment_of(X509_get0_notBefore(raw))), "2026-11-22T16:30:00Z");
  EXPECT_EQ(to_rfc3339(*moment_of(X509_get0_notAfter(raw))), "2028-11-22T17:30:00Z");
}

TEST_F(CreatePki, gives_each_certificate_a_random_serial_of_its_own) {
  const auto created = create();
  ASSERT_TRUE(created);
  std::set<std::string> serials;
  for (const CertificateFacts& facts : created->certificates) {
    EXPECT_GE(facts.serial.size(), 34U);
    EXPECT_LE(facts.serial.size(), 40U);
    serials.insert(facts.serial);
  }
  EXPECT_EQ(serials.size(), 3U);
}

TEST_F(CreatePki, protects_the_ca_keys_as_the_profile_says) {
  ASSERT_TRUE(create());
  for (const std::string name : {"issuing-ca", "controller-ca"}) {
    const std::string pem = content_of(path("workspace/" + name + "/" + name + ".key.enc"));
    const std::string passphrase = content_of(path("workspace/" + name + "/passphrase.txt"));
    const PemText text = split_pem(pem);
    ASSERT_EQ(text.blocks.size(), 1U);
    const auto protection = protection_of(text.blocks[0]);
    ASSERT_TRUE(protection);
    EXPECT_EQ(protection->scheme, "PBES2 with PBKDF2");
    EXPECT_EQ(protection->cipher, "AES-256-CBC");
    EXPECT_EQ(protection->prf, "hmacWithSHA256");
    EXPECT_EQ(protection->iterations, 10'000U);
    EXPECT_EQ(protection->salt_bytes, 16U);
    EXPECT_EQ(passphrase.size(), 44U);
    EXPECT_TRUE(forged::key_in(pem, passphrase));
  }
  EXPECT_NE(content_of(path("workspace/issuing-ca/passphrase.txt")),
            content_of(path("workspace/controller-ca/passphrase.txt")));
}

TEST_F(CreatePki, closes_every_file_and_folder_to_others) {
  ASSERT_TRUE(create());
  for (const std::string folder : {"", "/issuing-ca", "/controller-ca", "/controller"}) {
    EXPECT_EQ(mode_of("workspace" + folder), 0700U) << folder;
  }
  for (const std::string& file : WorkspacePaths("workspace").files()) {
    EXPECT_EQ(mode_of(file), 0600U) << file;
  }
  EXPECT_EQ(mode_of("workspace/created.jsonl"), 0600U);
  EXPECT_EQ(mode_of("overlays/octavia-pki.yaml"), 0600U);
}

TEST_F(CreatePki, writes_the_overlay_in_the_order_of_the_runbook) {
  ASSERT_TRUE(create());
  const std::string text = content_of(request_.overlay);
  std::vector<std::string> shape;
  for (const std::string_view line : lines_of(text)) {
    shape.emplace_back(line.substr(0, line.find('"')));
    EXPECT_TRUE(line.back() == '"' || line.back() == ':');
  }
  EXPECT_THAT(
      shape, ElementsAre("applications:", "  octavia:", "    options:",
                         "      lb-mgmt-issuing-cacert: ", "      lb-mgmt-issuing-ca-private-key: ",
                         "      lb-mgmt-issuing-ca-key-passphrase: ",
                         "      lb-mgmt-controller-cacert: ", "      lb-mgmt-controller-cert: "));
  EXPECT_EQ(text.back(), '\n');
  EXPECT_NE(text[text.size() - 2], '\n');
}

TEST_F(CreatePki, makes_an_overlay_without_any_finding) {
  const auto created = create();
  ASSERT_TRUE(created);
  EXPECT_THAT(created->findings, IsEmpty());
  const auto file = read_overlay_file(*files_, request_.overlay);
  ASSERT_TRUE(file);
  auto workspace = workspace_material(*files_, request_.workspace);
  ASSERT_TRUE(workspace);
  VerifyRequest verify;
  verify.at = kNow;
  verify.file = file->info;
  verify.strictness = Strictness::strict;
  verify.bundle_vips = {"192.0.2.57"};
  verify.workspace = &*workspace;
  const PkiJudgement judgement = judge_overlay(forged::library(), file->source, verify);
  EXPECT_THAT(forged::codes_of(judgement.findings), IsEmpty());
  EXPECT_EQ(judgement.certificates.size(), 3U);
}

TEST_F(CreatePki, keeps_a_journal_without_a_secret) {
  ASSERT_TRUE(create());
  const std::string journal = content_of(path("workspace/created.jsonl"));
  const auto lines = lines_of(journal);
  ASSERT_EQ(lines.size(), 3U);
  for (const std::string_view line : lines) {
    const auto value = parse_json(line);
    ASSERT_TRUE(value);
    for (const char* key :
         {"at", "serial", "subject", "not_before", "not_after", "sha256", "public_key_sha256"}) {
      EXPECT_TRUE(find_string(*value, key)) << key;
    }
  }
  EXPECT_THAT(journal, testing::Not(HasSubstr("BEGIN")));
  EXPECT_THAT(journal,
              testing::Not(HasSubstr(content_of(path("workspace/issuing-ca/passphrase.txt")))));
}

TEST_F(CreatePki, refuses_an_overlay_that_exists) {
  ASSERT_TRUE(create());
  const std::string before = content_of(request_.overlay);
  request_.workspace = path("other");
  const auto again = create();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::conflict);
  EXPECT_EQ(content_of(request_.overlay), before);
  EXPECT_FALSE(files_->info(path("other")));
}

TEST_F(CreatePki, never_overwrites_a_ca_key) {
  ASSERT_TRUE(create());
  const std::string key = content_of(path("workspace/issuing-ca/issuing-ca.key.enc"));
  request_.existing = ExistingOverlay::replace;
  const auto again = create();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->origin, Origin::rewritten);
  EXPECT_EQ(content_of(path("workspace/issuing-ca/issuing-ca.key.enc")), key);
}

TEST_F(CreatePki, writes_a_lost_overlay_again_from_its_workspace) {
  ASSERT_TRUE(create());
  const std::string before = content_of(request_.overlay);
  std::filesystem::remove(request_.overlay);
  const auto again = create();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->origin, Origin::rewritten);
  EXPECT_EQ(content_of(request_.overlay), before);
}

TEST_F(CreatePki, does_not_answer_other_names_with_the_former_certificate) {
  ASSERT_TRUE(create());
  std::filesystem::remove(request_.overlay);
  request_.ips = {"192.0.2.99"};
  const auto again = create();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::conflict);
  EXPECT_THAT(again.error().message, HasSubstr("192.0.2.99"));
}

TEST_F(CreatePki, refuses_a_workspace_that_is_not_whole) {
  ASSERT_TRUE(create());
  std::filesystem::remove(request_.overlay);
  std::filesystem::remove(path("workspace/controller-ca/passphrase.txt"));
  const auto again = create();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::conflict);
  EXPECT_THAT(again.error().message, HasSubstr("some of its files"));
  EXPECT_FALSE(again.error().help.empty());
}

TEST_F(CreatePki, refuses_an_open_workspace) {
  std::filesystem::create_directory(path("workspace"));
  std::filesystem::permissions(path("workspace"), std::filesystem::perms(0750));
  const auto created = create();
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().kind, ErrorKind::denied);
  EXPECT_THAT(created.error().message, HasSubstr("mode 0750"));
}

TEST_F(CreatePki, refuses_a_workspace_behind_a_symlink) {
  std::filesystem::create_directory(path("real"));
  std::filesystem::permissions(path("real"), std::filesystem::perms(0700));
  std::filesystem::create_symlink(path("real"), path("workspace"));
  const auto created = create();
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().kind, ErrorKind::denied);
  EXPECT_TRUE(std::filesystem::is_empty(path("real")));
}

TEST_F(CreatePki, leaves_nothing_where_the_request_cannot_be_met) {
  for (const auto& spoil : std::vector<void (*)(PkiRequest&)>{
           [](PkiRequest& r) { r.dns = {"no name"}; }, [](PkiRequest& r) { r.dns = {"-a.b"}; },
           [](PkiRequest& r) { r.ips = {"10.0.0.300"}; },
           [](PkiRequest& r) { r.ips = {"fe80::zz"}; },
           [](PkiRequest& r) { r.name = std::string(60, 'a'); }, [](PkiRequest& r) { r.name = ""; },
           [](PkiRequest& r) { r.organisation = std::string(65, 'a'); },
           [](PkiRequest& r) { r.organisation = "A\nB"; }, [](PkiRequest& r) { r.ca_years = 11; },
           [](PkiRequest& r) { r.controller_days = 30; }, [](PkiRequest& r) { r.iterations = 999; },
           [](PkiRequest& r) { r.application = "octavia: {}"; }}) {
    PkiRequest spoiled = request_;
    spoil(spoiled);
    const auto created = create_pki(spoiled, effects_, *key_maker_);
    ASSERT_FALSE(created);
    EXPECT_EQ(created.error().kind, ErrorKind::invalid_input);
    EXPECT_FALSE(files_->info(request_.workspace));
  }
}

TEST_F(CreatePki, takes_a_long_dns_name_as_alternative_name_only) {
  request_.dns = {std::string(60, 'a') + ".example.org", "short.example.org"};
  ASSERT_TRUE(create());
  const Certificate leaf = certificate(kController);
  EXPECT_EQ(common_name(leaf.get()), "short.example.org");
  EXPECT_EQ(dns_names_of(leaf.get()), request_.dns);
}

TEST_F(CreatePki, needs_no_name_at_all) {
  request_.dns.clear();
  request_.ips = {"2001:db8::57"};
  request_.organisation.clear();
  const auto created = create();
  ASSERT_TRUE(created);
  EXPECT_THAT(created->findings, IsEmpty());
  EXPECT_EQ(created->certificates[2].subject, "CN=octavia-controller");
  EXPECT_THAT(created->certificates[2].names,
              ElementsAre("DNS:octavia-controller", "IP:2001:db8:0:0:0:0:0:57"));
}

TEST_F(CreatePki, refuses_a_work_tree_that_does_not_ignore_the_overlay) {
  run({"git", "init", "--quiet", path("tree")});
  request_.overlay = path("tree/overlays/octavia-pki.yaml");
  const auto created = create();
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().kind, ErrorKind::denied);
  EXPECT_THAT(created.error().message, HasSubstr("does not ignore it"));
  EXPECT_THAT(created.error().help, HasSubstr("add octavia-pki.yaml to the .gitignore"));
  EXPECT_FALSE(files_->info(path("tree/overlays")));
  EXPECT_FALSE(files_->info(request_.workspace));
}

TEST_F(CreatePki, refuses_a_workspace_in_any_work_tree_even_an_ignored_one) {
  run({"git", "init", "--quiet", path("tree")});
  ASSERT_TRUE(files_->create(path("tree/.gitignore"), "keys/\n", 0644));
  request_.workspace = path("tree/keys/octavia");
  const auto created = create();
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().kind, ErrorKind::denied);
  EXPECT_THAT(created.error().message, HasSubstr("is in a git work tree"));
  EXPECT_FALSE(files_->info(path("tree/keys")));
  request_.work_tree = WorkTree::allowed;
  EXPECT_TRUE(create());
}

TEST_F(CreatePki, gives_the_lives_and_iterations_that_are_asked_for) {
  request_.ca_years = 3;
  request_.controller_days = 100;
  request_.iterations = 2'048;
  ASSERT_TRUE(create());
  EXPECT_EQ(to_rfc3339(*moment_of(X509_get0_notAfter(certificate(kIssuingCa).get()))),
            "2029-11-22T17:30:00Z");
  EXPECT_EQ(to_rfc3339(*moment_of(X509_get0_notAfter(certificate(kController).get()))),
            "2027-03-02T17:30:00Z");
  const PemText text = split_pem(content_of(path("workspace/issuing-ca/issuing-ca.key.enc")));
  EXPECT_EQ(protection_of(text.blocks.at(0))->iterations, 2'048U);
}

TEST_F(CreatePki, never_lets_the_controller_certificate_outlive_its_ca) {
  request_.ca_years = 1;
  ASSERT_TRUE(create());
  EXPECT_EQ(to_rfc3339(*moment_of(X509_get0_notAfter(certificate(kController).get()))),
            "2027-11-22T17:30:00Z");
}

TEST_F(CreatePki, is_content_with_a_work_tree_that_ignores_the_overlay) {
  run({"git", "init", "--quiet", path("tree")});
  ASSERT_TRUE(files_->create(path("tree/.gitignore"), "octavia-pki.yaml\n", 0644));
  request_.overlay = path("tree/overlays/octavia-pki.yaml");
  const auto created = create();
  ASSERT_TRUE(created);
  EXPECT_THAT(created->findings, IsEmpty());
}

TEST_F(CreatePki, passes_the_openssl_tool) {
  request_.now = clock_->now();
  ASSERT_TRUE(create());
  EXPECT_THAT(run({"openssl", "verify", "-x509_strict", "-purpose", "sslclient", "-CAfile",
                   kControllerCa, kController}),
              HasSubstr("OK"));
  for (const std::string name : {"issuing-ca", "controller-ca"}) {
    const std::string folder = "workspace/" + name + "/";
    EXPECT_THAT(run({"openssl", "verify", "-x509_strict", "-check_ss_sig", "-CAfile",
                     folder + name + ".cert.pem", folder + name + ".cert.pem"}),
                HasSubstr("OK"));
    const std::string from_key = run({"openssl", "pkey", "-in", folder + name + ".key.enc",
                                      "-passin", "file:" + folder + "passphrase.txt", "-pubout"});
    EXPECT_EQ(from_key,
              run({"openssl", "x509", "-in", folder + name + ".cert.pem", "-noout", "-pubkey"}));
  }
  EXPECT_EQ(run({"openssl", "pkey", "-in", "workspace/controller/controller.key", "-pubout"}),
            run({"openssl", "x509", "-in", kController, "-noout", "-pubkey"}));
}

// A key maker that cannot draw random bytes must leave nothing behind.
class DryKeyMaker final : public KeyMaker {
 public:
  Result<PrivateKey> make_key(const CryptoLibrary& library, Curve curve) override {
    return make_key_maker()->make_key(library, curve);
  }
  Result<Secret> random(const CryptoLibrary&, std::size_t) override {
    return fail(ErrorKind::io, "no randomness");
  }
};

TEST_F(CreatePki, writes_nothing_without_randomness) {
  DryKeyMaker dry;
  const auto created = create_pki(request_, effects_, dry);
  ASSERT_FALSE(created);
  EXPECT_FALSE(files_->info(request_.workspace));
  EXPECT_FALSE(files_->info(request_.overlay));
}

}  // namespace
}  // namespace gatehouse::pki
