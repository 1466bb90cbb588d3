#include "tests/scenarios/rehearsal.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/text.h"
#include "effects/posix/posix.h"
#include "tests/simulation/world.h"

namespace gatehouse::scenarios {

namespace {

std::string report_path(const std::string& home) {
  for (const std::string& path : files_below(home)) {
    if (path.ends_with("/report.json")) return path;
  }
  return {};
}

}  // namespace

int lab_speed() {
  const char* wanted = std::getenv("GATEHOUSE_LAB_SPEED");
  if (wanted != nullptr) return std::atoi(wanted);
  return kIsSanitized ? 600 : 2400;
}

std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, error)) {
    if (entry.is_regular_file(error)) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string contents_of(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::vector<std::string> secrets_of(const std::string& home) {
  std::vector<std::string> secrets;
  for (const std::string& path : files_below(home)) {
    const std::string text = contents_of(path);
    const std::string name = path.substr(path.rfind('/') + 1);
    if (name == "passphrase.txt") secrets.emplace_back(trim(text));
    if (name == "maas.key") {
      for (const std::string& part : split(trim(text), ':')) secrets.push_back(part);
    }
    bool is_key = false;
    for (const std::string_view line : lines_of(text)) {
      if (line.starts_with("-----")) {
        is_key = line.find("BEGIN") != line.npos && line.find("PRIVATE KEY") != line.npos;
      } else if (is_key && line.size() > 40) {
        secrets.emplace_back(line);
      }
    }
  }
  return secrets;
}

bool may_hold_secrets(const std::string& path) {
  // A certificate may share a whole line with its key: of the number that both hold.
  const bool is_of_the_pki = path.find("/pki/") != path.npos &&
                             (path.ends_with(".key") || path.ends_with(".key.enc") ||
                              path.ends_with(".cert.pem") || path.ends_with("/passphrase.txt"));
  return is_of_the_pki || path.ends_with("/maas.key") ||
         path.ends_with("/overlays/octavia-pki.yaml") ||
         (path.find("/lab/hosts/") != path.npos && path.ends_with("_key")) ||  // the lab's own
         // What a unit of Octavia has on its disk.
         (path.find("/lab/disks/") != path.npos && path.ends_with("/controller_cert.pem"));
}

void expect_no_leak(const std::string& home, std::string_view said) {
  const std::vector<std::string> secrets = secrets_of(home);
  EXPECT_GE(secrets.size(), 3U) << "not even the parts of MAAS's key in " << home;
  EXPECT_EQ(simulation::find_secret(said, secrets), "") << "in what was said";
  for (const std::string& path : files_below(home)) {
    if (may_hold_secrets(path)) continue;
    EXPECT_EQ(simulation::find_secret(contents_of(path), secrets), "") << "in " << path;
  }
}

std::vector<std::string> Rehearsal::closed_gates() const {
  std::vector<std::string> closed;
  const json::array* steps = find_array(report, "steps");
  if (!steps) return closed;
  for (const json::value& step : *steps) {
    const json::array* verdicts = find_array(step, "verdicts");
    if (!verdicts) continue;
    for (const json::value& verdict : *verdicts) {
      const std::string ruling = string_or_empty(verdict, "ruling");
      if (ruling != "pass") closed.push_back(string_or_empty(verdict, "gate") + " " + ruling);
    }
  }
  return closed;
}

bool Rehearsal::has_effect() const {
  const json::array* steps = find_array(report, "steps");
  return steps && std::any_of(steps->begin(), steps->end(), [](const json::value& step) {
           return find_object(step, "effect") != nullptr;
         });
}

Rehearsal rehearse(const std::string& site, const std::string& home_name,
                   std::vector<std::string> arguments) {
  Rehearsal rehearsal;
  rehearsal.home = std::string(GATEHOUSE_BINARY_DIR) + "/homes/" + home_name;
  std::filesystem::remove_all(rehearsal.home);
  std::filesystem::create_directories(rehearsal.home);
  const auto clock = posix::make_clock(std::nullopt);
  const auto processes = posix::make_process_runner(*clock);
  Command command;
  command.argv = {std::string(GATEHOUSE_BINARY_DIR) + "/gatehouse",
                  "rehearse",
                  "--site",
                  std::string(GATEHOUSE_SOURCE_DIR) + "/sites/" + site + "/site.yaml",
                  "--speed",
                  std::to_string(lab_speed())};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.environment = {{"HOME", rehearsal.home}, {"NO_COLOR", "1"}};
  command.deadline = std::chrono::minutes(4);
  auto result = run_one(*processes, std::move(command));
  EXPECT_TRUE(result.has_value()) << (result ? "" : to_string(result.error()));
  if (result) rehearsal.result = std::move(*result);
  if (const std::string path = report_path(rehearsal.home); !path.empty()) {
    if (auto document = parse_json(contents_of(path))) rehearsal.report = std::move(*document);
  }
  expect_no_leak(rehearsal.home, rehearsal.result.out + rehearsal.result.err);
  return rehearsal;
}

}  // namespace gatehouse::scenarios
