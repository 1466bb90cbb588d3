#include <array>

#include "sim/faults.h"

namespace gatehouse::sim {
namespace {

constexpr FaultKind kInput = FaultKind::input;
constexpr FaultKind kWorld = FaultKind::world;

// Exit codes: CONTRACT.md, "Everywhere". Issue 2, "It holds when", lists the first group; the
// second are the ten gates of the runbook that lied (notes of the seed, section 3.2).
constexpr Fault kFaults[] = {
    {"vip-old-band", kInput, "the first leg of one VIP lies in the stale range", "vip_policy",
     "fail", 1},
    {"vip-leg-missing", kInput, "one VIP lacks its last leg", "vip_policy", "fail", 1},
    {"vip-equal", kInput, "two applications have the same VIP", "vip_policy", "fail", 1},
    {"vip-taken", kInput, "the last leg of one VIP is an address that is taken", "vip_policy",
     "fail", 1},
    {"overlay-absent", kInput, "the secret overlay is not there", "secret_overlay", "fail", 1},
    {"overlay-four-keys", kInput, "the secret overlay lacks one of its options", "pki_valid",
     "fail", 1},
    {"overlay-wrong-application", kInput, "the secret overlay sets its options elsewhere",
     "pki_valid", "fail", 1},
    {"passphrase-wrong", kInput, "the passphrase does not open the issuing key", "pki_valid",
     "fail", 1},
    {"controller-certificate-expired", kInput, "the controller certificate has run out",
     "pki_valid", "fail", 1, 3},
    {"applications-51", kInput, "the bundle has one application more than declared", "plan_counts",
     "fail", 1},
    {"nic-unlinked", kWorld, "a declared NIC of one machine has no link", "machine_links", "fail",
     1},
    {"subnet-dns-wrong", kWorld, "one subnet hands out another DNS server", "subnet_dns", "fail",
     1},
    {"machine-deployed", kWorld, "one machine is Deployed already", "machines_ready", "fail", 1},
    {"machine-powered-on", kWorld, "one machine is powered on", "machines_ready", "fail", 1},
    {"disk-not-blank", kWorld, "one disk holds data", "blank_disks", "fail", 1},
    {"reserved-range-gone", kWorld, "one reserved range is not there", "reserved_ranges", "fail",
     1},
    {"model-exists", kWorld, "a model of that name exists already", "model_absent", "fail", 1},
    {"controller-unreachable", kWorld, "nothing answers at the controller's address",
     "controller_ready", "unknown", 3},
    {"maas-key-refused", kWorld, "MAAS does not know the API key", "machines_ready", "unknown", 3},
    {"unit-hook-error", kWorld, "a hook of one unit fails for good", "no_unit_error", "fail", 1},
    {"blocked-application-active", kWorld, "an application that must be blocked turns active",
     "unit_states", "fail", 1},
    {"never-message", kWorld, "an application shows the message that it must never show",
     "never_messages", "fail", 1},
    {"container-without-dns", kWorld, "one container resolves no name", "names_resolve", "fail", 1},
    {"binding-wrong-network", kWorld, "one application sits on another network than declared",
     "addresses_on_planes", "fail", 1},
    {"dry-run-third-warning", kWorld, "the dry run warns of one more field", "bundle_warnings",
     "fail", 1},
    {"dry-run-line-differs", kWorld, "one line of the dry run differs from the plan",
     "plan_equals_dry_run", "fail", 1},
    {"lying-overlay-not-there", kInput, "the seed called a missing overlay clean", "secret_overlay",
     "fail", 1},
    {"lying-five-key-lines", kInput, "four empty options and a comment under another application",
     "pki_valid", "fail", 1},
    {"lying-vips-identical", kInput, "every VIP is the same", "vip_policy", "fail", 1},
    {"lying-metal-leg-missing", kInput, "no VIP has its last leg", "vip_policy", "fail", 1},
    {"lying-metal-on-infrastructure", kInput, "a last leg lies on an infrastructure address",
     "vip_policy", "fail", 1},
    {"lying-metal-old-band", kInput, "every last leg lies in another band", "vip_policy", "fail",
     1},
    {"lying-twelfth-vip-swapped", kInput, "one application more has a VIP, its legs swapped",
     "vip_policy", "fail", 1},
    {"lying-single-quoted-vips", kInput, "every VIP stands in single quotes, which is right", "",
     "pass", 0},
    {"lying-models-unreachable", kWorld, "the list of models cannot be had", "model_absent",
     "unknown", 3},
    {"lying-abort-exits-zero", kWorld, "the model exists; an abort must not end with 0",
     "model_absent", "fail", 1},
};

}  // namespace

std::span<const Fault> all_faults() {
  return kFaults;
}

const Fault* find_fault(std::string_view name) {
  for (const Fault& fault : kFaults) {
    if (fault.name == name) return &fault;
  }
  return nullptr;
}

}  // namespace gatehouse::sim
