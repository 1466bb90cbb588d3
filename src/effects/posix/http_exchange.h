// One HTTP exchange over one libcurl handle, and what its failures mean.
#pragma once

#include <memory>

#include "effects/http.h"

namespace gatehouse::posix {

/// A libcurl handle, which keeps its connections between exchanges.
class CurlHandle {
 public:
  CurlHandle();
  Result<HttpResponse> exchange(const HttpRequest& request);

 private:
  struct Deleter {
    void operator()(void* handle) const;
  };
  std::unique_ptr<void, Deleter> handle_;
};

}  // namespace gatehouse::posix
