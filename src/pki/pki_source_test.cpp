#include "pki/pki_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pki/create.h"
#include "pki/forged_overlay.h"
#include "pki/posix_effects.h"

namespace gatehouse::pki {
namespace {

class PkiSource : public PosixEffectsTest {
 protected:
  PkiSource() {
    questions_.secret_overlay = path("overlay.yaml");
    questions_.secret_overlay_name = "overlays/pki.yaml";
    questions_.pki_application = "octavia";
    questions_.judged_at = forged::kNow;
  }

  const Observation<PkiFacts>& observe() {
    const std::vector<FactKey> wanted{FactKey::pki};
    pki_source.collect(wanted, questions_, effects_, facts_);
    return facts_.pki;
  }

  Questions questions_;
  Facts facts_;
};

TEST_F(PkiSource, sees_a_sound_overlay_without_findings) {
  PkiRequest request = forged::request();
  request.workspace = path("workspace");
  request.overlay = questions_.secret_overlay;
  ASSERT_TRUE(create_pki(request, effects_, *make_key_maker()));
  questions_.vip_addresses = {"192.0.2.57"};
  const auto& seen = observe();
  ASSERT_NE(seen.value(), nullptr);
  EXPECT_THAT(seen.value()->findings, testing::IsEmpty());
  EXPECT_EQ(seen.value()->certificates.size(), 3U);
}

TEST_F(PkiSource, puts_the_place_before_each_message) {
  ASSERT_TRUE(files_->create(questions_.secret_overlay, "applications:\n  nova: {}\n", 0600));
  const auto& seen = observe();
  ASSERT_NE(seen.value(), nullptr);
  ASSERT_EQ(seen.value()->findings.size(), 1U);
  const Diagnostic& finding = seen.value()->findings[0];
  EXPECT_EQ(finding.span.source, nullptr);
  EXPECT_EQ(finding.message, questions_.secret_overlay_name +
                                 ":2:3: no applications/octavia/options (found application nova)");
}

TEST_F(PkiSource, finds_an_address_that_is_no_vip_of_the_bundle_and_calls_it_no_error) {
  PkiRequest request = forged::request();
  request.workspace = path("workspace");
  request.overlay = questions_.secret_overlay;
  ASSERT_TRUE(create_pki(request, effects_, *make_key_maker()));
  questions_.vip_addresses = {"192.0.2.58", "198.51.100.58"};
  const auto& seen = observe();
  ASSERT_NE(seen.value(), nullptr);
  EXPECT_THAT(forged::codes_of(seen.value()->findings), testing::ElementsAre("warning/san-stale"));
  EXPECT_THAT(seen.value()->findings[0].message,
              testing::HasSubstr("IP 192.0.2.57 is none of the bundle's VIPs"));
}

TEST_F(PkiSource, tells_where_each_unit_keeps_each_certificate) {
  PkiRequest request = forged::request();
  request.workspace = path("workspace");
  request.overlay = questions_.secret_overlay;
  ASSERT_TRUE(create_pki(request, effects_, *make_key_maker()));
  const auto& seen = observe();
  ASSERT_NE(seen.value(), nullptr);
  std::vector<std::string> files;
  for (const CertificateFacts& facts : seen.value()->certificates) files.push_back(facts.unit_file);
  EXPECT_EQ(files, unit_files());
}

TEST_F(PkiSource, answers_an_absent_overlay_with_a_finding) {
  const auto& seen = observe();
  ASSERT_NE(seen.value(), nullptr);
  EXPECT_EQ(seen.value()->findings.at(0).code, "not-readable");
}

TEST_F(PkiSource, does_not_know_what_it_cannot_read) {
  ASSERT_TRUE(files_->make_folder(questions_.secret_overlay, 0700));
  const auto& seen = observe();
  EXPECT_EQ(seen.value(), nullptr);
  EXPECT_NE(seen.error(), nullptr);
}

}  // namespace
}  // namespace gatehouse::pki
