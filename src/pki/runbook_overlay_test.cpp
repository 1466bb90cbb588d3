// An overlay made by the runbook's own openssl commands (phase 01, Step 1.0-GEN), and the recorded
// broken ones.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pki/forged_overlay.h"
#include "pki/overlay_file.h"
#include "pki/posix_effects.h"

namespace gatehouse::pki {
namespace {

using testing::Contains;
using testing::Not;
using testing::StartsWith;

constexpr const char* kControllerConfiguration = R"([req]
distinguished_name = req_distinguished_name
req_extensions = v3_req
prompt = no
[req_distinguished_name]
CN = octavia-controller.example.org
O = Example
[v3_req]
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = clientAuth, serverAuth
subjectAltName = @alt_names
[alt_names]
DNS.1 = octavia-controller.example.org
DNS.2 = octavia.example.org
IP.1 = 192.0.2.233
)";

class RunbookOverlay : public PosixEffectsTest {
 protected:
  // Blocks a and b: passphrase, encrypted P-384 key, self-signed certificate.
  void make_ca(const std::string& name, const std::string& subject) {
    std::string passphrase = run({"openssl", "rand", "-base64", "32"});
    passphrase.pop_back();
    ASSERT_EQ(passphrase.size(), 44U);
    ASSERT_TRUE(files_->create(path(name + ".pass"), passphrase, 0600));
    run({"openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384",
         "-aes-256-cbc", "-pass", "file:" + name + ".pass", "-out", name + ".key"});
    run({"openssl", "req", "-new", "-x509", "-sha384", "-key", name + ".key", "-passin",
         "file:" + name + ".pass", "-days", "3650", "-subj", subject, "-out", name + ".pem"});
  }

  // Block c: P-256 key, request, certificate of two years.
  void make_leaf() {
    run({"openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out",
         "leaf.key"});
    ASSERT_TRUE(files_->create(path("leaf.cnf"), kControllerConfiguration, 0600));
    run({"openssl", "req", "-new", "-sha256", "-key", "leaf.key", "-config", "leaf.cnf", "-out",
         "leaf.csr"});
    run({"openssl",
         "x509",
         "-req",
         "-sha256",
         "-in",
         "leaf.csr",
         "-CA",
         "controller.pem",
         "-CAkey",
         "controller.key",
         "-passin",
         "file:controller.pass",
         "-CAcreateserial",
         "-days",
         "730",
         "-extfile",
         "leaf.cnf",
         "-extensions",
         "v3_req",
         "-out",
         "leaf.pem"});
  }

  forged::Parts parts() {
    return {content_of(path("issuing.pem")), content_of(path("issuing.key")),
            content_of(path("issuing.pass")), content_of(path("controller.pem")),
            content_of(path("leaf.pem")) + content_of(path("leaf.key"))};
  }
};

TEST_F(RunbookOverlay, passes_with_warnings) {
  make_ca("issuing", "/CN=Example Octavia Issuing CA/O=Example");
  make_ca("controller", "/CN=Example Octavia Controller CA/O=Example");
  make_leaf();
  VerifyRequest verify;
  verify.at = clock_->now() + std::chrono::minutes(1);
  const std::string text = parts().text();
  const auto codes = forged::codes_in(text, verify);
  EXPECT_THAT(codes, Not(Contains(StartsWith("error/"))));
  EXPECT_THAT(
      codes, testing::IsSupersetOf({"warning/ca-keyusage", "warning/ca-pathlen", "warning/kdf-weak",
                                    "warning/leaf-keyusage-ec", "warning/signature-unexpected",
                                    "warning/strict-chain", "note/eku-extra"}));
  verify.strictness = Strictness::strict;
  EXPECT_THAT(forged::codes_in(text, verify),
              testing::IsSupersetOf({"error/ca-keyusage", "error/strict-chain"}));
}

struct Recorded {
  std::string file;
  std::string code;
};

void PrintTo(const Recorded& recorded, std::ostream* stream) {
  *stream << recorded.file;
}

class RecordedOverlay : public testing::TestWithParam<Recorded> {};

// What each must be told is the third column of INDEX.tsv beside them.
TEST_P(RecordedOverlay, is_refused_with_its_code) {
  const auto files = posix::make_file_store();
  const std::string path =
      std::string(GATEHOUSE_SOURCE_DIR) + "/tests/fixtures/pki/" + GetParam().file;
  const auto read = read_overlay_file(*files, path);
  ASSERT_TRUE(read) << to_string(read.error());
  VerifyRequest verify;
  verify.at = *parse_rfc3339("2026-11-22T17:30:00Z");
  const auto codes = forged::codes_of(forged::judge(read->source, verify).findings);
  EXPECT_THAT(codes, Contains("error/" + GetParam().code));
}

INSTANTIATE_TEST_SUITE_P(Recorded, RecordedOverlay,
                         testing::Values(Recorded{"issuing-ca-rsa.yaml", "key-algorithm"},
                                         Recorded{"controller-key-encrypted.yaml",
                                                  "leaf-key-encrypted"},
                                         Recorded{"raw-pem-not-base64.yaml", "base64-invalid"},
                                         Recorded{"option-missing.yaml", "option-missing"},
                                         Recorded{"controller-ca-expired.yaml", "expired"},
                                         Recorded{"wrong-application.yaml", "application-missing"}),
                         [](const auto& one) { return replace_all(one.param.code, "-", "_"); });

}  // namespace
}  // namespace gatehouse::pki
