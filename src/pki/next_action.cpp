#include "pki/next_action.h"

#include <fmt/format.h>

#include "pki/certificate_facts.h"
#include "pki/times.h"

namespace gatehouse::pki {

namespace {

using std::chrono::days;

/// The same as the verifier's warnings: 90 days for the controller certificate, a year for a CA.
constexpr days kLeafAhead{90};
constexpr days kCaAhead{365};

}  // namespace

std::string next_action(const CertificateFacts& facts, Moment now) {
  const bool is_leaf = facts.role == to_string(Role::controller);
  const std::string verb = is_leaf ? "renew" : "roll";
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
