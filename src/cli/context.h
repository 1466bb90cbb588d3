// What every command is handed: the effects, the console, what the environment says, and the
// options that all commands share.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/moment.h"
#include "base/redactor.h"
#include "cli/console.h"
#include "cli/kept.h"
#include "effects/effects.h"
#include "journal/journal.h"
#include "output/result.h"

namespace gatehouse::cli {

/// Read once, in main. A lab's entries come from `gatehouse-lab up`.
struct Environment {
  std::string home;
  std::string working_directory;
  std::string path;      ///< PATH
  std::string program;   ///< absolute path of this program
  std::string lab;       ///< the lab's id; "" outside a lab
  std::string maas_url;  ///< of the lab; "" outside
  std::string maas_key_file;
  std::string ssh_config;      ///< by which the lab's hosts are reached; "" where there are none
  std::string runtime_folder;  ///< XDG_RUNTIME_DIR; "" where not set
  std::string site_file;       ///< GATEHOUSE_SITE; "" where not set
  std::string operator_name = "an operator";  ///< "user@host, process 12, from 192.0.2.7"
  std::string state_folder;                   ///< of a rehearsal; "" for the site's own
};

struct CommonOptions {
  std::string site_file = "site.yaml";
  OutputFormat format = OutputFormat::text;
  bool wants_json = false;  ///< the same as OutputFormat::json
  bool is_strict = false;
  bool shows_commands = false;
  bool is_offline = false;
  std::optional<Moment> at;
};

/// How a command comes to the site's journal; a simulation hands in one that lies in memory.
using OpenJournal =
    std::function<Result<std::unique_ptr<Journal>>(const std::string&, JournalMode)>;

struct Context {
  Effects& effects;
  Console& console;
  const Environment& environment;
  const CommonOptions& options;
  Kept& kept;
  Redactor& redactor;  ///< of the site's secret overlays, from when it is read
  OpenJournal open_journal = gatehouse::open_journal;

  Moment judged_at() const { return options.at ? *options.at : effects.clock.now(); }
};

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace gatehouse::cli
