// The commands that people give to the lab's program. Each returns the exit code of CONTRACT.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::lab {

struct UpOptions {
  std::string site_file = "site.yaml";
  std::vector<std::string> faults;
  std::uint64_t seed = 1;
  double speed = 600;
  std::int64_t maas_latency_ms = 0;  ///< of the wall, before each answer of MAAS
  std::string folder;                ///< "" for one of its own below HOME
};

struct DownOptions {
  std::string folder;  ///< "" for the one of GATEHOUSE_LAB
  bool keeps_folder = false;
};

struct FaultsOptions {
  bool is_json = false;
  bool is_page = false;  ///< docs/faults.md
};

/// Shell assignments on standard output, talk on standard error.
int run_up(const UpOptions& options);
int run_down(const DownOptions& options);
int run_faults(const FaultsOptions& options);
int run_serve(const std::string& folder);

}  // namespace gatehouse::lab
