// The table of the clients' fact sources: which facts each peer can tell, and how they are asked
// for. The engine looks a key up here and never names a peer.
#pragma once

#include <span>

#include "facts/questions.h"

namespace gatehouse {

/// MAAS over HTTP: identity, machines, subnets, ranges, addresses in use.
extern const FactSource maas_source;
/// The `juju` command: client, controller, models, spaces, dry run, status, lookups of names.
extern const FactSource juju_source;
/// Disks on hosts, over ssh or here.
extern const FactSource ssh_source;

/// All of the above.
std::span<const FactSource* const> client_sources();

}  // namespace gatehouse
