#include "cli/shown_effects.h"

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse::cli {

namespace {

bool is_plain(const std::string& word) {
  return !word.empty() && word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuv"
                                                 "wxyz0123456789_-+=:,./@%{}") == std::string::npos;
}

std::string header_text(const HttpHeader& header) {
  return fmt::format("+   {}: {}\n", header.name,
                     header.is_secret ? "(blanked)" : printable(header.value));
}

}  // namespace

std::string shell_words(std::span<const std::string> argv) {
  std::vector<std::string> words;
  for (const std::string& word : argv) {
    words.push_back(is_plain(word) ? word : "'" + replace_all(word, "'", "'\\''") + "'");
  }
  return join(words, " ");
}

std::vector<Result<HttpResponse>> ShownHttp::send(std::span<const HttpRequest> requests) {
  for (const HttpRequest& request : requests) {
    std::string text = fmt::format("+ {} {}\n", request.method, printable(request.url));
    for (const HttpHeader& header : request.headers) text += header_text(header);
    console_.talk(text);
  }
  return inner_.send(requests);
}

std::vector<Result<ProcessResult>> ShownProcesses::run(std::span<const Command> commands,
                                                       std::size_t parallel) {
  for (const Command& command : commands) {
    console_.talk(fmt::format("+ {}\n", printable(shell_words(command.argv))));
  }
  return inner_.run(commands, parallel);
}

Result<ChildId> ShownProcesses::start_detached(const DetachedCommand& command) {
  console_.talk(fmt::format("+ {}\n", printable(shell_words(command.argv))));
  return inner_.start_detached(command);
}

Result<ChildState> ShownProcesses::state_of(const ChildId& child, const std::string& exit_file) {
  return inner_.state_of(child, exit_file);
}

}  // namespace gatehouse::cli
