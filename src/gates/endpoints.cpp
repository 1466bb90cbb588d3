#include "gates/endpoints.h"

#include <algorithm>

#include "input/bundle/bundle.h"

namespace gatehouse {

namespace {

bool names_endpoint(const std::string& side) {
  return side.find(':') != std::string::npos;
}

}  // namespace

EndpointMatch match_endpoint(const std::string& side, const std::string& wanted) {
  if (side == wanted) return EndpointMatch::yes;
  if (application_of(side) != application_of(wanted)) return EndpointMatch::no;
  if (!names_endpoint(wanted)) return EndpointMatch::yes;
  return names_endpoint(side) ? EndpointMatch::no : EndpointMatch::perhaps;
}

EndpointMatch match_relation(const std::string& first, const std::string& second,
                             const std::string& wanted_first, const std::string& wanted_second) {
  const auto straight =
      std::min(match_endpoint(first, wanted_first), match_endpoint(second, wanted_second));
  const auto crossed =
      std::min(match_endpoint(first, wanted_second), match_endpoint(second, wanted_first));
  return std::max(straight, crossed);
}

}  // namespace gatehouse
