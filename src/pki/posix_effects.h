// For tests only: the machine's own effects, and a folder that goes away with the test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "effects/posix/posix.h"

namespace gatehouse::pki {

/// No request may leave a test of this folder.
class NoHttp final : public HttpTransport {
 public:
  std::vector<Result<HttpResponse>> send(std::span<const HttpRequest> requests) override {
    std::vector<Result<HttpResponse>> none;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      none.emplace_back(fail(ErrorKind::unavailable, "no network in this test"));
    }
    return none;
  }
};

class PosixEffectsTest : public testing::Test {
 protected:
  PosixEffectsTest() {
    std::string pattern = testing::TempDir() + "gatehouse-pki-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~PosixEffectsTest() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  unsigned mode_of(const std::string& name) {
    const auto info = files_->info(path(name));
    return info ? info->mode : 0;
  }

  static std::string content_of(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }

  /// Runs a program in the folder; its output, or a failure of the test.
  std::string run(const std::vector<std::string>& argv) {
    Command command;
    command.argv = argv;
    command.directory = folder_;
    const Result<ProcessResult> result = run_one(*processes_, std::move(command));
    if (!result) {
      ADD_FAILURE() << to_string(result.error());
      return {};
    }
    EXPECT_EQ(result->exit_code, 0) << argv[0] << " " << argv[1] << ": " << result->err;
    return result->out;
  }

  std::string folder_;
  NoHttp http_;
  std::unique_ptr<Clock> clock_ = posix::make_clock(std::nullopt);
  std::unique_ptr<ProcessRunner> processes_ = posix::make_process_runner(*clock_);
  std::unique_ptr<FileStore> files_ = posix::make_file_store();
  std::unique_ptr<Entropy> entropy_ = posix::make_entropy();
  Effects effects_{http_, *processes_, *files_, *clock_, *entropy_};
};

}  // namespace gatehouse::pki
