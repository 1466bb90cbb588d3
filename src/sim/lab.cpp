#include "sim/lab.h"

#include <atomic>

#include <fmt/format.h>

#include "base/text.h"
#include "diag/diagnostic.h"
#include "effects/file_modes.h"
#include "input/bundle/load_bundle.h"
#include "input/site/load_site.h"
#include "sim/chance.h"
#include "sim/face.h"
#include "sim/lab_children.h"
#include "sim/lab_hosts.h"
#include "sim/maas_server.h"

namespace gatehouse::sim {
namespace {

constexpr std::size_t kFileBytesMax = std::size_t{16} << 20;
constexpr const char* kServer = "server";  ///< the child that is the region
constexpr Milliseconds kPatience{10'000};
constexpr Milliseconds kPause{10};

/// Which spaces the bundle binds, so that planes nobody uses carry no address, and which tags its
/// machines ask for. A bundle that cannot be read binds none, and then every plane is used.
void read_bundle(const std::string& folder, const Site& site, FileStore& store,
                 LabSettings& settings) {
  SourceMap sources;
  BundleFiles files;
  files.working_directory = folder;
  files.read = [&store](const std::string& path) { return store.read(path, kFileBytesMax); };
  files.kind = [&store](const std::string& path) {
    const Result<FileInfo> info = store.info(path);
    if (!info) return PathKind::missing;
    return info->kind == FileKind::folder ? PathKind::folder : PathKind::file;
  };
  BundleRequest request;
  request.bundle = "./" + site.bundle;
  const LoadedBundle loaded = load_bundle(sources, files, request);
  if (!loaded.bundle) return;
  for (const auto& [name, application] : loaded.bundle->applications) {
    for (const auto& [endpoint, space] : application.bindings) {
      settings.bound_spaces.insert(space.value);
    }
  }
  for (const auto& [id, machine] : loaded.bundle->machines) {
    for (const std::string& word : words_of(machine.constraints.value)) {
      if (!word.starts_with("tags=")) continue;
      for (const std::string& tag : split(std::string_view(word).substr(5), ',')) {
        if (!tag.empty() && !tag.starts_with('^')) settings.machine_tags.insert(tag);
      }
    }
  }
}

/// A MAAS API key of the recorded form: 18, 18 and 32 letters and digits.
Result<std::string> random_key(Entropy& entropy) {
  constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
  std::string key;
  for (const std::size_t length : {std::size_t{18}, std::size_t{18}, std::size_t{32}}) {
    Result<std::string> bytes = entropy.bytes(length);
    if (!bytes) return fail(bytes.error());
    if (!key.empty()) key += ':';
    for (const char byte : *bytes) {
      key += kLetters[static_cast<unsigned char>(byte) % kLetters.size()];
    }
  }
  return key;
}

std::string shell_quoted(const std::string& text) {
  return "'" + replace_all(text, "'", "'\\''") + "'";
}

Result<void> write_programs(const LabRequest& request, const LabPaths& paths, FileStore& files) {
  for (const std::string& name : programs_of_the_lab()) {
    const std::string text =
        fmt::format("#!/bin/sh\nexec {} face {} {} \"$@\"\n", shell_quoted(request.program), name,
                    shell_quoted(paths.folder));
    const Result<void> written =
        files.write_atomic(paths.bin() + "/" + name, text, kPrivateProgram);
    if (!written) return written;
  }
  return {};
}

Result<void> write_folder(const LabRequest& request, const LabPaths& paths,
                          const LabSettings& settings, const std::string& site_text,
                          Effects& effects) {
  for (const std::string& folder : {paths.folder, paths.bin(), paths.juju_data(), paths.models()}) {
    const Result<void> made = effects.files.make_folder(folder, kPrivateFolder);
    if (!made) return made;
  }
  Result<std::string> key = random_key(effects.entropy);
  if (!key) return fail(key.error());
  for (const auto& [path, text] :
       std::map<std::string, std::string>{{paths.site(), site_text}, {paths.key(), *key + "\n"}}) {
    const Result<void> written = effects.files.write_atomic(path, text, kPrivateFile);
    if (!written) return written;
  }
  wipe(*key);
  const Result<void> programs = write_programs(request, paths, effects.files);
  if (!programs) return programs;
  return write_settings(paths, settings, effects.files);
}

Result<void> add_foreign_model(const LabPaths& paths, const LabWorld& world, FileStore& files) {
  const SiteJuju& juju = world.site.juju;
  LabModel model;
  model.name = juju.model;
  model.uuid = chance_uuid(world.settings.seed, "foreign model");
  model.cloud = juju.cloud;
  model.region = juju.region;
  model.credential = juju.credential;
  model.created = world.settings.lab_origin - std::chrono::hours(5);
  model.is_foreign = true;
  return create_model(paths, model, files);
}

Result<std::uint16_t> await_port(const LabPaths& paths, const ChildId& child, Effects& effects) {
  for (Milliseconds waited{0}; waited < kPatience; waited += kPause) {
    const Result<std::string> text = effects.files.read(paths.server(), 4096);
    const Result<json::value> value =
        text ? parse_json(*text) : Result<json::value>(fail(text.error()));
    if (value) {
      const auto port = find_integer(*value, "port");
      if (port && *port > 0 && *port < 65536) return static_cast<std::uint16_t>(*port);
    }
    const Result<ChildState> state = effects.processes.state_of(child, child_exit(paths, kServer));
    if (state && !state->is_running) {
      return fail(ErrorKind::io, "the lab's MAAS ended at once; " + child_errors(paths, kServer));
    }
    if (effects.clock.wait(kPause) == WaitEnd::interrupted) {
      return fail(ErrorKind::interrupted, "interrupted while the lab was starting");
    }
  }
  return fail(ErrorKind::timed_out, "the lab's MAAS did not come up");
}

std::map<std::string, std::string> assignments_of(const LabRequest& request, const LabPaths& paths,
                                                  const LabSettings& settings, std::uint16_t port) {
  return {
      {"GATEHOUSE_LAB", settings.id},
      {"GATEHOUSE_LAB_CLOCK", fmt::format("{}:{}:{}", to_milliseconds(settings.wall_origin),
                                          to_milliseconds(settings.lab_origin), settings.speed)},
      {"GATEHOUSE_MAAS_URL", fmt::format("http://127.0.0.1:{}/MAAS", port)},
      {"GATEHOUSE_MAAS_KEY_FILE", paths.key()},
      {"GATEHOUSE_SSH_CONFIG", paths.ssh_config()},
      {"JUJU_DATA", paths.juju_data()},
      {"PATH", paths.bin() + ":" + request.path},
  };
}

Result<LabWorld> world_of(const LabRequest& request, const std::string& site_text,
                          SourceMap& sources, Effects& effects) {
  LoadedSite loaded = load_site(sources.add(request.site_file, site_text));
  if (!loaded.site) {
    std::string first = "it says nothing";
    for (const Diagnostic& finding : loaded.findings) {
      if (finding.severity != Severity::error) continue;
      first = to_string(finding.span) + ": " + finding.message;
      break;
    }
    return fail(ErrorKind::invalid_input, "the site file cannot be used: " + first);
  }
  const Moment now = request.wall_now == Moment{} ? effects.clock.now() : request.wall_now;
  const std::size_t slash = request.site_file.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : request.site_file.substr(0, slash);
  LabSettings settings;
  settings.id = "lab-" + chance_word(static_cast<std::uint64_t>(to_milliseconds(now)), folder, 6);
  settings.seed = request.seed;
  settings.speed = request.speed;
  settings.wall_origin = now;
  settings.lab_origin = now;
  settings.faults = {request.faults.begin(), request.faults.end()};
  read_bundle(folder, *loaded.site, effects.files, settings);
  settings.maas_latency = request.maas_latency;
  settings.outer_path = request.path;
  return build_world(std::move(*loaded.site), std::move(settings));
}

}  // namespace

Result<RegionKey> read_region_key(const LabPaths& paths, FileStore& files) {
  Result<Secret> text = files.read_secret(paths.key(), 4096);
  if (!text) return fail(text.error());
  const std::vector<std::string> parts = split(trim(text->reveal()), ':');
  if (parts.size() != 3) return fail(ErrorKind::malformed, paths.key() + " holds no key");
  return RegionKey{.consumer = parts[0], .token = parts[1], .secret = Secret(parts[2])};
}

Result<LabSettings> make_lab_folder(const LabRequest& request, Effects& effects) {
  const LabPaths paths{request.folder};
  if (!(request.speed > 0)) {
    return fail(ErrorKind::invalid_input, "the lab's speed must be more than 0");
  }
  if (effects.files.info(paths.settings())) {
    return fail(ErrorKind::conflict, paths.folder + " holds a lab already",
                "gatehouse-lab down ends it");
  }
  Result<std::string> site_text = effects.files.read(request.site_file, kFileBytesMax);
  if (!site_text) {
    Error error = site_text.error();
    if (error.kind == ErrorKind::not_found) error.kind = ErrorKind::invalid_input;
    return fail(with_context(std::move(error), "reading the site file"));
  }
  SourceMap sources;
  Result<LabWorld> world = world_of(request, *site_text, sources, effects);
  if (!world) return fail(world.error());
  const Result<void> written = write_folder(request, paths, world->settings, *site_text, effects);
  if (!written) return fail(with_context(written.error(), "making the lab's folder"));
  if (world->faults.juju.has_foreign_model) {
    const Result<void> added = add_foreign_model(paths, *world, effects.files);
    if (!added) return fail(added.error());
  }
  return std::move(world->settings);
}

Result<LabHandle> start_lab(const LabRequest& request, Effects& effects) {
  const LabPaths paths{request.folder};
  const Result<LabSettings> settings = make_lab_folder(request, effects);
  if (!settings) return fail(settings.error());
  const Result<ChildId> child = start_child(
      paths, {.name = kServer, .argv = {request.program, "serve", paths.folder}}, effects);
  if (!child) return fail(with_context(child.error(), "starting the lab's MAAS"));
  const Result<std::uint16_t> port = await_port(paths, *child, effects);
  if (!port) {
    (void)stop_lab(request.folder, effects);
    return fail(port.error());
  }
  const Result<std::string> hosts = start_hosts(
      paths, {.program = request.program, .path = request.path + ":/usr/sbin:/sbin"}, effects);
  if (!hosts) {
    (void)stop_lab(request.folder, effects);
    return fail(with_context(hosts.error(), "starting the lab's hosts"));
  }
  return LabHandle{.id = settings->id,
                   .folder = request.folder,
                   .assignments = assignments_of(request, paths, *settings, *port),
                   .lacking = *hosts};
}

Result<void> stop_lab(const std::string& folder, Effects& effects, Leftovers leftovers) {
  const LabPaths paths{folder};
  if (!effects.files.info(paths.settings())) {
    return fail(ErrorKind::not_found, folder + " holds no lab");
  }
  const Result<void> server_ended = end_child(paths, kServer, effects);
  const Result<void> hosts_ended = stop_hosts(paths, effects);
  if (!server_ended) return server_ended;
  if (!hosts_ended) return hosts_ended;
  if (leftovers == Leftovers::keep) return {};
  return effects.files.remove(folder);
}

Result<void> serve_lab(const std::string& folder, Effects& effects) {
  Result<OpenLab> lab = open_lab(folder, effects.files);
  if (!lab) return fail(lab.error());
  Result<RegionKey> key = read_region_key(lab->paths, effects.files);
  if (!key) return fail(key.error());
  MaasRegion region(std::move(*key));
  // Texts of machines are long to make; the first who asks should not wait for that.
  const std::vector<LabModel> none;
  for (const LabMachine& machine : lab->world.machines) {
    region.machine_text({lab->world, none, effects.clock.now()}, machine);
  }
  std::atomic<std::int64_t> asked = to_milliseconds(effects.clock.now());
  auto server = start_maas_server([&](const RegionRequest& request) {
    asked = to_milliseconds(effects.clock.now());
    const auto models = read_models(lab->paths, effects.files);
    if (!models) return RegionAnswer{500, "text/plain", "LAB: " + to_string(models.error()), {}};
    return region.answer(request, {lab->world, *models, effects.clock.now()});
  });
  if (!server) return fail(server.error());
  const json::object object{{"port", (*server)->port()}};
  const Result<void> written =
      effects.files.write_atomic(lab->paths.server(), json::serialize(object), kPrivateFile);
  if (!written) return written;
  // Without a client, and nobody to call `down`, it ends by itself; so it does when its folder
  // goes.
  const auto on_the_wall = [&](std::chrono::seconds wall) {
    return Milliseconds(static_cast<std::int64_t>(static_cast<double>(Milliseconds(wall).count()) *
                                                  lab->world.settings.speed));
  };
  while (effects.clock.wait(on_the_wall(std::chrono::seconds(5))) == WaitEnd::reached) {
    const Moment last = from_milliseconds(asked);
    if (effects.clock.now() - last > on_the_wall(std::chrono::hours(6))) break;
    if (!effects.files.info(lab->paths.settings())) break;
  }
  signal_hosts(lab->paths, effects);
  return {};
}

}  // namespace gatehouse::sim
