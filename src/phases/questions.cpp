#include <algorithm>

#include "base/text.h"
#include "gates/machine_needs.h"
#include "phases/phase.h"
#include "pki/certificate_facts.h"

namespace gatehouse {

namespace {

constexpr std::string_view kMachinePlaceholder = "{machine}";

std::vector<DiskQuestion> disk_questions(const Site& site) {
  std::vector<DiskQuestion> questions;
  for (const BlankDisk& disk : site.blank_disks) {
    if (disk.source != DiskSource::qemu_img) continue;
    for (const SiteMachine& machine : site.machines) {
      questions.push_back({.machine = machine.hostname,
                           .host = replace_all(disk.host, kMachinePlaceholder, machine.hostname),
                           .path = replace_all(disk.path, kMachinePlaceholder, machine.hostname),
                           .uses_sudo = disk.uses_sudo});
    }
  }
  return questions;
}

// The legs of the VIP of the application that carries the PKI: what a SAN is compared with.
std::vector<std::string> vip_addresses(const Inputs& inputs) {
  const Site& site = inputs.site;
  if (!site.pki || !site.vips || !inputs.bundle()) return {};
  const BundleApplication* application = inputs.bundle()->find(site.pki->application);
  if (!application) return {};
  const auto option = application->options.find(site.vips->option);
  return option == application->options.end() ? std::vector<std::string>{}
                                              : words_of(option->second.text);
}

void add_juju(Questions& questions, const Inputs& inputs) {
  questions.controller = inputs.site.juju.controller;
  questions.model = inputs.site.juju.model;
  questions.bundle_file = inputs.folder + "/" + inputs.site.bundle;
  for (const SiteOverlay& overlay : inputs.site.overlays) {
    questions.overlay_files.push_back(inputs.folder + "/" + overlay.file);
    if (!overlay.is_secret) continue;
    questions.secret_overlay = inputs.folder + "/" + overlay.file;
    questions.secret_overlay_name = overlay.file;
  }
}

/// The planes on which an address in use would be in the way: those of the VIPs, and those of which
/// the site keeps a range free. At most sites they are the same.
std::vector<std::string> address_cidrs(const Site& site) {
  std::vector<std::string> cidrs;
  const auto add = [&](const Plane* plane) {
    if (!plane) return;
    std::string cidr = to_string(plane->cidr);
    if (std::find(cidrs.begin(), cidrs.end(), cidr) == cidrs.end())
      cidrs.push_back(std::move(cidr));
  };
  if (site.vips) {
    for (const VipLeg& leg : site.vips->legs) add(site.plane(leg.plane));
  }
  for (const SiteRange& range : site.reserved) add(site.plane_of(range.range.first));
  return cidrs;
}

}  // namespace

Questions questions_of(const Inputs& inputs, const Plan* plan, const std::string& home) {
  const Site& site = inputs.site;
  Questions questions;
  questions.maas = {.profile = site.maas.profile,
                    .url = site.maas.url,
                    .key_file = site.maas.key_file,
                    .ca_file = site.maas.ca_file,
                    .home = home};
  for (const SiteMachine& machine : site.machines) questions.hostnames.push_back(machine.hostname);
  for (const Plane& plane : site.planes) questions.cidrs.push_back(to_string(plane.cidr));
  questions.address_cidrs = address_cidrs(site);
  if (plan) questions.candidate_tags = common_tags(machine_needs(inputs, *plan));
  questions.disks = disk_questions(site);
  questions.ssh.parallel = site.ssh_parallel;
  questions.ssh.deadline = site.ssh_deadline;
  add_juju(questions, inputs);
  if (site.pki) {
    questions.pki_application = site.pki->application;
    questions.certificate_files = pki::unit_files();
  }
  questions.vip_addresses = vip_addresses(inputs);
  if (site.dns) {
    questions.lookup_names = site.dns->lookup;
    questions.lookup_retry_for = site.dns->retry_for;
  }
  return questions;
}

}  // namespace gatehouse
