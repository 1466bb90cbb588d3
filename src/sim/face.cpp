#include "sim/face.h"

#include <utility>

#include "base/text.h"

namespace gatehouse::sim {
namespace {

constexpr std::pair<std::string_view, Face> kFaces[] = {
    {"juju", juju_face},
    {"ssh", ssh_face},
    {"sudo", sudo_face},
    {"qemu-img", qemu_img_face},
    {"getent", getent_face},
    {"resolvectl", resolvectl_face},
    {"machine-shell", machine_shell_face},
    {"machine-off", machine_off_face},
};

}  // namespace

std::string FaceCall::variable(const std::string& name) const {
  const auto found = environment.find(name);
  return found == environment.end() ? "" : found->second;
}

Face find_face(std::string_view program) {
  for (const auto& [name, face] : kFaces) {
    if (name == program) return face;
  }
  return nullptr;
}

std::vector<std::string> programs_of_the_lab() {
  return {"getent", "juju", "resolvectl"};
}

FaceEnd shell_on(const OpenLab& lab, const FaceCall& call, const std::string& words,
                 const std::string& place, const std::string& model) {
  FaceEnd end;
  end.program = {"/bin/sh", "-c", words};
  end.program_environment = call.environment;
  end.program_environment["PATH"] = lab.paths.bin() + ":/usr/bin:/bin";
  end.program_environment["GATEHOUSE_LAB_PLACE"] = place;
  end.program_environment["GATEHOUSE_LAB_MODEL"] = model;
  return end;
}

std::string command_line_of(const std::vector<std::string>& arguments) {
  if (arguments.size() == 1) return arguments.front();
  std::vector<std::string> quoted;
  for (const std::string& argument : arguments) {
    quoted.push_back("'" + replace_all(argument, "'", "'\\''") + "'");
  }
  return join(quoted, " ");
}

}  // namespace gatehouse::sim
