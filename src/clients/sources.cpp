#include "clients/sources.h"

namespace gatehouse {

std::span<const FactSource* const> client_sources() {
  static constexpr const FactSource* kSources[] = {&maas_source, &juju_source, &ssh_source};
  return kSources;
}

}  // namespace gatehouse
