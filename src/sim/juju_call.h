// A juju command line taken apart the way the real client does it: flags and arguments may be
// mixed, except where what follows the target belongs to another program (ssh, exec).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/face.h"

namespace gatehouse::sim {

struct JujuFlag {
  std::string name;  ///< without dashes; one letter for a short one
  bool takes_value = false;
  std::string means;  ///< the name under which its value is kept; "" for its own
};

enum class Mixing { flags_anywhere, flags_before_target };

struct JujuArguments {
  std::map<std::string, std::vector<std::string>> flags;
  std::vector<std::string> rest;
  std::string problem;  ///< "option provided but not defined: --x"; "" where all is well

  bool has(const std::string& flag) const { return flags.contains(flag); }
  /// The last one given; "" where none.
  std::string value(const std::string& flag) const;
  /// "--flag=false" counts as absent.
  bool is_set(const std::string& flag) const;
};

JujuArguments parse_juju_arguments(const std::vector<std::string>& arguments,
                                   const std::vector<JujuFlag>& flags, Mixing mixing);

/// One juju command in progress.
struct JujuRun {
  const OpenLab& lab;
  const FaceCall& call;
  Effects& effects;
  JujuArguments arguments;

  Moment now() const { return effects.clock.now(); }
  void out(std::string_view text) const { call.out(text); }
  /// "ERROR text" on standard error; gives the exit code 1.
  FaceEnd error(const std::string& text) const;
};

struct JujuCommand {
  std::string name;
  std::vector<JujuFlag> flags;  ///< on top of those that every command has
  Mixing mixing;
  bool needs_controller;  ///< fails where nothing answers there
  FaceEnd (*run)(JujuRun& run);
};

/// The command's own part of the table in juju_face.cpp.
std::vector<JujuCommand> juju_model_commands();   ///< juju_models.cpp
JujuCommand juju_destroy_command();               ///< juju_destroy.cpp
std::vector<JujuCommand> juju_deploy_commands();  ///< juju_deploy.cpp
std::vector<JujuCommand> juju_remote_commands();  ///< juju_remote.cpp

/// The model that -m, JUJU_MODEL or the current one names. Where there is none, says so on standard
/// error and gives nothing.
std::optional<LabModel> chosen_model(JujuRun& run);
/// Its name without controller and owner; "" where none is chosen.
std::string chosen_model_name(JujuRun& run);

/// False after saying why: an unknown controller, or one that nothing answers for.
bool reach_controller(JujuRun& run);

/// What the client's package may see: files under HOME, none of whose folders is hidden.
bool is_visible_to_juju(const FaceCall& call, FileStore& files, const std::string& absolute_path);

/// Writes it as --format says: json, or YAML-like text that no client of ours reads.
void print_document(JujuRun& run, const json::value& document);

}  // namespace gatehouse::sim
