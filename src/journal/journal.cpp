#include "journal/journal.h"

#include <fmt/format.h>

namespace gatehouse {

std::string journal_file(const std::string& state_folder) {
  return state_folder + "/journal.db";
}

std::string head_text(const JournalHead& head) {
  return fmt::format("{} {}\n", head.sequence, head.hash);
}

std::string to_json_line(const Event& event) {
  // The order of docs/formats/journal.md, which is that of the hash's input.
  return with_hidden_escaped(json::serialize(json::object{{"sequence", event.sequence},
                                                          {"run", event.run},
                                                          {"at", to_rfc3339(event.at)},
                                                          {"kind", event.kind},
                                                          {"version", event.version},
                                                          {"body", event.body},
                                                          {"hash", event.hash}}));
}

}  // namespace gatehouse
