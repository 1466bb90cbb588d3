// `gatehouse pki create | verify | status`: plain functions, without the command-line library.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/moment.h"
#include "cli/console.h"
#include "effects/effects.h"
#include "facts/facts.h"
#include "output/result.h"
#include "pki/certificate_profile.h"
#include "pki/key_protection.h"

namespace gatehouse::cli {

struct PkiCreateOptions {
  std::string workspace;
  std::string overlay;
  std::string application = "octavia";
  std::vector<std::string> dns;
  std::vector<std::string> ips;
  std::string organisation;
  std::string name = "Octavia";
  int iterations = pki::kIterations;
  int ca_years = pki::kCaYears;
  int controller_days = 0;
  std::optional<Moment> at;
  bool replaces_overlay = false;
  bool wants_json = false;
};

struct PkiVerifyOptions {
  std::string overlay;
  std::string application = "octavia";
  std::vector<std::string> bundle_vips;  ///< of the application, where a bundle was given
  std::string workspace;                 ///< "" where none was given
  std::optional<Moment> at;
  bool is_strict = false;
  OutputFormat format = OutputFormat::text;
};

struct PkiStatusOptions {
  std::string overlay;
  std::string application = "octavia";
  std::string workspace;   ///< "" where none was given
  std::string prometheus;  ///< a file to write; "" for none
  std::optional<Moment> at;
  bool wants_json = false;
};

/// As JSON, without anything secret.
json::array certificate_rows(const std::vector<CertificateFacts>& certificates);

/// Exit codes: 0 made, 2 refused or a wrong option, 4 where writing failed.
int run_pki_create(const PkiCreateOptions& options, Effects& effects, Console& console);
/// 0 sound, 1 an error (or a warning under --strict), 2 where the overlay or workspace cannot be
/// opened.
int run_pki_verify(const PkiVerifyOptions& options, Effects& effects, Console& console);
/// 0 told, 1 where the overlay holds no certificate or one is over, 2 where it cannot be opened.
int run_pki_status(const PkiStatusOptions& options, Effects& effects, Console& console);

}  // namespace gatehouse::cli
