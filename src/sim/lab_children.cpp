#include "sim/lab_children.h"

#include <csignal>

#include <optional>

#include "base/json.h"
#include "effects/file_modes.h"

namespace gatehouse::sim {
namespace {

constexpr std::size_t kChildFileBytesMax = 4096;
constexpr Milliseconds kChildPause{10};
constexpr int kChildPausesMax = 1000;

std::string child_file(const LabPaths& paths, const std::string& name) {
  return paths.folder + "/" + name + ".child";
}

Result<std::optional<ChildId>> read_child(const LabPaths& paths, const std::string& name,
                                          FileStore& files) {
  const std::string file = child_file(paths, name);
  const Result<std::string> text = files.read(file, kChildFileBytesMax);
  if (!text) {
    if (text.error().kind == ErrorKind::not_found) return std::optional<ChildId>{};
    return fail(text.error());
  }
  const Result<json::value> value = parse_json(*text);
  if (!value) return fail(value.error());
  const auto pid = find_integer(*value, "pid");
  const auto ticks = find_integer(*value, "start_ticks");
  if (!pid || !ticks || *pid <= 1) return fail(ErrorKind::malformed, file + " names no process");
  return std::optional<ChildId>(
      ChildId{.pid = static_cast<int>(*pid), .start_ticks = static_cast<std::uint64_t>(*ticks)});
}

}  // namespace

std::string child_errors(const LabPaths& paths, const std::string& name) {
  return paths.folder + "/" + name + ".err";
}

std::string child_exit(const LabPaths& paths, const std::string& name) {
  return paths.folder + "/" + name + ".exit";
}

Result<ChildId> start_child(const LabPaths& paths, const LabChild& child, Effects& effects) {
  DetachedCommand command;
  command.argv = child.argv;
  command.directory = paths.folder;
  command.out_file = paths.folder + "/" + child.name + ".out";
  command.err_file = child_errors(paths, child.name);
  command.exit_file = child_exit(paths, child.name);
  command.lock_file = paths.folder + "/" + child.name + ".lock";
  Result<ChildId> id = effects.processes.start_detached(command);
  if (!id) return id;
  const json::object object{{"pid", id->pid}, {"start_ticks", id->start_ticks}};
  const Result<void> written = effects.files.write_atomic(child_file(paths, child.name),
                                                          json::serialize(object), kPrivateFile);
  if (!written) return fail(written.error());
  return id;
}

void signal_child(const LabPaths& paths, const std::string& name, Effects& effects) {
  const Result<std::optional<ChildId>> child = read_child(paths, name, effects.files);
  if (!child || !*child) return;
  const Result<ChildState> state = effects.processes.state_of(**child, child_exit(paths, name));
  if (state && state->is_running) ::kill((*child)->pid, SIGTERM);
}

Result<void> end_child(const LabPaths& paths, const std::string& name, Effects& effects) {
  const Result<std::optional<ChildId>> child = read_child(paths, name, effects.files);
  if (!child) return fail(child.error());
  if (!*child) return {};
  const std::string exit_file = child_exit(paths, name);
  Result<ChildState> state = effects.processes.state_of(**child, exit_file);
  if (state && state->is_running) ::kill((*child)->pid, SIGTERM);
  for (int pauses = 0; state && state->is_running; ++pauses) {
    if (pauses >= kChildPausesMax) {
      return fail(ErrorKind::timed_out, "the lab's " + name + " does not end");
    }
    (void)effects.clock.wait(kChildPause);
    state = effects.processes.state_of(**child, exit_file);
  }
  return {};
}

}  // namespace gatehouse::sim
