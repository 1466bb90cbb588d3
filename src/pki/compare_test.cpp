// The table of a rotation's steps, each tried with Octavia's own code (notes of the project,
// section 4): what is computed here must say the same.
#include "pki/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pki/forged_overlay.h"

namespace gatehouse::pki {
namespace {

using forged::Forge;
using forged::Parts;

/// The parts of an overlay with its CAs, before and after a step.
struct World {
  Forge g1;  ///< "Issuing", "Controller"
  Forge g2;  ///< "Issuing G2", "Controller G2"
  Parts first, second;

  World() {
    g2.issuing.common_name = "Issuing G2";
    g2.controller_ca.common_name = "Controller G2";
    g2.controller.issuer_name = "Controller G2";
    first = g1.build();
    second = g2.build();
  }
};

/// Issuing CA and its key from one, trust from both, controller's side of a third.
Parts with_issuing(Parts parts, const Parts& signer, const std::string& trusted_too = "") {
  parts.issuing_cacert = signer.issuing_cacert + trusted_too;
  parts.issuing_key = signer.issuing_key;
  parts.passphrase = signer.passphrase;
  return parts;
}

Parts with_controller(Parts parts, const Parts& signer, const std::string& trusted_too = "") {
  parts.controller_cacert = signer.controller_cacert + trusted_too;
  parts.controller_cert = signer.controller_cert;
  return parts;
}

Material material_of(const Parts& parts, std::deque<Source>& sources) {
  const Source& source = sources.emplace_back("o.yaml", parts.text(), Sensitivity::secret);
  Findings findings;
  const OverlayDocument document = read_overlay(source, "octavia", findings);
  return read_material(forged::library(), document, findings);
}

struct Step {
  std::string name;
  Parts before;
  Parts after;
  bool is_reachable, is_refreshable, is_new_reachable;
};

std::vector<Step> tried_table() {
  const World world;
  const Parts& a = world.first;
  const Parts& b = world.second;
  Parts renewed = a;
  {
    Forge again;
    again.controller.serial = "7234567890abcdef1234567890abcdef";
    const Certificate ca = forged::certificate_in(a.controller_cacert);
    renewed.controller_cert =
        forged::pem_of(forged::forge(again.controller, again.controller_key.get(),
                                     world.g1.controller_ca_key.get(), ca.get())
                           .get()) +
        forged::plain_pem(again.controller_key.get());
  }
  Parts same_key = a;
  {
    forged::Recipe recipe = world.g1.issuing;
    recipe.serial = "8234567890abcdef1234567890abcdef";
    same_key.issuing_cacert = forged::pem_of(
        forged::forge(recipe, world.g1.issuing_key.get(), world.g1.issuing_key.get()).get());
  }
  const Parts namesake = Forge().build();
  const Parts trust = with_issuing(a, a, b.issuing_cacert);
  const Parts sign = with_issuing(a, b, a.issuing_cacert);
  const Parts drop = with_issuing(a, b);
  const Parts hand_out = [&] {
    Parts parts = a;
    parts.controller_cacert += b.controller_cacert;
    return parts;
  }();
  const Parts switched = with_controller(a, b, a.controller_cacert);
  return {
      {"renew the controller certificate", a, renewed, true, true, true},
      {"renew the issuing CA certificate, same key and name", a, same_key, true, true, true},
      {"issuing: trust new as second, old signs", a, trust, true, true, true},
      {"issuing: new signs, old second", trust, sign, true, true, true},
      {"issuing: old removed", sign, drop, true, true, true},
      {"issuing: straight to new signs, old second", a, sign, true, true, false},
      {"issuing: overlap with the same subject", a, with_issuing(a, namesake, a.issuing_cacert),
       false, false, false},
      {"issuing: hard replacement", a, drop, false, false, false},
      {"controller: both CAs, old certificate", a, hand_out, true, true, true},
      {"controller: certificate by the new CA", hand_out, switched, true, true, true},
      {"controller: old removed", switched, with_controller(a, b), true, true, true},
      {"controller: switched without failover", a, switched, false, false, true},
      {"both CAs replaced at once", a, b, false, false, false},
  };
}

TEST(Comparison, agrees_with_the_tried_table) {
  for (const Step& step : tried_table()) {
    std::deque<Source> sources;
    const auto compared = compare_overlays(forged::library(), material_of(step.before, sources),
                                           material_of(step.after, sources), forged::kNow);
    ASSERT_TRUE(compared) << step.name << ": " << to_string(compared.error());
    EXPECT_EQ(compared->old_under_new.is_reachable, step.is_reachable) << step.name;
    EXPECT_EQ(compared->old_under_new.is_refreshable, step.is_refreshable) << step.name;
    EXPECT_EQ(compared->new_under_old.is_reachable, step.is_new_reachable) << step.name;
    EXPECT_EQ(compared->old_under_new.why_not.empty(), step.is_reachable) << step.name;
  }
}

std::string why_not(const Parts& before, const Parts& after) {
  std::deque<Source> sources;
  const auto compared = compare_overlays(forged::library(), material_of(before, sources),
                                         material_of(after, sources), forged::kNow);
  return compared ? compared->old_under_new.why_not : to_string(compared.error());
}

TEST(Comparison, says_which_trust_is_lacking) {
  const World world;
  const Parts drop = with_issuing(world.first, world.second);
  EXPECT_EQ(why_not(world.first, drop),
            "the controller does not trust the amphora's issuing CA \"Issuing\"");
  const Parts switched = with_controller(world.first, world.second, world.first.controller_cacert);
  EXPECT_EQ(why_not(world.first, switched),
            "the amphora was born without the controller CA \"Controller G2\"");
}

TEST(Comparison, reports_an_error_for_old_amphorae_and_a_warning_for_new_ones) {
  Comparison compared;
  compared.old_under_new = {.is_reachable = true, .why_not = "", .is_refreshable = true};
  compared.new_under_old = compared.old_under_new;
  const auto codes = [&compared] {
    Findings findings;
    report_pair(compared, findings);
    return forged::codes_of(findings.take());
  };
  EXPECT_THAT(codes(), testing::IsEmpty());
  compared.new_under_old.is_reachable = false;
  EXPECT_THAT(codes(), testing::ElementsAre("warning/pair-unreachable"));
  compared.old_under_new.is_refreshable = false;
  EXPECT_THAT(codes(), testing::ElementsAre("error/pair-unreachable", "warning/pair-unreachable"));
}

TEST(Comparison, needs_two_overlays_that_can_be_used) {
  const World world;
  Parts broken = world.first;
  broken.passphrase = "another passphrase altogether";
  EXPECT_EQ(why_not(broken, world.first), "old overlay: the issuing CA key can not be opened");
  EXPECT_EQ(why_not(world.first, broken), "new overlay: the issuing CA key can not be opened");
}

}  // namespace
}  // namespace gatehouse::pki
