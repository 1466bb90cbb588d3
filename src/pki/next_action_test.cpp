#include "pki/next_action.h"

#include <gtest/gtest.h>

namespace gatehouse::pki {
namespace {

CertificateFacts ending(const std::string& role, const std::string& end) {
  CertificateFacts facts;
  facts.role = role;
  facts.not_after = *parse_rfc3339(end);
  return facts;
}

const Moment kNow = *parse_rfc3339("2026-11-22T12:00:00Z");

TEST(NextAction, of_a_young_controller_certificate_is_ninety_days_before_its_end) {
  EXPECT_EQ(next_action(ending("controller certificate", "2028-11-22T12:00:00Z"), kNow),
            "renew from 2028-08-24");
}

TEST(NextAction, of_a_young_ca_is_a_year_before_its_end) {
  EXPECT_EQ(next_action(ending("issuing CA", "2036-11-22T12:00:00Z"), kNow),
            "roll from 2035-11-23");
}

TEST(NextAction, within_the_margin_is_now) {
  EXPECT_EQ(next_action(ending("controller certificate", "2026-12-22T12:00:00Z"), kNow),
            "renew now: 30 days left");
  EXPECT_EQ(next_action(ending("controller CA", "2027-11-22T12:00:00Z"), kNow),
            "roll now: 365 days left");
}

TEST(NextAction, of_an_issuing_ca_whose_key_may_serve_longer_is_to_renew_it) {
  CertificateFacts facts = ending("issuing CA", "2029-11-22T12:00:00Z");
  facts.not_before = kNow;
  EXPECT_EQ(next_action(facts, kNow), "renew issuing-ca from 2028-11-22");
  facts.role = "controller CA";
  EXPECT_EQ(next_action(facts, kNow), "roll from 2028-11-22");
}

TEST(NextAction, after_the_end_says_so) {
  EXPECT_EQ(next_action(ending("controller certificate", "2026-11-22T12:00:00Z"), kNow),
            "expired 2026-11-22: renew at once");
}

}  // namespace
}  // namespace gatehouse::pki
