#include "facts/facts_json.h"

namespace gatehouse {

namespace {

json::array texts(const std::vector<std::string>& list) {
  return json::array(list.begin(), list.end());
}

template <class T>
json::value maybe(const std::optional<T>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::value value_of(const PkiFacts& pki) {
  json::array findings;
  for (const Diagnostic& finding : pki.findings) findings.push_back(to_json(finding));
  json::array certificates;
  for (const CertificateFacts& certificate : pki.certificates) {
    certificates.push_back({{"role", certificate.role},
                            {"subject", certificate.subject},
                            {"issuer", certificate.issuer},
                            {"serial", certificate.serial},
                            {"not_before", to_rfc3339(certificate.not_before)},
                            {"not_after", to_rfc3339(certificate.not_after)},
                            {"least_days", certificate.least_days},
                            {"fingerprint", certificate.fingerprint},
                            {"names", texts(certificate.names)}});
  }
  return json::object{{"overlay", pki.overlay},
                      {"findings", std::move(findings)},
                      {"certificates", std::move(certificates)}};
}

json::value value_of(const MaasIdentity& identity) {
  return json::object{{"username", identity.username},
                      {"is_superuser", identity.is_superuser},
                      {"root", identity.root}};
}

json::value value_of(const std::string& text) {
  return json::value(text);
}

json::object interface_json(const MaasInterface& interface) {
  json::array links;
  for (const MaasLink& link : interface.links) {
    links.push_back(
        {{"mode", link.mode}, {"address", maybe(link.address)}, {"cidr", maybe(link.cidr)}});
  }
  return {{"name", interface.name},
          {"type", interface.type},
          {"mac_address", interface.mac_address},
          {"is_connected", interface.is_connected},
          {"links", std::move(links)}};
}

json::value value_of(const MaasMachine& machine) {
  json::object disks;
  for (const auto& [name, bytes] : machine.disks) disks[name] = bytes;
  json::array interfaces;
  for (const MaasInterface& each : machine.interfaces) interfaces.push_back(interface_json(each));
  return json::object{{"system_id", machine.system_id},
                      {"hostname", machine.hostname},
                      {"status", machine.status},
                      {"status_name", machine.status_name},
                      {"power_state", machine.power_state},
                      {"owner", machine.owner},
                      {"is_locked", machine.is_locked},
                      {"architecture", machine.architecture},
                      {"memory_mib", machine.memory_mib},
                      {"cores", machine.cores},
                      {"zone", machine.zone},
                      {"tags", texts(machine.tags)},
                      {"disks", std::move(disks)},
                      {"interfaces", std::move(interfaces)}};
}

json::value value_of(const MaasSubnet& subnet) {
  return json::object{{"id", subnet.id},           {"name", subnet.name},
                      {"cidr", subnet.cidr},       {"space", subnet.space},
                      {"gateway", subnet.gateway}, {"dns_servers", texts(subnet.dns_servers)},
                      {"mtu", maybe(subnet.mtu)},  {"vid", maybe(subnet.vid)}};
}

json::value value_of(const MaasRange& range) {
  return json::object{{"id", range.id},   {"type", range.type},       {"start", range.start},
                      {"end", range.end}, {"comment", range.comment}, {"cidr", range.cidr}};
}

json::value value_of(const MaasAddress& address) {
  return json::object{
      {"address", address.address}, {"holder", address.holder}, {"kind", address.kind}};
}

json::value value_of(const HostDisk& disk) {
  return json::object{{"machine", disk.machine},
                      {"path", disk.path},
                      {"virtual_size", disk.virtual_size},
                      {"allocated", disk.allocated},
                      {"data", disk.data},
                      {"is_data_at_least", disk.is_data_at_least}};
}

json::value value_of(const JujuClient& client) {
  return json::object{{"version", client.version}};
}

json::value value_of(const JujuController& controller) {
  return json::object{{"name", controller.name},
                      {"uuid", controller.uuid},
                      {"user", controller.user},
                      {"agent_version", controller.agent_version}};
}

json::value value_of(const JujuModel& model) {
  return json::object{{"name", model.name},
                      {"owner", model.owner},
                      {"uuid", model.uuid},
                      {"life", model.life},
                      {"status", model.status},
                      {"cloud", model.cloud},
                      {"credential", model.credential}};
}

json::value value_of(const JujuSpace& space) {
  return json::object{{"name", space.name}, {"cidrs", texts(space.cidrs)}};
}

json::value value_of(const DryRun& run) {
  return json::object{{"changes", texts(run.changes)},
                      {"remarks", texts(run.remarks)},
                      {"warnings", texts(run.warnings)},
                      {"refusal", run.refusal}};
}

json::value value_of(const NameLookup& lookup) {
  json::object resolved;
  for (const auto& [name, does_resolve] : lookup.resolved) resolved[name] = does_resolve;
  json::object out{{"resolved", std::move(resolved)},
                   {"resolvers", texts(lookup.resolvers)},
                   {"at", to_rfc3339(lookup.at)},
                   {"tries", lookup.tries}};
  if (lookup.failing_since) out["failing_since"] = to_rfc3339(*lookup.failing_since);
  return out;
}

json::value value_of(const UnitCertificates& certificates) {
  json::object files;
  for (const auto& [path, fingerprints] : certificates.fingerprints) {
    files[path] = texts(fingerprints);
  }
  json::object out{{"fingerprints", std::move(files)}};
  if (!certificates.complaint.empty()) out["complaint"] = certificates.complaint;
  return out;
}

json::value value_of(const ModelStatus& status) {
  return status_to_json(status);
}

template <class T>
json::value value_of(const std::vector<T>& list) {
  json::array out;
  for (const T& item : list) out.push_back(value_of(item));
  return out;
}

template <class T>
json::value observation_json(const Observation<T>& observation) {
  if (!observation.was_asked()) return json::object{{"asked", false}};
  json::object out;
  if (const T* value = observation.value()) {
    out["value"] = value_of(*value);
  } else {
    out["error"] = error_to_json(*observation.error());
  }
  out["evidence"] = evidence_to_json(observation.evidence());
  return out;
}

template <class T>
json::value observation_json(const std::map<std::string, Observation<T>>& observations) {
  if (observations.empty()) return json::object{{"asked", false}};
  json::object out;
  for (const auto& [key, observation] : observations) out[key] = observation_json(observation);
  return out;
}

json::value fact_json(const Facts& facts, FactKey key) {
  switch (key) {
    case FactKey::pki:
      return observation_json(facts.pki);
    case FactKey::maas_version:
      return observation_json(facts.maas_version);
    case FactKey::maas_identity:
      return observation_json(facts.maas_identity);
    case FactKey::maas_machines:
      return observation_json(facts.maas_machines);
    case FactKey::maas_candidates:
      return observation_json(facts.maas_candidates);
    case FactKey::maas_subnets:
      return observation_json(facts.maas_subnets);
    case FactKey::maas_ranges:
      return observation_json(facts.maas_ranges);
    case FactKey::maas_addresses:
      return observation_json(facts.maas_addresses);
    case FactKey::host_disks:
      return observation_json(facts.host_disks);
    case FactKey::juju_client:
      return observation_json(facts.juju_client);
    case FactKey::juju_controller:
      return observation_json(facts.juju_controller);
    case FactKey::juju_models:
      return observation_json(facts.juju_models);
    case FactKey::juju_spaces:
      return observation_json(facts.juju_spaces);
    case FactKey::dry_run:
      return observation_json(facts.dry_run);
    case FactKey::model_status:
      return observation_json(facts.model_status);
    case FactKey::name_lookups:
      return observation_json(facts.name_lookups);
    case FactKey::unit_certificates:
      return observation_json(facts.unit_certificates);
  }
  return nullptr;
}

}  // namespace

json::object error_to_json(const Error& error) {
  json::object out{{"kind", to_string(error.kind)}, {"message", to_string(error)}};
  if (!error.help.empty()) out["help"] = error.help;
  return out;
}

json::object evidence_to_json(const Evidence& evidence) {
  json::object out{
      {"source", evidence.source}, {"locator", evidence.locator}, {"at", to_rfc3339(evidence.at)}};
  if (!evidence.digest.empty()) out["digest"] = evidence.digest;
  return out;
}

json::object facts_to_json(const Facts& facts, std::span<const FactKey> keys) {
  json::object out;
  for (const FactKey key : keys) out[to_string(key)] = fact_json(facts, key);
  return out;
}

}  // namespace gatehouse
