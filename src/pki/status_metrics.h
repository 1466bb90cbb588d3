// The dates of certificates as Prometheus text, for the file collector of a node exporter.
#pragma once

#include <span>
#include <string>

#include "facts/facts.h"

namespace gatehouse::pki {

/// `pki_certificate_not_after_seconds{role,subject,serial}` for each, seconds since the epoch.
/// Source: Prometheus text exposition format 0.0.4.
std::string prometheus_text(std::span<const CertificateFacts> certificates);

}  // namespace gatehouse::pki
