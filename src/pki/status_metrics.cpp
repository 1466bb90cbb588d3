#include "pki/status_metrics.h"

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse::pki {

namespace {

std::string label(const std::string& value) {
  return replace_all(replace_all(replace_all(value, "\\", "\\\\"), "\"", "\\\""), "\n", "\\n");
}

}  // namespace

std::string prometheus_text(std::span<const CertificateFacts> certificates) {
  std::string text =
      "# HELP pki_certificate_not_after_seconds End of a certificate of Octavia's management PKI.\n"
      "# TYPE pki_certificate_not_after_seconds gauge\n";
  for (const CertificateFacts& facts : certificates) {
    const auto seconds =
        std::chrono::floor<std::chrono::seconds>(facts.not_after.time_since_epoch()).count();
    text += fmt::format(
        "pki_certificate_not_after_seconds{{role=\"{}\",subject=\"{}\",serial=\"{}\"}} {}\n",
        label(facts.role), label(facts.subject), label(facts.serial), seconds);
  }
  return text;
}

}  // namespace gatehouse::pki
