// A world for tests of the engine: effects that only remember, a journal in memory, a phase whose
// gates answer what the test says.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "engine/run_phase.h"

namespace gatehouse::engine_test {

class MemoryJournal : public Journal {
 public:
  Result<Event> append(const std::string& run, Moment at, std::string kind,
                       json::object body) override;
  Result<std::vector<Event>> events_of(const std::string&) override { return events; }
  Result<std::vector<std::string>> runs() override { return std::vector<std::string>{"run"}; }
  Result<JournalHead> head() override { return JournalHead{}; }
  Result<JournalHead> verify() override { return JournalHead{}; }

  std::vector<Event> events;
  std::size_t appends_left = SIZE_MAX;  ///< then the disk is full
};

class HandClock : public Clock {
 public:
  Moment now() override { return Moment(time); }
  Milliseconds monotonic() override { return time; }
  WaitEnd wait(Milliseconds duration) override;
  bool is_interrupted() override { return interrupted; }

  Milliseconds time{1'000'000};
  bool interrupted = false;
  Milliseconds interrupt_at{Milliseconds::max()};
};

class FakeProcesses : public ProcessRunner {
 public:
  std::vector<Result<ProcessResult>> run(std::span<const Command>, std::size_t) override;
  Result<ChildId> start_detached(const DetachedCommand& command) override;
  Result<ChildState> state_of(const ChildId&, const std::string&) override;

  std::vector<std::vector<std::string>> started;
  std::deque<ChildState> states;  ///< answers in order; the last one stays
};

class FakeFiles : public FileStore {
 public:
  Result<std::string> read(const std::string& path, std::size_t) override {
    const auto found = contents.find(path);
    return found == contents.end() ? std::string("said\n") : found->second;
  }
  Result<Secret> read_secret(const std::string&, std::size_t) override;
  Result<FileInfo> info(const std::string&) override;
  Result<std::vector<std::string>> list(const std::string&) override;
  Result<void> write_atomic(const std::string&, std::string_view, unsigned) override { return {}; }
  Result<void> create(const std::string&, std::string_view, unsigned) override { return {}; }
  Result<void> append(const std::string&, std::string_view, unsigned) override { return {}; }
  Result<void> make_folder(const std::string&, unsigned) override { return {}; }
  Result<void> remove(const std::string&) override { return {}; }
  Result<void> rename(const std::string&, const std::string&) override { return {}; }
  Result<std::string> canonical(const std::string& path) override { return path; }
  Result<std::unique_ptr<FileLock>> lock(const std::string&, const std::string&) override;

  std::map<std::string, std::string> contents;  ///< of files that are there
  std::size_t held = 0;                         ///< so often a lock is another's
  ErrorKind lock_error = ErrorKind::not_found;  ///< then
};

class NoHttp : public HttpTransport {
 public:
  std::vector<Result<HttpResponse>> send(std::span<const HttpRequest>) override { return {}; }
};

class NoEntropy : public Entropy {
 public:
  Result<std::string> bytes(std::size_t count) override { return std::string(count, 'x'); }
};

/// What the gates of the test phase answer, and what was asked. Gates are plain functions, so this
/// is where they look; each test sets it anew.
struct Script {
  std::map<std::string, std::deque<Ruling>> rulings;  ///< by gate, in order; the last one stays
  Landed landed = Landed::whole;
  ErrorKind unseen = ErrorKind::unavailable;  ///< why it is unknown
  std::deque<Landed> landed_later;  ///< once a command was started, in order; the last one stays
  bool was_started = false;
  std::string uuid = "first";  ///< identity of what the effect made; "" where it is gone
  bool is_identity_seen = true;
  bool is_nothing_left = false;  ///< to go on with
  Milliseconds look_takes{0};    ///< by the clock
  std::size_t collected = 0;     ///< times the facts were asked for
  bool is_observed = true;
  std::deque<bool> sights;  ///< whether it is observed, sample by sample; the last one stays
  std::deque<std::string> messages;  ///< of the one unit, sample by sample; the last one stays
};
Script& script();

struct World {
  World();
  Result<RunOutcome> run();
  std::vector<std::string> kinds() const;
  std::size_t count(std::string_view kind) const;
  /// Of the last event of that kind, the member as text; "" where there is none.
  std::string last(std::string_view kind, std::string_view member) const;

  Inputs inputs;
  Plan plan;
  Questions questions;
  HandClock clock;
  FakeProcesses processes;
  FakeFiles files;
  NoHttp http;
  NoEntropy entropy;
  Effects effects{http, processes, files, clock, entropy};
  MemoryJournal journal;
  std::vector<Waiver> waivers;
  std::vector<Event> past;
  std::string until;
  ModelUse model_use = ModelUse::must_be_absent;
  std::function<Result<void>()> verify_inputs;
  Beginning beginning = Beginning::first_step;
  Redactor redactor;
};

/// A row of a former try.
Event past_event(std::int64_t sequence, std::string_view kind, json::object body);
/// A run that was cut off between intent and outcome.
std::vector<Event> cut_off_past();

}  // namespace gatehouse::engine_test
