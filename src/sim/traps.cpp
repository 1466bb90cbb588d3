// The traps of the field, one row each. A row without a name is a promise that is still open: the
// test counts them, so that none is forgotten or added in silence.
#include "sim/fault_page.h"

namespace gatehouse::sim {

namespace {

constexpr std::string_view kSeed = "the runbook's own commands";
constexpr std::string_view kPeers = "peers' bugs";
constexpr std::string_view kJuju = "Juju's bugs";
constexpr std::string_view kMaas = "MAAS's answers";

constexpr Trap kTraps[] = {
    {kSeed, "a missing overlay was called clean", "overlay-absent"},
    {kSeed, "four keys and a comment, under another application, counted as five",
     "lying-five-key-lines overlay-four-keys overlay-wrong-application"},
    {kSeed, "all VIPs identical passed", "lying-vips-identical vip-equal"},
    {kSeed, "VIPs without their second leg passed", "lying-metal-leg-missing vip-leg-missing"},
    {kSeed, "a leg on an infrastructure address passed", "lying-metal-on-infrastructure vip-taken"},
    {kSeed, "legs of an old band passed", "lying-metal-old-band vip-old-band"},
    {kSeed, "one VIP more, its legs swapped, passed", "lying-twelfth-vip-swapped"},
    {kSeed, "right values in single quotes were refused", "lying-single-quoted-vips"},
    {kSeed, "the model guard fell open when the controller was not reached",
     "lying-models-unreachable controller-unreachable"},
    {kSeed, "every abort ended with exit code 0", "model-exists"},
    {kPeers, "an empty list of units, or none yet, at the first sample",
     "units-listed-late UnitStates EachSite"},
    {kPeers, "all active before the deploy begins, busy later", "EachSite"},
    {kPeers, "one application ready, then blocked, while others are pending", "ready-then-blocked"},
    {kPeers, "active where blocked is declared", "blocked-application-active"},
    {kPeers, "a machine's status as an error object while it is provisioned",
     "machine-status-error"},
    {kPeers, "subordinates missing, or shown only under their principal",
     "subordinates-missing JujuStatus"},
    {kPeers, "a filter on the server that returns nothing: never filter there", "JujuCommands"},
    {kPeers, "the controller is away for a minute in the middle of a wait",
     "controller-away EachSite"},
    {kPeers, "a hook error that heals, and one that does not",
     "install-hook-heals unit-hook-error"},
    {kPeers, "an overlay's value that is ignored, for it stands at another level",
     "OverlayValueLost"},
    {kPeers, "several documents, an empty application, an overlay for an unknown one",
     "TheCorpus LoadBundle"},
    {kPeers, "a machine too many, containers on the wrong host", "applications-51"},
    {kPeers, "certificates: equal CAs, a key that does not match, a SAN without the VIP, dates",
     "controller-certificate-expired passphrase-wrong"},
    {kPeers, "JSON among progress lines, or several roots", "models-polluted DamagedDocuments"},
    {kPeers, "two Ctrl-C within a second; kill -9 and resume", "KilledRun Clock"},
    {kJuju, "settling that flaps: a quiet window is needed", "unit-flaps Settle"},
    {kJuju, "`since` is not to be relied on", "since-missing Settle"},
    {kJuju, "agents lost while workloads run", "agent-lost"},
    {kJuju, "a machine wrongly down for a while", "machine-down-a-while"},
    {kJuju, "no machine in MAAS that fits; ten retries, then an error", "machine-never-allocated"},
    {kJuju, "a deployment that MAAS timed out", "machine-deployment-fails"},
    {kJuju, "a container that stays pending", "container-stuck"},
    {kJuju, "a dying machine that blocks provisioning", "machine-dying"},
    {kJuju, "the state of an instance that lags by a quarter of an hour", "instance-state-stale"},
    {kJuju, "the lock of the client's store that another user left", "store-lock-held"},
    {kJuju, "a bundle deployed again upgrades, and adds its machines once more",
     "deploy-stops-half-way charm-released-half-way InALab"},
    {kJuju, "commands on machines without an explicit wait", "JujuCommands"},
    {kJuju, "a model of that name that is there, or never dies", "model-exists model-dying"},
    {kJuju, "a bundle's base that was never meant", "Bases"},
    {kJuju, "line ends and terminals of juju ssh", "NameProbe"},
    {kJuju, "files that Juju's package cannot see", "JujuFace"},
    {kMaas, "ids that drift when a thing is made anew", "maas-ids-changed maas-drifted"},
    {kMaas, "no such NIC, no link, a link without address, another subnet or address",
     "nic-gone nic-unlinked nic-without-address nic-by-dhcp nic-on-other-subnet nic-other-address"},
    {kMaas, "vlan and other members that are null", "nic-disconnected"},
    {kMaas, "several links on a NIC, bonds and bridges", "nic-two-addresses MachineLinks"},
    {kMaas, "the order of DNS servers; a resolver that DHCP adds",
     "subnet-dns-wrong subnet-dns-second NamesResolve"},
    {kMaas, "a reserved range that does not cover, or that a dynamic one enters",
     "reserved-range-gone reserved-range-dynamic reserved-range-used range-stale"},
    {kMaas, "names that are not unique over time", "machine-gone machine-stray"},
    {kMaas, "sizes as floats, or beyond 32 bits", "MaasSource"},
    {kMaas, "IPv6 subnets", "MaasSource"},
    {kMaas, "words where null is expected: None, undefined, empty", "MaasSource"},
};

}  // namespace

std::span<const Trap> all_traps() {
  return kTraps;
}

}  // namespace gatehouse::sim
