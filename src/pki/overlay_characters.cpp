#include "pki/overlay_characters.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "pki/overlay_reader.h"

namespace gatehouse::pki {

namespace {

/// A file of another kind altogether shall not give one finding for each of its bytes.
constexpr int kReportedMax = 8;

struct Character {
  std::string name;  ///< "character U+00A0", or "byte 0xff" where it is no UTF-8
  std::size_t bytes = 1;
};

Character character_at(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  const std::size_t length = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (first < 0x80) return {fmt::format("character U+{:04X}", first), 1};
  unsigned point = length == 2 ? first & 0x1f : length == 3 ? first & 0x0f : first & 0x07;
  bool is_whole = length > 1 && length <= text.size() && first < 0xf5;
  for (std::size_t i = 1; is_whole && i < length; ++i) {
    is_whole = (byte(i) & 0xc0) == 0x80;
    point = point << 6 | (byte(i) & 0x3f);
  }
  if (!is_whole) return {fmt::format("byte 0x{:02x}", first), 1};
  return {fmt::format("character U+{:04X}", point), length};
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x7f || (byte < 0x20 && c != '\n' && c != '\r');
}

bool belongs(char c) {
  return static_cast<unsigned char>(c) < 0x80 && !is_control(c);
}

class CharacterCheck {
 public:
  CharacterCheck(const Source& source, const OverlayDocument& document, Findings& findings)
      : source_(source), document_(document), findings_(findings) {}

  void check_text() {
    const std::string_view text = source_.text();
    for (std::uint32_t number = 1; number <= source_.line_count(); ++number) {
      const std::string_view line = source_.line(number);
      const std::uint32_t column = check_line(line, number);
      // U+0085, U+2028 and U+2029 end a line of YAML, and are no part of it.
      const auto end = static_cast<std::size_t>(line.data() + line.size() - text.data());
      if (end < text.size() && static_cast<unsigned char>(text[end]) >= 0x80) {
        note_foreign(character_at(text.substr(end)), {number, column});
      }
    }
    if (const std::size_t at = source_.text().find('\r'); at != std::string_view::npos) {
      findings_.warning("crlf", {Span{.source = &source_, .begin = {1, 1}, .end = {1, 1}}, ""},
                        "the overlay has carriage returns at its line ends",
                        "write it with line feeds only (dos2unix)");
    }
  }

  void check_values() {
    for (std::size_t i = 0; i < kOptionNames.size(); ++i) {
      const auto& value = document_.values[i];
      // What stands in the file itself has been told with its exact place.
      if (value && reported_ == 0) check_value(*value, static_cast<Option>(i));
    }
  }

 private:
  /// The column after its last character.
  std::uint32_t check_line(std::string_view line, std::uint32_t number) {
    std::uint32_t column = 1;
    for (std::size_t at = 0; at < line.size(); ++column) {
      if (belongs(line[at])) {
        ++at;
        continue;
      }
      const Character character = character_at(line.substr(at));
      const bool is_foreign = static_cast<unsigned char>(line[at]) >= 0x80;
      if (reported_++ < kReportedMax) {
        const Position position{number, column};
        report(is_foreign, character, {.source = &source_, .begin = position, .end = position});
      }
      at += character.bytes;
    }
    return column;
  }

  void note_foreign(const Character& character, const Position& position) {
    if (reported_++ >= kReportedMax) return;
    report(true, character, {.source = &source_, .begin = position, .end = position});
  }

  void report(bool is_foreign, const Character& character, const Span& span) {
    const std::string where = option_at(span.begin);
    findings_.error(is_foreign ? "non-ascii" : "control-char", {span, where},
                    fmt::format("line {}: {}{}", span.begin.line, character.name,
                                where.empty() ? "" : " in " + where),
                    "the overlay is plain ASCII; copy the value again from its workspace");
  }

  std::string option_at(Position position) const {
    for (std::size_t i = 0; i < kOptionNames.size(); ++i) {
      const auto& value = document_.values[i];
      if (value && value->span.begin <= position && position < value->span.end) {
        return std::string(kOptionNames[i]);
      }
    }
    return {};
  }

  // Line ends are judged with the value's own rule (passphrase-whitespace, base64-invalid).
  void check_value(const OptionValue& value, Option option) {
    const auto found = std::find_if_not(value.text.begin(), value.text.end(), belongs);
    if (found == value.text.end()) return;
    const auto at = static_cast<std::size_t>(found - value.text.begin());
    const bool is_foreign = static_cast<unsigned char>(*found) >= 0x80;
    const std::string name(name_of(option));
    findings_.error(is_foreign ? "non-ascii" : "control-char", {value.span, name},
                    fmt::format("{} in {}", character_at(value.text.substr(at)).name, name),
                    "copy the value again from its workspace");
  }

  const Source& source_;
  const OverlayDocument& document_;
  Findings& findings_;
  int reported_ = 0;
};

}  // namespace

void check_characters(const Source& source, const OverlayDocument& document, Findings& findings) {
  CharacterCheck check(source, document, findings);
  check.check_text();
  check.check_values();
}

}  // namespace gatehouse::pki
