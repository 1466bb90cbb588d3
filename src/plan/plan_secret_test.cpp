#include <gtest/gtest.h>

#include "plan/plan.h"

namespace gatehouse {

namespace {

TEST(PlanOfASecretFile, withholds_the_options_that_the_file_supplied) {
  const Source open("bundle.yaml", "open", Sensitivity::open);
  const Source secret("overlay.yaml", "secret", Sensitivity::secret);
  Bundle bundle;
  BundleApplication& application = bundle.applications["web"];
  application.name = "web";
  application.charm = "web";
  application.options["colour"] = {.value = "blue", .text = "blue", .span = {&open, {}, {}}};
  application.options["passphrase"] = {
      .value = "hidden-words", .text = "hidden-words", .span = {&secret, {}, {}}};
  const auto computed = compute_plan(bundle);
  ASSERT_TRUE(std::holds_alternative<Plan>(computed));
  const std::string text = json::serialize(to_json(std::get<Plan>(computed)));
  EXPECT_NE(text.find("\"colour\":\"blue\""), std::string::npos) << text;
  EXPECT_NE(text.find("\"passphrase\":\"(secret)\""), std::string::npos) << text;
  EXPECT_EQ(text.find("hidden-words"), std::string::npos) << text;
}

}  // namespace

}  // namespace gatehouse
