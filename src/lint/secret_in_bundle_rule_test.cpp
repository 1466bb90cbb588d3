#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "lint/lint_test_support.h"

namespace gatehouse::lint_test {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kCode = "bundle/secret-in-bundle";

// In two halves, so that this file holds no mark of a key.
const std::string kKey = std::string("-----BEGIN EC PRIVATE ") + "KEY-----\nMHc=\n-----END";

std::string with_option(const std::string& name, const std::string& value) {
  return "applications:\n  a:\n    charm: no-such-charm\n    options:\n      " + name + ": " +
         value + "\n";
}

TEST(SecretInBundle, is_a_private_key_in_any_option) {
  EXPECT_THAT(found(kCode, {with_option("anything", base64_encode(kKey))}),
              ElementsAre("5:7 error a"));
  EXPECT_THAT(found(kCode, {with_option("anything",
                                        "|\n        " + replace_all(kKey, "\n", "\n        "))}),
              ElementsAre("5:7 error a"));
}

TEST(SecretInBundle, is_a_literal_under_the_name_of_a_passphrase) {
  for (const char* name :
       {"admin-password", "lb-mgmt-issuing-ca-key-passphrase", "corosync_key", "shared-secret"}) {
    EXPECT_THAT(found(kCode, {with_option(name, "swordfish")}), ElementsAre("5:7 warning a"))
        << name;
  }
}

TEST(SecretInBundle, is_not_hidden_by_an_include_beside_it) {
  EXPECT_THAT(found(kCode, {"applications:\n  a:\n    charm: no-such-charm\n"
                            "    options: {mode: include-all, admin-password: swordfish}\n"}),
              ElementsAre("4:34 warning a"));
}

TEST(SecretInBundle, never_shows_the_value) {
  const std::string text = drawn(kCode, {with_option("admin-password", "swordfish")});
  EXPECT_THAT(text, HasSubstr("bundle.yaml:5:7: warning: admin-password is set"));
  EXPECT_THAT(text, Not(HasSubstr("swordfish")));
}

TEST(SecretInBundle, is_none_where_nothing_secret_stands) {
  EXPECT_THAT(found(kCode, {with_option("admin-password", "\"\"")}), IsEmpty());
  EXPECT_THAT(found(kCode, {with_option("admin-password", "secret:9m4e2mr0ui3e8a215n4g")}),
              IsEmpty());
  EXPECT_THAT(found(kCode, {with_option("ssh-public-key", "ssh-rsa AAAA")}), IsEmpty());
  EXPECT_THAT(found(kCode, {with_option("password-length", "12")}), IsEmpty());
  EXPECT_THAT(found(kCode, {with_option("ssl_ca", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t")}),
              IsEmpty());
}

TEST(SecretInBundle, is_at_home_in_a_secret_overlay) {
  Texts texts{.bundle = "applications: {a: {charm: no-such-charm}}\n",
              .overlay = "applications:\n  a:\n    options:\n      admin-password: swordfish\n"};
  EXPECT_THAT(found(kCode, texts), ElementsAre("overlay:4:7 warning a"));
  texts.overlay_sensitivity = Sensitivity::secret;
  EXPECT_THAT(found(kCode, texts), IsEmpty());
}

}  // namespace

}  // namespace gatehouse::lint_test
