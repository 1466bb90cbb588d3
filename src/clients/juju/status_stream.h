// A status document taken apart while it is parsed: each machine and each application is handed on
// as soon as it is read and then forgotten, so that a document of 20 MB never stands in memory as a
// tree. It knows nothing of what a machine or an application holds.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace gatehouse::juju {

/// One member of `machines` or of `applications`; of every other section the whole of it, with an
/// empty name. Also those two come whole where they are no object. The value lives until the
/// return.
struct StatusPart {
  std::string_view section;  ///< "machines"
  std::string_view name;     ///< "0"
  const json::value& value;
};

/// What the document holds on its first level.
enum class StatusDocument { object, other };

/// In the order of the document. `malformed` with the byte where reading stopped; the parts before
/// it were handed on. `on_section` is told of each section first, also of an empty one.
Result<StatusDocument> read_status_parts(
    std::string_view text, const std::function<void(std::string_view section)>& on_section,
    const std::function<void(const StatusPart&)>& on_part);

}  // namespace gatehouse::juju
