#include "pki/handshake.h"

#include <gtest/gtest.h>

#include "pki/forged_overlay.h"

namespace gatehouse::pki {
namespace {

using forged::Forge;
using forged::kNow;

// The two ends of a sound overlay, with an amphora certificate as Octavia issues it.
struct Ends {
  Forge forge;
  forged::Parts parts = forge.build();
  Certificate issuing = forged::certificate_in(parts.issuing_cacert);
  Certificate controller_ca = forged::certificate_in(parts.controller_cacert);
  Certificate leaf = forged::certificate_in(parts.controller_cert);
  PrivateKey amphora_key = forged::ec_key("P-256");
  Certificate amphora_certificate = *make_trial_amphora_certificate(
      forged::library(), amphora_key.get(), {issuing.get(), forge.issuing_key.get()}, kNow,
      KeyReference::none);
  Endpoint controller{leaf.get(), forge.controller_key.get(), {issuing.get()}};
  Endpoint amphora{amphora_certificate.get(), amphora_key.get(), {controller_ca.get()}};

  bool agree(Moment at = kNow) const {
    return TlsContext(forged::library()).shake_hands(controller, amphora, at).is_agreed;
  }
};

TEST(Handshake, of_a_sound_overlay_is_agreed) {
  EXPECT_TRUE(Ends().agree());
}

TEST(Handshake, without_a_controller_certificate_is_refused) {
  Ends ends;
  ends.controller.certificate = nullptr;
  EXPECT_FALSE(ends.agree());
}

TEST(Handshake, with_an_amphora_as_controller_is_refused) {
  Ends ends;
  ends.controller.certificate = ends.amphora_certificate.get();
  ends.controller.key = ends.amphora_key.get();
  EXPECT_FALSE(ends.agree());
}

TEST(Handshake, with_an_amphora_of_another_ca_is_refused) {
  Ends ends;
  const Ends other;
  ends.amphora.certificate = other.amphora_certificate.get();
  ends.amphora.key = other.amphora_key.get();
  EXPECT_FALSE(ends.agree());
}

TEST(Handshake, is_judged_at_the_moment_given) {
  const Ends ends;
  EXPECT_TRUE(ends.agree(kNow + std::chrono::days(29)));
  EXPECT_FALSE(ends.agree(kNow + std::chrono::days(31)));
  EXPECT_FALSE(ends.agree(kNow - std::chrono::days(1)));
}

TEST(Handshake, that_fails_says_why) {
  Ends ends;
  ends.controller.trusted.clear();
  const HandshakeResult result =
      TlsContext(forged::library()).shake_hands(ends.controller, ends.amphora, kNow);
  EXPECT_FALSE(result.is_agreed);
  EXPECT_EQ(result.reason, "certificate verify failed");
}

}  // namespace
}  // namespace gatehouse::pki
