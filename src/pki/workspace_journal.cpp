#include "pki/workspace_journal.h"

#include <algorithm>

#include "base/text.h"

namespace gatehouse::pki {

namespace {

constexpr std::size_t kReadBytesMax = std::size_t{16} << 20;

}  // namespace

Result<std::vector<JournalEvent>> read_journal(FileStore& files, const std::string& path) {
  std::vector<JournalEvent> events;
  const Result<std::string> text = files.read(path, kReadBytesMax);
  if (!text && text.error().kind == ErrorKind::not_found) return events;
  if (!text) return fail(text.error());
  for (const std::string_view line : lines_of(*text)) {
    Result<json::value> body = parse_json(line);
    if (!body || !body->is_object()) continue;
    const auto at = parse_rfc3339(string_or_empty(*body, "at"));
    std::string event = string_or_empty(*body, "event");
    if (!at || event.empty()) continue;
    events.push_back({.event = std::move(event), .at = *at, .body = std::move(*body)});
  }
  return events;
}

std::string event_line(std::string_view event, Moment at, const json::object& more) {
  json::object line{{"event", event}, {"at", to_rfc3339(at)}};
  for (const auto& member : more) line[member.key()] = member.value();
  return json::serialize(line) + "\n";
}

std::optional<Moment> newest(const std::vector<JournalEvent>& events, std::string_view event) {
  std::optional<Moment> found;
  for (const JournalEvent& one : events) {
    if (one.event == event && (!found || *found < one.at)) found = one.at;
  }
  return found;
}

}  // namespace gatehouse::pki
