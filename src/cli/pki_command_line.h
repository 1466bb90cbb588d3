// The flags of `gatehouse pki`, and what each command is called with.
#pragma once

#include <functional>
#include <string>

#include "cli/pki_commands.h"
#include "cli/pki_life_commands.h"

namespace CLI {
class App;
}

namespace gatehouse::cli {

struct PkiFlags {
  PkiCreateOptions create;
  PkiVerifyOptions verify;
  PkiStatusOptions status;
  PkiRotateOptions rotate;
  PkiCompareOptions compare;
  PkiFingerprintOptions fingerprints;
  PkiBackupOptions backup;
  std::string bundle;       ///< of verify
  bool takes_site = false;  ///< of create: names and addresses from the site and its bundle
};

/// How the command line as a whole adds one command with its example and action.
using AddPkiCommand =
    std::function<CLI::App*(CLI::App& parent, const std::string& name, const std::string& help,
                            const std::string& example, std::function<int(Context&)> action)>;

/// The flags must outlive the parsing and the action. Gives the commands that judge, which take
/// every output format.
std::vector<CLI::App*> add_pki_commands(CLI::App& app, PkiFlags& flags, const AddPkiCommand& add);

}  // namespace gatehouse::cli
