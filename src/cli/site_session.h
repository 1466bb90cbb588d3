// What the commands that work on a site share: inputs read and told, fact sources, questions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/context.h"
#include "cli/read_inputs.h"
#include "facts/questions.h"
#include "phases/phase.h"

namespace gatehouse::cli {

/// A command that prints findings with its result wants none on standard error before.
enum class Telling { at_once, with_result };

class SiteSession {
 public:
  explicit SiteSession(Context& context, Telling telling = Telling::at_once,
                       Judging judging = Judging::with_charms)
      : context_(context), telling_(telling), judging_(judging) {}
  SiteSession(const SiteSession&) = delete;

  /// Reads the site file of the options and tells its findings. The exit code where the command
  /// cannot go on: 2, all findings told then; nothing where it can.
  std::optional<int> open();
  /// Only the site file: for commands that read the journal, which tells the rest.
  std::optional<int> open_site_file();
  /// The same from a stage; modes of the overlays stay those of the operator's own files.
  std::optional<int> open_stage(const std::string& stage);

  /// For commands that open the state folder: the exit code where it has no place, or where a path
  /// is no text and could not be recorded.
  std::optional<int> refuse_state() const;

  const Inputs& inputs() const { return *read_.inputs; }
  const Plan* plan() const { return read_.plan ? &*read_.plan : nullptr; }
  const ReadInputs& read() const { return read_; }
  /// With the lab's MAAS where there is a lab.
  Questions questions() const;
  std::string state_folder() const;

 private:
  std::optional<int> read_site_file();
  int refuse_site_file();

  Context& context_;
  Telling telling_;
  Judging judging_;
  SourceMap sources_;
  ReadInputs read_;
  std::string site_folder_;  ///< of the operator's own file, also once a stage is open
};

/// Where connections of ssh wait to be used again: the lab's own folder, that of the login session,
/// or one in the operator's ~/.ssh.
std::string ssh_control_folder(const Environment& environment);

/// MAAS, Juju, ssh and PKI.
std::vector<const FactSource*> all_sources();

/// Tells findings on standard error, each with its line and caret.
void tell(Console& console, const std::vector<Diagnostic>& findings);

/// 0, 1 or 3: fails before unknown before pass; nothing judged is unknown.
int exit_code_of(std::span<const Verdict> verdicts);

/// Tells an Error with its help; gives the exit code of its kind.
int tell_error(Console& console, const Error& error);

}  // namespace gatehouse::cli
