// Carries a MaasRegion over HTTP on loopback, for as long as the process lives.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/result.h"
#include "sim/maas_region.h"

namespace gatehouse::sim {

class MaasServer {
 public:
  virtual ~MaasServer() = default;
  virtual std::uint16_t port() const = 0;
};

using RegionHandler = std::function<RegionAnswer(const RegionRequest&)>;

/// Listens on 127.0.0.1 at a free port, one thread for each connection; the handler is never called
/// twice at once. A stalling or dripping answer ends with the server. io where no port could be
/// had.
Result<std::unique_ptr<MaasServer>> start_maas_server(RegionHandler handler);

}  // namespace gatehouse::sim
