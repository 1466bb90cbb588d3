// The lab's MAAS region as a function from request to answer: OAuth PLAINTEXT, paths, filters and
// refusals as recorded from a real MAAS 3.5 (data/lab/README.md). The server that carries it is in
// maas_server.h. It only answers questions: nothing here can be changed over HTTP.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
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
  bool has_body = false;
};

/// Which part of a MAAS speaks: each has its own headers.
enum class Voice {
  handler,     ///< of the API
  anonymous,   ///< of the API, for what needs no key
  middleware,  ///< around it: most refusals
  urls,        ///< no such path
  proxy,       ///< nginx
};

/// How the body travels.
enum class Travel { whole, cut, dripping, stalling, reset };

struct RegionAnswer {
  int status = 200;
  std::string content_type;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  Voice voice = Voice::middleware;
  Travel travel = Travel::whole;
  std::size_t padding = 0;  ///< blanks after the first byte of the body
  Milliseconds latency{0};  ///< of the wall, before the first byte
};

/// CONSUMER:TOKEN:SECRET in its three parts.
struct RegionKey {
  std::string consumer;
  std::string token;
  Secret secret;
};

/// Who asks: an ordinary user does not see what others own.
struct RegionUser {
  std::string name = "admin";
  bool is_administrator = true;
};

/// Remembers which nonces were used, and texts of machines, which are long and seldom change; the
/// rest is a pure function of the view.
class MaasRegion {
 public:
  explicit MaasRegion(RegionKey key) : key_(std::move(key)) {}
  RegionAnswer answer(const RegionRequest& request, const RegionView& view);
  /// The machine as MAAS prints it in a list: indented by four.
  const std::string& machine_text(const RegionView& view, const LabMachine& machine);

 private:
  /// As it would be without a fault of the region itself.
  RegionAnswer plain_answer(const RegionRequest& request, const RegionView& view);
  /// Nothing where the request is authenticated.
  std::optional<RegionAnswer> refuse(const RegionRequest& request, const RegionView& view);

  RegionKey key_;
  std::set<std::string> nonces_;
  std::set<std::string> asked_;  ///< targets, for a region that is busy at first
  std::map<std::string, std::string> machine_texts_;
};

/// JSON as MAAS prints it: indented by four, nothing escaped that need not be.
std::string maas_text(const json::value& value, std::size_t depth = 0);
/// The list whose items are printed so already, at depth 1. Some megabytes where there are
/// hundreds.
std::string maas_list(std::span<const std::string_view> items);

/// The fault of the region itself put into an answer that was right.
RegionAnswer spoiled(RegionAnswer answer, RegionQuirk quirk, const RegionRequest& request,
                     bool is_first);
/// With the headers that go with the part of MAAS that speaks.
RegionAnswer dressed(RegionAnswer answer, const RegionView& view);
/// Status line and page as nginx words them.
RegionAnswer nginx_page(int status, const std::string& reason);

/// "%2F" and "+" undone.
std::string percent_decoded(std::string_view text);

}  // namespace gatehouse::sim
