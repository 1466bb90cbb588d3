#include "pki/status_metrics.h"

#include <gtest/gtest.h>

namespace gatehouse::pki {
namespace {

TEST(PrometheusText, has_a_line_for_each_certificate) {
  CertificateFacts facts;
  facts.role = "issuing CA";
  facts.subject = "O=\"A\\B\", CN=X";
  facts.serial = "0A";
  facts.not_after = *parse_rfc3339("2036-11-22T17:30:00Z");
  EXPECT_EQ(prometheus_text(std::span(&facts, 1)),
            "# HELP pki_certificate_not_after_seconds End of a certificate of Octavia's management "
            "PKI.\n"
            "# TYPE pki_certificate_not_after_seconds gauge\n"
            "pki_certificate_not_after_seconds{role=\"issuing CA\",subject=\"O=\\\"A\\\\B\\\", "
            "CN=X\",serial=\"0A\"} 2110987800\n");
}

}  // namespace
}  // namespace gatehouse::pki
