// The real effects under the contract of all implementations.
#include <fmt/format.h>

#include "effects/posix/posix.h"
#include "effects/posix/test_folder.h"
#include "sim/maas_server.h"
#include "tests/contract/effects_contract.h"

namespace gatehouse::contract {

namespace {

sim::RegionAnswer answer_for(const sim::RegionRequest& request) {
  sim::RegionAnswer answer;
  answer.content_type = "text/plain";
  answer.status = 200;
  answer.body = "a body\n";
  if (request.path == "/refusing") answer.status = 404;
  if (request.path == "/redirecting") {
    answer.status = 301;
    answer.headers.emplace_back("Location", "/answering");
  }
  return answer;
}

class PosixWorld {
 public:
  PosixWorld() {
    auto server = sim::start_maas_server(answer_for);
    EXPECT_TRUE(server);
    if (server) server_ = std::move(*server);
  }

  Effects& effects() { return effects_; }
  std::string folder() const { return folder_.path(); }
  static Command printing() { return command_of({"echo", "some", "words"}); }
  static Command failing() { return command_of({"false"}); }
  static Command unknown_program() { return command_of({"gatehouse-no-such-program"}); }
  static Command too_slow() {
    Command made = command_of({"sleep", "600"});
    made.deadline = Milliseconds(50);
    return made;
  }
  static Command reading_input() { return command_of({"cat"}); }
  static DetachedCommand child(const std::string& folder) {
    return child_of({"sleep", "0.05"}, folder);
  }
  std::string answering_url() const { return url("answering"); }
  std::string refusing_url() const { return url("refusing"); }
  std::string redirecting_url() const { return url("redirecting"); }
  static std::string silent_url() { return "http://127.0.0.1:1/"; }

 private:
  std::string url(const std::string& name) const {
    return fmt::format("http://127.0.0.1:{}/{}", server_ ? server_->port() : 1, name);
  }

  posix::TestFolder folder_;
  std::unique_ptr<sim::MaasServer> server_;
  std::unique_ptr<Clock> clock_ = posix::make_clock(std::nullopt);
  std::unique_ptr<HttpTransport> http_ = posix::make_http_transport(*clock_);
  std::unique_ptr<ProcessRunner> processes_ = posix::make_process_runner(*clock_);
  std::unique_ptr<FileStore> files_ = posix::make_file_store();
  std::unique_ptr<Entropy> entropy_ = posix::make_entropy();
  Effects effects_{*http_, *processes_, *files_, *clock_, *entropy_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Posix, EffectsContract, testing::Types<PosixWorld>);

}  // namespace

}  // namespace gatehouse::contract
