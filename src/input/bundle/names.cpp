#include "input/bundle/names.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>
#include <vector>

#include "base/ipv4.h"
#include "base/text.h"

namespace gatehouse::bundle {

namespace {

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_decimal(char c) {
  return c >= '0' && c <= '9';
}
bool is_lower_or_digit(char c) {
  return is_lower(c) || is_decimal(c);
}

bool all(std::string_view text, bool (*accepts)(char)) {
  return std::all_of(text.begin(), text.end(), accepts);
}

int number_of(std::string_view digits) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc() ? value : std::numeric_limits<int>::max();
}

}  // namespace

// Parts of small letters and digits, none empty, between single dashes; each with a letter.
bool is_application_name(std::string_view text) {
  if (text.empty() || !is_lower(text[0])) return false;
  bool has_letter = false;
  for (const char c : text) {
    if (c == '-') {
      if (!std::exchange(has_letter, false)) return false;
    } else if (is_lower(c)) {
      has_letter = true;
    } else if (!is_decimal(c)) {
      return false;
    }
  }
  return has_letter;
}

bool is_endpoint_name(std::string_view text) {
  if (text.empty() || !is_lower(text[0])) return false;
  char before = '-';
  for (const char c : text) {
    const bool is_break = c == '-' || c == '_';
    if (is_break ? before == '-' : !is_lower_or_digit(c)) return false;
    before = is_break ? '-' : c;
  }
  return before != '-';
}

bool is_space_name(std::string_view text) {
  char before = '-';
  for (const char c : text) {
    if (c == '-' ? before == '-' : !is_lower_or_digit(c)) return false;
    before = c;
  }
  return before != '-';
}

bool is_machine_id(std::string_view text) {
  return !text.empty() && all(text, is_decimal) && (text.size() == 1 || text[0] != '0');
}

bool is_series_name(std::string_view text) {
  return !text.empty() && is_lower(text[0]) && all(text, is_lower_or_digit);
}

std::optional<Placement> parse_placement(std::string_view text) {
  Placement placement;
  if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
    placement.container = text.substr(0, colon);
    if (placement.container.empty() || !all(placement.container, is_lower)) return std::nullopt;
    text.remove_prefix(colon + 1);
  }
  if (is_machine_id(text)) {
    placement.machine = text;
    return placement;
  }
  if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    if (!is_machine_id(text.substr(slash + 1))) return std::nullopt;
    placement.unit = number_of(text.substr(slash + 1));
    text = text.substr(0, slash);
  }
  if (!is_application_name(text)) return std::nullopt;
  if (text != "new") {
    placement.application = text;
  } else if (placement.unit != -1) {
    return std::nullopt;
  } else {
    placement.machine = "new";
  }
  return placement;
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view application = text.substr(0, colon);
  if (!is_application_name(application)) return std::nullopt;
  if (colon == std::string_view::npos) return Endpoint{application, ""};
  const std::string_view name = text.substr(colon + 1);
  if (!is_endpoint_name(name)) return std::nullopt;
  return Endpoint{application, name};
}

namespace {

bool is_hex_group(std::string_view text) {
  return !text.empty() && text.size() <= 4 && std::all_of(text.begin(), text.end(), [](char c) {
    return is_decimal(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

// The number of 16-bit groups, or nothing where one is malformed.
std::optional<std::size_t> groups_of(std::string_view text) {
  if (text.empty()) return 0;
  std::size_t count = 0;
  const std::vector<std::string> parts = split(text, ':');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool is_last = i + 1 == parts.size();
    if (is_last && parse_ipv4(parts[i])) {
      count += 2;
    } else if (is_hex_group(parts[i])) {
      ++count;
    } else {
      return std::nullopt;
    }
  }
  return count;
}

bool is_ipv6(std::string_view text) {
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) return groups_of(text) == 8U;
  const auto before = groups_of(text.substr(0, gap));
  const auto after = groups_of(text.substr(gap + 2));
  return before && after && *before + *after < 8;
}

}  // namespace

bool is_cidr(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view prefix = text.substr(slash + 1);
  if (prefix.empty() || prefix.size() > 3 || !all(prefix, is_decimal)) return false;
  if (parse_ipv4(text.substr(0, slash))) return number_of(prefix) <= 32;
  return is_ipv6(text.substr(0, slash)) && number_of(prefix) <= 128;
}

namespace {

bool is_model_name(std::string_view text) {
  return !text.empty() && text[0] != '-' &&
         all(text, [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

bool is_user_name(std::string_view text) {
  const auto is_alnum = [](char c) { return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z'); };
  const auto is_part = [&](std::string_view part) {
    return !part.empty() && is_alnum(part.front()) && is_alnum(part.back()) &&
           std::all_of(part.begin(), part.end(),
                       [&](char c) { return is_alnum(c) || c == '.' || c == '+' || c == '-'; });
  };
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos) return is_part(text);
  return is_part(text.substr(0, at)) && is_part(text.substr(at + 1));
}

// The controller before a colon, unless what follows the colon is an endpoint.
std::string without_controller(const std::string& text) {
  const std::vector<std::string> parts = split(text, ':');
  if (parts.size() == 3) return parts[1] + ":" + parts[2];
  if (parts.size() != 2) return text;
  const bool is_endpoint =
      !parts[1].empty() && std::all_of(parts[1].begin(), parts[1].end(), [](char c) {
        return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z');
      });
  return is_endpoint ? text : parts[1];
}

}  // namespace

bool is_offer_url(const std::string& text) {
  if (text.starts_with(':')) return false;
  const std::string stripped = without_controller(text);
  std::string_view rest = stripped;
  if (rest.starts_with('/')) rest.remove_prefix(1);
  if (const std::size_t slash = rest.find('/'); slash != std::string_view::npos && slash > 0) {
    if (!is_user_name(rest.substr(0, slash))) return false;
    rest.remove_prefix(slash + 1);
  }
  const std::size_t dot = rest.find('.');
  if (dot == std::string_view::npos || !is_model_name(rest.substr(0, dot))) return false;
  const std::string_view application = rest.substr(dot + 1);
  if (application.find('/') != std::string_view::npos) return false;
  return is_application_name(application.substr(0, application.find(':')));
}

bool is_naturally_before(std::string_view first, std::string_view second) {
  while (true) {
    const auto digit_in = [](std::string_view text) {
      return static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_decimal) -
                                      text.begin());
    };
    const std::size_t a = digit_in(first);
    const std::size_t b = digit_in(second);
    if (a == first.size() || b == second.size()) return first < second;
    if (first.substr(0, a) != second.substr(0, b)) return first.substr(0, a) < second.substr(0, b);
    const auto take_number = [](std::string_view& text, std::size_t from) {
      std::size_t end = from;
      while (end < text.size() && is_decimal(text[end])) ++end;
      std::string_view digits = text.substr(from, end - from);
      text.remove_prefix(end);
      while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
      return digits;
    };
    const std::string_view m = take_number(first, a);
    const std::string_view n = take_number(second, b);
    if (m.size() != n.size()) return m.size() < n.size();
    if (m != n) return m < n;
  }
}

}  // namespace gatehouse::bundle
