#include "input/bundle/base_and_series.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "input/bundle/go_text.h"

namespace gatehouse::bundle {

namespace {

constexpr std::array<std::string_view, 4> kRisks = {"stable", "candidate", "beta", "edge"};
constexpr std::array<std::string_view, 6> kSystems = {"ubuntu", "centos",   "windows",
                                                      "osx",    "opensuse", "genericlinux"};

struct Series {
  std::string_view name;
  std::string_view os;
  std::string_view version;
};

// Juju 3.6.28, core/base/supportedseries.go.
constexpr Series kSeries[] = {
    {"precise", "ubuntu", "12.04"},  {"quantal", "ubuntu", "12.10"},  {"raring", "ubuntu", "13.04"},
    {"saucy", "ubuntu", "13.10"},    {"trusty", "ubuntu", "14.04"},   {"utopic", "ubuntu", "14.10"},
    {"vivid", "ubuntu", "15.04"},    {"wily", "ubuntu", "15.10"},     {"xenial", "ubuntu", "16.04"},
    {"yakkety", "ubuntu", "16.10"},  {"zesty", "ubuntu", "17.04"},    {"artful", "ubuntu", "17.10"},
    {"bionic", "ubuntu", "18.04"},   {"cosmic", "ubuntu", "18.10"},   {"disco", "ubuntu", "19.04"},
    {"eoan", "ubuntu", "19.10"},     {"focal", "ubuntu", "20.04"},    {"groovy", "ubuntu", "20.10"},
    {"hirsute", "ubuntu", "21.04"},  {"impish", "ubuntu", "21.10"},   {"jammy", "ubuntu", "22.04"},
    {"kinetic", "ubuntu", "22.10"},  {"lunar", "ubuntu", "23.04"},    {"mantic", "ubuntu", "23.10"},
    {"noble", "ubuntu", "24.04"},    {"oracular", "ubuntu", "24.10"}, {"plucky", "ubuntu", "25.04"},
    {"questing", "ubuntu", "25.10"}, {"resolute", "ubuntu", "26.04"}, {"centos7", "centos", "7"},
    {"centos9", "centos", "9"},
};

bool is_risk(std::string_view text) {
  return std::find(kRisks.begin(), kRisks.end(), text) != kRisks.end();
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return text;
}

template <class T>
Parsed<T> refused(std::string error) {
  return {{}, std::move(error)};
}

// The shared end of both channel parsers: what was split is checked and gets its default.
Parsed<Channel> checked(const std::string& text, const std::string* track, const std::string* risk,
                        const std::string* branch) {
  if (risk && !is_risk(*risk)) {
    return refused<Channel>(fmt::format("risk in channel {} not valid", go_quote(text)));
  }
  if (track && track->empty()) {
    return refused<Channel>(fmt::format("track in channel {} not valid", go_quote(text)));
  }
  if (branch && branch->empty()) {
    return refused<Channel>(fmt::format("branch in channel {} not valid", go_quote(text)));
  }
  return {{track ? *track : "", risk ? *risk : "stable", branch ? *branch : ""}, ""};
}

Parsed<Channel> too_long(const std::string& text) {
  return refused<Channel>(
      fmt::format("channel is malformed and has too many components {}", go_quote(text)));
}

Parsed<Channel> parse_base_channel(const std::string& text) {
  if (text.empty()) return refused<Channel>("empty channel not valid");
  const std::vector<std::string> parts = split(text, '/');
  if (parts.size() > 2) return too_long(text);
  if (parts.size() == 2) return checked(text, &parts[0], &parts[1], nullptr);
  return is_risk(parts[0]) ? checked(text, nullptr, &parts[0], nullptr)
                           : checked(text, &parts[0], nullptr, nullptr);
}

}  // namespace

std::string to_string(const Channel& channel) {
  std::string text = channel.risk;
  if (!channel.track.empty()) text = channel.track + "/" + text;
  if (!channel.branch.empty()) text += "/" + channel.branch;
  return text;
}

Parsed<Channel> parse_channel(const std::string& text) {
  if (text.empty()) return refused<Channel>("empty channel not valid");
  const std::vector<std::string> parts = split(text, '/');
  switch (parts.size()) {
    case 1:
      return is_risk(parts[0]) ? checked(text, nullptr, &parts[0], nullptr)
                               : checked(text, &parts[0], nullptr, nullptr);
    case 2:
      return is_risk(parts[0]) ? checked(text, nullptr, &parts[0], &parts[1])
                               : checked(text, &parts[0], &parts[1], nullptr);
    case 3:
      return checked(text, &parts[0], &parts[1], &parts[2]);
    default:
      return too_long(text);
  }
}

bool is_lenient_base(const std::string& text) {
  const std::vector<std::string> parts = split(text, '@');
  if (parts.size() != 2 || !parse_channel(parts[1])) return false;
  return std::find(kSystems.begin(), kSystems.end(), lower(parts[0])) != kSystems.end();
}

std::string to_string(const Base& base) {
  return base.is_empty() ? "" : base.os + "@" + to_string(base.channel);
}

Parsed<Base> parse_base(const std::string& text) {
  const std::vector<std::string> parts = split(text, '@');
  if (parts.size() != 2) {
    return refused<Base>("expected base string to contain os and channel separated by '@'");
  }
  const Parsed<Channel> channel = parse_base_channel(parts[1]);
  if (!channel) return refused<Base>(channel.error);
  return {{parts[0], channel.value}, ""};
}

Parsed<Base> base_of_series(const std::string& series) {
  // Kubernetes charms run on whatever Juju's own image is made of.
  const std::string_view wanted = series == "kubernetes" ? "focal" : std::string_view(series);
  for (const Series& known : kSeries) {
    if (known.name != wanted) continue;
    return {{std::string(known.os), {std::string(known.version), "stable", ""}}, ""};
  }
  return refused<Base>(fmt::format("series {} not valid", go_quote(series)));
}

Parsed<std::string> series_of_base(const Base& base) {
  for (const Series& known : kSeries) {
    if (known.os == lower(base.os) && known.version == base.channel.track) {
      return {std::string(known.name), ""};
    }
  }
  return refused<std::string>(
      fmt::format("os {} version {} not found", go_quote(base.os), go_quote(base.channel.track)));
}

}  // namespace gatehouse::bundle
