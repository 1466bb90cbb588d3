// Effects for the tests of the clients: answers are handed in as functions, and what was asked is
// kept. Not part of the product; the simulated lab is elsewhere and knows nothing of this.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "effects/effects.h"

namespace gatehouse::testing_effects {

class FakeHttp : public HttpTransport {
 public:
  std::function<Result<HttpResponse>(const HttpRequest&)> answer;
  std::vector<std::vector<HttpRequest>> waves;

  std::vector<Result<HttpResponse>> send(std::span<const HttpRequest> requests) override {
    waves.emplace_back(requests.begin(), requests.end());
    std::vector<Result<HttpResponse>> responses;
    for (const HttpRequest& request : requests) responses.push_back(answer(request));
    return responses;
  }
};

class FakeProcesses : public ProcessRunner {
 public:
  std::function<Result<ProcessResult>(const Command&)> answer;
  std::vector<std::vector<Command>> waves;

  std::vector<Result<ProcessResult>> run(std::span<const Command> commands, std::size_t) override {
    waves.emplace_back(commands.begin(), commands.end());
    std::vector<Result<ProcessResult>> results;
    for (const Command& command : commands) results.push_back(answer(command));
    return results;
  }
  Result<ChildId> start_detached(const DetachedCommand&) override {
    return fail(ErrorKind::io, "no children in this test");
  }
  Result<ChildState> state_of(const ChildId&, const std::string&) override {
    return fail(ErrorKind::io, "no children in this test");
  }
};

class FakeFiles : public FileStore {
 public:
  struct File {
    std::string bytes = {};
    unsigned mode = 0600;
  };
  std::map<std::string, File> files;
  std::map<std::string, unsigned> folders;  ///< with their modes

  Result<std::string> read(const std::string& path, std::size_t) override {
    const auto file = files.find(path);
    if (file == files.end()) return fail(ErrorKind::not_found, path + ": no such file");
    return file->second.bytes;
  }
  Result<Secret> read_secret(const std::string& path, std::size_t) override {
    const auto file = files.find(path);
    if (file == files.end()) return fail(ErrorKind::not_found, path + ": no such file");
    if ((file->second.mode & 077U) != 0) {
      return fail(ErrorKind::denied, path + ": open to others", "chmod 600 " + path);
    }
    return Secret(file->second.bytes);
  }
  Result<FileInfo> info(const std::string& path) override {
    if (const auto folder = folders.find(path); folder != folders.end()) {
      return FileInfo{.kind = FileKind::folder, .mode = folder->second, .is_ours = true};
    }
    const auto file = files.find(path);
    if (file == files.end()) return fail(ErrorKind::not_found, path + ": no such file");
    return FileInfo{.mode = file->second.mode, .size = file->second.bytes.size(), .is_ours = true};
  }
  /// The folders in a folder that is there.
  Result<std::vector<std::string>> list(const std::string& path) override {
    if (!folders.contains(path)) return fail(ErrorKind::not_found, path + ": no such folder");
    std::vector<std::string> names;
    for (const auto& [folder, mode] : folders) {
      const bool is_in_it = folder.starts_with(path + "/");
      const std::string name = is_in_it ? folder.substr(path.size() + 1) : "";
      if (is_in_it && name.find('/') == std::string::npos) names.push_back(name);
    }
    return names;
  }
  Result<void> write_atomic(const std::string&, std::string_view, unsigned) override {
    return read_only();
  }
  Result<void> create(const std::string&, std::string_view, unsigned) override {
    return read_only();
  }
  Result<void> append(const std::string&, std::string_view, unsigned) override {
    return read_only();
  }
  Result<void> make_folder(const std::string& path, unsigned) override {
    if (folders.contains(path)) return {};
    return read_only();
  }
  Result<void> remove(const std::string&) override { return read_only(); }
  Result<void> rename(const std::string&, const std::string&) override { return read_only(); }
  Result<std::string> canonical(const std::string& path) override { return path; }
  Result<std::unique_ptr<FileLock>> lock(const std::string&, const std::string&) override {
    return read_only();
  }

 private:
  static tl::unexpected<Error> read_only() {
    return fail(ErrorKind::io, "clients only read in this test");
  }
};

class FakeClock : public Clock {
 public:
  Moment time = *parse_rfc3339("2026-11-22T19:04:10Z");
  std::vector<Milliseconds> waits;

  Moment now() override { return time; }
  Milliseconds monotonic() override { return time.time_since_epoch(); }
  WaitEnd wait(Milliseconds duration) override {
    waits.push_back(duration);
    time += duration;
    return WaitEnd::reached;
  }
  bool is_interrupted() override { return false; }
};

class FakeEntropy : public Entropy {
 public:
  Result<std::string> bytes(std::size_t count) override {
    return std::string(count, static_cast<char>(++calls_));
  }

 private:
  int calls_ = 0;
};

/// All five, as a client gets them.
struct World {
  FakeHttp http;
  FakeProcesses processes;
  FakeFiles files;
  FakeClock clock;
  FakeEntropy entropy;

  Effects effects() { return {http, processes, files, clock, entropy}; }
};

}  // namespace gatehouse::testing_effects
