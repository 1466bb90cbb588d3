#include "sim/input_faults.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "sim/faults.h"
#include "sim/input_copies.h"
#include "sim/overlay_faults.h"
#include "sim/plan_faults.h"

namespace gatehouse::sim {
namespace {

std::string joined(const std::vector<std::string>& legs, char quote) {
  return quote + join(legs, " ") + quote;
}

/// What a fault needs of its site and does not find.
tl::unexpected<Error> lacks(const InputCopies& copies, const std::string& what) {
  return fail(
      ErrorKind::invalid_input,
      fmt::format("{} declares {}, so this fault cannot be put in", copies.site().name, what));
}

/// Rewrites the virtual addresses of those holders, which may stand in several files.
Result<void> rewrite(InputCopies& copies, const std::vector<VipHolder>& holders, char quote = '"') {
  std::map<const Source*, std::vector<TextEdit>> edits;
  for (const VipHolder& holder : holders) {
    if (holder.option->span.source == nullptr) return lacks(copies, "a VIP without a place");
    edits[holder.option->span.source].push_back(
        replace_span(holder.option->span, joined(holder.legs, quote)));
  }
  for (auto& [source, changes] : edits) {
    const Result<void> written = copies.edit(*source, std::move(changes));
    if (!written) return written;
  }
  return {};
}

Result<void> old_band(InputCopies& copies) {
  std::vector<VipHolder> holders = copies.vip_holders();
  if (holders.empty() || copies.site().absent.empty()) return lacks(copies, "no stale range");
  holders.resize(1);
  holders[0].legs[0] = to_string(copies.site().absent.front().range.first);
  return rewrite(copies, holders);
}

Result<void> leg_missing(InputCopies& copies, std::size_t how_many) {
  std::vector<VipHolder> holders = copies.vip_holders();
  if (holders.empty() || holders[0].legs.size() < 2) return lacks(copies, "no VIP of two legs");
  holders.resize(std::min(how_many, holders.size()));
  for (VipHolder& holder : holders) holder.legs.pop_back();
  return rewrite(copies, holders);
}

Result<void> all_like_the_first(InputCopies& copies, std::size_t how_many) {
  std::vector<VipHolder> holders = copies.vip_holders();
  if (holders.size() < 2) return lacks(copies, "fewer than two VIPs");
  holders.resize(std::min(how_many, holders.size()));
  for (VipHolder& holder : holders) holder.legs = holders[0].legs;
  return rewrite(copies, holders);
}

/// The application of the PKI and another one exchange their VIPs, after the certificates were
/// made.
Result<void> exchanged(InputCopies& copies) {
  std::vector<VipHolder> holders = copies.vip_holders();
  const auto& pki = copies.site().pki;
  const auto own = std::find_if(holders.begin(), holders.end(), [&](const VipHolder& holder) {
    return pki && holder.application->name == pki->application;
  });
  if (own == holders.end() || holders.size() < 2) return lacks(copies, "no VIP of a PKI");
  const auto other = own == holders.begin() ? own + 1 : holders.begin();
  std::swap(own->legs, other->legs);
  return rewrite(copies, {*own, *other});
}

enum class Which { first, last };

/// The last leg of one VIP becomes an address that is taken on that plane.
Result<void> taken(InputCopies& copies, Which which) {
  std::vector<VipHolder> holders = copies.vip_holders();
  if (holders.empty() || holders[0].legs.empty()) return lacks(copies, "no VIP");
  const VipPolicy& policy = *copies.site().vips;
  const Plane* plane = copies.site().plane(policy.legs.back().plane);
  std::vector<Ipv4> addresses;
  for (const auto& [name, address] : policy.taken) {
    if (plane != nullptr && plane->cidr.contains(address)) addresses.push_back(address);
  }
  if (addresses.empty()) return lacks(copies, "no taken address on the plane of the last leg");
  VipHolder holder = which == Which::first ? holders.front() : holders.back();
  holder.legs.back() = to_string(which == Which::first ? addresses.front() : addresses.back());
  return rewrite(copies, {holder});
}

/// Every last leg moves up by the same number, out of its band and still on its plane.
Result<void> other_band(InputCopies& copies) {
  constexpr std::uint32_t kStep = 170;  // from .50-.60 to the band of the first bundles, .220-.230
  std::vector<VipHolder> holders = copies.vip_holders();
  if (holders.empty()) return lacks(copies, "no VIP");
  const VipLeg& leg = copies.site().vips->legs.back();
  const Plane* plane = copies.site().plane(leg.plane);
  for (VipHolder& holder : holders) {
    const std::optional<Ipv4> former =
        holder.legs.empty() ? std::nullopt : parse_ipv4(holder.legs.back());
    if (!former || plane == nullptr) return lacks(copies, "a VIP that is no address");
    const Ipv4 moved{former->bits + kStep};
    if (leg.band.contains(moved) || !plane->cidr.contains(moved)) {
      return lacks(copies, "no room beside the band of the last leg");
    }
    holder.legs.back() = to_string(moved);
  }
  return rewrite(copies, holders);
}

std::string blanks(std::uint32_t column) {
  return std::string(column - 1, ' ');
}

const BundleApplication* application_without_vip(const InputCopies& copies) {
  const std::string& option = copies.site().vips->option;
  for (const auto& [name, application] : copies.bundle().applications) {
    const bool is_plain = application.num_units > 0 && !application.options.contains(option) &&
                          application.span && application.places.contains("charm");
    if (is_plain) return &application;
  }
  return nullptr;
}

/// One holder more, with the legs in the wrong order.
Result<void> twelfth_swapped(InputCopies& copies) {
  if (!copies.site().vips) return lacks(copies, "no VIPs");
  const BundleApplication* application = application_without_vip(copies);
  if (application == nullptr) return lacks(copies, "no application without a VIP");
  const VipPolicy& policy = *copies.site().vips;
  std::vector<std::string> legs;
  for (auto leg = policy.legs.rbegin(); leg != policy.legs.rend(); ++leg) {
    legs.push_back(to_string(Ipv4{leg->band.last.bits + 1}));
  }
  const std::string value = fmt::format("{}: {}\n", policy.option, joined(legs, '"'));
  TextEdit edit;
  const OptionValue* first = nullptr;
  for (const auto& [name, option] : application->options) {
    if (!first || option.span.begin < first->span.begin) first = &option;
  }
  const Span charm = application->places.at("charm");
  const std::string inner = blanks(application->span.begin.column) + "  ";
  if (first == nullptr) {
    edit = insert_lines(charm.begin.line + 1, inner + "options: {" + value);
    edit.replacement.insert(edit.replacement.size() - 1, "}");
  } else {
    // In block style each option stands on its line, below `options:`.
    const std::string_view line = first->span.source->line(first->span.begin.line);
    const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
    edit = insert_lines(first->span.begin.line, std::string(indent, ' ') + value);
  }
  return copies.edit(*application->span.source, {edit});
}

Result<void> single_quotes(InputCopies& copies) {
  const std::vector<VipHolder> holders = copies.vip_holders();
  if (holders.empty()) return lacks(copies, "no VIP");
  return rewrite(copies, holders, '\'');
}

using Change = Result<void> (*)(InputCopies&);
constexpr std::size_t kAll = static_cast<std::size_t>(-1);

const std::map<std::string_view, Change>& changes() {
  static const std::map<std::string_view, Change> kChanges = {
      {"vip-old-band", old_band},
      {"vip-leg-missing", [](InputCopies& c) { return leg_missing(c, 1); }},
      {"vip-equal", [](InputCopies& c) { return all_like_the_first(c, 2); }},
      {"vip-taken", [](InputCopies& c) { return taken(c, Which::first); }},
      {"overlay-absent", remove_overlay},
      {"overlay-four-keys", drop_overlay_option},
      {"overlay-wrong-application", move_overlay_options},
      {"passphrase-wrong", spoil_passphrase},
      {"controller-certificate-expired", require_pki},
      {"controller-certificate-ends-soon", require_pki},
      {"vips-exchanged", exchanged},
      {"applications-51", one_application_more},
      {"channel-edge", other_channel},
      {"option-other", other_option},
      {"unit-moved", other_machine},
      {"relation-dropped", drop_required_relation},
      {"application-forbidden", add_forbidden_application},
      {"lying-five-key-lines", write_five_key_lines},
      {"lying-vips-identical", [](InputCopies& c) { return all_like_the_first(c, kAll); }},
      {"lying-metal-leg-missing", [](InputCopies& c) { return leg_missing(c, kAll); }},
      {"lying-metal-on-infrastructure", [](InputCopies& c) { return taken(c, Which::last); }},
      {"lying-metal-old-band", other_band},
      {"lying-twelfth-vip-swapped", twelfth_swapped},
      {"lying-single-quoted-vips", single_quotes},
  };
  return kChanges;
}

}  // namespace

Result<void> apply_input_fault(std::string_view name, const std::string& site, FileStore& files) {
  const Fault* fault = find_fault(name);
  if (fault == nullptr) {
    return fail(ErrorKind::invalid_input, fmt::format("there is no fault \"{}\"", name),
                "gatehouse-lab faults lists them");
  }
  const auto change = changes().find(name);
  if (fault->kind == FaultKind::world || change == changes().end()) return {};
  Result<InputCopies> copies = InputCopies::open(site, files);
  if (!copies) return fail(copies.error());
  const Result<void> done = change->second(*copies);
  if (!done) return fail(with_context(done.error(), fmt::format("fault \"{}\"", name)));
  return {};
}

}  // namespace gatehouse::sim
