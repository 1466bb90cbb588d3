#include "output/write.h"

namespace gatehouse {

namespace {

json::array to_array(const std::vector<Diagnostic>& findings) {
  json::array array;
  for (const Diagnostic& finding : findings) array.push_back(to_json(finding));
  return array;
}

}  // namespace

std::string write_json(const CommandResult& result) {
  json::object document = result.more;
  if (result.verdicts) {
    json::array verdicts;
    for (const VerdictRow& verdict : *result.verdicts) verdicts.push_back(verdict.record);
    document["verdicts"] = std::move(verdicts);
  }
  document["findings"] = to_array(result.findings);
  document["accepted"] = to_array(result.accepted);
  return to_pretty_json(document);
}

}  // namespace gatehouse
