#include "input/bundle/constraints.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "input/bundle/go_text.h"
#include "input/bundle/names.h"

namespace gatehouse::bundle {

namespace {

constexpr std::array<std::string_view, 7> kArchitectures = {"amd64",   "i386",  "armhf",  "arm64",
                                                            "ppc64el", "s390x", "riscv64"};
constexpr std::array<std::string_view, 7> kFreeTexts = {
    "root-disk-source", "tags", "instance-role", "instance-type", "virt-type", "zones", "image-id"};
constexpr std::array<std::string_view, 12> kBooleans = {"1", "t", "T", "TRUE",  "true",  "True",
                                                        "0", "f", "F", "FALSE", "false", "False"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (!is_digits(text) || error != std::errc()) return std::nullopt;
  return value;
}

// Go's ParseFloat, as far as a size can be written; its hexadecimal floats are left out.
std::optional<double> number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end != text.data() + text.size() || error != std::errc()) {
    return std::nullopt;
  }
  return value;
}

std::string size_error(std::string_view text) {
  if (text.empty()) return "";
  if (std::string_view("MGTP").find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  const auto value = number(text);
  if (value && !(*value < 0)) return "";
  return "must be a non-negative float with optional M/G/T/P suffix";
}

std::string spaces_error(std::string_view text) {
  if (text.empty()) return "";
  for (const std::string& item : split(text, ',')) {
    const std::string name = item.starts_with('^') ? item.substr(1) : item;
    if (!is_space_name(name)) return fmt::format("{} is not a valid space name", go_quote(name));
  }
  return "";
}

// Why the value is not one of that constraint; nothing where the constraint is unknown.
std::optional<std::string> value_error(std::string_view name, std::string_view value) {
  if (contains(kFreeTexts, name)) return "";
  if (name == "mem" || name == "root-disk") return size_error(value);
  if (name == "spaces") return spaces_error(value);
  if (name == "cores" || name == "cpu-power") {
    return value.empty() || whole_number(value) ? "" : "must be a non-negative integer";
  }
  if (name == "arch") {
    if (value.empty() || is_architecture(value)) return "";
    return fmt::format("{} not recognized", go_quote(value));
  }
  if (name == "container") {
    const bool is_known = value.empty() || value == "none" || value == "lxd" || value == "kvm";
    return is_known ? "" : fmt::format("invalid container type {}", go_quote(value));
  }
  if (name == "allocate-public-ip") {
    return value.empty() || contains(kBooleans, value) ? "" : "must be 'true' or 'false'";
  }
  return std::nullopt;
}

// Blanks behind a backslash belong to the value.
std::vector<std::string> words_of_constraints(std::string_view text) {
  std::vector<std::string> words;
  const std::string guarded = replace_all(std::string(text), "\\ ", std::string_view("\0", 1));
  for (std::string& word : split(trim(guarded), ' ')) {
    std::replace(word.begin(), word.end(), '\0', ' ');
    const std::string_view trimmed = trim(word);
    if (!trimmed.empty()) words.emplace_back(trimmed);
  }
  return words;
}

}  // namespace

bool is_architecture(std::string_view text) {
  return contains(kArchitectures, text);
}

Constraints parse_constraints(std::string_view text) {
  Constraints constraints;
  std::set<std::string> seen;
  for (const std::string& word : words_of_constraints(text)) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      constraints.error = fmt::format("malformed constraint {}", go_quote(word));
      return constraints;
    }
    std::string name = word.substr(0, equals);
    if (name == "cpu-cores") name = "cores";
    const std::string value = word.substr(equals + 1);
    auto error = value_error(name, value);
    if (!error) {
      constraints.error = fmt::format("unknown constraint {}", go_quote(name));
      return constraints;
    }
    const bool counts = name != "allocate-public-ip" || !value.empty();
    if (counts && !seen.insert(name).second) error = "already set";
    if (!error->empty()) {
      constraints.error = fmt::format("bad {} constraint: {}", go_quote(name), *error);
      return constraints;
    }
    if (name == "arch") constraints.arch = value;
    if (name == "image-id") constraints.has_image_id = !value.empty();
  }
  return constraints;
}

namespace {

bool is_pool_name(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && is_letter(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '?';
  });
}

// ^-?[0-9]+(\.[0-9]+)?[MGTPEZY](i?B)?$: its number and its multiplier's place in the list.
struct StorageSize {
  std::string digits;
  std::size_t power = 0;
};

std::optional<StorageSize> storage_size(std::string_view text) {
  if (text.ends_with('B')) text.remove_suffix(1);
  if (text.ends_with('i')) text.remove_suffix(1);
  if (text.empty()) return std::nullopt;
  const std::size_t power = std::string_view("MGTPEZY").find(text.back());
  if (power == std::string_view::npos) return std::nullopt;
  text.remove_suffix(1);
  std::string_view digits = text;
  if (digits.starts_with('-')) digits.remove_prefix(1);
  const std::vector<std::string> parts = split(digits, '.');
  if (parts.size() > 2 || !std::all_of(parts.begin(), parts.end(), is_digits)) return std::nullopt;
  return StorageSize{std::string(text), power};
}

struct StorageValues {
  std::string pool;
  std::uint64_t count = 0;
  std::uint64_t size = 0;  // MiB
};

std::string take_count(StorageValues& values, const std::string& field) {
  const auto count = whole_number(field);
  if (!count || *count == 0) {
    return fmt::format("parsing storage count: count must be greater than zero, got {}",
                       go_quote(field));
  }
  if (values.count != 0) {
    return fmt::format("storage instance count is already set to {}, new value {} not valid",
                       values.count, *count);
  }
  values.count = *count;
  return "";
}

std::string take_size(StorageValues& values, const std::string& field, const StorageSize& size) {
  const auto amount = number(size.digits);
  if (!amount || field.starts_with('-')) {
    return fmt::format("cannot parse size: expected a non-negative number, got {}",
                       go_quote(field));
  }
  const auto mib = static_cast<std::uint64_t>(
      std::min(1.8e19, std::ceil(*amount * std::pow(1024.0, static_cast<double>(size.power)))));
  if (values.size != 0) {
    return fmt::format("storage size is already set to {}, new value {} not valid", values.size,
                       mib);
  }
  values.size = mib;
  return "";
}

std::string take_storage(StorageValues& values, const std::string& field) {
  if (is_pool_name(field)) {
    if (values.pool.empty()) {
      values.pool = field;
      return "";
    }
    return fmt::format("pool name is already set to {}, new value {} not valid",
                       go_quote(values.pool), go_quote(field));
  }
  const std::string digits = field.starts_with('-') ? field.substr(1) : field;
  if (is_digits(digits)) return take_count(values, field);
  if (const auto size = storage_size(field)) return take_size(values, field, *size);
  return fmt::format("unrecognized storage constraint {} not valid", go_quote(field));
}

}  // namespace

std::string storage_error(std::string_view text) {
  StorageValues values;
  for (const std::string& field : split(text, ',')) {
    if (field.empty()) continue;
    if (std::string error = take_storage(values, field); !error.empty()) return error;
  }
  if (values.pool.empty() && values.count == 0 && values.size == 0) {
    return "storage constraints require at least one field to be specified";
  }
  return "";
}

std::string device_error(std::string_view text) {
  const std::vector<std::string> fields = split(text, ',');
  if (fields.size() > 3) {
    return "cannot parse device constraints string, supported format is "
           "[<count>,]<device-class>|<vendor/type>[,<key>=<value>;...]";
  }
  if (fields.size() == 1) return "";
  const std::string_view count =
      fields[0].starts_with('+') ? std::string_view(fields[0]).substr(1) : fields[0];
  const auto value = whole_number(count);
  if (!value || *value == 0 || *value > 9223372036854775807ULL) {
    return fmt::format("count must be greater than zero, got {}", go_quote(fields[0]));
  }
  if (fields.size() < 3) return "";
  for (const std::string& attribute : split(fields[2], ';')) {
    if (std::count(attribute.begin(), attribute.end(), '=') != 1) {
      return fmt::format("device attribute key/value pair has bad format: {}", go_quote(attribute));
    }
  }
  return "";
}

}  // namespace gatehouse::bundle
