// One HTTP exchange over one libcurl handle, and what its failures mean.
#pragma once

#include <memory>

#include "effects/clock.h"
#include "effects/http.h"

namespace gatehouse::posix {

/// A libcurl handle, which keeps its connections between exchanges.
class CurlHandle {
 public:
  CurlHandle();
  /// Ends early where the clock says that the operator has asked to stop; libcurl looks about once a
  /// second.
  Result<HttpResponse> exchange(const HttpRequest& request, Clock& clock);

 private:
  struct Deleter {
    void operator()(void* handle) const;
  };
  std::unique_ptr<void, Deleter> handle_;
};

}  // namespace gatehouse::posix
