// For tests: a lab folder of its own below a HOME of its own, a clock that a test sets, and the
// faces called as functions.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/text.h"
#include "effects/posix/posix.h"
#include "input/site/load_site.h"
#include "sim/face.h"
#include "sim/lab_state.h"

namespace gatehouse::sim {

class SetClock final : public Clock {
 public:
  Moment time = from_milliseconds(1'800'000'000'000);
  Moment now() override { return time; }
  Milliseconds monotonic() override { return Milliseconds(to_milliseconds(time)); }
  std::optional<int> waits_until_interrupted;
  WaitEnd wait(Milliseconds duration) override {
    if (waits_until_interrupted && --*waits_until_interrupted < 0) return WaitEnd::interrupted;
    time += duration;
    return WaitEnd::reached;
  }
  bool is_interrupted() override { return false; }
};

class NoHttp final : public HttpTransport {
 public:
  std::vector<Result<HttpResponse>> send(std::span<const HttpRequest>) override { return {}; }
};

/// What one call of a face said.
struct Said {
  FaceEnd end;
  std::string out;
  std::string err;
};

class TestLab {
 public:
  /// A copy of sites/NAME with a lab that shows those faults.
  explicit TestLab(const std::string& site_name, std::set<std::string> faults = {},
                   std::uint64_t seed = 1) {
    static int number = 0;
    home_ = std::filesystem::path(GATEHOUSE_BINARY_DIR) / "lab-tests" /
            (std::to_string(::getpid()) + "-" + std::to_string(++number));
    std::filesystem::create_directories(home_ / "site");
    std::filesystem::create_directories(home_ / "lab" / "models");
    std::filesystem::create_directories(home_ / "lab" / "juju-data");
    std::filesystem::copy(std::filesystem::path(GATEHOUSE_SOURCE_DIR) / "sites" / site_name,
                          home_ / "site",
                          std::filesystem::copy_options::recursive |
                              std::filesystem::copy_options::overwrite_existing);
    std::filesystem::copy(home_ / "site" / "site.yaml", home_ / "lab" / "site.yaml");
    LabSettings settings{.id = "lab-test",
                         .seed = seed,
                         .speed = 600,
                         .wall_origin = clock.time,
                         .lab_origin = clock.time,
                         .faults = std::move(faults),
                         .bound_spaces = {},
                         .machine_tags = {},
                         .outer_path = "/usr/bin:/bin"};
    EXPECT_TRUE(write_settings({lab_folder()}, settings, *files_));
    Result<OpenLab> opened = open_lab(lab_folder(), *files_);
    EXPECT_TRUE(opened) << (opened ? "" : to_string(opened.error()));
    if (opened) lab_ = std::make_unique<OpenLab>(std::move(*opened));
  }
  TestLab(const TestLab&) = delete;
  TestLab& operator=(const TestLab&) = delete;
  ~TestLab() { std::filesystem::remove_all(home_); }

  std::string home() const { return home_.string(); }
  std::string site_folder() const { return (home_ / "site").string(); }
  std::string lab_folder() const { return (home_ / "lab").string(); }
  const OpenLab& lab() const { return *lab_; }
  const LabWorld& world() const { return lab_->world; }
  FileStore& files() { return *files_; }
  Effects& effects() { return effects_; }

  Said call(const char* program, std::vector<std::string> arguments,
            std::map<std::string, std::string> environment = {}) {
    Said said;
    environment.emplace("HOME", home());
    const FaceCall call{.arguments = std::move(arguments),
                        .environment = std::move(environment),
                        .directory = site_folder(),
                        .out = [&](std::string_view text) { said.out += text; },
                        .err = [&](std::string_view text) { said.err += text; },
                        .answer = [&] { return answer; }};
    said.end = find_face(program)(*lab_, call, effects_);
    return said;
  }
  Said juju(std::vector<std::string> arguments) { return call("juju", std::move(arguments)); }

  /// add-model and deploy, and the model as it is then.
  LabModel deployed() {
    const std::string name = world().site.juju.model;
    juju({"add-model", name});
    const Said said = juju({"deploy", "-m", name, "./bundle.yaml"});
    EXPECT_EQ(said.end.exit_code, 0) << said.err;
    auto model = read_model(lab_->paths, name, *files_);
    EXPECT_TRUE(model && *model);
    return model && *model ? std::move(**model) : LabModel{};
  }

  SetClock clock;
  std::string answer;  ///< what is typed where a face asks

 private:
  std::filesystem::path home_;
  std::unique_ptr<FileStore> files_ = posix::make_file_store();
  std::unique_ptr<ProcessRunner> processes_ = posix::make_process_runner(clock);
  std::unique_ptr<Entropy> entropy_ = posix::make_entropy();
  NoHttp http_;
  Effects effects_{http_, *processes_, *files_, clock, *entropy_};
  std::unique_ptr<OpenLab> lab_;
};

}  // namespace gatehouse::sim
