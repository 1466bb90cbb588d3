#include "clients/maas/profile.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

namespace gatehouse::maas {

namespace {

// Bytes 18 and 19 of the header name the journal; 2 is a write-ahead log, which a database in
// memory cannot have. What was not yet written back to the file is not seen then.
constexpr std::size_t kJournalFormatAt = 18;
constexpr std::size_t kHeaderBytes = 100;

// The copy that SQLite works on; wiped, for it holds the keys of every profile.
class DatabaseBytes {
 public:
  explicit DatabaseBytes(std::string_view bytes) : bytes_(bytes) {
    bytes_[kJournalFormatAt] = bytes_[kJournalFormatAt + 1] = 1;
  }
  ~DatabaseBytes() { wipe(bytes_); }
  DatabaseBytes(const DatabaseBytes&) = delete;
  DatabaseBytes& operator=(const DatabaseBytes&) = delete;

  bool attach(SQLite::Database& database) {
    const auto size = static_cast<sqlite3_int64>(bytes_.size());
    auto* data = reinterpret_cast<unsigned char*>(bytes_.data());
    return sqlite3_deserialize(database.getHandle(), "main", data, size, size,
                               SQLITE_DESERIALIZE_READONLY) == SQLITE_OK;
  }

 private:
  std::string bytes_;
};

constexpr const char* kQuery =
    "SELECT json_extract(data, '$.url'), json_extract(data, '$.credentials[0]'), "
    "json_extract(data, '$.credentials[1]'), json_extract(data, '$.credentials[2]'), "
    "json_extract(data, '$.cacerts') FROM profiles WHERE name = ?";

Result<Profile> read_row(SQLite::Database& database, const std::string& name) {
  SQLite::Statement row(database, kQuery);
  row.bind(1, name);
  if (!row.executeStep()) return fail(ErrorKind::not_found, "no profile named " + name);
  Profile profile{.url = row.getColumn(0).getString(), .key = {}, .ca_pem = {}};
  if (row.getColumn(1).isNull() || row.getColumn(2).isNull() || row.getColumn(3).isNull()) {
    return fail(ErrorKind::denied, "profile " + name + " has no API key",
                "log in with: maas login " + name + " URL");
  }
  std::string key = row.getColumn(1).getString() + ":" + row.getColumn(2).getString() + ":" +
                    row.getColumn(3).getString();
  profile.key = Secret::take(key);
  if (!row.getColumn(4).isNull()) profile.ca_pem = row.getColumn(4).getString();
  return profile;
}

}  // namespace

Result<Profile> read_profile(const Secret& database, const std::string& name) {
  const char* const kNotOne = "the profile database of the maas command cannot be read";
  if (database.size() < kHeaderBytes) return fail(ErrorKind::malformed, kNotOne);
  DatabaseBytes bytes(database.reveal());
  try {
    SQLite::Database in_memory(":memory:", SQLite::OPEN_READWRITE);
    if (!bytes.attach(in_memory)) return fail(ErrorKind::malformed, kNotOne);
    return read_row(in_memory, name);
  } catch (const SQLite::Exception&) {
    // The library's text may quote the database, so it is not passed on.
    return fail(ErrorKind::malformed, kNotOne);
  }
}

}  // namespace gatehouse::maas
