#include "pki/next_action.h"

#include <fmt/format.h>

#include "pki/certificate_facts.h"
#include "pki/certificate_profile.h"
#include "pki/times.h"

namespace gatehouse::pki {

namespace {

using std::chrono::days;

/// The same as the verifier's warnings: 90 days for the controller certificate, a year for a CA.
constexpr days kLeafAhead{90};
constexpr days kCaAhead{365};

/// An issuing CA made for less than its key may serve: renew_issuing_ca.
bool is_renewable(const CertificateFacts& facts) {
  return facts.role == to_string(Role::issuing_ca) &&
         facts.not_after + days(1) <= add_years(facts.not_before, kCaYears);
}

}  // namespace

std::string next_action(const CertificateFacts& facts, Moment now) {
  const bool is_leaf = facts.role == to_string(Role::controller);
  const std::string verb = is_leaf ? "renew" : is_renewable(facts) ? "renew issuing-ca" : "roll";
  const Moment from = facts.not_after - (is_leaf ? kLeafAhead : kCaAhead);
  if (facts.not_after <= now) {
    return fmt::format("expired {}: {} at once", date_of(facts.not_after), verb);
  }
  if (from <= now) {
    return fmt::format("{} now: {} days left", verb, days_between(now, facts.not_after));
  }
  return fmt::format("{} from {}", verb, date_of(from));
}

}  // namespace gatehouse::pki
