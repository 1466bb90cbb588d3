#include "sim/lab_hosts.h"

#include <algorithm>
#include <map>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "effects/file_modes.h"
#include "sim/host_files.h"
#include "sim/lab_children.h"

namespace gatehouse::sim {
namespace {

constexpr std::size_t kTextBytesMax = std::size_t{1} << 20;
constexpr std::size_t kParallel = 4;
constexpr Milliseconds kHostPause{10};
constexpr int kHostPausesMax = 1000;
constexpr int kPortsMax = 5;
constexpr std::uint64_t kGibibyte = std::uint64_t{1} << 30;
constexpr const char* kSshd = "sshd";
constexpr const char* kGuest = "guest";
// OpenSSH of Debian: where its unprivileged half lives when it is run as root; the package's own
// service makes it at its start.
constexpr const char* kSshdFolder = "/run/sshd";

std::string without_user(const std::string& host) {
  return host.substr(host.rfind('@') + 1);
}

std::string find_program(const std::string& name, const std::string& path, FileStore& files) {
  for (const std::string& folder : split(path, ':')) {
    const std::string candidate = folder + "/" + name;
    if (folder.starts_with('/') && files.info(candidate)) return candidate;
  }
  return "";
}

/// What is lacking, as packages of Debian; "" where nothing is.
std::string find_programs(const HostTools& tools, FileStore& files, HostPrograms& found) {
  found.lab = tools.program;
  std::string lacking;
  for (const auto& [slot, name, package] :
       {std::tuple(&found.ssh, "ssh", "openssh-client"),
        std::tuple(&found.ssh_keygen, "ssh-keygen", "openssh-client"),
        std::tuple(&found.sshd, "sshd", "openssh-server"),
        std::tuple(&found.qemu_img, "qemu-img", "qemu-utils"),
        std::tuple(&found.qemu_io, "qemu-io", "qemu-utils")}) {
    *slot = find_program(name, tools.path, files);
    const bool is_told = lacking.find(package) != std::string::npos;
    if (slot->empty() && !is_told) lacking += std::string(" ") + package;
  }
  if (lacking.empty()) return "";
  return "LAB: this machine cannot show the lab's hosts; as root: apt-get install" + lacking;
}

Result<void> run_all(const std::vector<Command>& commands, ProcessRunner& processes) {
  const auto results = processes.run(commands, kParallel);
  for (std::size_t at = 0; at < results.size(); ++at) {
    if (!results[at]) return fail(results[at].error());
    if (results[at]->exit_code == 0) continue;
    return fail(ErrorKind::io,
                fmt::format("{} ended {}: {}", join(commands[at].argv, " "), results[at]->exit_code,
                            printable(trim(results[at]->err).substr(0, 200))));
  }
  return {};
}

Command command_of(std::vector<std::string> argv) {
  Command command;
  command.argv = std::move(argv);
  return command;
}

class HostMaker {
 public:
  HostMaker(const OpenLab& lab, const HostPrograms& programs, Effects& effects)
      : lab_(lab),
        paths_(lab.paths),
        programs_(programs),
        effects_(effects),
        hosts_(hosts_of(lab.world)) {}

  Result<void> make() {
    Result<void> done = make_keys();
    if (done) done = make_host_files();
    if (done) done = make_images();
    if (done) done = start_sshd();
    if (done) done = start_guest();
    return done;
  }

 private:
  Result<void> write(const std::string& path, const std::string& text, unsigned mode) {
    return effects_.files.write_atomic(path, text, mode);
  }

  Result<std::string> public_key(const char* name) {
    const auto text = effects_.files.read(paths_.hosts() + "/" + name + ".pub", kTextBytesMax);
    if (!text) return fail(text.error());
    const std::vector<std::string> words = words_of(trim(*text));
    if (words.size() < 2) return fail(ErrorKind::malformed, std::string(name) + " is no key");
    return words[0] + " " + words[1];
  }

  Result<void> make_keys() {
    for (const std::string& folder :
         {paths_.hosts(), paths_.hosts() + "/home", paths_.ssh_control()}) {
      if (auto made = effects_.files.make_folder(folder, kPrivateFolder); !made) return made;
    }
    std::vector<Command> commands;
    for (const char* key : {kHostKey, kClientKey, kStrangerKey}) {
      commands.push_back(command_of({programs_.ssh_keygen, "-q", "-t", "ed25519", "-N", "", "-C",
                                     std::string("LAB ") + key, "-f", paths_.hosts() + "/" + key}));
    }
    if (auto made = run_all(commands, effects_.processes); !made) return made;
    const auto host = public_key(kHostKey);
    const auto client = public_key(kClientKey);
    const auto stranger = public_key(kStrangerKey);
    for (const auto* key : {&host, &client, &stranger}) {
      if (!*key) return fail(key->error());
    }
    if (auto written = write(paths_.hosts() + "/authorized_keys", *client + "\n", kPrivateFile);
        !written) {
      return written;
    }
    return write(paths_.hosts() + "/known_hosts", known_hosts(lab_, *host, *stranger),
                 kPrivateFile);
  }

  Result<void> make_host_files() {
    Result<void> done =
        write(paths_.hosts() + "/shell", far_shell(lab_, programs_), kPrivateProgram);
    if (done) done = write(paths_.bin() + "/ssh", ssh_program(lab_, programs_), kPrivateProgram);
    for (const LabHost& host : hosts_) {
      if (done) done = effects_.files.make_folder(paths_.host_bin(host.name), kPrivateFolder);
      for (const auto& [name, text] : far_programs(lab_, host, programs_)) {
        if (done) done = write(paths_.host(host.name) + "/" + name, text, kPrivateProgram);
      }
    }
    return done;
  }

  std::string file_of(const LabHost& host, const LabImage& image) const {
    return paths_.host(host.name) + "/root" + image.path;
  }

  Result<void> make_images() {
    std::vector<Command> made;
    std::vector<Command> written;
    for (const LabHost& host : hosts_) {
      for (const LabImage& image : host.images) {
        const std::string file = file_of(host, image);
        const std::string folder = file.substr(0, file.rfind('/'));
        if (auto done = effects_.files.make_folder(folder, kPrivateFolder); !done) return done;
        if (image.needs_root) {
          if (auto done = write(file + ".needs-root", "", kPrivateFile); !done) return done;
        }
        made.push_back(command_of({programs_.qemu_img, "create", "-q", "-f", "qcow2", file,
                                   fmt::format("{}", size_of_image(lab_.world, image))}));
        if (lab_.world.faults.host.written_disk == image.machine) {
          written.push_back(
              command_of({programs_.qemu_io, "-f", "qcow2", "-c", "write -P 17 0 8M", file}));
        }
      }
    }
    if (auto done = run_all(made, effects_.processes); !done) return done;
    return run_all(written, effects_.processes);
  }

  /// 0 where none can be had. Another process may take it before sshd does: then the next is tried.
  static std::uint16_t free_port() {
    const int number = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (number < 0) return 0;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    const bool is_bound =
        ::bind(number, generic, length) == 0 && ::getsockname(number, generic, &length) == 0;
    ::close(number);
    return is_bound ? ntohs(address.sin_port) : std::uint16_t{0};
  }

  Result<void> start_sshd() {
    if (!effects_.files.info(kSshdFolder)) {
      (void)effects_.files.make_folder(kSshdFolder, 0755);  // only root needs it and only root can
    }
    Result<void> started = fail(ErrorKind::io, "no port of loopback is free");
    for (int tries = 0; tries < kPortsMax && !started; ++tries) {
      const std::uint16_t port = free_port();
      if (port == 0) continue;
      started = write(paths_.ssh_config(), ssh_config(lab_, programs_, port), kPrivateFile);
      if (started) {
        started = write(paths_.hosts() + "/sshd_config", sshd_config(lab_, port), kPrivateFile);
      }
      if (!started) return started;
      started = try_sshd();
    }
    return started;
  }

  Result<void> try_sshd() {
    for (const char* ending : {".child", ".out", ".err", ".exit"}) {
      if (auto gone = effects_.files.remove(paths_.folder + "/" + kSshd + ending); !gone) {
        return gone;
      }
    }
    // -r: every connection is a fork, not a new start of the program.
    const auto child = start_child(
        paths_,
        {.name = kSshd,
         .argv = {programs_.sshd, "-D", "-e", "-r", "-f", paths_.hosts() + "/sshd_config"}},
        effects_);
    if (!child) return fail(child.error());
    for (int pauses = 0; pauses < kHostPausesMax; ++pauses) {
      const auto said = effects_.files.read(child_errors(paths_, kSshd), kTextBytesMax);
      if (said && said->find("Server listening on") != std::string::npos) return {};
      const auto state = effects_.processes.state_of(*child, child_exit(paths_, kSshd));
      if (state && !state->is_running) {
        return fail(ErrorKind::io,
                    "sshd ended at once: " + (said ? printable(trim(*said).substr(0, 300)) : ""));
      }
      if (effects_.clock.wait(kHostPause) == WaitEnd::interrupted) {
        return fail(ErrorKind::interrupted, "interrupted while the lab's sshd was starting");
      }
    }
    return fail(ErrorKind::timed_out, "the lab's sshd did not come up");
  }

  /// Opens the image for writing and keeps it, as the process of a running guest does.
  Result<void> start_guest() {
    for (const LabHost& host : hosts_) {
      for (const LabImage& image : host.images) {
        if (lab_.world.faults.host.locked_disk != image.machine) continue;
        const auto child = start_child(paths_,
                                       {.name = kGuest,
                                        .argv = {programs_.qemu_io, "-f", "qcow2", "-c",
                                                 "sleep 21600000", file_of(host, image)}},
                                       effects_);
        return child ? Result<void>() : fail(child.error());
      }
    }
    return {};
  }

  const OpenLab& lab_;
  const LabPaths& paths_;
  const HostPrograms& programs_;
  Effects& effects_;
  std::vector<LabHost> hosts_;
};

Result<void> refuse_paths_that_lead_out(const LabWorld& world) {
  for (const LabHost& host : hosts_of(world)) {
    for (const LabImage& image : host.images) {
      if (image.path.starts_with('/') && (image.path + "/").find("/../") == std::string::npos) {
        continue;
      }
      return fail(ErrorKind::invalid_input, "the lab makes no disk at " + printable(image.path) +
                                                ": an absolute path "
                                                "without .. is wanted");
    }
  }
  return {};
}

/// Connections that wait to be used again hold a session of the sshd open.
void end_connections(const LabPaths& paths, Effects& effects) {
  const auto sockets = effects.files.list(paths.ssh_control());
  if (!sockets) return;
  std::vector<Command> commands;
  for (const std::string& socket : *sockets) {
    commands.push_back(command_of(
        {"ssh", "-F", "/dev/null", "-S", paths.ssh_control() + "/" + socket, "-O", "exit", "lab"}));
  }
  (void)effects.processes.run(commands, kParallel);
}

}  // namespace

std::uint64_t size_of_image(const LabWorld& world, const LabImage& image) {
  const bool is_other = world.faults.host.other_size_disk == image.machine;
  return image.size + (is_other ? kGibibyte : 0);
}

std::vector<LabHost> hosts_of(const LabWorld& world) {
  std::map<std::string, LabHost> hosts;
  for (const LabMachine& machine : world.machines) {
    hosts[machine.hostname] = {.name = machine.hostname, .is_machine = true, .images = {}};
  }
  for (const BlankDisk& disk : world.site.blank_disks) {
    if (disk.source != DiskSource::qemu_img) continue;
    for (const LabMachine& machine : world.machines) {
      const std::string name = without_user(replace_all(disk.host, "{machine}", machine.hostname));
      LabHost& host = hosts[name];
      host.name = name;
      host.images.push_back({.path = replace_all(disk.path, "{machine}", machine.hostname),
                             .machine = machine.hostname,
                             .size = disk.size,
                             .needs_root = disk.uses_sudo});
    }
  }
  std::vector<LabHost> sorted;
  for (auto& [name, host] : hosts) sorted.push_back(std::move(host));
  return sorted;
}

Result<std::string> start_hosts(const LabPaths& paths, const HostTools& tools, Effects& effects) {
  const Result<OpenLab> lab = open_lab(paths.folder, effects.files);
  if (!lab) return fail(lab.error());
  if (auto fit = refuse_paths_that_lead_out(lab->world); !fit) return fail(fit.error());
  HostPrograms programs;
  const std::string lacking = find_programs(tools, effects.files, programs);
  if (!lacking.empty()) {
    const Result<void> written = effects.files.write_atomic(
        paths.bin() + "/ssh", ssh_program_without_hosts(lacking), kPrivateProgram);
    if (!written) return fail(written.error());
    return lacking;
  }
  const Result<void> made = HostMaker(*lab, programs, effects).make();
  if (!made) return fail(made.error());
  return std::string();
}

Result<void> stop_hosts(const LabPaths& paths, Effects& effects) {
  end_connections(paths, effects);
  const Result<void> sshd_ended = end_child(paths, kSshd, effects);
  const Result<void> guest_ended = end_child(paths, kGuest, effects);
  return sshd_ended ? guest_ended : sshd_ended;
}

void signal_hosts(const LabPaths& paths, Effects& effects) {
  signal_child(paths, kSshd, effects);
  signal_child(paths, kGuest, effects);
}

}  // namespace gatehouse::sim
