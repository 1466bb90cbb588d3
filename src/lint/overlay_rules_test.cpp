#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lint/lint_test_support.h"

namespace gatehouse::lint_test {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kBase = R"(default-base: ubuntu@22.04
description: of the bundle
machines: {"0": {constraints: mem=8G}, "1": {constraints: mem=8G}, "2": {}}
applications:
  a: {charm: keystone, num_units: 2, to: ["0", "1"], options: {region: one}}
  b: {charm: glance, num_units: 1, to: ["2"]}
)";

TEST(OverlayIgnored, is_what_juju_takes_from_the_bundle_only) {
  const std::string overlay = R"(default-base: ubuntu@24.04
description: of the overlay
tags: [x]
applications: {a: {options: {region: two}}}
)";
  EXPECT_THAT(found("bundle/overlay-ignored", {.bundle = kBase, .overlay = overlay}),
              ElementsAre("overlay:1:1 warning default-base", "overlay:2:1 note description",
                          "overlay:3:1 note tags"));
  EXPECT_THAT(found("bundle/overlay-ignored", {kBase}), IsEmpty());
}

TEST(OverlayIgnored, is_a_series_against_the_default_base_of_the_bundle) {
  const Texts texts{.bundle = kBase, .overlay = "series: noble\n"};
  EXPECT_THAT(found("bundle/overlay-ignored", texts), ElementsAre("overlay:1:1 warning series"));
  EXPECT_THAT(drawn("bundle/overlay-ignored", texts), HasSubstr("default-base"));
  EXPECT_THAT(found("bundle/overlay-ignored",
                    {.bundle = "applications: {a: {charm: keystone}}\n", .overlay = texts.overlay}),
              IsEmpty());
}

TEST(OverlayMachines, replace_the_whole_section) {
  EXPECT_THAT(
      found("bundle/overlay-machines",
            {.bundle = kBase,
             .overlay = "machines: {\"0\": {constraints: mem=9G}, \"1\": {}, \"2\": {}}\n"}),
      ElementsAre("3:59 warning 1"));
  EXPECT_THAT(found("bundle/overlay-machines",
                    {.bundle = kBase, .overlay = "applications: {a: {expose: true}}\n"}),
              IsEmpty());
}

TEST(OverlayValueLost, is_one_that_a_later_document_replaces) {
  const std::string overlay = R"(applications:
  a: {options: {region: two}, channel: 2024.1/stable}
---
applications:
  a: {options: {region: three}, channel: 2024.1/stable}
)";
  const Texts texts{.bundle = kBase, .overlay = overlay};
  EXPECT_THAT(found("bundle/overlay-value-lost", texts), ElementsAre("overlay:2:25 warning a"));
  EXPECT_THAT(drawn("bundle/overlay-value-lost", texts), HasSubstr("overlay.yaml:5:25: note"));
}

TEST(OverlayValueLost, is_none_of_the_base) {
  EXPECT_THAT(found("bundle/overlay-value-lost",
                    {.bundle = kBase, .overlay = "applications: {a: {options: {region: two}}}\n"}),
              IsEmpty());
  EXPECT_THAT(found("bundle/overlay-value-lost",
                    {kBase + "---\napplications: {a: {options: {region: two}}}\n"}),
              IsEmpty());
}

}  // namespace

}  // namespace gatehouse::lint_test
