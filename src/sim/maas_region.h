// The lab's MAAS region as a function from request to answer: OAuth PLAINTEXT, paths, filters and
// refusals as recorded from a real MAAS 3.5 (data/lab/README.md). The server that carries it is in
// maas_server.h. It only answers questions: nothing here can be changed over HTTP.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "sim/maas_shapes.h"

namespace gatehouse::sim {

struct RegionRequest {
  std::string method;
  std::string path;  ///< as sent: percent-encoded, without the query
  std::vector<std::pair<std::string, std::string>> query;
  std::string authorization;  ///< the header; "" where there is none
};

struct RegionAnswer {
  int status = 200;
  std::string content_type;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// CONSUMER:TOKEN:SECRET in its three parts.
struct RegionKey {
  std::string consumer;
  std::string token;
  Secret secret;
};

/// Remembers which nonces were used; the rest is a pure function of the view.
class MaasRegion {
 public:
  explicit MaasRegion(RegionKey key) : key_(std::move(key)) {}
  RegionAnswer answer(const RegionRequest& request, const RegionView& view);

 private:
  /// Nothing where the request is authenticated.
  std::optional<RegionAnswer> refuse(const RegionRequest& request, const RegionView& view);

  RegionKey key_;
  std::set<std::string> nonces_;
};

/// "%2F" and "+" undone.
std::string percent_decoded(std::string_view text);

}  // namespace gatehouse::sim
