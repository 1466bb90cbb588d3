#include "input/site/site.h"

#include <algorithm>

#include "base/text.h"

namespace gatehouse {

namespace {

template <class Items, class Is>
auto first_where(const Items& items, Is is) -> const typename Items::value_type* {
  const auto found = std::find_if(items.begin(), items.end(), is);
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

const ExpectedState* Settled::find(const std::string& application) const {
  return first_where(expect, [&](const ExpectedState& state) {
    const std::vector<std::string> patterns = split(state.applications, '|');
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
      return glob_matches(pattern, application);
    });
  });
}

const Plane* Site::plane(const std::string& plane_name) const {
  return first_where(planes, [&](const Plane& plane) { return plane.name == plane_name; });
}

const Plane* Site::plane_of_space(const std::string& space) const {
  return first_where(planes, [&](const Plane& plane) { return plane.space == space; });
}

const Plane* Site::plane_of(Ipv4 address) const {
  return first_where(planes, [&](const Plane& plane) { return plane.cidr.contains(address); });
}

const SiteMachine* Site::machine(const std::string& hostname) const {
  return first_where(machines,
                     [&](const SiteMachine& machine) { return machine.hostname == hostname; });
}

}  // namespace gatehouse
