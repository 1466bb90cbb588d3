#include <optional>

#include <fmt/format.h>

#include "effects/posix/posix.h"
#include "journal/database.h"
#include "journal/journal.h"
#include "journal/row.h"

namespace gatehouse {
namespace journal {
namespace {

constexpr unsigned kFolderMode = 0700;
constexpr unsigned kFileMode = 0600;
constexpr unsigned kOthersBits = 077;
constexpr int kEventVersion = 1;
constexpr const char* kColumns = "sequence, run, at, kind, version, body, hash";

Row row_of(SQLite::Statement& statement) {
  return {.sequence = statement.getColumn(0).getInt64(),
          .run = statement.getColumn(1).getString(),
          .at = statement.getColumn(2).getString(),
          .kind = statement.getColumn(3).getString(),
          .version = statement.getColumn(4).getInt64(),
          .body = statement.getColumn(5).getString(),
          .hash = statement.getColumn(6).getString()};
}

Result<JournalHead> verify_chain(SQLite::Database& database, const std::string& path,
                                 const JournalHead& anchor) {
  Chain chain(anchor);
  Result<void> followed;
  const Result<void> read = attempt(path, [&] {
    SQLite::Statement statement(database,
                                fmt::format("SELECT {} FROM events ORDER BY sequence", kColumns));
    while (followed && statement.executeStep()) {
      const Row row = row_of(statement);
      followed = chain.follow(row);
      if (!followed) continue;
      if (auto event = to_event(row); !event) followed = fail(event.error());
    }
  });
  if (!read) return fail(read.error());
  if (!followed) {
    Error damaged = followed.error();
    damaged.help = "`gatehouse journal export RUN` gives each run whose rows can be read; " +
                   std::string(kDamagedHelp);
    return fail(std::move(damaged));
  }
  return chain.head();
}

/// The two that each commit runs, prepared once.
class AppendStatements {
 public:
  explicit AppendStatements(SQLite::Database& database)
      : last_row_(database, "SELECT sequence, hash FROM events ORDER BY sequence DESC LIMIT 1"),
        insertion_(database,
                   fmt::format("INSERT INTO events ({}) VALUES (?, ?, ?, ?, ?, ?, ?)", kColumns)) {}

  JournalHead head(const JournalHead& anchor) {
    last_row_.tryReset();
    if (!last_row_.executeStep()) return anchor;
    JournalHead head{.sequence = last_row_.getColumn(0).getInt64(),
                     .hash = last_row_.getColumn(1).getString()};
    last_row_.tryReset();  // unfinished, it would hold a read lock
    return head;
  }

  void insert(const Row& row) {
    insertion_.tryReset();  // it tells the former failure again, which is known
    insertion_.bind(1, row.sequence);
    insertion_.bind(2, row.run);
    insertion_.bind(3, row.at);
    insertion_.bind(4, row.kind);
    insertion_.bind(5, row.version);
    insertion_.bind(6, row.body);
    insertion_.bind(7, row.hash);
    insertion_.exec();
  }

 private:
  SQLite::Statement last_row_;
  SQLite::Statement insertion_;
};

/// Where the chain begins and where it ends.
struct Ends {
  JournalHead anchor;
  JournalHead head;
};

class SqliteJournal final : public Journal {
 public:
  SqliteJournal(std::unique_ptr<SQLite::Database> database, std::string path, JournalMode mode,
                Ends ends)
      : database_(std::move(database)),
        path_(std::move(path)),
        mode_(mode),
        anchor_(std::move(ends.anchor)),
        head_(std::move(ends.head)) {}

  Result<Event> append(const std::string& run, Moment at, std::string kind,
                       json::object body) override {
    if (mode_ == JournalMode::read) {
      return fail(ErrorKind::denied, "journal " + path_ + " was opened for reading");
    }
    Row row{.sequence = head_.sequence + 1,
            .run = run,
            .at = to_rfc3339(at),
            .kind = std::move(kind),
            .version = kEventVersion,
            .body = json::serialize(body),
            .hash = {}};
    row.hash = row_hash(head_.hash, row);
    // Read back before it is written: what cannot be read again must not enter.
    Result<Event> event = to_event(row);
    if (!event) return event;
    Result<bool> is_added = attempt(path_, [&] { return add(row); });
    if (!is_added) return fail(is_added.error());
    if (!*is_added) {
      return fail(ErrorKind::conflict,
                  fmt::format("journal {} has rows beyond {} that another process wrote", path_,
                              head_.sequence),
                  "end the other process, then resume");
    }
    head_ = {.sequence = row.sequence, .hash = row.hash};
    return event;
  }

  Result<std::vector<Event>> events_of(const std::string& run) override {
    std::vector<Row> rows;
    const Result<void> read = attempt(path_, [&] {
      SQLite::Statement statement(
          *database_,
          fmt::format("SELECT {} FROM events WHERE run = ? ORDER BY sequence", kColumns));
      statement.bind(1, run);
      while (statement.executeStep()) rows.push_back(row_of(statement));
    });
    if (!read) return fail(read.error());
    std::vector<Event> events;
    events.reserve(rows.size());
    for (const Row& row : rows) {
      Result<Event> event = to_event(row);
      if (!event) return fail(event.error());
      events.push_back(std::move(*event));
    }
    return events;
  }

  Result<std::vector<std::string>> runs() override {
    return attempt(path_, [this] {
      std::vector<std::string> runs;
      SQLite::Statement statement(*database_,
                                  "SELECT run FROM events GROUP BY run ORDER BY min(sequence)");
      while (statement.executeStep()) runs.push_back(statement.getColumn(0).getString());
      return runs;
    });
  }

  Result<JournalHead> head() override {
    return attempt(path_, [this] { return statements().head(anchor_); });
  }

  Result<JournalHead> verify() override { return verify_chain(*database_, path_, anchor_); }

 private:
  /// False where the last row is not the one that we know.
  bool add(const Row& row) {
    SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
    if (statements().head(anchor_) != head_) return false;
    statements().insert(row);
    transaction.commit();
    return true;
  }

  AppendStatements& statements() {
    if (!statements_) statements_.emplace(*database_);
    return *statements_;
  }

  std::unique_ptr<SQLite::Database> database_;
  std::optional<AppendStatements> statements_;  // they end before the database
  std::string path_;
  JournalMode mode_;
  JournalHead anchor_;
  JournalHead head_;
};

/// The file as we want it: there, ours and closed to others. SQLite gives its companions that mode.
Result<void> prepare_file(FileStore& files, const std::string& folder, const std::string& path) {
  if (auto made = files.make_folder(folder, kFolderMode); !made) return made;
  const Result<void> created = files.create(path, "", kFileMode);
  if (!created && created.error().kind != ErrorKind::conflict) return created;
  const Result<FileInfo> info = files.info(path);
  if (!info) return fail(info.error());
  if (info->kind != FileKind::file || !info->is_ours || (info->mode & kOthersBits) != 0) {
    return fail(ErrorKind::denied,
                fmt::format("journal {} has mode {:04o}, expected a file of ours with 0600", path,
                            info->mode),
                "chmod 600 " + path);
  }
  return {};
}

struct Examined {
  std::unique_ptr<SQLite::Database> database;
  SchemaState schema = SchemaState::absent;
  Ends ends{};
};

/// Everything that may be refused is refused here, by a connection that cannot change anything.
Result<Examined> examine(const std::string& path) {
  Result<std::unique_ptr<SQLite::Database>> database = open_for_reading(path);
  if (!database) return fail(database.error());
  const Result<SchemaState> schema = examine_schema(**database, path);
  if (!schema) return fail(schema.error());
  Examined examined{.database = std::move(*database), .schema = *schema};
  if (*schema == SchemaState::absent) return examined;
  auto anchor = attempt(path, [&] { return read_anchor(*examined.database, *schema); });
  if (!anchor) return fail(anchor.error());
  Result<JournalHead> head = verify_chain(*examined.database, path, *anchor);
  if (!head) return fail(head.error());
  examined.ends = {.anchor = std::move(*anchor), .head = std::move(*head)};
  return examined;
}

Result<std::unique_ptr<Journal>> open_to_read(const std::string& path) {
  // Unlike a writer it takes a damaged chain, so that what is left can still be read; verify tells.
  Result<std::unique_ptr<SQLite::Database>> database = open_for_reading(path);
  if (!database) return fail(database.error());
  const Result<SchemaState> schema = examine_schema(**database, path);
  if (!schema) return fail(schema.error());
  if (*schema == SchemaState::absent) {
    return fail(ErrorKind::not_found, "journal " + path + " has never been written");
  }
  auto anchor = attempt(path, [&] { return read_anchor(**database, *schema); });
  if (!anchor) return fail(anchor.error());
  return std::make_unique<SqliteJournal>(std::move(*database), path, JournalMode::read,
                                         Ends{.anchor = std::move(*anchor), .head = {}});
}

Result<std::unique_ptr<Journal>> open_to_write(const std::string& path) {
  Result<Examined> examined = examine(path);
  if (!examined) return fail(examined.error());
  // Only now may anything be written; the first connection has seen enough.
  examined->database.reset();
  Result<std::unique_ptr<SQLite::Database>> database = open_for_writing(path, examined->schema);
  if (!database) return fail(database.error());
  return std::make_unique<SqliteJournal>(std::move(*database), path, JournalMode::write,
                                         std::move(examined->ends));
}

}  // namespace
}  // namespace journal

Result<std::unique_ptr<Journal>> open_journal(const std::string& state_folder, JournalMode mode) {
  const std::unique_ptr<FileStore> files = posix::make_file_store();
  const std::string path = journal_file(state_folder);
  if (mode == JournalMode::write) {
    if (auto prepared = journal::prepare_file(*files, state_folder, path); !prepared) {
      return fail(prepared.error());
    }
    return journal::open_to_write(path);
  }
  const Result<FileInfo> info = files->info(path);
  if (!info) return fail(with_context(info.error(), "there is no journal in " + state_folder));
  // To open a pipe would wait for somebody to write to it.
  if (info->kind != FileKind::file) {
    return fail(ErrorKind::denied, "journal " + path + " is no plain file");
  }
  return journal::open_to_read(path);
}

Result<JournalHead> prune_journal(const std::string& state_folder, std::int64_t up_to) {
  const std::string path = journal_file(state_folder);
  auto journal = open_journal(state_folder, JournalMode::write);
  if (!journal) return fail(journal.error());
  JournalHead last;
  const auto runs = (*journal)->runs();
  if (!runs) return fail(runs.error());
  for (const std::string& run : *runs) {
    const auto events = (*journal)->events_of(run);
    if (!events) return fail(events.error());
    const bool goes = !events->empty() && events->front().sequence <= up_to;
    if (goes && events->back().sequence > up_to) {
      return fail(ErrorKind::invalid_input,
                  fmt::format("row {} lies within run {}: only whole runs are pruned", up_to, run));
    }
    for (const Event& event : *events) {
      if (event.sequence == up_to) last = {.sequence = up_to, .hash = event.hash};
    }
  }
  if (last.sequence == 0) {
    return fail(ErrorKind::not_found, fmt::format("journal {} has no row {}", path, up_to));
  }
  journal->reset();
  auto database = journal::open_for_writing(path, journal::SchemaState::current);
  if (!database) return fail(database.error());
  auto removed = journal::attempt(path, [&] { journal::remove_rows(**database, last); });
  if (!removed) return fail(removed.error());
  return last;
}

Result<std::unique_ptr<Journal>> open_journal_in_memory() {
  Result<std::unique_ptr<SQLite::Database>> database = journal::open_in_memory();
  if (!database) return fail(database.error());
  return std::make_unique<journal::SqliteJournal>(std::move(*database),
                                                  ":memory:", JournalMode::write, journal::Ends{});
}

}  // namespace gatehouse
