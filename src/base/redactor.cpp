#include "base/redactor.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.h"

namespace gatehouse {

namespace {

constexpr std::size_t kHead = 8;
constexpr std::string_view kInPlace = "(redacted)";

// One way: what is kept of a secret's head does not give it back.
std::uint64_t hash_of_head(const char* at) {
  std::uint64_t head = 0;
  std::memcpy(&head, at, kHead);
  head ^= head >> 32;
  head *= 0x9e3779b97f4a7c15U;
  return head >> 16;
}

std::string hexadecimal(std::string_view bytes, std::string_view digits) {
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::string in_a_url(std::string_view bytes) {
  constexpr std::string_view kPlain = "-_.~";
  std::string out;
  out.reserve(3 * bytes.size());
  for (const char& c : bytes) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || kPlain.find(c) != kPlain.npos;
    out += is_plain ? "" : "%";
    out += is_plain ? std::string(1, c) : hexadecimal({&c, 1}, "0123456789ABCDEF");
  }
  return out;
}

// As JSON and Go write it between quotes.
std::string quoted(std::string_view bytes) {
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const bool is_escaped = c == '"' || c == '\\' || c == '\t';
    out += is_escaped ? "\\" : "";
    out += c == '\t' ? 't' : c;
  }
  return out;
}

std::string in_markup(std::string_view bytes) {
  std::string out;
  out.reserve(6 * bytes.size());
  for (const char c : bytes) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

// What of its base64 is the same whatever stands before and behind it, where so many bytes of the
// first three are another's.
std::string within_base64(std::string_view bytes, std::size_t before) {
  std::string shifted;
  shifted.reserve(before + bytes.size());
  shifted.append(before, '\0').append(bytes);
  std::string whole = base64_encode(shifted);
  constexpr std::array<std::size_t, 3> kShared{0, 2, 3};
  const std::size_t end = shifted.size() * 8 / 6;
  std::string own = whole.substr(kShared[before], end - kShared[before]);
  wipe(shifted);
  wipe(whole);
  return own;
}

}  // namespace

void Redactor::add(std::string_view value) {
  const std::string_view text = trim(value);
  add_lines(text);
  auto decoded = base64_decode(text);
  if (!decoded) return;
  // Of bytes that are no text nobody repeats a line.
  const bool is_text = std::all_of(decoded->begin(), decoded->end(), [](char c) {
    return c == '\n' || c == '\r' || c == '\t' || (c >= ' ' && c < '\x7f');
  });
  if (is_text) add_lines(trim(*decoded));
  wipe(*decoded);
}

void Redactor::add_lines(std::string_view text) {
  add_forms(text);
  if (text.find('\n') == text.npos) return;
  for (const std::string_view line : lines_of(text)) {
    if (!line.starts_with("-----")) add_forms(trim(line));
  }
}

void Redactor::add_forms(std::string_view piece) {
  if (piece.size() < kHead) return;
  add_one(piece);
  const auto add_and_wipe = [this](std::string form) {
    add_one(form);
    wipe(form);
  };
  add_and_wipe(hexadecimal(piece, "0123456789abcdef"));
  add_and_wipe(hexadecimal(piece, "0123456789ABCDEF"));
  add_and_wipe(in_a_url(piece));
  add_and_wipe(printable(piece));
  add_and_wipe(quoted(piece));
  add_and_wipe(in_markup(piece));
  for (std::size_t before = 0; before < 3; ++before) add_and_wipe(within_base64(piece, before));
}

void Redactor::add_one(std::string_view form) {
  if (form.size() < kHead) return;
  const std::uint64_t head = hash_of_head(form.data());
  std::vector<std::size_t>& same = by_head_[head];
  const auto shorter = std::find_if(same.begin(), same.end(), [&](std::size_t known) {
    return values_[known].size() <= form.size();
  });
  if (shorter != same.end() && values_[*shorter].reveal() == form) return;
  same.insert(shorter, values_.size());
  values_.emplace_back(form);
  marks_.set(head % kMarks);
}

const Secret* Redactor::value_at(std::string_view text) const {
  const std::uint64_t head = hash_of_head(text.data());
  if (!marks_[head % kMarks]) return nullptr;
  const auto found = by_head_.find(head);
  if (found == by_head_.end()) return nullptr;
  for (const std::size_t known : found->second) {
    if (text.starts_with(values_[known].reveal())) return &values_[known];
  }
  return nullptr;
}

std::string Redactor::redacted(std::string_view text) const {
  std::string out;
  std::size_t kept = 0;  // what lies before is in `out`
  for (std::size_t at = 0; !values_.empty() && at + kHead <= text.size();) {
    const Secret* value = value_at(text.substr(at));
    if (value == nullptr) {
      ++at;
      continue;
    }
    out.append(text.substr(kept, at - kept)).append(kInPlace);
    at += value->size();
    kept = at;
  }
  return out.append(text.substr(kept));
}

}  // namespace gatehouse
