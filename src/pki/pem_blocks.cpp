#include "pki/pem_blocks.h"

#include <optional>

#include "base/text.h"
#include "pki/secret_text.h"

namespace gatehouse::pki {

namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";

// The label of a line "-----BEGIN LABEL-----", or nothing.
std::optional<std::string_view> label_of(std::string_view line, std::string_view opening) {
  if (!line.starts_with(opening) || !line.ends_with(kDashes)) return std::nullopt;
  if (line.size() < opening.size() + kDashes.size()) return std::nullopt;
  return line.substr(opening.size(), line.size() - opening.size() - kDashes.size());
}

// One line without its end; moves past it.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

void decode_body(PemBlock& block) {
  std::string_view rest = block.text;
  take_line(rest);
  const std::size_t end = rest.rfind(kEnd);
  if (!block.is_complete || end == std::string_view::npos) return;
  const std::string_view body = rest.substr(0, end);
  block.has_headers = body.find(':') != std::string_view::npos;
  if (block.has_headers) return;
  const Secret packed = without_blanks(body);
  if (std::optional<Secret> der = decode_base64(packed.reveal()); der && !der->empty()) {
    block.der = std::move(*der);
    block.is_decodable = true;
  }
}

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text), rest_(text) {}

  PemText split() {
    while (!rest_.empty()) {
      const std::size_t start = text_.size() - rest_.size();
      const std::string_view whole_line = take_line(rest_);
      const std::string_view line = trim(whole_line);
      if (whole_line.ends_with('\r')) result_.has_crlf = true;
      if (line.starts_with(kDashes) && !whole_line.starts_with(kDashes)) result_.has_indent = true;
      take(line, start);
    }
    close(text_.size(), false);
    return std::move(result_);
  }

 private:
  void take(std::string_view line, std::size_t start) {
    const std::size_t after = text_.size() - rest_.size();
    if (const auto label = label_of(line, kBegin)) {
      close(start, false);
      open_.emplace();
      open_->label = *label;
      open_start_ = start;
    } else if (open_) {
      if (const auto end = label_of(line, kEnd)) close(after, *end == open_->label);
    } else if (!line.empty()) {
      result_.has_junk = true;
    }
  }

  void close(std::size_t end, bool is_complete) {
    if (!open_) return;
    open_->text = text_.substr(open_start_, end - open_start_);
    open_->is_complete = is_complete;
    decode_body(*open_);
    result_.blocks.push_back(std::move(*open_));
    open_.reset();
  }

  std::string_view text_;
  std::string_view rest_;
  std::optional<PemBlock> open_;
  std::size_t open_start_ = 0;
  PemText result_;
};

}  // namespace

bool PemBlock::is_private_key() const {
  return std::string_view(label).ends_with("PRIVATE KEY");
}

PemText split_pem(std::string_view text) {
  return Splitter(text).split();
}

}  // namespace gatehouse::pki
