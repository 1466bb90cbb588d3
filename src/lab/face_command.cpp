#include "lab/face_command.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <unistd.h>

#include "base/text.h"
#include "lab/machine_effects.h"
#include "sim/face.h"

extern char** environ;

namespace gatehouse::lab {
namespace {

constexpr int kBug = 70;

std::map<std::string, std::string> own_environment() {
  std::map<std::string, std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos) environment[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return environment;
}

std::string working_directory() {
  char folder[4096];
  return ::getcwd(folder, sizeof folder) == nullptr ? "/" : folder;
}

/// Data and talk of a child are read while it runs, so each piece leaves at once.
void write_now(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

std::string read_line() {
  char line[4096];
  if (std::fgets(line, sizeof line, stdin) == nullptr) return "";
  return std::string(trim(line));
}

int become(const sim::FaceEnd& end) {
  std::vector<std::string> entries;
  for (const auto& [name, value] : end.program_environment) entries.push_back(name + "=" + value);
  std::vector<char*> arguments;
  for (const std::string& word : end.program) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::vector<char*> environment;
  for (const std::string& entry : entries) environment.push_back(const_cast<char*>(entry.c_str()));
  environment.push_back(nullptr);
  ::execve(arguments.front(), arguments.data(), environment.data());
  write_now(stderr, "LAB: cannot run " + end.program.front() + ": " + std::strerror(errno) + "\n");
  return 127;
}

}  // namespace

int run_face(const std::string& program, const std::string& folder,
             const std::vector<std::string>& arguments) {
  const sim::Face face = sim::find_face(program);
  const auto scale = scale_of_lab(folder);
  if (face == nullptr || !scale) {
    write_now(stderr, "LAB: no program " + program + " of a lab in " + folder + "\n");
    return kBug;
  }
  MachineEffects machine(scale);
  const Result<sim::OpenLab> lab = sim::open_lab(folder, machine.effects().files);
  if (!lab) {
    write_now(stderr, "LAB: " + to_string(lab.error()) + "\n");
    return kBug;
  }
  const sim::FaceCall call{.arguments = arguments,
                           .environment = own_environment(),
                           .directory = working_directory(),
                           .out = [](std::string_view text) { write_now(stdout, text); },
                           .err = [](std::string_view text) { write_now(stderr, text); },
                           .answer = read_line};
  const sim::FaceEnd end = face(*lab, call, machine.effects());
  return end.program.empty() ? end.exit_code : become(end);
}

}  // namespace gatehouse::lab
