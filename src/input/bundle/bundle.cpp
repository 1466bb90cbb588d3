#include "input/bundle/bundle.h"

namespace gatehouse {

bool BundleApplication::has_local_charm() const {
  return charm.starts_with('.') || charm.starts_with('/');
}

std::string BundleApplication::charm_name() const {
  if (has_local_charm()) return charm;
  const std::size_t before = charm.find_last_of(":/");
  return before == std::string::npos ? charm : charm.substr(before + 1);
}

const BundleApplication* Bundle::find(const std::string& application) const {
  const auto found = applications.find(application);
  return found == applications.end() ? nullptr : &found->second;
}

std::string application_of(const std::string& endpoint) {
  return endpoint.substr(0, endpoint.find(':'));
}

}  // namespace gatehouse
