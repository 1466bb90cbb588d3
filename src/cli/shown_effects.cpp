#include "cli/shown_effects.h"

#include <fmt/format.h>

#include "base/shell_quote.h"
#include "base/text.h"

namespace gatehouse::cli {

namespace {

std::string header_text(const HttpHeader& header) {
  return fmt::format("+   {}: {}\n", header.name,
                     header.is_secret ? "(blanked)" : printable(header.value));
}

// What a command's own environment adds, as a shell would take it.
std::string variables(const std::map<std::string, std::string>& environment) {
  std::string text;
  for (const auto& [name, value] : environment) {
    text += name + "=" + printable(shell_quote(value)) + " ";
  }
  return text;
}

}  // namespace

void ShownHttp::show(std::span<const HttpRequest> requests) {
  for (const HttpRequest& request : requests) {
    std::string text = fmt::format("+ {} {}\n", request.method, printable(request.url));
    for (const HttpHeader& header : request.headers) text += header_text(header);
    console_.talk(text);
  }
}

std::vector<Result<HttpResponse>> ShownHttp::send(std::span<const HttpRequest> requests) {
  show(requests);
  return inner_.send(requests);
}

void ShownHttp::exchange(std::vector<HttpRequest> requests, const HttpTaker& take) {
  show(requests);
  inner_.exchange(std::move(requests), [&](std::size_t number, Result<HttpResponse> response) {
    std::vector<HttpRequest> following = take(number, std::move(response));
    show(following);
    return following;
  });
}

std::vector<Result<ProcessResult>> ShownProcesses::run(std::span<const Command> commands,
                                                       std::size_t parallel) {
  for (const Command& command : commands) {
    console_.talk(fmt::format("+ {}{}\n", variables(command.environment),
                              printable(command_line(command.argv))));
  }
  return inner_.run(commands, parallel);
}

Result<ChildId> ShownProcesses::start_detached(const DetachedCommand& command) {
  console_.talk(fmt::format("+ {}{}\n", variables(command.environment),
                            printable(command_line(command.argv))));
  return inner_.start_detached(command);
}

Result<ChildState> ShownProcesses::state_of(const ChildId& child, const std::string& exit_file) {
  return inner_.state_of(child, exit_file);
}

}  // namespace gatehouse::cli
