#include "gates/message_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(MessageParts, ComeApartAtCommasAndSemicolons) {
  EXPECT_THAT(message_parts("'a' missing, 'b' incomplete; paused"),
              ElementsAre("'a' missing", "'b' incomplete", "paused"));
  EXPECT_THAT(message_parts("Unit is ready"), ElementsAre("Unit is ready"));
  EXPECT_THAT(message_parts(""), IsEmpty());
  EXPECT_THAT(message_parts(" , ; ,"), IsEmpty());
}

TEST(MessageParts, AHeadingGoesWithEachOfItsItems) {
  EXPECT_THAT(message_parts("Missing relations: image, messaging; Incomplete relations: database"),
              ElementsAre("Missing relations: image", "Missing relations: messaging",
                          "Incomplete relations: database"));
  EXPECT_THAT(message_parts("'a' missing, hint: look"), ElementsAre("'a' missing", "hint: look"));
}

TEST(MessageMatches, TheWholeByItsGlob) {
  EXPECT_TRUE(message_matches("*ONLINE*", "Unit is ready: Mode: R/W, Cluster is ONLINE"));
  EXPECT_TRUE(message_matches("", ""));
  EXPECT_FALSE(message_matches("", "anything"));
  EXPECT_FALSE(message_matches("Vault needs", "Vault needs to be initialized"));
}

TEST(MessageMatches, TheSamePartsInAnyOrder) {
  EXPECT_TRUE(message_matches("'a' missing, 'b' incomplete", "'b' incomplete, 'a' missing"));
  EXPECT_TRUE(message_matches("Missing relations: image, messaging",
                              "Missing relations: messaging, image"));
  EXPECT_FALSE(message_matches("'a' missing, 'b' incomplete", "'b' incomplete"));
  EXPECT_FALSE(message_matches("'a' missing, 'b' incomplete", "'a' missing, 'a' missing"));
  EXPECT_FALSE(message_matches("Missing relations: image, messaging",
                               "Incomplete relations: image, messaging"));
}

TEST(MessageMatches, PartsLeftOverOnlyWhereAStarCouldTakeThem) {
  EXPECT_FALSE(
      message_matches("'a' missing, 'b' missing", "'b' missing, 'c' missing, 'a' missing"));
  EXPECT_TRUE(
      message_matches("*'a' missing*, *'b' missing*", "'b' missing, 'c' missing, 'a' missing"));
}

TEST(MessageMatches, EachGlobTakesAPartOfItsOwn) {
  // "*" could take either part; only one of the two ways leaves a part for 'a'.
  EXPECT_TRUE(message_matches("*, 'a' missing", "'a' missing, 'b' missing"));
  EXPECT_FALSE(message_matches("'?' missing, 'a' missing", "'b' gone, 'a' missing"));
}

TEST(ShownMessage, IsWithoutThePolicysPrefix) {
  EXPECT_EQ(shown_message("PO: Unit is ready").text, "Unit is ready");
  EXPECT_FALSE(shown_message("PO: Unit is ready").has_broken_policy);
  EXPECT_EQ(shown_message("PO (broken): Unit is ready").text, "Unit is ready");
  EXPECT_TRUE(shown_message("PO (broken): Unit is ready").has_broken_policy);
  EXPECT_EQ(shown_message("POst").text, "POst");
}

TEST(EndpointWords, AreTheQuotedOnesElseThoseBehindTheHeading) {
  EXPECT_THAT(endpoint_words("'certificates' awaiting server certificate data"),
              ElementsAre("certificates"));
  EXPECT_THAT(endpoint_words("Missing relations: messaging"), ElementsAre("messaging"));
  EXPECT_THAT(endpoint_words("waiting for shared-db"), ElementsAre("waiting", "for", "shared-db"));
  EXPECT_THAT(endpoint_words("it's"), ElementsAre("it", "s"));
  EXPECT_THAT(endpoints_meant("messaging"), ElementsAre("messaging", "amqp"));
  EXPECT_THAT(endpoints_meant("certificates"), ElementsAre("certificates"));
}

}  // namespace

}  // namespace gatehouse
