#include "sim/unit_disks.h"

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "effects/file_modes.h"

namespace gatehouse::sim {
namespace {

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
constexpr std::string_view kDamaged =
    "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";

// Source: charm-octavia c2cd8a4d.
constexpr std::string_view kCharmFolder = "/etc/octavia/certs";
constexpr std::string_view kIssuing = "issuing_ca.pem";
constexpr std::string_view kController = "controller_ca.pem";
constexpr std::pair<std::string_view, std::string_view> kFiles[] = {
    {"lb-mgmt-issuing-cacert", kIssuing},
    {"lb-mgmt-controller-cacert", kController},
    {"lb-mgmt-controller-cert", "controller_cert.pem"},
};

std::string certificates_in(const std::string& pem) {
  std::string kept;
  for (std::size_t at = pem.find(kBegin); at != std::string::npos; at = pem.find(kBegin, at)) {
    const std::size_t end = pem.find(kEnd, at);
    if (end == std::string::npos) break;
    kept += pem.substr(at, end + kEnd.size() - at) + "\n";
    at = end;
  }
  return kept;
}

std::string option_text(const BundleApplication& application, std::string_view option) {
  const auto found = application.options.find(std::string(option));
  if (found == application.options.end()) return {};
  const std::optional<std::string> decoded = base64_decode(found->second.text);
  return decoded ? certificates_in(*decoded) : std::string();
}

using DiskFiles = std::vector<std::pair<std::string_view, std::string>>;

DiskFiles files_of(const BundleApplication& application) {
  DiskFiles files;
  for (const auto& [option, name] : kFiles) {
    std::string text = option_text(application, option);
    if (!text.empty()) files.emplace_back(name, std::move(text));
  }
  return files;
}

void spoil(const JujuFaults& faults, DiskFiles& files) {
  if (files.empty()) return;
  if (faults.has_other_certificate_on_disk) files.back().second = files.front().second;
  if (faults.has_damaged_certificate_on_disk) files.back().second = kDamaged;
}

}  // namespace

UnitDisk::UnitDisk(const LabPaths& paths, const std::string& model, const std::string& place)
    : folder_(paths.folder + "/disks/" + model + "/" + replace_all(place, "/", "-")) {}

std::string UnitDisk::to_lab(const std::string& words) const {
  return replace_all(words, kCharmFolder, folder_);
}

std::string UnitDisk::from_lab(const std::string& output) const {
  return replace_all(output, folder_, kCharmFolder);
}

Result<void> write_unit_disks(const OpenLab& lab, const LabModel& model, const Bundle& bundle,
                              FileStore& files) {
  bool is_first = true;
  for (const LabUnit& unit : model.plan->units) {
    const BundleApplication* application = bundle.find(unit.application);
    if (application == nullptr) continue;
    DiskFiles written = files_of(*application);
    if (written.empty()) continue;
    if (std::exchange(is_first, false)) spoil(lab.world.faults.juju, written);
    const UnitDisk disk(lab.paths, model.name, unit.machine);
    if (auto made = files.make_folder(disk.folder(), kPrivateFolder); !made) return made;
    for (const auto& [name, text] : written) {
      const std::string path = disk.folder() + "/" + std::string(name);
      if (auto done = files.write_atomic(path, text, kPrivateFile); !done) return done;
    }
  }
  return {};
}

}  // namespace gatehouse::sim
