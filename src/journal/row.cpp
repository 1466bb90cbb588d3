#include "journal/row.h"

#include <limits>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"

namespace gatehouse::journal {
namespace {

std::string name_of(const Row& row) {
  return fmt::format("journal row {} ({} of run {})", row.sequence, printable(row.kind),
                     printable(row.run));
}

}  // namespace

std::string row_hash(const std::string& previous_hash, const Row& row) {
  std::string input;
  for (const std::string& field : {previous_hash, std::to_string(row.sequence), row.run, row.at,
                                   row.kind, std::to_string(row.version), row.body}) {
    input += fmt::format("{}:{}\n", field.size(), field);
  }
  return sha256_hex(input);
}

Result<Event> to_event(const Row& row) {
  const std::optional<Moment> at = parse_rfc3339(row.at);
  if (!at) {
    return fail(ErrorKind::malformed,
                fmt::format("{} has the time {}", name_of(row), printable(row.at)));
  }
  if (row.version < 1 || row.version > std::numeric_limits<int>::max()) {
    return fail(ErrorKind::malformed, fmt::format("{} has version {}", name_of(row), row.version));
  }
  Result<json::value> body = parse_json(row.body);
  if (!body || !body->is_object()) {
    return fail(ErrorKind::malformed, name_of(row) + " has a body that is no JSON object");
  }
  return Event{.run = row.run,
               .sequence = row.sequence,
               .at = *at,
               .kind = row.kind,
               .version = static_cast<int>(row.version),
               .body = std::move(body->as_object()),
               .hash = row.hash};
}

Result<void> Chain::follow(const Row& row) {
  const std::int64_t expected = head_.sequence + 1;
  if (row.sequence != expected) {
    return fail(ErrorKind::malformed,
                fmt::format("journal row {} is missing: row {} follows row {}", expected,
                            row.sequence, head_.sequence));
  }
  if (row_hash(head_.hash, row) != row.hash) {
    return fail(ErrorKind::malformed,
                name_of(row) +
                    " does not bear out its hash: it was changed, or moved, or a row "
                    "before it was exchanged");
  }
  head_ = {.sequence = row.sequence, .hash = row.hash};
  return {};
}

}  // namespace gatehouse::journal
