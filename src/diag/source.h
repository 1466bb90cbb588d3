// Text that the operator wrote, with its name, and places in it. A SourceMap owns the texts and
// outlives every Span. A sensitive source (the secret overlay) shows places only, never its text.
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

enum class Sensitivity { open, secret };

/// Both count from 1; the column counts code points. 0 means "no place".
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  auto operator<=>(const Position&) const = default;
};

/// The text of a secret one is wiped when it goes.
class Source {
 public:
  Source(std::string path, std::string text, Sensitivity sensitivity);
  Source(Source&&) noexcept = default;
  Source& operator=(Source&&) = delete;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  ~Source();

  const std::string& path() const { return path_; }  ///< as the operator gave it
  std::string_view text() const { return text_; }
  bool is_secret() const { return sensitivity_ == Sensitivity::secret; }
  /// Without its line end; "" past the end. Lines are counted as YAML 1.1 does.
  std::string_view line(std::uint32_t number) const;
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(starts_.size()); }

 private:
  std::string path_;
  std::string text_;
  Sensitivity sensitivity_;
  std::vector<std::size_t> starts_;
};

/// From begin up to, not including, end; on no source where there is no text to point at.
struct Span {
  const Source* source = nullptr;
  Position begin;
  Position end;

  explicit operator bool() const { return source != nullptr; }
  bool operator==(const Span&) const = default;
};

/// "bundle.yaml:34:5", or "" for a span without a source.
std::string to_string(const Span& span);

/// A value and the place it was read from.
template <class T>
struct Located {
  T value{};
  Span span;
};

class SourceMap {
 public:
  /// The reference stays good as long as the map.
  const Source& add(std::string path, std::string text,
                    Sensitivity sensitivity = Sensitivity::open);
  const std::deque<Source>& sources() const { return sources_; }

 private:
  std::deque<Source> sources_;
};

}  // namespace gatehouse
