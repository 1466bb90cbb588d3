// The lab's `getent` and `resolvectl`, as seen on a machine or container of a model. Which one, the
// shell that runs there was told in its environment; outside of any, the real programs answer.
// Source: glibc 2.35 and systemd 249 of Ubuntu 22.04.
#include <fmt/format.h>

#include "base/text.h"
#include "sim/chance.h"
#include "sim/face.h"

namespace gatehouse::sim {
namespace {

struct Resolver {
  bool works = true;
  std::string nic;
  std::vector<std::string> servers;
  std::string current;
};

/// The phantom, if the site knows of one, is handed out first on the boot plane.
Resolver resolver_on(const OpenLab& lab, const std::optional<LabModel>& model,
                     const std::string& place) {
  Resolver resolver;
  const LabPlane* plane = lab.world.boot_plane();
  resolver.nic = "enp1s0";
  if (model && model->plan) {
    const LabContainer* container = model->plan->container(place);
    if (container != nullptr && !container->nics.empty()) {
      resolver.nic = container->nics.front().name;
      plane = lab.world.plane_of_space(container->nics.front().space);
    }
    resolver.works = Timeline(lab.world, *model).place_without_dns() != place;
  }
  if (plane != nullptr && lab.world.site.dns && plane->is_boot) {
    for (const Ipv4 server : lab.world.site.dns->phantom) {
      resolver.servers.push_back(to_string(server));
    }
  }
  if (plane != nullptr && resolver.works) {
    for (const Ipv4 server : plane->plane.dns) resolver.servers.push_back(to_string(server));
    if (!plane->plane.dns.empty()) resolver.current = to_string(plane->plane.dns.front());
  }
  return resolver;
}

Resolver resolver_for(const OpenLab& lab, const FaceCall& call, Effects& effects) {
  const auto model = read_model(lab.paths, call.variable("GATEHOUSE_LAB_MODEL"), effects.files);
  return resolver_on(lab, model ? *model : std::nullopt, call.variable("GATEHOUSE_LAB_PLACE"));
}

/// Names of the site's hosts and those that the site looks up; "" for any other.
std::string address_of_name(const OpenLab& lab, const std::string& name) {
  if (const LabMachine* machine = lab.world.machine(name)) {
    for (const LabNic& nic : machine->nics) {
      if (nic.address) return to_string(*nic.address);
    }
  }
  if (!lab.world.site.dns) return "";
  for (const std::string& known : lab.world.site.dns->lookup) {
    // RFC 5737 keeps 198.51.100.0/24 for examples.
    if (known == name) return fmt::format("198.51.100.{}", 1 + chance_bits(0, name) % 254);
  }
  return "";
}

FaceEnd real_program(const FaceCall& call, const std::string& path) {
  FaceEnd end;
  end.program = {path};
  end.program.insert(end.program.end(), call.arguments.begin(), call.arguments.end());
  end.program_environment = call.environment;
  return end;
}

}  // namespace

FaceEnd getent_face(const OpenLab& lab, const FaceCall& call, Effects& effects) {
  constexpr int kNotFound = 2;
  if (call.variable("GATEHOUSE_LAB_PLACE").empty()) return real_program(call, "/usr/bin/getent");
  const std::string database = call.arguments.empty() ? "" : call.arguments.front();
  if (database != "hosts" && database.rfind("ahosts", 0) != 0) {
    return real_program(call, "/usr/bin/getent");
  }
  const Resolver resolver = resolver_for(lab, call, effects);
  int exit_code = call.arguments.size() < 2 ? kNotFound : 0;
  for (std::size_t i = 1; i < call.arguments.size(); ++i) {
    const std::string address =
        resolver.works ? address_of_name(lab, call.arguments[i]) : std::string();
    if (address.empty()) {
      exit_code = kNotFound;
    } else if (database == "hosts") {
      call.out(fmt::format("{:<15} {}\n", address, call.arguments[i]));
    } else {
      call.out(fmt::format("{:<15} STREAM {}\n{:<15} DGRAM  \n{:<15} RAW    \n", address,
                           call.arguments[i], address, address));
    }
  }
  return {exit_code, {}, {}};
}

FaceEnd resolvectl_face(const OpenLab& lab, const FaceCall& call, Effects& effects) {
  if (call.variable("GATEHOUSE_LAB_PLACE").empty()) {
    return real_program(call, "/usr/bin/resolvectl");
  }
  const std::string verb = call.arguments.empty() ? "status" : call.arguments.front();
  const Resolver resolver = resolver_for(lab, call, effects);
  const std::string servers = join(resolver.servers, " ");
  if (verb == "dns") {
    call.out(fmt::format("Global:\nLink 2 ({}): {}\n", resolver.nic, servers));
    return {};
  }
  if (verb != "status") {
    call.err(fmt::format("Unknown command verb {}.\n", printable(verb)));
    return {1, {}, {}};
  }
  call.out(
      "Global\n       Protocols: -LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported\n"
      "resolv.conf mode: stub\n\n");
  call.out(
      fmt::format("Link 2 ({})\n    Current Scopes: DNS\n         Protocols: +DefaultRoute "
                  "+LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported\n",
                  resolver.nic));
  if (!resolver.current.empty()) call.out("Current DNS Server: " + resolver.current + "\n");
  if (!servers.empty()) call.out("       DNS Servers: " + servers + "\n");
  call.out("        DNS Domain: maas\n");
  return {};
}

}  // namespace gatehouse::sim
