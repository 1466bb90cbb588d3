#include "clients/juju/recorded_status.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "clients/juju/failure.h"

namespace gatehouse::juju {

namespace {

constexpr std::string_view kRecord = "record it with: juju status --format json > status.json";

std::string_view trim_lines(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

// The headings of the sections of a table, each followed by blanks.
bool begins_table(std::string_view line) {
  constexpr std::array<std::string_view, 8> kHeadings = {
      "Model", "App", "Unit", "Machine", "SAAS", "Offer", "Relation", "Integration"};
  return std::any_of(kHeadings.begin(), kHeadings.end(), [&](std::string_view heading) {
    return line.starts_with(heading) && line.size() > heading.size() + 1 &&
           line[heading.size()] == ' ';
  });
}

// The command itself may stand above its output.
bool holds_table(std::string_view text) {
  constexpr std::size_t kLinesMax = 8;
  const auto lines = lines_of(text.substr(0, std::size_t{4096}));
  return std::any_of(lines.begin(),
                     lines.begin() + static_cast<std::ptrdiff_t>(std::min(lines.size(), kLinesMax)),
                     begins_table);
}

}  // namespace

Result<RecordedForm> recorded_form(std::string_view text) {
  const std::string_view body = trim_lines(text);
  if (body.empty())
    return fail(ErrorKind::invalid_input, "the file is empty", std::string(kRecord));
  std::string_view rest = body;
  if (rest.starts_with("{}")) rest = trim_lines(rest.substr(2));
  if (rest.empty() || rest.starts_with("ERROR")) {
    const std::string words = rest.empty() ? "{}" : error_text(rest);
    return fail(ErrorKind::unavailable,
                "this is what a failed juju status printed, and no status: " + words,
                std::string(kRecord));
  }
  if (holds_table(body)) {
    return fail(ErrorKind::invalid_input,
                "this is the table of juju status, which cuts messages and versions short",
                std::string(kRecord));
  }
  return body.front() == '{' || body.front() == '[' ? RecordedForm::json : RecordedForm::yaml;
}

}  // namespace gatehouse::juju
