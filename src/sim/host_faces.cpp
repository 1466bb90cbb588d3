// `ssh`, `sudo` and `qemu-img` where no process may be started: hosts of the site, and disks as the
// site declares them. A lab with processes has real ones (lab_hosts.h). Source: OpenSSH 9.2, sudo
// 1.9.13 and qemu-img 7.2 of Debian 12.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "sim/face.h"

namespace gatehouse::sim {
namespace {

constexpr int kSshTrouble = 255;
constexpr std::uint64_t kBlankDiskBytes = 200'704;  ///< as built: notes of the seed, 3.2
constexpr std::uint64_t kWrittenBytes = std::uint64_t{8} << 20;
constexpr const char* kHostVariable = "GATEHOUSE_LAB_HOST";
constexpr const char* kRootVariable = "GATEHOUSE_LAB_ROOT";

std::string without_user(const std::string& host) {
  const std::size_t at = host.rfind('@');
  return at == std::string::npos ? host : host.substr(at + 1);
}

struct SshLine {
  std::string host;
  std::vector<std::string> command;
  std::string problem;
};

SshLine parse_ssh(const std::vector<std::string>& arguments) {
  constexpr std::string_view kWithValue = "BbcDEeFIiJLlmOopQRSWw";
  SshLine line;
  std::size_t at = 0;
  for (; at < arguments.size(); ++at) {
    const std::string& argument = arguments[at];
    if (argument == "--") {
      ++at;
      break;
    }
    if (argument.size() < 2 || argument.front() != '-') break;
    const std::size_t valued = argument.find_first_of(kWithValue, 1);
    if (valued == argument.size() - 1) ++at;  // its value is the next word
    if (argument[1] == '-') line.problem = "unknown option -- -\n";
  }
  if (at < arguments.size()) line.host = without_user(arguments[at++]);
  line.command.assign(
      arguments.begin() + static_cast<std::ptrdiff_t>(std::min(at, arguments.size())),
      arguments.end());
  return line;
}

bool is_disk_host(const Site& site, const std::string& host) {
  return std::any_of(site.blank_disks.begin(), site.blank_disks.end(),
                     [&](const BlankDisk& disk) { return without_user(disk.host) == host; });
}

bool is_powered(const OpenLab& lab, const std::vector<LabModel>& models, const std::string& host,
                Moment now) {
  const auto quirk = lab.world.faults.maas.machines.find(host);
  if (quirk != lab.world.faults.maas.machines.end() && quirk->second.power == "on") return true;
  const MachineTimes times = deployment_of_host(lab.world, models, host);
  return times.allocated && *times.allocated <= now;
}

/// The number of the Juju machine that runs on the host; "" where none.
std::string place_on_host(const std::vector<LabModel>& models, const std::string& host,
                          std::string& model_name) {
  for (const LabModel& model : models) {
    if (!model.plan) continue;
    for (const LabModelMachine& machine : model.plan->machines) {
      if (machine.hostname != host || !model.landed(machine.change)) continue;
      model_name = model.name;
      return machine.number;
    }
  }
  return "";
}

struct ImageQuestion {
  bool is_map = false;
  std::string path;
  bool is_shared = false;
  bool is_json = false;
  std::string problem;
};

ImageQuestion parse_qemu_img(const std::vector<std::string>& arguments) {
  ImageQuestion question;
  if (arguments.empty() || (arguments.front() != "info" && arguments.front() != "map")) {
    question.problem = "the LAB's qemu-img knows only info and map";
    return question;
  }
  question.is_map = arguments.front() == "map";
  for (std::size_t at = 1; at < arguments.size(); ++at) {
    const std::string& argument = arguments[at];
    if (argument == "-U" || argument == "--force-share") {
      question.is_shared = true;
    } else if (argument == "--output" && at + 1 < arguments.size()) {
      question.is_json = arguments[++at] == "json";
    } else if (argument.rfind("--output=", 0) == 0) {
      question.is_json = argument == "--output=json";
    } else if (argument == "-f" && at + 1 < arguments.size()) {
      ++at;
    } else if (argument == "--") {
      continue;
    } else if (argument.rfind('-', 0) == 0) {
      question.problem = fmt::format("unrecognized option '{}'", printable(argument));
    } else {
      question.path = argument;
    }
  }
  if (question.path.empty() && question.problem.empty()) {
    question.problem = "Expecting one image file name";
  }
  return question;
}

struct FoundDisk {
  const BlankDisk* disk = nullptr;
  std::string machine;
};

/// Here, or on the host that an ssh of the lab went to.
FoundDisk find_disk(const OpenLab& lab, const FaceCall& call, const std::string& path) {
  const std::string host = call.variable(kHostVariable);
  for (const BlankDisk& disk : lab.world.site.blank_disks) {
    const bool is_here = host.empty() && (disk.host == "jumphost" || disk.host == "localhost");
    for (const LabMachine& machine : lab.world.machines) {
      const std::string disk_host = replace_all(disk.host, "{machine}", machine.hostname);
      if (!is_here && without_user(disk_host) != host) continue;
      if (replace_all(disk.path, "{machine}", machine.hostname) == path) {
        return {&disk, machine.hostname};
      }
    }
  }
  return {};
}

std::string image_json(const std::string& path, std::uint64_t size, std::uint64_t actual) {
  return fmt::format(
      R"({{
    "virtual-size": {},
    "filename": {},
    "cluster-size": 65536,
    "format": "qcow2",
    "actual-size": {},
    "format-specific": {{
        "type": "qcow2",
        "data": {{
            "compat": "1.1",
            "compression-type": "zlib",
            "lazy-refcounts": false,
            "refcount-bits": 16,
            "corrupt": false,
            "extended-l2": false
        }}
    }},
    "dirty-flag": false
}}
)",
      size, json::serialize(json::string(path)), actual);
}

std::string map_json(std::uint64_t size, std::uint64_t written) {
  const std::string rest = fmt::format(
      "\"start\": {}, \"length\": {}, \"depth\": 0, \"present\": false, \"zero\": true, "
      "\"data\": false",
      written, size - written);
  if (written == 0) return "[{ " + rest + "}]\n";
  return fmt::format(
      "[{{ \"start\": 0, \"length\": {}, \"depth\": 0, \"present\": true, \"zero\": false, "
      "\"data\": "
      "true, \"offset\": 327680}},\n{{ {}}}]\n",
      written, rest);
}

std::string image_text(const std::string& path, std::uint64_t size, std::uint64_t actual) {
  return fmt::format(
      "image: {}\nfile format: qcow2\nvirtual size: {} ({} bytes)\ndisk size: {}\n"
      "cluster_size: 65536\nFormat specific information:\n    compat: 1.1\n"
      "    compression type: zlib\n    lazy refcounts: false\n    refcount bits: 16\n"
      "    corrupt: false\n    extended l2: false\n",
      path, size_in_words(size), size, size_in_words(actual));
}

FaceEnd qemu_error(const FaceCall& call, const std::string& text) {
  call.err("qemu-img: " + text + "\n");
  return {1, {}, {}};
}

}  // namespace

FaceEnd ssh_face(const OpenLab& lab, const FaceCall& call, Effects& effects) {
  const SshLine line = parse_ssh(call.arguments);
  if (!line.problem.empty() || line.host.empty()) {
    call.err(line.problem.empty() ? "usage: ssh destination [command]\n" : line.problem);
    return {kSshTrouble, {}, {}};
  }
  const bool is_machine = lab.world.machine(line.host) != nullptr;
  if (!is_machine && !is_disk_host(lab.world.site, line.host)) {
    call.err(fmt::format("ssh: Could not resolve hostname {}: Name or service not known\n",
                         printable(line.host)));
    return {kSshTrouble, {}, {}};
  }
  const auto models = read_models(lab.paths, effects.files);
  if (!models) return {kSshTrouble, {}, {}};
  if (is_machine && !is_powered(lab, *models, line.host, effects.clock.now())) {
    call.err(fmt::format("ssh: connect to host {} port 22: No route to host\n", line.host));
    return {kSshTrouble, {}, {}};
  }
  if (line.command.empty()) {
    call.err("LAB: a host of the lab has no terminal; give a command\n");
    return {kSshTrouble, {}, {}};
  }
  std::string model;
  const std::string place = place_on_host(*models, line.host, model);
  FaceEnd end = shell_on(lab, call, join(line.command, " "), place, model);
  end.program_environment[kHostVariable] = line.host;
  return end;
}

FaceEnd machine_shell_face(const OpenLab& lab, const FaceCall& call, Effects& effects) {
  const auto models = read_models(lab.paths, effects.files);
  if (!models) return {1, {}, {}};
  const std::string host = call.variable(kHostVariable);
  std::string model;
  const std::string place = place_on_host(*models, host, model);
  FaceEnd end = shell_on(lab, call, call.variable("SSH_ORIGINAL_COMMAND"), place, model);
  end.program_environment["PATH"] =
      lab.paths.host_bin(host) + ":" + end.program_environment["PATH"];
  return end;
}

FaceEnd machine_off_face(const OpenLab& lab, const FaceCall& call, Effects& effects) {
  const auto models = read_models(lab.paths, effects.files);
  const std::string host = call.arguments.empty() ? "" : call.arguments.front();
  const bool is_off = models && !is_powered(lab, *models, host, effects.clock.now());
  return {is_off ? 0 : 1, {}, {}};
}

FaceEnd sudo_face(const OpenLab& lab, const FaceCall& call, Effects&) {
  std::size_t at = 0;
  while (at < call.arguments.size() && call.arguments[at].rfind('-', 0) == 0) {
    if (call.arguments[at] == "-u" || call.arguments[at] == "-g") ++at;
    ++at;
  }
  if (at >= call.arguments.size()) {
    call.err("usage: sudo [-n] command\n");
    return {1, {}, {}};
  }
  FaceEnd end;
  end.program = {"/bin/sh", "-c", "exec \"$@\"", "sudo"};
  for (; at < call.arguments.size(); ++at) end.program.push_back(call.arguments[at]);
  end.program_environment = call.environment;
  end.program_environment["PATH"] = lab.paths.bin() + ":/usr/sbin:/usr/bin:/sbin:/bin";
  end.program_environment[kRootVariable] = "1";
  return end;
}

FaceEnd qemu_img_face(const OpenLab& lab, const FaceCall& call, Effects& effects) {
  const ImageQuestion question = parse_qemu_img(call.arguments);
  if (!question.problem.empty()) return qemu_error(call, question.problem);
  const FoundDisk found = find_disk(lab, call, question.path);
  const std::string shown = printable(question.path);
  const std::string could_not = fmt::format("Could not open '{}': ", shown);
  if (found.disk == nullptr) {
    return qemu_error(call, could_not + could_not + "No such file or directory");
  }
  if (found.disk->uses_sudo && !call.has_variable(kRootVariable)) {
    return qemu_error(call, could_not + could_not + "Permission denied");
  }
  const auto models = read_models(lab.paths, effects.files);
  if (!models) return qemu_error(call, "LAB: " + to_string(models.error()));
  if (!question.is_shared && is_powered(lab, *models, found.machine, effects.clock.now())) {
    return qemu_error(call, could_not +
                                "Failed to get shared \"write\" lock\nIs another process "
                                "using the image [" +
                                shown + "]?");
  }
  const bool is_other = lab.world.faults.host.other_size_disk == found.machine;
  const std::uint64_t size = is_other ? 2 * found.disk->size : found.disk->size;
  const bool is_written = lab.world.faults.host.written_disk == found.machine;
  const std::uint64_t written = is_written ? std::min(size, kWrittenBytes) : 0;
  if (question.is_map) {
    call.out(map_json(size, written));
  } else {
    call.out(question.is_json ? image_json(question.path, size, kBlankDiskBytes + written)
                              : image_text(shown, size, kBlankDiskBytes + written));
  }
  return {};
}

}  // namespace gatehouse::sim
