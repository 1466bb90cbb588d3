// A JSON document read piece by piece: one walks its outer objects and lists and is handed each
// inner value as a tree that is forgotten before the next, so that a document of many megabytes
// never stands in memory as one. Depth is bounded at 64 levels in each value, and by its caller
// above.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace gatehouse {

class JsonCursor {
 public:
  enum class Kind { object, array, other };

  /// The text must outlive the cursor.
  explicit JsonCursor(std::string_view text);

  /// What begins here, by its first character.
  Kind kind();

  /// The whole value that begins here. It lives until the next call.
  Result<const json::value*> read();

  /// Walks the object or the list that begins here. The visitor is called before each value and
  /// must read it or walk it; what it returns ends the walk where it is an error.
  template <class Visitor>
  Result<void> for_each_member(Visitor visit);
  template <class Visitor>
  Result<void> for_each_element(Visitor visit);

  /// malformed where anything but blanks is left.
  Result<void> finish();

 private:
  enum class Step { item, end };

  void skip_blanks();
  bool take(char wanted);
  Result<Step> enter(char open, char close);
  Result<Step> go_on(char close);
  Result<std::string> read_key();
  tl::unexpected<Error> not_json(std::string_view why) const;

  std::string_view text_;
  std::size_t at_ = 0;
  std::unique_ptr<unsigned char[]> buffer_;
  std::optional<json::monotonic_resource> memory_;
  json::parser parser_;
  std::optional<json::value> value_;
};

template <class Visitor>
Result<void> JsonCursor::for_each_member(Visitor visit) {
  auto step = enter('{', '}');
  while (step && *step == Step::item) {
    const Result<std::string> key = read_key();
    if (!key) return fail(key.error());
    if (Result<void> visited = visit(std::string_view(*key)); !visited) return visited;
    step = go_on('}');
  }
  if (!step) return fail(step.error());
  return {};
}

template <class Visitor>
Result<void> JsonCursor::for_each_element(Visitor visit) {
  auto step = enter('[', ']');
  while (step && *step == Step::item) {
    if (Result<void> visited = visit(); !visited) return visited;
    step = go_on(']');
  }
  if (!step) return fail(step.error());
  return {};
}

}  // namespace gatehouse
