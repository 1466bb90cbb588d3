#include "phases/as_built.h"

#include "base/text.h"
#include "gates/message_parts.h"

namespace gatehouse {

namespace {

json::array to_array(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

json::object model_row(const Inputs& inputs, const Facts& facts) {
  json::object row{{"name", inputs.site.juju.model},
                   {"controller", inputs.site.juju.controller},
                   {"cloud", inputs.site.juju.cloud},
                   {"region", inputs.site.juju.region},
                   {"credential", inputs.site.juju.credential}};
  if (const auto* models = facts.juju_models.value()) {
    for (const JujuModel& model : *models) {
      if (model.name == inputs.site.juju.model) row["uuid"] = model.uuid;
    }
  }
  if (const ModelStatus* status = facts.model_status.value()) row["version"] = status->version;
  if (const auto* client = facts.juju_client.value()) row["client"] = client->version;
  return row;
}

json::object plan_row(const Plan& plan) {
  return {{"applications", plan.counts.applications},
          {"relations", plan.counts.relations},
          {"units", plan.counts.units},
          {"machines", plan.counts.machines},
          {"containers", plan.counts.containers}};
}

// The machine's addresses by plane name; addresses on no plane are left out.
json::object addresses_by_plane(const Site& site, const MachineStatus& machine) {
  json::object row;
  const auto add = [&](const std::string& text) {
    const auto address = parse_ipv4(text);
    const Plane* plane = address ? site.plane_of(*address) : nullptr;
    if (!plane) return;
    auto& entry = row[plane->name];
    if (!entry.is_array()) entry = json::array();
    auto& list = entry.get_array();
    if (std::find(list.begin(), list.end(), json::value(text)) == list.end()) {
      list.emplace_back(text);
    }
  };
  for (const std::string& address : machine.addresses) add(address);
  for (const auto& [name, nic] : machine.interfaces) {
    for (const std::string& address : nic.addresses) add(address);
  }
  return row;
}

// Who has which part of a declared division, such as one R/W and two R/O.
json::array role_rows(const Inputs& inputs, const ModelStatus& status) {
  json::array rows;
  for (const ExpectedState& expected : inputs.site.settled.expect) {
    for (const auto& [pattern, number] : expected.exactly) {
      json::array units;
      for (const auto& [name, unit] : status.units) {
        if (inputs.site.settled.find(unit.application) != &expected) continue;
        if (!message_matches(pattern, shown_message(unit.workload.message).text)) continue;
        units.push_back(json::object{{"unit", name}, {"address", unit.public_address}});
      }
      rows.push_back(json::object{{"applications", expected.applications},
                                  {"role", pattern},
                                  {"declared", number},
                                  {"units", std::move(units)}});
    }
  }
  return rows;
}

json::array machine_rows(const Inputs& inputs, const Plan& plan, const ModelStatus& status) {
  std::map<std::string, std::string> bundle_ids;
  for (const PlannedMachine& machine : plan.machines)
    bundle_ids[machine.number] = machine.bundle_id;
  json::array rows;
  for (const auto& [id, machine] : status.machines) {
    if (machine.is_container()) continue;
    rows.push_back(json::object{{"bundle", bundle_ids[id]},
                                {"juju", id},
                                {"hostname", machine.hostname},
                                {"instance", machine.instance_id},
                                {"state", machine.agent.current},
                                {"addresses", addresses_by_plane(inputs.site, machine)}});
  }
  return rows;
}

json::object unit_row(const Inputs& inputs, const ModelStatus& status, const UnitStatus& unit) {
  json::object row{{"unit", unit.name},
                   {"machine", unit.machine},
                   {"workload", unit.workload.current},
                   {"message", printable(unit.workload.message)},
                   {"address", unit.public_address}};
  const auto machine = status.machines.find(unit.machine);
  if (machine != status.machines.end() && unit.principal.empty()) {
    row["addresses"] = addresses_by_plane(inputs.site, machine->second);
  }
  return row;
}

json::array application_rows(const Inputs& inputs, const ModelStatus& status) {
  json::array rows;
  for (const auto& [name, application] : status.applications) {
    json::array units;
    for (const auto& [unit_name, unit] : status.units) {
      if (unit.application == name) units.push_back(unit_row(inputs, status, unit));
    }
    rows.push_back(json::object{{"application", name},
                                {"charm", application.charm},
                                {"channel", application.channel},
                                {"revision", application.revision},
                                {"subordinate_to", to_array(application.subordinate_to)},
                                {"units", std::move(units)}});
  }
  return rows;
}

json::array vip_rows(const Inputs& inputs) {
  json::array rows;
  if (!inputs.site.vips || !inputs.bundle()) return rows;
  for (const auto& [name, application] : inputs.bundle()->applications) {
    const auto option = application.options.find(inputs.site.vips->option);
    if (option == application.options.end()) continue;
    rows.push_back(json::object{{"application", name},
                                {"addresses", to_array(words_of(option->second.text))}});
  }
  return rows;
}

// What waits for a person: the units that the site declares to be blocked at the end of this phase.
json::array waiting_rows(const Inputs& inputs, const ModelStatus& status) {
  json::array rows;
  for (const auto& [name, unit] : status.units) {
    const ExpectedState* expected = inputs.site.settled.find(unit.application);
    if (expected && expected->workload == "blocked" && unit.workload.current == "blocked") {
      rows.push_back(unit_row(inputs, status, unit));
    }
  }
  return rows;
}

json::array certificate_rows(const PkiFacts& pki) {
  json::array rows;
  for (const CertificateFacts& certificate : pki.certificates) {
    rows.push_back(json::object{{"role", certificate.role},
                                {"subject", printable(certificate.subject)},
                                {"not_after", to_rfc3339(certificate.not_after)},
                                {"sha256", certificate.fingerprint}});
  }
  return rows;
}

}  // namespace

json::object as_built_of_deploy(const Inputs& inputs, const Plan& plan, const Facts& facts) {
  json::object record{{"model", model_row(inputs, facts)}, {"plan", plan_row(plan)}};
  if (const ModelStatus* status = facts.model_status.value()) {
    record["machines"] = machine_rows(inputs, plan, *status);
    record["applications"] = application_rows(inputs, *status);
    record["roles"] = role_rows(inputs, *status);
    record["next"] =
        json::object{{"phase", "phase 02"}, {"waiting", waiting_rows(inputs, *status)}};
  }
  record["vips"] = vip_rows(inputs);
  if (const PkiFacts* pki = facts.pki.value()) record["certificates"] = certificate_rows(*pki);
  return record;
}

}  // namespace gatehouse
