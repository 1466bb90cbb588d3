// Small answers of `juju`: version, whoami, controllers, models, spaces. Source: Juju 2.9 to 4.0;
// unknown members survive, entries that cannot be read are errors here, for a gate counts them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "facts/facts.h"

namespace gatehouse::juju {

/// "3.6.28-genericlinux-amd64" of one line, with or without quotes.
Result<JujuClient> decode_version(std::string_view out);

/// An entry of `juju controllers`, which is local data: no proof that anything is reachable.
struct ControllerEntry {
  std::string uuid;
  std::string user;  ///< "" where nobody is logged in
  std::string agent_version;
};
/// Nothing where the client knows no controller of that name.
Result<std::optional<ControllerEntry>> decode_controller(std::string_view out,
                                                         const std::string& name);

struct Whoami {
  std::string controller;
  std::string user;
};
/// Nothing where standard output is empty: no controller, or nobody logged in (exit 0 then).
Result<std::optional<Whoami>> decode_whoami(std::string_view out);

Result<std::vector<JujuModel>> decode_models(std::string_view out);
/// `juju show-model`: one entry, keyed by the model's name. not_found where it is of another one.
Result<JujuModel> decode_show_model(std::string_view out, const std::string& name);
/// An empty output is an empty list: Juju then says so on standard error only.
Result<std::vector<JujuSpace>> decode_spaces(std::string_view out);

}  // namespace gatehouse::juju
