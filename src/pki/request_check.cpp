#include "pki/request_check.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "base/ipv4.h"
#include "base/text.h"
#include "pki/certificate_profile.h"
#include "pki/key_protection.h"

namespace gatehouse::pki {

namespace {

/// A shorter one would be an error of the verifier at once; two years have at most so many.
constexpr int kControllerDaysLeast = 31;
constexpr int kControllerDaysMost = 731;
constexpr std::size_t kDnsNameBytesMax = 253;
constexpr std::size_t kDnsLabelBytesMax = 63;
/// The suffix of the tenth generation and those after it fits too.
constexpr std::string_view kLongestSuffix = " Controller CA G99";

// Letters, digits and inner hyphens: RFC 1123 2.1.
bool is_dns_label(std::string_view label) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
  return !label.empty() && label.size() <= kDnsLabelBytesMax && label.front() != '-' &&
         label.back() != '-' && label.find_first_not_of(kAllowed) == std::string_view::npos;
}

bool is_dns_name(const std::string& name) {
  if (name.empty() || name.size() > kDnsNameBytesMax) return false;
  const std::vector<std::string> labels = split(name, '.');
  // The last one is never all digits (RFC 3696 2): that would be an address.
  if (labels.back().find_first_not_of("0123456789") == std::string::npos) return false;
  return std::all_of(labels.begin(), labels.end(), is_dns_label);
}

bool is_ip(const std::string& text) {
  if (text.find(':') == std::string::npos) return parse_ipv4(text).has_value();
  const OctetString address(a2i_IPADDRESS(text.c_str()));
  take_library_error();
  return address != nullptr;
}

bool is_printable_ascii(std::string_view text) {
  for (const char c : text) {
    if (c < 0x20 || c > 0x7e) return false;
  }
  return true;
}

tl::unexpected<Error> wrong(const std::string& message, const std::string& help) {
  return fail(ErrorKind::invalid_input, message, help);
}

Result<void> check_names(const PkiRequest& request) {
  if (!is_printable_ascii(request.organisation) || !is_printable_ascii(request.name)) {
    return wrong("organisation and name are printable ASCII", "leave other characters out");
  }
  if (request.organisation.size() > kNameCharactersMax) {
    return wrong(fmt::format("organisation has {} characters, at most {} fit",
                             request.organisation.size(), kNameCharactersMax),
                 "RFC 5280 allows no more; shorten it");
  }
  const std::size_t name_max = kNameCharactersMax - kLongestSuffix.size();
  if (trim(request.name).empty() || request.name.size() > name_max) {
    return wrong(fmt::format("name has {} characters, 1 to {} fit", request.name.size(), name_max),
                 "the CAs are called \"NAME Issuing CA\" and \"NAME Controller CA\"");
  }
  return {};
}

}  // namespace

Result<void> check_alternative_names(const std::vector<std::string>& dns,
                                     const std::vector<std::string>& ips) {
  for (const std::string& name : dns) {
    if (is_dns_name(name)) continue;
    return wrong(fmt::format("\"{}\" is no DNS name", printable(name)),
                 is_ip(name) ? "an address is given by --ip" : "");
  }
  for (const std::string& address : ips) {
    if (is_ip(address)) continue;
    return wrong(fmt::format("\"{}\" is no IP address", printable(address)), "");
  }
  return {};
}

Result<void> check_request(const PkiRequest& request) {
  if (request.workspace.empty() || request.overlay.empty()) {
    return wrong("a workspace folder and an overlay file are wanted",
                 "gatehouse pki create --workspace DIR --overlay FILE");
  }
  if (request.application.empty() ||
      request.application.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") !=
          std::string::npos) {
    return wrong(fmt::format("\"{}\" is no application name", printable(request.application)), "");
  }
  if (request.workspace == request.overlay) {
    return wrong("workspace and overlay are the same path", "the overlay is a file of its own");
  }
  if (auto sound = check_alternative_names(request.dns, request.ips); !sound) return sound;
  if (request.ca_years < 1 || request.ca_years > kCaYears) {
    return wrong(fmt::format("CAs of {} years; 1 to {} are made", request.ca_years, kCaYears), "");
  }
  if (request.controller_days != 0 && (request.controller_days < kControllerDaysLeast ||
                                       request.controller_days > kControllerDaysMost)) {
    return wrong(fmt::format("a controller certificate of {} days; {} to {} are made",
                             request.controller_days, kControllerDaysLeast, kControllerDaysMost),
                 "without the flag it lives two calendar years");
  }
  if (request.iterations < kIterationsLeast ||
      static_cast<std::uint64_t>(request.iterations) > kIterationsMost) {
    return wrong(fmt::format("{} iterations; {} to {} are taken", request.iterations,
                             kIterationsLeast, kIterationsMost),
                 fmt::format("{} are usual: the passphrase has 256 random bits", kIterations));
  }
  return check_names(request);
}

std::string common_name_of(const std::vector<std::string>& dns) {
  for (const std::string& name : dns) {
    if (name.size() <= kNameCharactersMax) return name;
  }
  return "octavia-controller";
}

}  // namespace gatehouse::pki
