// `gatehouse pki renew | roll | compare | fingerprints | backup | restore`: what happens to a PKI
// after it was made. Plain functions, without the command-line library.
#pragma once

#include <string>
#include <vector>

#include "cli/context.h"
#include "pki/rotation.h"

namespace gatehouse::cli {

struct PkiRotateOptions {
  std::string workspace;
  std::string overlay;
  std::string application = "octavia";
  std::string certificate = "controller";  ///< of renew, or "issuing-ca"
  std::string phase;
  std::string confirmed;
  bool is_compromised = false;
  std::vector<std::string> dns, ips;  ///< of renew: in place of the present names
};

struct PkiCompareOptions {
  std::string former;
  std::string later;
  std::string application = "octavia";
};

struct PkiFingerprintOptions {
  std::string overlay;
  std::string application = "octavia";
};

struct PkiBackupOptions {
  std::string file;
  std::string workspace;
  std::string passphrase_file;  ///< "" to ask at the terminal
};

/// Exit codes: 0 done; 2 refused, too early or unusable input; 4 where writing failed.
int run_pki_renew(const PkiRotateOptions& options, Context& context);
int run_pki_roll(pki::Tier tier, const PkiRotateOptions& options, Context& context);
/// 0 where amphorae born under the former stay reachable and refreshable, else 1; 2 for an overlay
/// that cannot be used.
int run_pki_compare(const PkiCompareOptions& options, Context& context);
/// 0 told; 1 where a certificate cannot be read; 2 where the overlay cannot be opened.
int run_pki_fingerprints(const PkiFingerprintOptions& options, Context& context);
int run_pki_backup(const PkiBackupOptions& options, Context& context);
int run_pki_restore(const PkiBackupOptions& options, Context& context);

}  // namespace gatehouse::cli
