// The whole look at a MAAS in two overlapped waves: identity, machines, subnets and ranges
// together, then the addresses in use of each wanted subnet, whose ids the first wave told.
#include <algorithm>
#include <optional>

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

template <class T>
Observation<T> observe(const Answer& answer, Result<T> (*decode)(const json::value&)) {
  if (!answer.document) return Observation<T>::failed(answer.document.error(), answer.evidence);
  Result<T> value = decode(*answer.document);
  if (!value) {
    return Observation<T>::failed(with_context(value.error(), answer.evidence.locator),
                                  answer.evidence);
  }
  return Observation<T>::seen(std::move(*value), answer.evidence);
}

/// The requests of the first wave, and the place of each answer; only what is asked for has one.
struct FirstWave {
  std::vector<std::string> paths;
  std::size_t version = 0, whoami = 0, machines = 0, subnets = 0, ranges = 0;

  std::size_t add(std::string path) {
    paths.push_back(std::move(path));
    return paths.size() - 1;
  }
};

struct Wanted {
  bool identity, machines, subnets, ranges, addresses;

  explicit Wanted(std::span<const FactKey> keys)
      : identity(has(keys, FactKey::maas_identity)),
        machines(has(keys, FactKey::maas_machines)),
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
  if (wanted.identity) facts.maas_identity = Observation<MaasIdentity>::failed(error, evidence);
  if (wanted.machines) {
    facts.maas_machines = Observation<std::vector<MaasMachine>>::failed(error, evidence);
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

Observation<MaasIdentity> observe_identity(const Answer& version, const Answer& whoami) {
  // `version/` needs no key: it tells whether a MAAS is there at all, so its error comes first.
  for (const Answer* answer : {&version, &whoami}) {
    if (!answer->document) {
      return Observation<MaasIdentity>::failed(answer->document.error(), answer->evidence);
    }
  }
  Result<MaasIdentity> identity = maas::decode_identity(*whoami.document, *version.document);
  if (!identity) return Observation<MaasIdentity>::failed(identity.error(), whoami.evidence);
  return Observation<MaasIdentity>::seen(std::move(*identity), whoami.evidence);
}

Observation<std::vector<MaasMachine>> observe_machines(const Answer& answer,
                                                       const std::vector<std::string>& hostnames) {
  auto machines = observe(answer, maas::decode_machines);
  if (auto* list = machines.value(); list && !hostnames.empty()) {
    std::erase_if(*list, [&](const MaasMachine& machine) {
      return std::find(hostnames.begin(), hostnames.end(), machine.hostname) == hostnames.end();
    });
  }
  return machines;
}

/// The second wave. A subnet is found by its CIDR, for ids drift when one is made again.
void observe_addresses(maas::Client& client, const Observation<std::vector<MaasSubnet>>& subnets,
                       const std::vector<std::string>& cidrs, Facts& facts) {
  using Addresses = Observation<std::vector<MaasAddress>>;
  std::vector<std::string> paths;
  std::vector<std::string> asked;
  for (const std::string& cidr : cidrs) {
    if (!subnets.value()) {
      facts.maas_addresses[cidr] = Addresses::failed(*subnets.error(), subnets.evidence());
      continue;
    }
    const auto subnet = std::find_if(subnets.value()->begin(), subnets.value()->end(),
                                     [&](const MaasSubnet& each) { return each.cidr == cidr; });
    if (subnet == subnets.value()->end()) {
      facts.maas_addresses[cidr] = Addresses::failed({.kind = ErrorKind::not_found,
                                                      .message = "MAAS has no subnet " + cidr,
                                                      .contexts = {},
                                                      .delivery = Delivery::not_sent,
                                                      .help = {}},
                                                     subnets.evidence());
      continue;
    }
    asked.push_back(cidr);
    paths.push_back(fmt::format("subnets/{}/?op=ip_addresses", subnet->id));
  }
  if (paths.empty()) return;
  const std::vector<Answer> answers = client.get(paths);
  for (std::size_t at = 0; at < asked.size(); ++at) {
    facts.maas_addresses[asked[at]] = observe(answers[at], maas::decode_addresses);
  }
}

FirstWave make_first_wave(const Wanted& wanted, const Questions& questions) {
  FirstWave wave;
  if (wanted.identity) wave.version = wave.add("version/");
  if (wanted.identity) wave.whoami = wave.add("users/?op=whoami");
  if (wanted.machines) wave.machines = wave.add(machines_path(questions.hostnames));
  if (wanted.needs_subnets()) wave.subnets = wave.add("subnets/");
  if (wanted.ranges) wave.ranges = wave.add("ipranges/");
  return wave;
}

void look(const Wanted& wanted, const Questions& questions, maas::Client& client, Facts& facts) {
  const FirstWave wave = make_first_wave(wanted, questions);
  const std::vector<Answer> answers = client.get(wave.paths);
  if (wanted.identity) {
    facts.maas_identity = observe_identity(answers[wave.version], answers[wave.whoami]);
  }
  if (wanted.machines) {
    facts.maas_machines = observe_machines(answers[wave.machines], questions.hostnames);
  }
  if (wanted.ranges) facts.maas_ranges = observe(answers[wave.ranges], maas::decode_ranges);
  if (!wanted.needs_subnets()) return;
  const auto subnets = observe(answers[wave.subnets], maas::decode_subnets);
  if (wanted.subnets) facts.maas_subnets = subnets;
  if (wanted.addresses) observe_addresses(client, subnets, questions.address_cidrs, facts);
}

void collect(std::span<const FactKey> keys, const Questions& questions, Effects& effects,
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
  maas::Client client(std::move(*login), effects);
  look(wanted, questions, client, facts);
}

}  // namespace

const FactSource maas_source{
    .keys = {FactKey::maas_identity, FactKey::maas_machines, FactKey::maas_subnets,
             FactKey::maas_ranges, FactKey::maas_addresses},
    .collect = collect,
};

}  // namespace gatehouse
