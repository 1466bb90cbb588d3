// The whole look at a MAAS in two overlapped waves: identity, machines, subnets and ranges
// together, then the addresses in use of each wanted subnet, whose id the list of subnets told:
// they are asked for while the machines, of which there may be many, still arrive.
#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "clients/maas/client.h"
#include "clients/maas/decode.h"
#include "clients/sources.h"

namespace gatehouse {

namespace {

using maas::Answer;

// A longer query may not pass what stands between; then all machines are asked for.
constexpr std::size_t kQueryBytesMax = 6'000;

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    out += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string machines_path(const std::vector<std::string>& hostnames) {
  std::string query;
  for (const std::string& hostname : hostnames) {
    query += (query.empty() ? "?hostname=" : "&hostname=") + percent_encode(hostname);
  }
  return query.size() > kQueryBytesMax ? "machines/" : "machines/" + query;
}

/// Whom MAAS may pick beside the site's own: where all its tags are theirs, the answer is empty.
std::string candidates_path(const std::vector<std::string>& tags,
                            const std::vector<std::string>& hostnames) {
  std::string query = "machines/?status=ready";
  for (const std::string& tag : tags) query += "&tags=" + percent_encode(tag);
  std::string others;
  for (const std::string& hostname : hostnames)
    others += "&not_hostname=" + percent_encode(hostname);
  return query.size() + others.size() > kQueryBytesMax ? query : query + others;
}

template <class T>
Observation<T> observe(const Answer& answer, Result<T> (*decode)(std::string_view)) {
  if (!answer.body) return Observation<T>::failed(answer.body.error(), answer.evidence);
  Result<T> value = decode(*answer.body);
  if (!value) {
    return Observation<T>::failed(with_context(value.error(), answer.evidence.locator),
                                  answer.evidence);
  }
  return Observation<T>::seen(std::move(*value), answer.evidence);
}

struct Wanted {
  bool version, identity, machines, candidates, subnets, ranges, addresses;

  explicit Wanted(std::span<const FactKey> keys)
      : version(has(keys, FactKey::maas_version)),
        identity(has(keys, FactKey::maas_identity)),
        machines(has(keys, FactKey::maas_machines)),
        candidates(has(keys, FactKey::maas_candidates)),
        subnets(has(keys, FactKey::maas_subnets)),
        ranges(has(keys, FactKey::maas_ranges)),
        addresses(has(keys, FactKey::maas_addresses)) {}

  /// The ids of the subnets whose addresses are asked for are found by their CIDRs.
  bool needs_subnets() const { return subnets || addresses; }

 private:
  static bool has(std::span<const FactKey> keys, FactKey key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  }
};

void fail_all(const Wanted& wanted, const Questions& questions, const Error& error,
              const Evidence& evidence, Facts& facts) {
  if (wanted.version) facts.maas_version = Observation<std::string>::failed(error, evidence);
  if (wanted.identity) facts.maas_identity = Observation<MaasIdentity>::failed(error, evidence);
  if (wanted.machines) {
    facts.maas_machines = Observation<std::vector<MaasMachine>>::failed(error, evidence);
  }
  if (wanted.candidates) {
    facts.maas_candidates = Observation<std::vector<MaasMachine>>::failed(error, evidence);
  }
  if (wanted.subnets) {
    facts.maas_subnets = Observation<std::vector<MaasSubnet>>::failed(error, evidence);
  }
  if (wanted.ranges) {
    facts.maas_ranges = Observation<std::vector<MaasRange>>::failed(error, evidence);
  }
  if (!wanted.addresses) return;
  for (const std::string& cidr : questions.address_cidrs) {
    facts.maas_addresses[cidr] = Observation<std::vector<MaasAddress>>::failed(error, evidence);
  }
}

enum class Whose { ours, others };

/// Where all machines were asked for, or a server knows no filter, the list holds more than wanted.
Observation<std::vector<MaasMachine>> observe_machines(const Answer& answer,
                                                       const std::vector<std::string>& hostnames,
                                                       Whose whose) {
  auto machines = observe(answer, maas::decode_machines);
  if (auto* list = machines.value(); list && !hostnames.empty()) {
    const std::set<std::string_view> ours(hostnames.begin(), hostnames.end());
    std::erase_if(*list, [&](const MaasMachine& machine) {
      return ours.contains(machine.hostname) != (whose == Whose::ours);
    });
  }
  return machines;
}

/// One look: what was asked by which request, and where its answer goes.
class Look {
 public:
  Look(const Wanted& wanted, const Questions& questions, maas::Client& client, Facts& facts)
      : wanted_(wanted), questions_(questions), client_(client), facts_(facts) {}

  void run() {
    std::vector<std::string> paths;
    const auto ask = [&](bool is_wanted, FactKey key, std::string path) {
      if (!is_wanted) return;
      asked_.push_back({key, ""});
      paths.push_back(std::move(path));
    };
    // The longest first.
    ask(wanted_.machines, FactKey::maas_machines, machines_path(questions_.hostnames));
    ask(wanted_.needs_subnets(), FactKey::maas_subnets, "subnets/");
    ask(wanted_.ranges, FactKey::maas_ranges, "ipranges/");
    ask(wanted_.identity, FactKey::maas_identity, "users/?op=whoami");
    ask(wanted_.candidates, FactKey::maas_candidates,
        candidates_path(questions_.candidate_tags, questions_.hostnames));
    ask(wanted_.version, FactKey::maas_version, "version/");
    client_.get(std::move(paths), [this](std::size_t number, const Answer& answer) {
      return take(asked_[number], answer);
    });
  }

 private:
  struct Asked {
    FactKey key;
    std::string cidr;  ///< of addresses in use
  };

  std::vector<std::string> take(Asked asked, const Answer& answer) {
    switch (asked.key) {
      case FactKey::maas_version:
        facts_.maas_version = observe(answer, maas::decode_version);
        return {};
      case FactKey::maas_identity:
        facts_.maas_identity = observe(answer, maas::decode_identity);
        if (auto* identity = facts_.maas_identity.value()) identity->root = client_.root();
        return {};
      case FactKey::maas_machines:
        facts_.maas_machines = observe_machines(answer, questions_.hostnames, Whose::ours);
        return {};
      case FactKey::maas_candidates:
        if (is_refused(answer) && !asks_for_all_candidates_) return all_candidates();
        facts_.maas_candidates = observe_machines(answer, questions_.hostnames, Whose::others);
        return {};
      case FactKey::maas_ranges:
        facts_.maas_ranges = observe(answer, maas::decode_ranges);
        return {};
      case FactKey::maas_addresses:
        facts_.maas_addresses[asked.cidr] = observe(answer, maas::decode_addresses);
        return {};
      default:
        return take_subnets(observe(answer, maas::decode_subnets));
    }
  }

  static bool is_refused(const Answer& answer) {
    return !answer.body && answer.body.error().kind == ErrorKind::invalid_input;
  }

  /// A MAAS that cannot leave out the site's own machines tells them as well.
  std::vector<std::string> all_candidates() {
    asks_for_all_candidates_ = true;
    asked_.push_back({FactKey::maas_candidates, ""});
    return {candidates_path(questions_.candidate_tags, {})};
  }

  /// The second wave. A subnet is found by its CIDR, for ids drift when one is made again.
  std::vector<std::string> take_subnets(Observation<std::vector<MaasSubnet>> subnets) {
    std::vector<std::string> paths;
    if (wanted_.addresses) {
      for (const std::string& cidr : questions_.address_cidrs) {
        const std::optional<std::int64_t> id = subnet_id(subnets, cidr);
        if (!id) continue;
        asked_.push_back({FactKey::maas_addresses, cidr});
        paths.push_back(fmt::format("subnets/{}/?op=ip_addresses", *id));
      }
    }
    if (wanted_.subnets) facts_.maas_subnets = std::move(subnets);
    return paths;
  }

  /// Where there is none, the addresses' own observation says why.
  std::optional<std::int64_t> subnet_id(const Observation<std::vector<MaasSubnet>>& subnets,
                                        const std::string& cidr) {
    using Addresses = Observation<std::vector<MaasAddress>>;
    if (!subnets.value()) {
      facts_.maas_addresses[cidr] = Addresses::failed(*subnets.error(), subnets.evidence());
      return std::nullopt;
    }
    for (const MaasSubnet& subnet : *subnets.value()) {
      if (subnet.cidr == cidr) return subnet.id;
    }
    facts_.maas_addresses[cidr] = Addresses::failed(
        fail(ErrorKind::not_found, "MAAS has no subnet " + cidr).value(), subnets.evidence());
    return std::nullopt;
  }

  const Wanted& wanted_;
  const Questions& questions_;
  maas::Client& client_;
  Facts& facts_;
  std::vector<Asked> asked_;  ///< by the number of the request
  bool asks_for_all_candidates_ = false;
};

void collect_from_maas(std::span<const FactKey> keys, const Questions& questions, Effects& effects,
                       Facts& facts) {
  const Wanted wanted(keys);
  facts.at = effects.clock.now();
  Result<maas::Login> login = maas::read_login(questions.maas, effects.files);
  if (!login) {
    const Evidence evidence{.source = "file",
                            .locator = maas::login_file(questions.maas),
                            .at = facts.at,
                            .digest = {}};
    fail_all(wanted, questions, login.error(), evidence, facts);
    return;
  }
  maas::Client client(std::move(*login), effects, questions.maas.deadline);
  Look(wanted, questions, client, facts).run();
}

}  // namespace

const FactSource maas_source{
    .keys = {FactKey::maas_version, FactKey::maas_identity, FactKey::maas_machines,
             FactKey::maas_candidates, FactKey::maas_subnets, FactKey::maas_ranges,
             FactKey::maas_addresses},
    .collect = collect_from_maas,
};

}  // namespace gatehouse
