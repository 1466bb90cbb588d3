// What every face of the lab shares: where its words go, and how it ends. A face is a program that
// a client believes to be juju, ssh, sudo, qemu-img, getent or resolvectl.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "effects/effects.h"
#include "sim/lab_state.h"

namespace gatehouse::sim {

/// How the process was called, and where its two streams go.
struct FaceCall {
  std::vector<std::string> arguments;  ///< without the program's name
  std::map<std::string, std::string> environment;
  std::string directory;
  std::function<void(std::string_view)> out;
  std::function<void(std::string_view)> err;
  /// A line of its standard input, without the line end; "" where there is none.
  std::function<std::string()> answer = [] { return std::string(); };

  std::string variable(const std::string& name) const;
  bool has_variable(const std::string& name) const { return environment.contains(name); }
};

/// Either an exit code, or the program that the process turns into.
struct FaceEnd {
  int exit_code = 0;
  std::vector<std::string> program;  ///< argument vector; empty for none
  std::map<std::string, std::string> program_environment;
};

FaceEnd juju_face(const OpenLab& lab, const FaceCall& call, Effects& effects);
FaceEnd ssh_face(const OpenLab& lab, const FaceCall& call, Effects& effects);
FaceEnd sudo_face(const OpenLab& lab, const FaceCall& call, Effects& effects);
FaceEnd qemu_img_face(const OpenLab& lab, const FaceCall& call, Effects& effects);
/// The shell of a machine that a real ssh of the lab came to.
FaceEnd machine_shell_face(const OpenLab& lab, const FaceCall& call, Effects& effects);
/// Ends 0 where nothing answers on the machine that is named: it is off.
FaceEnd machine_off_face(const OpenLab& lab, const FaceCall& call, Effects& effects);
FaceEnd getent_face(const OpenLab& lab, const FaceCall& call, Effects& effects);
FaceEnd resolvectl_face(const OpenLab& lab, const FaceCall& call, Effects& effects);

/// By the program's name; nullptr where the lab has no such face.
using Face = FaceEnd (*)(const OpenLab&, const FaceCall&, Effects&);
Face find_face(std::string_view program);
/// Those that stand in the PATH of a lab with processes. Its ssh, sudo and qemu-img are real ones:
/// lab_hosts.h; their faces serve a simulation in process.
std::vector<std::string> programs_of_the_lab();

/// A shell that runs the words with the lab's programs first in its PATH, as if on that machine.
/// `place` is what the name-resolution faces answer for: "0", "0/lxd/3", or "" for no machine.
FaceEnd shell_on(const OpenLab& lab, const FaceCall& call, const std::string& words,
                 const std::string& place, const std::string& model);

/// One argument as it is, several each quoted: how juju makes a command line of them.
std::string command_line_of(const std::vector<std::string>& arguments);

}  // namespace gatehouse::sim
