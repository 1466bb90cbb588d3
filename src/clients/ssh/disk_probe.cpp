#include "clients/ssh/disk_probe.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"
#include "base/shell_quote.h"

namespace gatehouse::ssh {

namespace {

constexpr std::string_view kDiskMark = "gatehouse-disk ";
constexpr std::string_view kExitMark = "gatehouse-exit ";
constexpr std::size_t kTextBytesMax = 200;

std::string last_line(std::string_view text) {
  std::string last;
  for (const std::string_view line : lines_of(text)) {
    if (!trim(line).empty()) last = printable(trim(line).substr(0, kTextBytesMax));
  }
  return last;
}

bool says(std::string_view text, std::string_view what) {
  return text.find(what) != text.npos;
}

// Words of sudo 1.9. Its mere warnings ("unable to resolve host") are no refusal.
bool is_refused_by_sudo(std::string_view text) {
  static constexpr std::array<std::string_view, 5> kRefusals = {
      "a password is required", "a terminal is required", "not in the sudoers",
      "not allowed to execute", "may not run sudo"};
  return std::any_of(kRefusals.begin(), kRefusals.end(),
                     [text](std::string_view refusal) { return says(text, refusal); });
}

tl::unexpected<Error> failure(const ProcessResult& result, const DiskQuestion& disk) {
  const std::string all = result.err + "\n" + result.out;
  const std::string where = disk.path + " on " + disk.host;
  if (is_refused_by_sudo(all)) {
    return fail(ErrorKind::denied,
                "sudo without a password is refused for " + where + ": " + last_line(all),
                "permit `sudo -n qemu-img info` to this user, or leave out sudo in the site file");
  }
  if (result.exit_code == 127 || says(all, "command not found")) {
    const bool is_sudo = says(all, "sudo: not found") || says(all, "sudo: command not found");
    const std::string program = is_sudo ? "sudo" : "qemu-img";
    return fail(ErrorKind::not_found, "no " + program + " on " + disk.host,
                "install " + std::string(is_sudo ? "sudo" : "qemu-utils") + " on " + disk.host);
  }
  if (says(all, "No such file or directory")) {
    return fail(ErrorKind::not_found, "no disk image " + where);
  }
  if (says(all, "Permission denied")) {
    return fail(ErrorKind::denied, "not permitted to read " + where,
                disk.uses_sudo ? "" : "set `sudo: true` for this disk in the site file");
  }
  return fail(ErrorKind::malformed,
              fmt::format("qemu-img of {} ended {}: {}", where, result.exit_code, last_line(all)));
}

std::optional<std::uint64_t> size_at(const json::value& document, std::string_view key) {
  const auto size = find_integer(document, key);
  if (!size || *size < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*size);
}

/// The part of an output from the line that opens the document, past what sudo may say before.
std::string_view document_of(std::string_view out) {
  for (const std::string_view line : lines_of(out)) {
    if (line.starts_with("{"))
      return out.substr(static_cast<std::size_t>(line.data() - out.data()));
  }
  return out;
}

}  // namespace

std::vector<std::string> disk_argv(const DiskQuestion& disk) {
  std::vector<std::string> argv;
  if (disk.uses_sudo) argv = {"sudo", "-n"};
  argv.insert(argv.end(), {"qemu-img", "info", "-U", "--output=json", disk.path});
  return argv;
}

std::string disk_script(std::span<const DiskQuestion* const> disks) {
  std::string script;
  for (std::size_t at = 0; at < disks.size(); ++at) {
    // LC_ALL: what refuses is told by its words.
    script += fmt::format("echo '{}{}'; LC_ALL=C {} 2>&1; echo \"{}$?\"; ", kDiskMark, at,
                          command_line(disk_argv(*disks[at])), kExitMark);
  }
  return script + "true";
}

Result<DiskSize> read_disk(const ProcessResult& result, const DiskQuestion& disk) {
  if (result.exit_code != 0) return failure(result, disk);
  const Result<json::value> document = parse_json(document_of(result.out));
  if (!document) return fail(with_context(document.error(), "qemu-img of " + disk.path));
  const auto virtual_size = size_at(*document, "virtual-size");
  const auto allocated = size_at(*document, "actual-size");
  if (!virtual_size || !allocated) {
    return fail(ErrorKind::malformed,
                "qemu-img of " + disk.path + ": virtual-size and actual-size are expected");
  }
  return DiskSize{.virtual_size = *virtual_size, .allocated = *allocated};
}

std::vector<Result<DiskSize>> read_disk_script(std::string_view out,
                                               std::span<const DiskQuestion* const> disks) {
  std::map<std::string, ProcessResult> answers;  // by the number after the mark
  std::string number;
  for (const std::string_view line : lines_of(out)) {
    if (line.starts_with(kDiskMark)) {
      number = std::string(line.substr(kDiskMark.size()));
      answers[number].exit_code = -1;
    } else if (line.starts_with(kExitMark) && !number.empty()) {
      const std::string_view code = line.substr(kExitMark.size());
      std::from_chars(code.data(), code.data() + code.size(), answers[number].exit_code);
      number.clear();
    } else if (!number.empty()) {
      answers[number].out += std::string(line) + "\n";
    }
  }
  std::vector<Result<DiskSize>> sizes;
  for (std::size_t at = 0; at < disks.size(); ++at) {
    const auto answer = answers.find(fmt::format("{}", at));
    if (answer == answers.end()) {
      sizes.emplace_back(fail(ErrorKind::malformed,
                              "no answer of " + disks[at]->host + " for " + disks[at]->path));
    } else {
      sizes.push_back(read_disk(answer->second, *disks[at]));
    }
  }
  return sizes;
}

}  // namespace gatehouse::ssh
