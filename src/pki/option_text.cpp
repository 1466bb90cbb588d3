#include "pki/option_text.h"

#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "pki/secret_text.h"

namespace gatehouse::pki {

namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
constexpr std::string_view kBase64OfDashes = "LS0tLS1C";  // "-----B"

std::string reason_not_base64(std::string_view text) {
  if (const std::size_t at = text.find_first_not_of(kAlphabet); at != std::string_view::npos) {
    return fmt::format("character {} of {} is not in its alphabet", at + 1, text.size());
  }
  if (text.size() % 4 != 0) {
    return fmt::format("length {} is no multiple of 4 (cut off?)", text.size());
  }
  return "its padding is wrong";
}

// The charm drops blanks and line breaks in base64, so these alone do no harm.
std::optional<Secret> decode_value(const OptionValue& value, const Place& place,
                                   Findings& findings) {
  const std::string help = "write it with `base64 -w0 FILE`, on one line and in quotes";
  if (trim(value.text).starts_with("-----BEGIN")) {
    findings.error("base64-invalid", place, place.option + " is bare PEM, base64 of PEM is wanted",
                   help);
    return Secret(value.text);
  }
  if (trim(value.text).starts_with("include-")) {
    findings.error(
        "base64-invalid", place,
        place.option + " names a file to include; the secret overlay holds the value",
        "encode the file with `base64 -w0 FILE` and write that, so that one file of mode "
        "0600 is all that is deployed");
    return std::nullopt;
  }
  const Secret packed = without_blanks(value.text);
  std::optional<Secret> decoded = decode_base64(packed.reveal());
  if (!decoded) {
    findings.error(
        "base64-invalid", place,
        fmt::format("{}: not base64: {}", place.option, reason_not_base64(packed.reveal())), help);
  } else if (packed.size() != value.text.size()) {
    findings.warning("base64-invalid", place,
                     place.option + ": its base64 has blanks or line breaks", help);
  }
  return decoded;
}

std::string what_else(std::string_view text) {
  if (trim(text).starts_with(kBase64OfDashes)) return "; it is base64 twice over";
  if (text.starts_with('\x30')) return "; it looks like DER";
  return "";
}

void report_blocks(const OptionText& option, Findings& findings) {
  std::size_t number = 0;
  for (const PemBlock& block : option.pem.blocks) {
    ++number;
    if (!block.is_complete) {
      findings.error(
          "pem-incomplete", option.place,
          fmt::format("{}: PEM block {} has no END line of its own", option.place.option, number),
          "the value was cut off or pasted together; encode the whole file again");
    } else if (!block.is_certificate() && !block.is_private_key()) {
      findings.warning("pem-junk", option.place,
                       fmt::format("{}: PEM block {} is neither certificate nor private key",
                                   option.place.option, number),
                       "remove it before encoding");
    }
  }
  if (option.pem.has_indent) {
    findings.error("pem-none", option.place,
                   option.place.option +
                       ": the BEGIN or END line of a PEM block is indented; "
                       "OpenSSL does not find the block",
                   "take the blanks away and encode the file again");
  }
  if (option.pem.has_crlf) {
    findings.warning("pem-crlf", option.place,
                     option.place.option + ": its PEM lines end in carriage returns",
                     "convert the file with dos2unix before encoding");
  }
  if (option.pem.has_junk) {
    findings.warning("pem-junk", option.place,
                     option.place.option + ": there is text outside of the PEM blocks",
                     "remove it before encoding (`openssl x509 -in FILE`)");
  }
}

}  // namespace

std::optional<OptionText> read_option_text(const OverlayDocument& document, Option option,
                                           Findings& findings) {
  const auto& value = document.value(option);
  if (!value) return std::nullopt;
  OptionText read;
  read.place = document.place(option);
  std::optional<Secret> text = decode_value(*value, read.place, findings);
  if (!text) return std::nullopt;
  read.text = std::move(*text);
  read.pem = split_pem(read.text.reveal());
  if (read.pem.blocks.empty()) {
    findings.error(
        "pem-none", read.place,
        fmt::format("{} holds no PEM block{}", read.place.option, what_else(read.text.reveal())),
        "encode the PEM file itself, once");
    return std::nullopt;
  }
  report_blocks(read, findings);
  return read;
}

}  // namespace gatehouse::pki
