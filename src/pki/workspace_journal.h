// The journal of a workspace: JSON lines without any secret. It replaces the serial file of other
// tools and tells how far a rotation got and when the last backup was made.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/moment.h"
#include "base/result.h"
#include "effects/files.h"

namespace gatehouse::pki {

struct JournalEvent {
  std::string event;  ///< "created", "renewed", "roll", "backup"
  Moment at{};
  json::value body;  ///< the whole line
};

/// Lines that are no JSON object with an event and a moment are passed over: a journal cut by a
/// full disk must not stop a renewal. No journal is no event.
Result<std::vector<JournalEvent>> read_journal(FileStore& files, const std::string& path);

std::string event_line(std::string_view event, Moment at, const json::object& more);

/// Of the newest event of that name.
std::optional<Moment> newest(const std::vector<JournalEvent>& events, std::string_view event);

}  // namespace gatehouse::pki
