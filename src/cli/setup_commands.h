// Commands by which one begins: a first site file, and whether this jumphost can do the phase.
#pragma once

#include <string>
#include <vector>

#include "cli/context.h"

namespace gatehouse::cli {

struct SiteInitOptions {
  std::string bundle;
  std::vector<std::string> overlays;
  std::string name;        ///< "" for that of the folder
  std::string controller;  ///< "" for Juju's current one
  std::string model;       ///< "" for the site's name
  std::string maas_profile, maas_url, maas_key_file;
  std::string disk_host, disk_path;
  bool uses_disk_sudo = false;
};

/// Writes the site file of the options (--site), which must not be there yet.
int run_site_init(const SiteInitOptions& options, Context& context);

int run_doctor(Context& context);

}  // namespace gatehouse::cli
