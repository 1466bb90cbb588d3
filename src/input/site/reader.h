// The few moves that every section of a site file is read with: take a key, read its value as a
// type, complain about what is left over. Each complaint says what was found and what was wanted,
// at its place, and reading goes on. Start at Map.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ipv4.h"
#include "base/json.h"
#include "base/moment.h"
#include "diag/diagnostic.h"
#include "input/yaml/tree.h"

namespace gatehouse::site_file {

/// Collects what is wrong. Outlives every Field that refers to it.
class Findings {
 public:
  Diagnostic& error(std::string_view code, const Span& span, std::string message,
                    std::string help = {});
  std::vector<Diagnostic> take() { return std::move(list_); }

 private:
  std::vector<Diagnostic> list_;
};

/// A value with its name in the file: "planes.provider.cidr".
struct Field {
  std::string path;
  Span key_span;
  const yaml::Node* node = nullptr;  ///< aliases are followed
  Findings* findings = nullptr;

  const Span& span() const { return node->span; }
  /// Complains "PATH is FOUND, wanted WANTED".
  void complain(std::string_view code, std::string_view wanted, std::string help = {}) const;
};

struct NamedField {
  std::string name;
  Field field;
};

/// A mapping whose keys are known (`take`, `need`, `refuse_others`) or free (`entries`).
class Map {
 public:
  /// Complains where the value is no mapping, and is then empty; and about keys that come twice.
  explicit Map(const Field& field);

  bool is_read() const { return is_read_; }
  std::optional<Field> take(std::string_view key);
  /// Complains where the key is absent.
  std::optional<Field> need(std::string_view key);
  /// Complains about each key that was never asked for, with the nearest one that was.
  void refuse_others();
  const std::vector<NamedField>& entries() const& { return entries_; }
  const std::vector<NamedField>& entries() && = delete;
  /// Complains where there is no entry at all.
  void need_entries(std::string_view wanted) const;
  const Field& field() const { return field_; }

 private:
  void add(const yaml::Entry& entry);

  Field field_;
  bool is_read_ = false;
  std::vector<NamedField> entries_;
  std::vector<std::string> known_;
};

/// The entries of a mapping with free keys; complains where the value is none.
std::vector<NamedField> read_entries(const Field& field);
/// The items of a list; complains where the value is none, and gives nothing then.
std::vector<Field> read_items(const Field& field);

std::optional<std::string> read_text(const Field& field);  ///< may be ""
std::optional<std::string> read_word(const Field& field);  ///< not "", no blanks at its ends
/// Letters, digits, '.', '_' and '-', and neither '.' nor '-' in front, so that it can be a folder
/// and an argument.
std::optional<std::string> read_name(const Field& field);
std::optional<std::string> read_hostname(const Field& field);
std::optional<bool> read_bool(const Field& field);
std::optional<std::int64_t> read_number(const Field& field);
std::optional<std::size_t> read_count(const Field& field);
std::optional<Ipv4> read_address(const Field& field);
std::optional<Cidr> read_cidr(const Field& field);
std::optional<Ipv4Range> read_range(const Field& field);
std::optional<Milliseconds> read_duration(const Field& field);
std::optional<std::uint64_t> read_size(const Field& field);
/// A charm option's value, typed as Juju would type it in a bundle.
std::optional<json::value> read_option(const Field& field);
/// One of the words; the nearest is suggested.
std::optional<std::string> read_choice(const Field& field, const std::vector<std::string>& words);

bool is_name(std::string_view text);
bool is_hostname(std::string_view text);

/// Reads the field, where there is one, into its target.
template <class Target, class Reader>
void read_into(Target& target, const std::optional<Field>& field, Reader&& reader) {
  if (!field) return;
  if (auto value = std::invoke(reader, *field)) target = std::move(*value);
}

/// Reads each item of a list.
template <class Target, class Reader>
void read_each(std::vector<Target>& targets, const std::optional<Field>& field, Reader&& reader) {
  if (!field) return;
  for (const Field& item : read_items(*field)) {
    if (auto value = std::invoke(reader, item)) targets.push_back(std::move(*value));
  }
}

}  // namespace gatehouse::site_file
