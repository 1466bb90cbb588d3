#include "clients/ssh/disk_probe.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "base/json.h"
#include "base/shell_quote.h"
#include "base/text.h"
#include "clients/ssh/remote.h"

namespace gatehouse::ssh {

namespace {

constexpr std::string_view kMark = "gatehouse-disk ";
constexpr std::string_view kExitMark = "gatehouse-exit ";
constexpr std::size_t kMapBytesMax = std::size_t{1} << 20;
/// The exit code of an answer that broke off.
constexpr int kCut = -1;

bool says(std::string_view text, std::string_view what) {
  return text.find(what) != text.npos;
}

std::string_view word_for(DiskCommand command) {
  return command == DiskCommand::info ? "info" : "map";
}

// Words of sudo 1.9. Its mere warnings ("unable to resolve host") are no refusal.
bool is_refused_by_sudo(std::string_view text) {
  static constexpr std::array<std::string_view, 5> kRefusals = {
      "a password is required", "a terminal is required", "not in the sudoers",
      "not allowed to execute", "may not run sudo"};
  return std::any_of(kRefusals.begin(), kRefusals.end(),
                     [text](std::string_view refusal) { return says(text, refusal); });
}

// Of sudo, and of the shells of Debian and Ubuntu.
bool is_unknown_program(const ProcessResult& result, std::string_view text) {
  return result.exit_code == 127 || says(text, "command not found");
}

tl::unexpected<Error> failure(const ProcessResult& result, const DiskQuestion& disk) {
  const std::string all = result.err + "\n" + result.out;
  const std::string where = disk.path + " on " + disk.host;
  if (is_refused_by_sudo(all)) {
    return fail(ErrorKind::denied,
                "sudo without a password is refused for " + where + ": " + last_line(all),
                "permit `sudo -n qemu-img` to this user on " + disk.host +
                    ", or leave out sudo in the site file");
  }
  if (is_unknown_program(result, all)) {
    const bool is_sudo = says(all, "sudo: not found") || says(all, "sudo: command not found");
    return fail(ErrorKind::not_found,
                "no " + std::string(is_sudo ? "sudo" : "qemu-img") + " on " + disk.host,
                "install " + std::string(is_sudo ? "sudo" : "qemu-utils") + " on " + disk.host);
  }
  if (says(all, "No such file or directory")) {
    return fail(ErrorKind::not_found, "no disk image " + where,
                "compare blank_disks of the site file with what lies there");
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
std::string_view document_of(std::string_view out, char opening) {
  for (const std::string_view line : lines_of(out)) {
    if (!line.empty() && line.front() == opening)
      return out.substr(static_cast<std::size_t>(line.data() - out.data()));
  }
  return out;
}

Result<DiskState> read_info(const ProcessResult& result, const DiskQuestion& disk) {
  if (result.exit_code == kCut) {
    return fail(ErrorKind::malformed, "the answer of " + disk.host + " broke off");
  }
  if (result.exit_code != 0) return failure(result, disk);
  const Result<json::value> document = parse_json(document_of(result.out, '{'));
  if (!document) return fail(with_context(document.error(), "qemu-img of " + disk.path));
  const auto virtual_size = size_at(*document, "virtual-size");
  const auto allocated = size_at(*document, "actual-size");
  if (!virtual_size || !allocated) {
    return fail(ErrorKind::malformed,
                "qemu-img of " + disk.path + ": virtual-size and actual-size are expected");
  }
  return DiskState{.virtual_size = *virtual_size, .allocated = *allocated};
}

/// One extent on a line, "[{ ... }," to "{ ... }]"; nothing where the line is none.
std::optional<json::value> extent_of(std::string_view line) {
  line = trim(line);
  if (line.starts_with('[')) line.remove_prefix(1);
  while (line.ends_with(',') || line.ends_with(']')) line.remove_suffix(1);
  const Result<json::value> extent = parse_json(line);
  if (!extent || !extent->is_object()) return std::nullopt;
  return *extent;
}

// Read line by line, so that of a map which broke off the whole lines still count.
Result<void> read_map(const ProcessResult& result, const DiskQuestion& disk, DiskState& state) {
  state.is_data_at_least = result.exit_code == kCut;
  if (result.exit_code != 0 && !state.is_data_at_least) return failure(result, disk);
  const std::string_view document = document_of(result.out, '[');
  std::size_t extents = 0;
  for (const std::string_view line : lines_of(document)) {
    const auto extent = extent_of(line);
    if (!extent) continue;
    const auto length = size_at(*extent, "length");
    const auto is_data = find_bool(*extent, "data");
    if (!length || !is_data) {
      return fail(ErrorKind::malformed,
                  fmt::format("qemu-img map of {}: no length or no data in {}", disk.path,
                              printable(line.substr(0, 80))));
    }
    ++extents;
    if (*is_data) state.data += *length;
  }
  const bool is_whole = trim(document).ends_with(']');
  if (extents == 0 || (!is_whole && !state.is_data_at_least)) {
    return fail(ErrorKind::malformed, "qemu-img map of " + disk.path + ": extents are expected");
  }
  return {};
}

/// Both answers for one disk, as far as they came.
struct Answers {
  ProcessResult info{.exit_code = kCut};
  ProcessResult map{.exit_code = kCut};
};

/// By the number after the mark.
std::map<std::string, Answers> split_script(std::string_view out) {
  std::map<std::string, Answers> answers;
  ProcessResult* open = nullptr;
  for (const std::string_view line : lines_of(out)) {
    if (line.starts_with(kMark)) {
      const auto words = words_of(line.substr(kMark.size()));
      open = nullptr;
      if (words.size() != 2) continue;
      Answers& both = answers[words[0]];
      open = words[1] == word_for(DiskCommand::info) ? &both.info : &both.map;
    } else if (line.starts_with(kExitMark) && open) {
      const std::string_view code = line.substr(kExitMark.size());
      std::from_chars(code.data(), code.data() + code.size(), open->exit_code);
      open = nullptr;
    } else if (open) {
      open->out += std::string(line) + "\n";
    }
  }
  return answers;
}

}  // namespace

std::vector<std::string> disk_argv(const DiskQuestion& disk, DiskCommand command) {
  std::vector<std::string> argv;
  if (disk.uses_sudo) argv = {"sudo", "-n"};
  argv.insert(argv.end(), {"qemu-img", std::string(word_for(command)), "--output=json",
                           "--force-share", disk.path});
  return argv;
}

std::string disk_script(std::span<const DiskQuestion* const> disks) {
  std::string script;
  for (std::size_t at = 0; at < disks.size(); ++at) {
    // LC_ALL: what refuses is told by its words. A map may have any length; a mark begins a line
    // also after one that was cut.
    script += fmt::format("echo '{}{} info'; LC_ALL=C {} 2>&1; echo \"{}$?\"; ", kMark, at,
                          command_line(disk_argv(*disks[at], DiskCommand::info)), kExitMark);
    script += fmt::format(
        "echo '{}{} map'; {{ LC_ALL=C {}; echo \"{}$?\"; }} 2>&1 | head -c {}; echo; ", kMark, at,
        command_line(disk_argv(*disks[at], DiskCommand::map)), kExitMark, kMapBytesMax);
  }
  return script + "true";
}

Result<DiskState> read_disk(const ProcessResult& info, const ProcessResult& map,
                            const DiskQuestion& disk) {
  Result<DiskState> state = read_info(info, disk);
  if (!state) return state;
  if (const Result<void> read = read_map(map, disk, *state); !read) return fail(read.error());
  return state;
}

std::vector<Result<DiskState>> read_disk_script(const ProcessResult& result,
                                                std::span<const DiskQuestion* const> disks) {
  const std::map<std::string, Answers> answers = split_script(result.out);
  std::vector<Result<DiskState>> states;
  for (std::size_t at = 0; at < disks.size(); ++at) {
    const auto answer = answers.find(fmt::format("{}", at));
    if (answer != answers.end()) {
      states.push_back(read_disk(answer->second.info, answer->second.map, *disks[at]));
      continue;
    }
    const std::string said = last_line(result.err + "\n" + result.out);
    states.emplace_back(fail(ErrorKind::malformed,
                             fmt::format("no answer of {} for {}{}{}", disks[at]->host,
                                         disks[at]->path, said.empty() ? "" : ": ", said),
                             "try: ssh " + disks[at]->host + " true"));
  }
  return states;
}

}  // namespace gatehouse::ssh
