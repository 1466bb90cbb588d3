#include "base/json_cursor.h"

#include <algorithm>

#include <fmt/format.h>

namespace gatehouse {

namespace {

// Of the largest piece that is common, an application with a few hundred units; larger ones take
// more from the heap.
constexpr std::size_t kBufferBytes = std::size_t{256} << 10;

json::parse_options parse_options() {
  json::parse_options options;
  options.max_depth = 64;
  return options;
}

}  // namespace

JsonCursor::JsonCursor(std::string_view text)
    : text_(text),
      buffer_(new unsigned char[kBufferBytes]),
      parser_(json::storage_ptr(), parse_options()) {}

JsonCursor::Kind JsonCursor::kind() {
  skip_blanks();
  if (at_ == text_.size()) return Kind::other;
  if (text_[at_] == '{') return Kind::object;
  return text_[at_] == '[' ? Kind::array : Kind::other;
}

Result<const json::value*> JsonCursor::read() {
  value_.reset();
  // A new one for each piece: its release() keeps the size that it grew to, and doubles it again.
  parser_.reset();
  memory_.emplace(buffer_.get(), kBufferBytes);
  parser_.reset(&*memory_);
  json::error_code error;
  const std::size_t used = parser_.write_some(text_.data() + at_, text_.size() - at_, error);
  at_ += used;
  if (error) return not_json(error.message());
  value_.emplace(parser_.release());
  return &*value_;
}

Result<void> JsonCursor::finish() {
  skip_blanks();
  if (at_ == text_.size()) return {};
  return fail(ErrorKind::malformed, fmt::format("byte {}: text after the JSON document", at_));
}

void JsonCursor::skip_blanks() {
  at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
}

bool JsonCursor::take(char wanted) {
  skip_blanks();
  if (at_ == text_.size() || text_[at_] != wanted) return false;
  ++at_;
  return true;
}

Result<JsonCursor::Step> JsonCursor::enter(char open, char close) {
  if (!take(open)) return not_json(fmt::format("\"{}\" is expected", open));
  return take(close) ? Step::end : Step::item;
}

Result<JsonCursor::Step> JsonCursor::go_on(char close) {
  if (take(',')) return Step::item;
  if (take(close)) return Step::end;
  return not_json(fmt::format("\",\" or \"{}\" is expected", close));
}

Result<std::string> JsonCursor::read_key() {
  skip_blanks();
  if (at_ == text_.size() || text_[at_] != '"') return not_json("the name of a member is expected");
  const Result<const json::value*> key = read();
  if (!key) return fail(key.error());
  std::string name((*key)->get_string());
  if (!take(':')) return not_json("\":\" is expected");
  return name;
}

tl::unexpected<Error> JsonCursor::not_json(std::string_view why) const {
  return fail(ErrorKind::malformed, fmt::format("byte {}: not JSON: {}", at_, why));
}

}  // namespace gatehouse
