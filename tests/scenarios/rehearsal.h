// Runs the built program through a rehearsal, as a user would, in a home of its own.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "effects/process.h"
#include "tests/sanitized.h"

namespace gatehouse::scenarios {

/// How many seconds of the lab pass in one of the wall; GATEHOUSE_LAB_SPEED sets another.
int lab_speed();

struct Rehearsal {
  ProcessResult result;
  std::string home;
  json::value report;  ///< report.json; null where there is none

  /// The verdicts that did not pass, as "gate ruling", of the step that ended the run or before.
  std::vector<std::string> closed_gates() const;
  bool has_effect() const;  ///< whether any step came to its command
};

/// `site`: "omega" or "second". The home is a fresh folder of that name below the build folder.
Rehearsal rehearse(const std::string& site, const std::string& home_name,
                   std::vector<std::string> arguments);

/// What a rehearsal's home keeps secret: passphrases, the lines of private keys, the key of MAAS.
std::vector<std::string> secrets_of(const std::string& home);
/// Files that are there to hold them.
bool may_hold_secrets(const std::string& path);
/// Fails the test, in every end-to-end test, where a secret stands that must not stand there: in
/// what was said, or in a file of the home (reports, journal, temporary files, the lab's own log),
/// in plain, base64, hexadecimal or URL form; and where there is no secret to search for.
void expect_no_leak(const std::string& home, std::string_view said);

/// Every file below a folder, absolute, sorted.
std::vector<std::string> files_below(const std::string& folder);
std::string contents_of(const std::string& path);

}  // namespace gatehouse::scenarios
