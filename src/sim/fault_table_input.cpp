// The faults of the operator's own files; input_faults.cpp puts them into the copies.
// Exit codes: CONTRACT.md, "Everywhere". Those that begin with "lying" are the gates of the runbook
// that lied.
#include "sim/faults.h"

namespace gatehouse::sim {
namespace {

constexpr Fault kInputFaults[] = {
    {"vip-old-band", FaultKind::input, "the first leg of one VIP lies in the stale range",
     "vip_policy", "fail", 1},
    {"vip-leg-missing", FaultKind::input, "one VIP lacks its last leg", "vip_policy", "fail", 1},
    {"vip-equal", FaultKind::input, "two applications have the same VIP", "vip_policy", "fail", 1},
    {"vip-taken", FaultKind::input, "the last leg of one VIP is an address that is taken",
     "vip_policy", "fail", 1},
    {"overlay-absent", FaultKind::input, "the secret overlay is not there", "secret_overlay",
     "fail", 1},
    {"overlay-four-keys", FaultKind::input, "the secret overlay lacks one of its options",
     "pki_valid", "fail", 1},
    {"overlay-wrong-application", FaultKind::input, "the secret overlay sets its options elsewhere",
     "pki_valid", "fail", 1},
    {"passphrase-wrong", FaultKind::input, "the passphrase does not open the issuing key",
     "pki_valid", "fail", 1},
    {"controller-certificate-expired", FaultKind::input, "the controller certificate has run out",
     "pki_valid", "fail", 1, nullptr, 3 * 365},
    {"controller-certificate-ends-soon", FaultKind::input,
     "the controller certificate lives on for two weeks", "pki_margins", "fail", 1, nullptr, 716},
    {"vips-exchanged", FaultKind::input,
     "the VIP that the controller certificate names is another application's", "pki_names", "fail",
     1},
    {"applications-51", FaultKind::input, "the bundle has one application more than declared",
     "plan_counts", "fail", 1},
    {"channel-edge", FaultKind::input, "one charm comes from a channel outside the site's matrix",
     "channels", "fail", 1},
    {"option-other", FaultKind::input, "one option that the site pins has another value",
     "declared_options", "fail", 1},
    {"unit-moved", FaultKind::input, "a unit goes to a machine that is not its application's",
     "placement", "fail", 1},
    {"relation-dropped", FaultKind::input, "the bundle lacks a relation that the site requires",
     "relations_required", "fail", 1},
    {"application-forbidden", FaultKind::input,
     "the bundle has an application that the site forbids", "relations_forbidden", "fail", 1},
    {"lying-five-key-lines", FaultKind::input,
     "four empty options and a comment under another application", "pki_valid", "fail", 1},
    {"lying-vips-identical", FaultKind::input, "every VIP is the same", "vip_policy", "fail", 1},
    {"lying-metal-leg-missing", FaultKind::input, "no VIP has its last leg", "vip_policy", "fail",
     1},
    {"lying-metal-on-infrastructure", FaultKind::input,
     "a last leg lies on an infrastructure address", "vip_policy", "fail", 1},
    {"lying-metal-old-band", FaultKind::input, "every last leg lies in another band", "vip_policy",
     "fail", 1},
    {"lying-twelfth-vip-swapped", FaultKind::input,
     "one application more has a VIP, its legs swapped", "vip_policy", "fail", 1},
    {"lying-single-quoted-vips", FaultKind::input,
     "every VIP stands in single quotes, which is right", "", "pass", 0},
};

}  // namespace

std::span<const Fault> input_faults() {
  return kInputFaults;
}

}  // namespace gatehouse::sim
