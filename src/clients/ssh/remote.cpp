#include "clients/ssh/remote.h"

#include <algorithm>

#include "base/digest.h"
#include "base/text.h"
#include "effects/file_modes.h"

namespace gatehouse::ssh {

namespace {

constexpr std::size_t kOutputBytesMax = std::size_t{64} << 20;
constexpr std::size_t kTextBytesMax = 200;
// sun_path holds 108 bytes with its zero; ssh makes the socket under a name 17 bytes longer first.
constexpr std::size_t kSocketPathMax = 107 - 17;
constexpr std::size_t kSocketNameBytes = 24;

// Besides BatchMode: what an operator's configuration may hold for people at a terminal would only
// disturb here. The keep-alives end a connection whose other side has gone away.
constexpr const char* kOptions[] = {
    "BatchMode=yes",         "ConnectTimeout=10",  "ServerAliveInterval=5",
    "ServerAliveCountMax=3", "RemoteCommand=none", "ClearAllForwardings=yes",
    "PermitLocalCommand=no", "LogLevel=ERROR",
};

bool tells(std::string_view text, std::string_view what) {
  return text.find(what) != text.npos;
}

Error error_of(ErrorKind kind, std::string message, std::string help) {
  return {.kind = kind,
          .message = std::move(message),
          .contexts = {},
          .delivery = Delivery::not_sent,
          .help = std::move(help)};
}

/// One socket for each name of a host: two names may lead to one address and yet to two machines.
std::string socket_path(const SshAccess& access, const std::string& host) {
  return access.control_folder + "/" + sha256_hex(host).substr(0, kSocketNameBytes);
}

void add_option(std::vector<std::string>& argv, const std::string& option) {
  argv.insert(argv.end(), {"-o", option});
}

Error prompt(const std::string& host, const std::string& what) {
  return error_of(ErrorKind::denied, "ssh to " + host + " would ask somebody " + what,
                  "log in once by hand and answer: ssh " + host +
                      "; then this must end without a question: ssh -o BatchMode=yes " + host +
                      " true");
}

Error refused_login(const std::string& host, const std::string& err) {
  // What stands in brackets is what the server would still have taken.
  if (tells(err, "password") || tells(err, "keyboard-interactive")) {
    return prompt(host, "for a password, since it takes none of our keys");
  }
  return error_of(ErrorKind::denied, host + " refuses the ssh login: " + last_line(err),
                  "load the key (ssh-add) or have it permitted there, until this works: ssh -o "
                  "BatchMode=yes " +
                      host + " true");
}

}  // namespace

std::string last_line(std::string_view text) {
  std::string last;
  for (const std::string_view line : lines_of(text)) {
    if (!trim(line).empty()) last = printable(trim(line).substr(0, kTextBytesMax));
  }
  return last;
}

bool is_here(const SshAccess& access, const std::string& host) {
  return std::find(access.names_of_here.begin(), access.names_of_here.end(), host) !=
         access.names_of_here.end();
}

SshAccess with_reuse_where_possible(SshAccess access, FileStore& files) {
  const std::string folder = access.control_folder;
  if (folder.empty()) return access;
  access.control_folder.clear();
  if (folder.size() + 1 + kSocketNameBytes > kSocketPathMax) return access;
  if (!files.make_folder(folder, kPrivateFolder)) return access;
  const Result<FileInfo> info = files.info(folder);
  if (info && info->kind == FileKind::folder && info->is_ours && (info->mode & kForOthers) == 0) {
    access.control_folder = folder;
  }
  return access;
}

Result<Command> remote_command(const SshAccess& access, const std::string& host,
                               const std::string& script) {
  const auto is_odd = [](char c) { return c <= ' ' || c == '\x7f'; };
  if (host.empty() || host.front() == '-' || std::any_of(host.begin(), host.end(), is_odd)) {
    return fail(ErrorKind::invalid_input, "no usable name of a host: " + printable(host));
  }
  Command command;
  command.argv = {"ssh", "-T"};
  for (const char* option : kOptions) add_option(command.argv, option);
  if (!access.control_folder.empty()) {
    add_option(command.argv, "ControlMaster=auto");
    add_option(command.argv, "ControlPersist=60");
    // ssh expands "%" in it; the name of the folder may hold one.
    add_option(command.argv, "ControlPath=" + replace_all(socket_path(access, host), "%", "%%"));
  }
  command.argv.insert(command.argv.end(), {"--", host, script});
  command.deadline = access.deadline;
  command.output_bytes_max = kOutputBytesMax;
  return command;
}

Error ssh_failure(const std::string& host, const std::string& err) {
  if (tells(err, "IDENTIFICATION HAS CHANGED")) {
    return error_of(ErrorKind::denied, "the host key of " + host + " is another than was known",
                    "compare it at the host's console; only if it is right: ssh-keygen -R " + host +
                        ", and log in once by hand");
  }
  if (tells(err, "Host key verification failed")) {
    return prompt(host, "whether its host key is right, for none is known");
  }
  if (tells(err, "password has expired") || tells(err, "Password change required")) {
    return prompt(host, "for a new password, since the old one ran out");
  }
  if (tells(err, "Permission denied") || tells(err, "Too many authentication failures")) {
    return refused_login(host, err);
  }
  std::string said = last_line(err);
  if (said.empty()) said = "ssh says nothing";
  return error_of(ErrorKind::unavailable, host + " was not reached by ssh: " + said,
                  "try: ssh " + host + " true");
}

}  // namespace gatehouse::ssh
