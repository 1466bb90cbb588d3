#include "sim/host_files.h"

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse::sim {
namespace {

// On loopback nothing listens on it: what a host looks like that is off or not there.
constexpr int kClosedPort = 1;
// More than the 30 s that a client waits where the site says nothing else.
constexpr int kSlowSeconds = 45;

std::string quoted(const std::string& text) {
  return "'" + replace_all(text, "'", "'\\''") + "'";
}

/// As both configurations of OpenSSH take a word with blanks in it.
std::string config_word(const std::string& text) {
  return "\"" + text + "\"";
}

bool is(const std::optional<std::string>& target, const LabHost& host) {
  return target == host.name;
}

std::string host_block(const OpenLab& lab, const LabHost& host, std::uint16_t port) {
  const HostFaults& faults = lab.world.faults.host;
  const bool is_stranger = is(faults.refuses_login, host) || is(faults.asks_password, host);
  std::string block = fmt::format("Host {}\n", host.name);
  if (is(faults.unreachable, host)) block += fmt::format("  Port {}\n", kClosedPort);
  return block +
         fmt::format(
             "  Port {}\n  HostName 127.0.0.1\n  HostKeyAlias {}\n"
             "  SetEnv GATEHOUSE_LAB_HOST={}\n  IdentityFile {}\n",
             port, host.name, host.name,
             config_word(lab.paths.hosts() + "/" + (is_stranger ? kStrangerKey : kClientKey)));
}

}  // namespace

std::string ssh_config(const OpenLab& lab, const HostPrograms& programs, std::uint16_t port) {
  std::string text = "# LAB: how the lab's hosts are reached. Of several values the first holds.\n";
  std::string machines;
  for (const LabMachine& machine : lab.world.machines) {
    machines += (machines.empty() ? "" : ",") + machine.hostname;
  }
  // Whether a machine is on depends on the moment, so it is asked for each time.
  if (!machines.empty()) {
    text += fmt::format("Match originalhost {} exec \"{} face machine-off {} %n\"\n  Port {}\n",
                        machines, quoted(programs.lab), quoted(lab.paths.folder), kClosedPort);
  }
  for (const LabHost& host : hosts_of(lab.world)) text += host_block(lab, host, port);
  // No name leads out of the lab, and what can be cheap is.
  return text + fmt::format(
                    "Host *\n  HostName 127.0.0.1\n  Port {}\n  UserKnownHostsFile {}\n"
                    "  GlobalKnownHostsFile /dev/null\n  IdentitiesOnly yes\n  IdentityAgent none\n"
                    "  CheckHostIP no\n  KexAlgorithms ecdh-sha2-nistp256\n",
                    kClosedPort, config_word(lab.paths.hosts() + "/known_hosts"));
}

std::string sshd_config(const OpenLab& lab, std::uint16_t port) {
  const std::string hosts = lab.paths.hosts();
  const bool asks = lab.world.faults.host.asks_password.has_value();
  // The home of the far side is the lab's: what the operator's own shell files do is not its part.
  return fmt::format(
      "# LAB: the hosts of the lab, for the user who started it.\n"
      "ListenAddress 127.0.0.1:{}\nHostKey {}\nAuthorizedKeysFile {}\nSetEnv HOME={}\n"
      "ForceCommand {}\nAcceptEnv GATEHOUSE_LAB_HOST\nPasswordAuthentication {}\n"
      "KbdInteractiveAuthentication no\nPermitRootLogin yes\nUsePAM no\nStrictModes no\n"
      "PidFile none\nPermitTTY no\nPermitUserRC no\nDisableForwarding yes\nUseDNS no\n"
      "PrintMotd no\nPrintLastLog no\nMaxStartups 1000\nMaxSessions 100\nLogLevel INFO\n",
      port, config_word(hosts + "/" + kHostKey), config_word(hosts + "/authorized_keys"),
      config_word(hosts + "/home"), quoted(hosts + "/shell"), asks ? "yes" : "no");
}

std::string known_hosts(const OpenLab& lab, const std::string& host_key,
                        const std::string& stranger_key) {
  const HostFaults& faults = lab.world.faults.host;
  std::string text;
  for (const LabHost& host : hosts_of(lab.world)) {
    if (is(faults.unknown_key, host)) continue;
    text += host.name + " " + (is(faults.changed_key, host) ? stranger_key : host_key) + "\n";
  }
  return text;
}

std::string ssh_program(const OpenLab& lab, const HostPrograms& programs) {
  std::string logins;
  for (const LabHost& host : hosts_of(lab.world)) {
    logins += (logins.empty() ? "*@" : "|*@") + host.name;
  }
  if (logins.empty()) logins = "''";
  return fmt::format(
      "#!/bin/sh\n"
      "# LAB: the system's ssh with the lab's configuration. Whoever logs in is the lab's user.\n"
      "found=\n"
      "for word do\n"
      "  shift\n"
      "  [ -n \"$found\" ] || case $word in {}) word=${{word##*@}} found=1 ;; esac\n"
      "  set -- \"$@\" \"$word\"\n"
      "done\n"
      "exec {} -F {} \"$@\"\n",
      logins, quoted(programs.ssh), quoted(lab.paths.ssh_config()));
}

std::string ssh_program_without_hosts(const std::string& why) {
  return fmt::format("#!/bin/sh\necho {} >&2\nexit 255\n", quoted(why));
}

std::string far_shell(const OpenLab& lab, const HostPrograms& programs) {
  return fmt::format(
      "#!/bin/sh\n"
      "# LAB: what a login on a host of the lab comes to.\n"
      "name=$GATEHOUSE_LAB_HOST\n"
      "case $name in ''|.*|*/*) echo 'LAB: no such host' >&2; exit 1 ;; esac\n"
      "host={}/$name\n"
      "[ -d \"$host/bin\" ] || {{ echo \"LAB: no host $name\" >&2; exit 1; }}\n"
      "if [ -z \"$SSH_ORIGINAL_COMMAND\" ]; then\n"
      "  echo 'LAB: a host of the lab has no terminal; give a command' >&2\n"
      "  exit 1\n"
      "fi\n"
      "[ -e \"$host/delay\" ] && read -r delay <\"$host/delay\" && sleep \"$delay\"\n"
      "[ -e \"$host/is-machine\" ] && exec {} face machine-shell {}\n"
      "PATH=$host/bin:/usr/bin:/bin\n"
      "[ -e \"$host/without-qemu-img\" ] && PATH=$host/bin\n"
      "export PATH\n"
      "exec /bin/sh -c \"$SSH_ORIGINAL_COMMAND\"\n",
      quoted(lab.paths.hosts()), quoted(programs.lab), quoted(lab.paths.folder));
}

std::map<std::string, std::string> far_programs(const OpenLab& lab, const LabHost& host,
                                                const HostPrograms& programs) {
  const HostFaults& faults = lab.world.faults.host;
  std::map<std::string, std::string> texts;
  texts["bin/sudo"] =
      is(faults.refuses_sudo, host)
          ? "#!/bin/sh\necho 'sudo: a password is required' >&2\nexit 1\n"
          : "#!/bin/sh\n"
            "# LAB: nobody becomes another user; the lab's disks are told that it was asked for.\n"
            "while :; do\n"
            "  case $1 in -u|-g|-U|-p|-C) shift 2 ;; -*) shift ;; *) break ;; esac\n"
            "done\n"
            "command -v \"$1\" >/dev/null || { echo \"sudo: $1: command not found\" >&2; exit 1; "
            "}\n"
            "GATEHOUSE_LAB_ROOT=1\n"
            "export GATEHOUSE_LAB_ROOT\n"
            "exec \"$@\"\n";
  if (is(faults.slow, host)) texts["delay"] = fmt::format("{}\n", kSlowSeconds);
  if (host.is_machine) texts["is-machine"] = "";
  if (is(faults.without_qemu_img, host)) {
    texts["without-qemu-img"] = "";
    texts["bin/head"] = "#!/bin/sh\nexec /usr/bin/head \"$@\"\n";
    return texts;
  }
  texts["bin/qemu-img"] = fmt::format(
      "#!/bin/sh\n"
      "# LAB: the real qemu-img on the host's own root.\n"
      "root={}/root\n"
      "for word do\n"
      "  shift\n"
      "  case $word in /*)\n"
      "    if [ -e \"$root$word.needs-root\" ] && [ -z \"$GATEHOUSE_LAB_ROOT\" ]; then\n"
      "      echo \"qemu-img: Could not open '$word': Could not open '$word': Permission denied\" "
      ">&2\n"
      "      exit 1\n"
      "    fi\n"
      "    word=$root$word ;;\n"
      "  esac\n"
      "  set -- \"$@\" \"$word\"\n"
      "done\n"
      "exec {} \"$@\"\n",
      quoted(lab.paths.host(host.name)), quoted(programs.qemu_img));
  return texts;
}

}  // namespace gatehouse::sim
