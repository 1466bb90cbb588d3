#include "journal/journal.h"

#include <csignal>
#include <filesystem>
#include <fstream>

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"

namespace gatehouse {
namespace {

const Moment kNoon = *parse_rfc3339("2026-03-01T12:00:00.250Z");

class JournalTest : public testing::Test {
 protected:
  JournalTest() {
    std::string pattern = testing::TempDir() + "gatehouse-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    folder_ = pattern + "/state";
  }
  ~JournalTest() override {
    std::filesystem::remove_all(std::filesystem::path(folder_).parent_path());
  }

  std::unique_ptr<Journal> open(JournalMode mode) {
    auto journal = open_journal(folder_, mode);
    EXPECT_TRUE(journal) << to_string(journal.error());
    return std::move(*journal);
  }
  /// Six rows of two runs, and the database closed again.
  void write_six() {
    const auto journal = open(JournalMode::write);
    for (int number = 1; number <= 6; ++number) {
      ASSERT_TRUE(journal->append(number % 2 == 1 ? "run-1" : "run-2", kNoon, "sample",
                                  {{"number", number}, {"text", "o\"ne\n"}}));
    }
  }
  /// As someone would who wants to falsify the record.
  void tamper(const std::string& statements) {
    SQLite::Database database(journal_file(folder_), SQLite::OPEN_READWRITE);
    database.exec("DROP TRIGGER events_are_not_changed; DROP TRIGGER events_are_not_removed;");
    database.exec(statements);
  }
  Error verify_error() {
    const auto head = open(JournalMode::read)->verify();
    EXPECT_FALSE(head);
    return head ? Error{} : head.error();
  }
  std::string database_bytes() const {
    std::ifstream file(journal_file(folder_), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::string folder_;
};

TEST_F(JournalTest, what_was_added_is_read_back_after_closing) {
  write_six();
  const auto journal = open(JournalMode::read);
  EXPECT_THAT(journal->runs().value(), testing::ElementsAre("run-1", "run-2"));
  const auto events = journal->events_of("run-2");
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 3U);
  const Event& second = (*events)[1];
  EXPECT_EQ(second.sequence, 4);
  EXPECT_EQ(second.at, kNoon);
  EXPECT_EQ(second.kind, "sample");
  EXPECT_EQ(second.version, 1);
  EXPECT_EQ(second.body, (json::object{{"number", 4}, {"text", "o\"ne\n"}}));
  EXPECT_TRUE(journal->events_of("run-3")->empty());
}

TEST_F(JournalTest, adding_gives_the_event_as_it_will_be_read) {
  const auto journal = open(JournalMode::write);
  const auto added = journal->append("run", kNoon, "begin", {{"half", 0.5}});
  ASSERT_TRUE(added);
  const auto read = journal->events_of("run");
  EXPECT_EQ(to_json_line(*added), to_json_line(read->front()));
  EXPECT_EQ(journal->head().value(), (JournalHead{1, added->hash}));
}

TEST_F(JournalTest, rows_go_on_where_the_last_writer_stopped) {
  write_six();
  const auto added = open(JournalMode::write)->append("run-3", kNoon, "begin", {});
  ASSERT_TRUE(added);
  EXPECT_EQ(added->sequence, 7);
  EXPECT_EQ(open(JournalMode::read)->verify().value(), (JournalHead{7, added->hash}));
}

TEST_F(JournalTest, folder_and_files_are_closed_to_others) {
  const mode_t former = ::umask(0);
  const auto journal = open(JournalMode::write);
  ASSERT_TRUE(journal->append("run", kNoon, "begin", {}));
  ::umask(former);
  struct stat status{};
  ASSERT_EQ(::stat(folder_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U) << entry.path();
  }
}

TEST_F(JournalTest, an_open_database_file_is_refused) {
  write_six();
  ASSERT_EQ(::chmod(journal_file(folder_).c_str(), 0644), 0);
  EXPECT_EQ(open_journal(folder_, JournalMode::write).error().kind, ErrorKind::denied);
}

TEST_F(JournalTest, a_changed_row_is_named) {
  write_six();
  EXPECT_TRUE(open(JournalMode::read)->verify());
  tamper("UPDATE events SET body = replace(body, '3', '4') WHERE sequence = 3");
  const Error error = verify_error();
  EXPECT_EQ(error.kind, ErrorKind::malformed);
  EXPECT_THAT(error.message, testing::HasSubstr("journal row 3 (sample of run run-1)"));
}

TEST_F(JournalTest, a_change_of_any_column_is_found) {
  for (const char* change : {"run = 'x'", "at = '2026-03-01T12:00:01Z'", "kind = 'x'",
                             "version = 2", "body = '{}'", "hash = 'x'"}) {
    std::filesystem::remove_all(folder_);
    write_six();
    tamper(std::string("UPDATE events SET ") + change + " WHERE sequence = 2");
    EXPECT_THAT(verify_error().message, testing::HasSubstr("journal row 2")) << change;
  }
}

TEST_F(JournalTest, a_dropped_row_is_named) {
  write_six();
  tamper("DELETE FROM events WHERE sequence = 4");
  EXPECT_THAT(verify_error().message, testing::HasSubstr("journal row 4 is missing"));
}

TEST_F(JournalTest, a_dropped_row_whose_gap_was_closed_is_found) {
  write_six();
  tamper(
      "DELETE FROM events WHERE sequence = 4;"
      "UPDATE events SET sequence = sequence - 1 WHERE sequence > 4");
  EXPECT_THAT(verify_error().message, testing::HasSubstr("journal row 4 "));
}

TEST_F(JournalTest, reordered_rows_are_found) {
  write_six();
  tamper(
      "UPDATE events SET sequence = 100 WHERE sequence = 2;"
      "UPDATE events SET sequence = 2 WHERE sequence = 3;"
      "UPDATE events SET sequence = 3 WHERE sequence = 100");
  EXPECT_THAT(verify_error().message, testing::HasSubstr("journal row 2 "));
}

TEST_F(JournalTest, a_row_exchanged_with_its_own_hash_breaks_the_next) {
  write_six();
  // The falsifier knows the format and gives row 3 a hash that bears it out.
  const Event second = open(JournalMode::read)->events_of("run-2")->front();
  std::string input;
  for (const std::string& field : {second.hash, std::string("3"), std::string("run-1"),
                                   std::string("2026-03-01T12:00:00.250Z"), std::string("sample"),
                                   std::string("1"), std::string("{}")}) {
    input += std::to_string(field.size()) + ":" + field + "\n";
  }
  tamper("UPDATE events SET body = '{}', hash = '" + sha256_hex(input) + "' WHERE sequence = 3");
  EXPECT_THAT(verify_error().message, testing::HasSubstr("journal row 4 "));
}

TEST_F(JournalTest, a_cut_end_shows_in_the_head) {
  write_six();
  const JournalHead before = open(JournalMode::read)->head().value();
  tamper("DELETE FROM events WHERE sequence = 6");
  const auto after = open(JournalMode::read)->verify();
  ASSERT_TRUE(after);
  EXPECT_NE(*after, before);
}

TEST_F(JournalTest, a_damaged_journal_is_not_written_but_can_be_read) {
  write_six();
  tamper("UPDATE events SET kind = 'x' WHERE sequence = 5");
  const std::string before = database_bytes();
  const auto refused = open_journal(folder_, JournalMode::write);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::malformed);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("journal row 5"));
  EXPECT_THAT(refused.error().help, testing::HasSubstr("gatehouse journal export"));
  EXPECT_EQ(database_bytes(), before);
  EXPECT_EQ(open(JournalMode::read)->events_of("run-1")->size(), 3U);
}

TEST_F(JournalTest, a_row_is_never_changed_by_a_slip) {
  write_six();
  SQLite::Database database(journal_file(folder_), SQLite::OPEN_READWRITE);
  EXPECT_THROW(database.exec("UPDATE events SET kind = 'x'"), SQLite::Exception);
  EXPECT_THROW(database.exec("DELETE FROM events"), SQLite::Exception);
  EXPECT_TRUE(open(JournalMode::read)->verify());
}

TEST_F(JournalTest, a_second_writer_is_a_conflict_and_harms_nothing) {
  const auto one = open(JournalMode::write);
  const auto other = open(JournalMode::write);
  ASSERT_TRUE(one->append("run-1", kNoon, "begin", {}));
  const auto refused = other->append("run-2", kNoon, "begin", {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::conflict);
  ASSERT_TRUE(one->append("run-1", kNoon, "end", {}));
  EXPECT_EQ(one->verify()->sequence, 2);
}

TEST_F(JournalTest, a_reader_sees_rows_that_are_added_while_it_is_open) {
  const auto writer = open(JournalMode::write);
  ASSERT_TRUE(writer->append("run", kNoon, "begin", {}));
  const auto reader = open(JournalMode::read);
  EXPECT_EQ(reader->head()->sequence, 1);
  ASSERT_TRUE(writer->append("run", kNoon, "end", {}));
  EXPECT_EQ(reader->head()->sequence, 2);
  EXPECT_EQ(reader->append("run", kNoon, "x", {}).error().kind, ErrorKind::denied);
}

TEST_F(JournalTest, kinds_and_versions_of_the_future_are_kept) {
  write_six();
  const std::string body = R"({"new":[1,{"deep":null}]})";
  const std::string previous = open(JournalMode::read)->head()->hash;
  std::string input;
  for (const std::string& field :
       {previous, std::string("7"), std::string("run-1"), std::string("2027-01-01T00:00:00Z"),
        std::string("telepathy"), std::string("9"), body}) {
    input += std::to_string(field.size()) + ":" + field + "\n";
  }
  tamper("INSERT INTO events VALUES (7, 'run-1', '2027-01-01T00:00:00Z', 'telepathy', 9, '" + body +
         "', '" + sha256_hex(input) + "')");
  const auto journal = open(JournalMode::write);
  const Event last = journal->events_of("run-1")->back();
  EXPECT_EQ(last.kind, "telepathy");
  EXPECT_EQ(last.version, 9);
  EXPECT_EQ(json::serialize(last.body), body);
  EXPECT_TRUE(journal->append("run-1", kNoon, "end", {}));
}

TEST_F(JournalTest, a_newer_schema_is_refused_untouched) {
  write_six();
  tamper("PRAGMA user_version = 3");
  const std::string before = database_bytes();
  for (const JournalMode mode : {JournalMode::write, JournalMode::read}) {
    const auto refused = open_journal(folder_, mode);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input);
    EXPECT_THAT(refused.error().message, testing::HasSubstr("schema version 3"));
  }
  EXPECT_EQ(database_bytes(), before);
}

TEST_F(JournalTest, an_older_schema_is_read_as_it_is_and_brought_forward_by_a_writer) {
  write_six();
  tamper("DROP TABLE anchor; PRAGMA user_version = 1");
  const std::string before = database_bytes();
  EXPECT_EQ(open(JournalMode::read)->verify()->sequence, 6);
  EXPECT_EQ(database_bytes(), before) << "a reader migrates nothing";
  const auto rows = open(JournalMode::read)->events_of("run-1").value();
  {
    const auto journal = open(JournalMode::write);
    ASSERT_TRUE(journal->append("run-3", kNoon, "begin", {}));
  }
  SQLite::Database database(journal_file(folder_), SQLite::OPEN_READONLY);
  EXPECT_EQ(database.execAndGet("PRAGMA user_version").getInt(), 2);
  const auto after = open(JournalMode::read)->events_of("run-1").value();
  ASSERT_EQ(after.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(to_json_line(after[i]), to_json_line(rows[i]));
  }
  EXPECT_EQ(open(JournalMode::read)->verify()->sequence, 7);
}

TEST_F(JournalTest, old_runs_are_pruned_whole_and_the_chain_goes_on) {
  {
    const auto journal = open(JournalMode::write);
    for (const char* run : {"run-1", "run-1", "run-2", "run-2", "run-3"}) {
      ASSERT_TRUE(journal->append(run, kNoon, "sample", {}));
    }
  }
  const JournalHead before = open(JournalMode::read)->head().value();
  EXPECT_EQ(prune_journal(folder_, 3).error().kind, ErrorKind::invalid_input) << "within run-2";
  EXPECT_EQ(prune_journal(folder_, 99).error().kind, ErrorKind::not_found);
  const auto anchor = prune_journal(folder_, 2);
  ASSERT_TRUE(anchor) << to_string(anchor.error());
  EXPECT_EQ(anchor->sequence, 2);
  EXPECT_EQ(open(JournalMode::read)->runs().value(), (std::vector<std::string>{"run-2", "run-3"}));
  EXPECT_EQ(open(JournalMode::read)->verify().value(), before);
  ASSERT_TRUE(open(JournalMode::write)->append("run-4", kNoon, "begin", {}));
  EXPECT_EQ(open(JournalMode::read)->verify()->sequence, 6);
  // What was pruned by hand, behind the journal's back, is still found.
  tamper("DELETE FROM events WHERE sequence = 3");
  EXPECT_THAT(verify_error().message, testing::HasSubstr("journal row 3 is missing"));
}

TEST_F(JournalTest, everything_may_be_pruned_and_rows_go_on) {
  write_six();
  ASSERT_TRUE(prune_journal(folder_, 6));
  EXPECT_TRUE(open(JournalMode::read)->runs()->empty());
  EXPECT_EQ(open(JournalMode::write)->append("run-3", kNoon, "begin", {})->sequence, 7);
  EXPECT_TRUE(open(JournalMode::read)->verify());
}

TEST_F(JournalTest, a_locked_database_is_a_conflict_with_nothing_half_recorded) {
  write_six();
  const auto journal = open(JournalMode::write);
  SQLite::Database other(journal_file(folder_), SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  const auto refused = journal->append("run-1", kNoon, "end", {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::conflict);
  EXPECT_FALSE(refused.error().help.empty());
  other.exec("ROLLBACK");
  EXPECT_EQ(open(JournalMode::read)->verify()->sequence, 6);
  EXPECT_EQ(journal->append("run-1", kNoon, "end", {})->sequence, 7);
}

TEST_F(JournalTest, a_full_disk_is_told_and_leaves_nothing_half_recorded) {
  write_six();
  // A disk with room for so many bytes of one file, which is what RLIMIT_FSIZE makes of it.
  const auto journal = open(JournalMode::write);
  struct rlimit former{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &former), 0);
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit small{.rlim_cur = 100'000, .rlim_max = former.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto refused =
      journal->append("run-1", kNoon, "sample", {{"text", std::string(400'000, 'x')}});
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &former), 0);
  std::signal(SIGXFSZ, ignored);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::io) << to_string(refused.error());
  EXPECT_EQ(open(JournalMode::read)->verify()->sequence, 6);
  EXPECT_EQ(journal->append("run-1", kNoon, "end", {})->sequence, 7) << "once there is room again";
  EXPECT_EQ(open(JournalMode::read)->verify()->sequence, 7);
}

TEST_F(JournalTest, a_database_that_may_not_be_written_is_told_and_left_alone) {
  write_six();
  const std::string before = database_bytes();
  // Group and others may read it: refused by its mode, whoever asks.
  ASSERT_EQ(::chmod(journal_file(folder_).c_str(), 0444), 0);
  EXPECT_EQ(open_journal(folder_, JournalMode::write).error().kind, ErrorKind::denied);
  // The superuser may write what only its owner may read; for anybody else that is refused as well.
  ASSERT_EQ(::chmod(journal_file(folder_).c_str(), 0400), 0);
  if (::geteuid() != 0) {
    EXPECT_EQ(open_journal(folder_, JournalMode::write).error().kind, ErrorKind::denied);
  }
  EXPECT_EQ(open(JournalMode::read)->verify()->sequence, 6);
  EXPECT_EQ(database_bytes(), before);
}

TEST_F(JournalTest, in_memory_it_has_the_same_chain) {
  const auto journal = open_journal_in_memory();
  ASSERT_TRUE(journal);
  const auto added = (*journal)->append("run", kNoon, "begin", {{"a", 1}});
  ASSERT_TRUE(added);
  EXPECT_EQ(added->hash, open(JournalMode::write)->append("run", kNoon, "begin", {{"a", 1}})->hash);
  EXPECT_EQ((*journal)->verify()->sequence, 1);
}

TEST_F(JournalTest, reading_makes_nothing) {
  EXPECT_EQ(open_journal(folder_, JournalMode::read).error().kind, ErrorKind::not_found);
  EXPECT_FALSE(std::filesystem::exists(folder_));
}

TEST_F(JournalTest, what_is_no_journal_is_refused_untouched) {
  std::filesystem::create_directories(folder_);
  std::ofstream(journal_file(folder_)) << std::string(5000, 'x');
  ASSERT_EQ(::chmod(journal_file(folder_).c_str(), 0600), 0);
  EXPECT_EQ(open_journal(folder_, JournalMode::write).error().kind, ErrorKind::malformed);
  EXPECT_EQ(open_journal(folder_, JournalMode::read).error().kind, ErrorKind::malformed);
  EXPECT_EQ(database_bytes(), std::string(5000, 'x'));

  std::filesystem::remove(journal_file(folder_));
  SQLite::Database(journal_file(folder_), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
      .exec("CREATE TABLE events (a)");
  ASSERT_EQ(::chmod(journal_file(folder_).c_str(), 0600), 0);
  EXPECT_THAT(open_journal(folder_, JournalMode::write).error().message,
              testing::HasSubstr("another program"));
}

TEST_F(JournalTest, a_body_that_could_not_be_read_again_does_not_enter) {
  const auto journal = open(JournalMode::write);
  EXPECT_EQ(journal->append("run", kNoon, "x", {{"text", "\xff\xfe"}}).error().kind,
            ErrorKind::malformed);
  EXPECT_EQ(journal->head()->sequence, 0);
  EXPECT_TRUE(journal->append("run", kNoon, "x", {{"text", "\u00e9"}}));
}

TEST_F(JournalTest, a_row_hashes_as_the_format_page_says) {
  const Moment noon = *parse_rfc3339("2026-03-01T12:00:00Z");
  const auto added = open(JournalMode::write)->append("r", noon, "k", {});
  ASSERT_TRUE(added);
  std::ifstream page(GATEHOUSE_SOURCE_DIR "/docs/formats/journal.md");
  const std::string text{std::istreambuf_iterator<char>(page), {}};
  EXPECT_THAT(text, testing::HasSubstr("to `" + added->hash + "`"));
}

TEST(JournalTexts, head_and_lines_have_their_documented_form) {
  EXPECT_EQ(head_text({12, "ab"}), "12 ab\n");
  const Event event{.run = "r",
                    .sequence = 3,
                    .at = kNoon,
                    .kind = "k",
                    .version = 1,
                    .body = {{"a", 1}},
                    .hash = "ab"};
  EXPECT_EQ(to_json_line(event),
            R"({"sequence":3,"run":"r","at":"2026-03-01T12:00:00.250Z","kind":"k",)"
            R"("version":1,"body":{"a":1},"hash":"ab"})");
}

}  // namespace
}  // namespace gatehouse
