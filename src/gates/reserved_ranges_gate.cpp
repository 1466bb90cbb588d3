#include <algorithm>

#include <fmt/format.h>

#include "gates/checks.h"
#include "gates/vips.h"

namespace gatehouse {

namespace {

constexpr FactKey kReservedRangesNeeds[] = {FactKey::maas_ranges, FactKey::maas_addresses};

struct NamedRange {
  Ipv4Range range;
  std::string words;
};

/// What MAAS keeps free and what it hands out, of IPv4.
struct KnownRanges {
  std::vector<NamedRange> reserved;
  std::vector<NamedRange> dynamic;
  std::vector<Ipv4Range> kept;  ///< the reserved ones, joined where they touch
};

bool declares_ranges(const Inputs& inputs) {
  return !inputs.site.reserved.empty() || !inputs.site.absent.empty() || inputs.site.vips;
}

std::string in_words(const MaasRange& range) {
  const std::string text = fmt::format("{} {}-{}", range.type, range.start, range.end);
  return range.comment.empty() ? text : fmt::format("{} ({})", text, range.comment);
}

std::string in_words(const MaasAddress& address) {
  constexpr std::int64_t kUserReserved = 4;  // MAAS 2.9 to 3.7: IPADDRESS_TYPE.USER_RESERVED
  const std::string_view how = address.kind == kUserReserved ? " reserved singly" : "";
  return fmt::format("{}{}{}", address.address, how,
                     address.holder.empty() ? "" : " by " + address.holder);
}

// Several adjoining ranges keep an address as free as one does.
std::vector<Ipv4Range> joined(const std::vector<NamedRange>& ranges) {
  std::vector<Ipv4Range> sorted, result;
  for (const NamedRange& range : ranges) sorted.push_back(range.range);
  std::sort(sorted.begin(), sorted.end());
  for (const Ipv4Range& range : sorted) {
    const bool touches =
        !result.empty() && std::uint64_t{range.first.bits} <= result.back().last.bits + 1ULL;
    if (touches) {
      result.back().last = std::max(result.back().last, range.last);
    } else {
      result.push_back(range);
    }
  }
  return result;
}

KnownRanges known_ranges(const std::vector<MaasRange>& ranges, std::vector<Check>& checks) {
  KnownRanges known;
  for (const MaasRange& range : ranges) {
    if (range.start.find(':') != std::string::npos) continue;  // IPv6
    const auto parsed = parse_ipv4_range(range.start + "-" + range.end);
    if (!parsed) {
      checks.push_back(unknown("range of MAAS", "two IPv4 addresses", in_words(range)));
      continue;
    }
    (range.type == "dynamic" ? known.dynamic : known.reserved)
        .push_back({*parsed, in_words(range)});
  }
  known.kept = joined(known.reserved);
  return known;
}

bool is_kept(const KnownRanges& known, const Ipv4Range& wanted) {
  return std::any_of(known.kept.begin(), known.kept.end(),
                     [&](const Ipv4Range& range) { return range.contains(wanted); });
}

std::vector<std::string> overlapping(const std::vector<NamedRange>& ranges,
                                     const Ipv4Range& wanted) {
  std::vector<std::string> words;
  for (const NamedRange& range : ranges) {
    if (range.range.overlaps(wanted)) words.push_back(range.words);
  }
  return words;
}

// The ends of MAAS's own ranges are not compared: what the site wants kept must be kept.
Check judge_kept(const KnownRanges& known, const std::string& subject, const Ipv4Range& wanted) {
  const auto dynamic = overlapping(known.dynamic, wanted);
  const auto reserved = overlapping(known.reserved, wanted);
  const bool is_good = is_kept(known, wanted) && dynamic.empty();
  Check check{
      .subject = subject,
      .expected = fmt::format("{} wholly reserved, nothing of it dynamic", to_string(wanted)),
      .observed = listed(dynamic.empty() ? reserved : dynamic),
      .ruling = is_good ? Ruling::pass : Ruling::fail};
  if (!is_good) {
    if (!dynamic.empty()) check.observed += ", handed out by DHCP";
    check.help =
        fmt::format("run: maas PROFILE ipranges create type=reserved start_ip={} end_ip={}",
                    to_string(wanted.first), to_string(wanted.last));
  }
  return check;
}

Check judge_absent(const KnownRanges& known, const SiteRange& absent) {
  auto found = overlapping(known.reserved, absent.range);
  for (std::string& words : overlapping(known.dynamic, absent.range)) {
    found.push_back(std::move(words));
  }
  return Check{
      .subject = absent.name,
      .expected = fmt::format("no range of MAAS in {}", to_string(absent.range)),
      .observed = listed(found),
      .ruling = found.empty() ? Ruling::pass : Ruling::fail,
      .help = found.empty() ? "" : "delete the stale range: maas PROFILE iprange delete ID"};
}

// A reserved range keeps MAAS from choosing an address of it; one that was given out before, or by
// hand, stays.
void judge_unused(const Case& c, const SiteRange& reserved, std::vector<Check>& checks) {
  const std::string subject = reserved.name + ": addresses in use";
  const std::string expected = fmt::format("none of {}", to_string(reserved.range));
  const Plane* plane = c.inputs.site.plane_of(reserved.range.first);
  const auto entry =
      plane ? c.facts.maas_addresses.find(to_string(plane->cidr)) : c.facts.maas_addresses.end();
  const auto& seen = entry == c.facts.maas_addresses.end() ? Observation<std::vector<MaasAddress>>()
                                                           : entry->second;
  const auto* addresses = require_seen(seen, subject, expected, checks);
  if (!addresses) {
    checks.back().span = reserved.span;
    return;
  }
  std::vector<std::string> used;
  for (const MaasAddress& address : *addresses) {
    const auto number = parse_ipv4(address.address);  // IPv6 addresses are in no range of ours.
    if (number && reserved.range.contains(*number)) used.push_back(in_words(address));
  }
  checks.push_back(placed(Check{.subject = subject,
                                .expected = expected,
                                .observed = listed(used),
                                .ruling = used.empty() ? Ruling::pass : Ruling::fail,
                                .help = used.empty() ? "" : "free these addresses in MAAS"},
                          reserved.span, seen.evidence()));
}

// What is no address is vip_policy's business.
void judge_vips(const Case& c, const KnownRanges& known, std::vector<Check>& checks) {
  if (!c.inputs.site.vips) return;
  const Bundle* bundle = require_bundle(c, checks);
  if (!bundle) return;
  for (const DeclaredVip& vip : declared_vips(*bundle, *c.inputs.site.vips)) {
    for (const std::string& word : vip.words) {
      const auto address = parse_ipv4(word);
      if (!address) continue;
      const std::string subject = fmt::format("{} {}", vip.application->name, word);
      checks.push_back(placed(judge_kept(known, subject, {*address, *address}), vip.option->span,
                              c.facts.maas_ranges.evidence()));
    }
  }
}

Verdict judge_reserved_ranges(const Case& c) {
  std::vector<Check> checks;
  if (!declares_ranges(c.inputs)) return conclude({});
  const auto* ranges =
      require_seen(c.facts.maas_ranges, "address ranges in MAAS", "those of the site", checks);
  if (!ranges) return conclude(std::move(checks));
  const KnownRanges known = known_ranges(*ranges, checks);
  const Evidence& evidence = c.facts.maas_ranges.evidence();
  for (const SiteRange& reserved : c.inputs.site.reserved) {
    checks.push_back(
        placed(judge_kept(known, reserved.name, reserved.range), reserved.span, evidence));
    judge_unused(c, reserved, checks);
  }
  for (const SiteRange& absent : c.inputs.site.absent) {
    checks.push_back(placed(judge_absent(known, absent), absent.span, evidence));
  }
  judge_vips(c, known, checks);
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate reserved_ranges_gate;
const Gate reserved_ranges_gate{
    .id = "reserved_ranges",
    .question =
        "Does MAAS keep free what the site needs kept, every VIP included, and nothing "
        "stale?",
    .source = "phase 01, prerequisites; step 1.1, check 1",
    .needs = kReservedRangesNeeds,
    .applies = declares_ranges,
    .judge = judge_reserved_ranges,
};

}  // namespace gatehouse
