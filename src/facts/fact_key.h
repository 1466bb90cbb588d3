// What can be known of the world, by name: a gate says which of it it needs, a client which of it it
// can tell.
#pragma once

#include <string>

namespace gatehouse {

enum class FactKey {
  pki,
  maas_version,
  maas_identity,
  maas_machines,
  maas_candidates,
  maas_subnets,
  maas_ranges,
  maas_addresses,
  host_disks,
  juju_client,
  juju_controller,
  juju_models,
  juju_spaces,
  dry_run,
  model_status,
  name_lookups,
  unit_certificates,
};

std::string to_string(FactKey key);

}  // namespace gatehouse
