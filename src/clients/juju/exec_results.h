// The results of `juju exec --format json` (3.x, 4.x: a map) and of 2.9's `juju run` (a list). The
// document is printed also where a task failed and the exit code is 1; `{}` is no result at all.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace gatehouse::juju {

struct ExecResult {
  int return_code = 0;
  std::string out;
  std::string err;
  std::string message;  ///< what Juju itself says of a task that did not run, or its status
};

/// By machine id: "0", "0/lxd/1". malformed where the output is no such document. A result without
/// a return code is one that did not complete: its return_code is -1.
Result<std::map<std::string, ExecResult>> decode_exec_results(std::string_view out);

}  // namespace gatehouse::juju
