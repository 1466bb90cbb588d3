#include "facts/facts.h"

namespace gatehouse {

std::string to_string(FactKey key) {
  switch (key) {
    case FactKey::pki:
      return "pki";
    case FactKey::maas_version:
      return "maas_version";
    case FactKey::maas_identity:
      return "maas_identity";
    case FactKey::maas_machines:
      return "maas_machines";
    case FactKey::maas_candidates:
      return "maas_candidates";
    case FactKey::maas_subnets:
      return "maas_subnets";
    case FactKey::maas_ranges:
      return "maas_ranges";
    case FactKey::maas_addresses:
      return "maas_addresses";
    case FactKey::host_disks:
      return "host_disks";
    case FactKey::juju_client:
      return "juju_client";
    case FactKey::juju_controller:
      return "juju_controller";
    case FactKey::juju_models:
      return "juju_models";
    case FactKey::juju_spaces:
      return "juju_spaces";
    case FactKey::dry_run:
      return "dry_run";
    case FactKey::model_status:
      return "model_status";
    case FactKey::name_lookups:
      return "name_lookups";
    case FactKey::unit_certificates:
      return "unit_certificates";
  }
  return "unknown";
}

}  // namespace gatehouse
