// usage: journal_commits FOLDER COUNT: commits so many rows through the journal and as many of the
// same bytes straight through SQLite, in turns, each flushed, and prints the medians in
// microseconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "journal/journal.h"

namespace {

using Clock = std::chrono::steady_clock;

// About as large as a verdict of the reference site.
gatehouse::json::object body_of(int number) {
  gatehouse::json::array checks;
  for (int i = 0; i < 12; ++i) {
    checks.push_back(gatehouse::json::object{{"subject", "application-" + std::to_string(i)},
                                             {"expected", "10.12.4.50 to 10.12.4.60"},
                                             {"observed", "10.12.4.5" + std::to_string(i)},
                                             {"ruling", "pass"}});
  }
  return {{"number", number}, {"gate", "vip_policy"}, {"checks", std::move(checks)}};
}

// The database of somebody who keeps the same rows without a chain and without a look at the head.
SQLite::Database open_bare(const std::string& path) {
  SQLite::Database database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec(
      "CREATE TABLE events (sequence INTEGER PRIMARY KEY, run TEXT NOT NULL, at TEXT NOT NULL, "
      "kind TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL) "
      "STRICT; CREATE INDEX events_of_run ON events (run, sequence);");
  return database;
}

void commit_bare(SQLite::Database& database, const gatehouse::Event& event,
                 const std::string& body) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  SQLite::Statement statement(database, "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)");
  statement.bind(1, event.sequence);
  statement.bind(2, event.run);
  statement.bind(3, gatehouse::to_rfc3339(event.at));
  statement.bind(4, event.kind);
  statement.bind(5, event.version);
  statement.bind(6, body);
  statement.bind(7, event.hash);
  statement.exec();
  transaction.commit();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

template <class Work>
double microseconds(Work work) {
  const auto began = Clock::now();
  work();
  return std::chrono::duration<double, std::micro>(Clock::now() - began).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string folder = argv[1];
  const int count = std::atoi(argv[2]);
  std::filesystem::create_directories(folder);
  auto journal = gatehouse::open_journal(folder + "/state", gatehouse::JournalMode::write);
  if (!journal || count < 1) return 2;
  SQLite::Database bare = open_bare(folder + "/bare.db");
  std::vector<double> ours, theirs;
  for (int number = 0; number < count; ++number) {
    gatehouse::json::object body = body_of(number);
    const std::string text = gatehouse::json::serialize(body);
    gatehouse::Event event;
    ours.push_back(microseconds([&] {
      auto added = (*journal)->append("run-1", gatehouse::Moment{}, "verdict", std::move(body));
      if (added) event = std::move(*added);
    }));
    if (event.sequence == 0) return 4;
    theirs.push_back(microseconds([&] { commit_bare(bare, event, text); }));
  }
  std::printf("{\"journal_us\": %.1f, \"bare_us\": %.1f}\n", median(ours), median(theirs));
  return 0;
}
