// Certificate times as moments, and calendar arithmetic on them.
#pragma once

#include <optional>
#include <string>

#include "base/moment.h"
#include "pki/handles.h"

namespace gatehouse::pki {

/// Nothing where the certificate's time is malformed.
std::optional<Moment> moment_of(const ASN1_TIME* time);
/// UTCTime up to 2049, GeneralizedTime after (RFC 5280 4.1.2.5); cut to the second.
Time asn1_time(Moment moment);
/// Same month, day and time; 29 February becomes the 28th where the year has none.
Moment add_years(Moment moment, int years);
/// "2026-11-22".
std::string date_of(Moment moment);
/// Whole days from one to the other, negative where the second is earlier.
long days_between(Moment from, Moment to);

}  // namespace gatehouse::pki
