// The effects with every call told before it acts: `--show-commands`. Secrets are blanked.
#pragma once

#include "cli/console.h"
#include "effects/effects.h"

namespace gatehouse::cli {

class ShownHttp : public HttpTransport {
 public:
  ShownHttp(HttpTransport& inner, Console& console) : inner_(inner), console_(console) {}
  std::vector<Result<HttpResponse>> send(std::span<const HttpRequest> requests) override;
  void exchange(std::vector<HttpRequest> requests, const HttpTaker& take) override;

 private:
  void show(std::span<const HttpRequest> requests);

  HttpTransport& inner_;
  Console& console_;
};

class ShownProcesses : public ProcessRunner {
 public:
  ShownProcesses(ProcessRunner& inner, Console& console) : inner_(inner), console_(console) {}
  std::vector<Result<ProcessResult>> run(std::span<const Command> commands,
                                         std::size_t parallel) override;
  Result<ChildId> start_detached(const DetachedCommand& command) override;
  Result<ChildState> state_of(const ChildId& child, const std::string& exit_file) override;

 private:
  ProcessRunner& inner_;
  Console& console_;
};

}  // namespace gatehouse::cli
