#include "clients/juju/exec_results.h"

#include <utility>

#include "base/json.h"
#include "base/text.h"

namespace gatehouse::juju {

namespace {

int code_of(const json::value& item, std::string_view key) {
  const auto code = find_integer(item, key);
  return code && *code >= -1 && *code <= 255 ? static_cast<int>(*code) : -1;
}

// Output that is no UTF-8 comes in base64, and says so.
std::string stream_of(const json::value& results, const std::string& name) {
  std::string text = string_or_empty(results, name);
  if (string_or_empty(results, name + "-encoding") != "base64") return text;
  return base64_decode(text).value_or(std::move(text));
}

// 3.x: {"0": {"id": "5", "machine": "0", "results": {"return-code": 0, "stdout": ".."}, "status":
// ".."}}
ExecResult read_task(const json::value& item) {
  ExecResult result;
  const json::value* results = find(item, "results");
  result.return_code = results ? code_of(*results, "return-code") : -1;
  if (results) {
    result.out = stream_of(*results, "stdout");
    result.err = stream_of(*results, "stderr");
  }
  result.message = string_or_empty(item, "message");
  if (result.message.empty()) result.message = string_or_empty(item, "status");
  return result;
}

// 2.9: [{"MachineId": "0", "Stdout": "..", "ReturnCode": 0}], without ReturnCode where it is 0.
std::pair<std::string, ExecResult> read_old_task(const json::value& item) {
  ExecResult result;
  result.message = string_or_empty(item, "Message");
  if (result.message.empty()) result.message = string_or_empty(item, "Error");
  const bool has_run = result.message.empty();
  result.return_code = find(item, "ReturnCode") ? code_of(item, "ReturnCode") : (has_run ? 0 : -1);
  result.out = string_or_empty(item, "Stdout");
  result.err = string_or_empty(item, "Stderr");
  std::string id = string_or_empty(item, "MachineId");
  if (id.empty()) id = string_or_empty(item, "UnitId");
  return {std::move(id), std::move(result)};
}

}  // namespace

Result<std::map<std::string, ExecResult>> decode_exec_results(std::string_view out) {
  const Result<json::value> value = parse_json(out);
  if (!value) return fail(with_context(value.error(), "juju exec"));
  std::map<std::string, ExecResult> results;
  if (const json::object* tasks = value->if_object()) {
    for (const auto& [key, item] : *tasks) {
      if (!item.is_object()) continue;
      // The key is the target; with one task some versions print the task's number instead.
      const std::string machine = string_or_empty(item, "machine");
      results[machine.empty() ? std::string(key) : machine] = read_task(item);
    }
  } else if (const json::array* list = value->if_array()) {
    for (const json::value& item : *list) results.insert(read_old_task(item));
  } else {
    return fail(ErrorKind::malformed, "juju exec: a map or a list of results is expected");
  }
  if (results.empty()) return fail(ErrorKind::malformed, "juju exec: no result for any machine");
  return results;
}

}  // namespace gatehouse::juju
