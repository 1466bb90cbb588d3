// A charm as a bundle names it: "ceph-osd", "ch:amd64/jammy/foo", "local:foo". Paths are not URLs.
// Source: charm library v12 (url.go), which reads it with Go's net/url first.
#pragma once

#include <string>

namespace gatehouse::bundle {

struct CharmUrl {
  std::string schema;  ///< "ch" or "local"
  std::string name;
  std::string series;
  std::string architecture;
  int revision = -1;
  std::string error;  ///< why it cannot be read, in Juju's words; "" where it can

  bool is_store() const { return schema == "ch"; }
};

CharmUrl parse_charm_url(const std::string& text);
/// "ch:amd64/jammy/foo-3"
std::string to_string(const CharmUrl& url);

}  // namespace gatehouse::bundle
