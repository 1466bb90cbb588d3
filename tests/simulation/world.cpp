#include "tests/simulation/world.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"
#include "sim/chance.h"
#include "sim/input_faults.h"
#include "sim/lab.h"
#include "tests/simulation/shell.h"

namespace gatehouse::simulation {

namespace {

// The stored chain of tests/fixtures/lab-pki was made a few days before this.
constexpr std::string_view kStart = "2026-12-01T08:00:00Z";

std::string text_of(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// A look every quarter of a minute is what takes the time of a seed, and the one after shows little
// that is new. How long a pause is, is chance's.
std::string with_longer_interval(std::string site, std::uint64_t seed) {
  constexpr const char* kIntervals[] = {"90s", "3m", "4m"};
  const std::string line =
      fmt::format("  interval: {}\n", kIntervals[sim::chance_bits(seed, "interval") % 3]);
  const auto old = site.find("  interval: ");
  if (old != site.npos) return site.replace(old, site.find('\n', old) + 1 - old, line);
  const auto section = site.find("\nsettled:");
  return section == site.npos ? site : site.insert(site.find('\n', section + 1) + 1, line);
}

/// Time as one child has it: it runs on alone, and what it writes on the way is put off.
class ChildClock final : public Clock {
 public:
  ChildClock(Moment start, Milliseconds limit) : start_(start), now_(start), limit_(limit) {}
  Moment now() override { return now_; }
  Milliseconds monotonic() override { return Milliseconds(now_.time_since_epoch().count()); }
  WaitEnd wait(Milliseconds duration) override {
    if (now_ - start_ > limit_) return WaitEnd::interrupted;
    now_ += std::max(duration, Milliseconds(1));
    return WaitEnd::reached;
  }
  bool is_interrupted() override { return false; }

 private:
  Moment start_;
  Moment now_;
  Milliseconds limit_;
};

/// The disk as one child sees it: its own copy, and a list of what is to be done to the real one.
class ChildFiles final : public FileStore {
 public:
  ChildFiles(const MemoryFiles& disk, ChildClock& clock, std::vector<TimedWrite>& writes)
      : clock_(clock), writes_(writes) {
    own_.copy_from(disk);
  }
  Result<std::string> read(const std::string& path, std::size_t most) override {
    return own_.read(path, most);
  }
  Result<Secret> read_secret(const std::string& path, std::size_t most) override {
    return own_.read_secret(path, most);
  }
  Result<FileInfo> info(const std::string& path) override { return own_.info(path); }
  Result<std::vector<std::string>> list(const std::string& folder) override {
    return own_.list(folder);
  }
  Result<void> write_atomic(const std::string& path, std::string_view bytes,
                            unsigned mode) override {
    return both([path, text = std::string(bytes), mode](MemoryFiles& files) {
      return files.write_atomic(path, text, mode);
    });
  }
  Result<void> create(const std::string& path, std::string_view bytes, unsigned mode) override {
    return both([path, text = std::string(bytes), mode](MemoryFiles& files) {
      return files.create(path, text, mode);
    });
  }
  Result<void> append(const std::string& path, std::string_view bytes, unsigned mode) override {
    return both([path, text = std::string(bytes), mode](MemoryFiles& files) {
      return files.append(path, text, mode);
    });
  }
  Result<void> make_folder(const std::string& path, unsigned mode) override {
    return both([path, mode](MemoryFiles& files) { return files.make_folder(path, mode); });
  }
  Result<void> remove(const std::string& path) override {
    return both([path](MemoryFiles& files) { return files.remove(path); });
  }
  Result<void> rename(const std::string& from, const std::string& to) override {
    return both([from, to](MemoryFiles& files) { return files.rename(from, to); });
  }
  Result<std::string> canonical(const std::string& path) override { return own_.canonical(path); }
  Result<std::unique_ptr<FileLock>> lock(const std::string& path, const std::string& by) override {
    return own_.lock(path, by);
  }

 private:
  Result<void> both(std::function<Result<void>(MemoryFiles&)> change) {
    auto done = change(own_);
    if (done) writes_.push_back({clock_.now(), std::move(change)});
    return done;
  }
  MemoryFiles own_;
  ChildClock& clock_;
  std::vector<TimedWrite>& writes_;
};

class NoHttp final : public HttpTransport {
 public:
  std::vector<Result<HttpResponse>> send(std::span<const HttpRequest>) override { return {}; }
};

/// Numbers that look random and are a function of the seed.
class SeededEntropy final : public Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed) : seed_(seed) {}
  Result<std::string> bytes(std::size_t count) override {
    std::string bytes;
    while (bytes.size() < count) {
      bytes += static_cast<char>(sim::chance_bits(seed_, fmt::format("entropy {}", ++asked_)));
    }
    return bytes;
  }

 private:
  std::uint64_t seed_;
  std::uint64_t asked_ = 0;
};

/// What the lab's own programs run: its other programs.
class LabPrograms final : public ProcessRunner {
 public:
  explicit LabPrograms(World& world) : world_(world) {}
  std::vector<Result<ProcessResult>> run(std::span<const Command> commands, std::size_t) override {
    std::vector<Result<ProcessResult>> results;
    for (const Command& command : commands) {
      results.push_back(
          world_.execute(command.argv, command.environment, command.directory, command.input));
    }
    return results;
  }
  Result<ChildId> start_detached(const DetachedCommand&) override {
    return fail(ErrorKind::io, "a program of the lab starts nothing that outlives it");
  }
  Result<ChildState> state_of(const ChildId&, const std::string&) override { return ChildState{}; }

 private:
  World& world_;
};

class WorldClock final : public Clock {
 public:
  explicit WorldClock(World& world) : world_(world) {}
  Moment now() override { return world_.now(); }
  Milliseconds monotonic() override { return world_.passed(); }
  WaitEnd wait(Milliseconds duration) override {
    world_.advance(duration);
    return WaitEnd::reached;
  }
  bool is_interrupted() override { return false; }

 private:
  World& world_;
};

std::string program_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

World::World(const WorldSettings& settings) : settings_(settings) {
  start_ = *parse_rfc3339(kStart) + std::chrono::days(settings.days_later);
  now_ = start_;
  auto journal = open_journal_in_memory();
  if (!journal) {
    trouble_ = to_string(journal.error());
    return;
  }
  journal_ = std::move(*journal);
  if (make_site()) make_lab();
}

bool World::make_site() {
  const std::filesystem::path source(GATEHOUSE_SOURCE_DIR);
  (void)disk_.make_folder(site_folder() + "/overlays", 0700);
  (void)disk_.make_folder(state_folder(), 0700);
  for (const char* name : {"site.yaml", "bundle.yaml"}) {
    std::string text = text_of(source / "sites" / settings_.site / name);
    if (name == std::string_view("site.yaml")) {
      text = with_longer_interval(std::move(text), settings_.seed);
    }
    (void)disk_.write_atomic(site_folder() + "/" + name, text, 0600);
  }
  const auto overlay = source / "tests" / "fixtures" / "lab-pki" / (settings_.site + ".yaml");
  if (std::filesystem::exists(overlay)) {
    const std::string text = text_of(overlay);
    (void)disk_.write_atomic(site_folder() + "/overlays/octavia-pki.yaml", text, 0600);
    read_secrets(text);
  }
  for (const std::string& name : settings_.faults) {
    const sim::Fault* fault = sim::find_fault(name);
    if (!fault || fault->kind != sim::FaultKind::input) continue;
    if (auto applied = sim::apply_input_fault(name, site_file(), disk_); !applied) {
      trouble_ = to_string(applied.error());
      return false;
    }
  }
  return true;
}

bool World::make_lab() {
  SeededEntropy entropy(settings_.seed);
  LabPrograms programs(*this);
  WorldClock clock(*this);
  NoHttp http;
  Effects effects{http, programs, disk_, clock, entropy};
  sim::LabRequest request;
  request.site_file = site_file();
  request.faults.assign(settings_.faults.begin(), settings_.faults.end());
  request.seed = settings_.seed;
  request.speed = 1;
  request.folder = lab_folder();
  request.program = "/usr/bin/gatehouse-lab";
  const auto made = sim::make_lab_folder(request, effects);
  if (!made) {
    trouble_ = to_string(made.error());
    return false;
  }
  auto opened = sim::open_lab(lab_folder(), disk_);
  auto key = sim::read_region_key({lab_folder()}, disk_);
  if (!opened || !key) {
    trouble_ = to_string(opened ? key.error() : opened.error());
    return false;
  }
  secrets_.emplace_back(key->secret.reveal());
  lab_ = std::make_unique<sim::OpenLab>(std::move(*opened));
  lab_->paths.cache = &cache_;
  disk_.when_changed([this] { cache_.clear(); });
  region_ = std::make_unique<sim::MaasRegion>(std::move(*key));
  return true;
}

// Passphrases in clear, keys as they stand in the overlay (base64) and line by line.
void World::read_secrets(const std::string& overlay) {
  for (const std::string_view line : lines_of(overlay)) {
    const auto colon = line.find(": ");
    if (colon == line.npos) continue;
    const std::string key(trim(line.substr(0, colon)));
    std::string value(trim(line.substr(colon + 2)));
    std::erase(value, '"');
    if (key.find("passphrase") != key.npos) secrets_.push_back(value);
    const auto decoded = base64_decode(value);
    if (!decoded) continue;
    bool is_key = false;
    for (const std::string_view pem : lines_of(*decoded)) {
      if (pem.starts_with("-----")) {
        is_key = pem.find("BEGIN") != pem.npos && pem.find("PRIVATE KEY") != pem.npos;
      } else if (is_key && pem.size() > 40) {
        secrets_.emplace_back(pem);
      }
    }
  }
}

void World::advance(Milliseconds duration) {
  const Moment until = now_ + std::max(duration, Milliseconds(0));
  for (;;) {
    Child* next = nullptr;
    for (Child& child : children_) {
      if (child.was_killed || child.applied == child.writes.size()) continue;
      if (child.writes[child.applied].at > until) continue;
      if (!next || child.writes[child.applied].at < next->writes[next->applied].at) next = &child;
    }
    if (!next) break;
    const TimedWrite& write = next->writes[next->applied++];
    now_ = std::max(now_, write.at);
    (void)write.apply(disk_);
  }
  now_ = until;
  for (Child& child : children_) {
    if (child.was_killed || child.applied == child.writes.size()) child.lock.reset();
  }
}

std::map<std::string, std::string> World::environment() const {
  return {{"HOME", home()},
          {"PATH", lab_folder() + "/bin:/usr/bin:/bin"},
          {"JUJU_DATA", lab_folder() + "/juju-data"},
          {"GATEHOUSE_LAB", "lab-simulated"},
          {"LANG", "C.UTF-8"}};
}

Result<ProcessResult> World::execute(const std::vector<std::string>& argv,
                                     const std::map<std::string, std::string>& environment,
                                     const std::string& directory, const std::string& input) {
  if (argv.empty()) return fail(ErrorKind::not_found, "no program");
  const std::string name = program_name(argv.front());
  const RunProgram run = [&](const std::vector<std::string>& words,
                             const std::map<std::string, std::string>& variables) {
    std::map<std::string, std::string> all = environment;
    for (const auto& [key, value] : variables) all[key] = value;
    auto result = execute(words, all, directory);
    if (result) return std::move(*result);
    return ProcessResult{
        .exit_code = 127, .out = {}, .err = words.front() + ": not found\n", .elapsed = {}};
  };
  if (name == "sh" && argv.size() >= 3 && argv[1] == "-c") {
    return run_shell(argv[2], {argv.begin() + 3, argv.end()}, run);
  }
  if (name == "cat" && argv.size() == 1) {
    return ProcessResult{.exit_code = 0, .out = input, .err = {}, .elapsed = {}};
  }
  if (name == "[" || name == "awk") return execute_tool(name, argv);
  const sim::Face face = sim::find_face(name);
  if (!face) return fail(ErrorKind::not_found, "no program " + argv.front());
  ProcessResult result;
  const sim::FaceCall call{.arguments = {argv.begin() + 1, argv.end()},
                           .environment = environment,
                           .directory = directory.empty() ? site_folder() : directory,
                           .out = [&](std::string_view text) { result.out += text; },
                           .err = [&](std::string_view text) { result.err += text; }};
  LabPrograms programs(*this);
  WorldClock clock(*this);
  NoHttp http;
  SeededEntropy entropy(settings_.seed + 1);
  Effects effects{http, programs, disk_, clock, entropy};
  const sim::FaceEnd end = face(*lab_, call, effects);
  if (end.program.empty()) {
    result.exit_code = end.exit_code;
    return result;
  }
  return execute(end.program, end.program_environment, directory);
}

// The two programs of a real machine that remote commands use besides the lab's own: a look whether
// a file exists, and the fingerprints of all certificates in one.
Result<ProcessResult> World::execute_tool(const std::string& name,
                                          const std::vector<std::string>& argv) {
  ProcessResult result;
  if (name == "[") {
    const bool is_known = argv.size() == 4 && argv[1] == "-e" && argv[3] == "]";
    result.exit_code = !is_known ? 2 : disk_.info(argv[2]) ? 0 : 1;
    return result;
  }
  const bool asks_fingerprints =
      argv.size() == 5 && argv[2] == "tool=openssl x509 -noout -fingerprint -sha256";
  const auto text = disk_.read(argv.back(), std::size_t{1} << 20);
  if (!asks_fingerprints || !text) return fail(ErrorKind::not_found, "no awk for this");
  std::string base64;
  for (const std::string_view line : lines_of(*text)) {
    if (line.starts_with("-----BEGIN")) {
      base64.clear();
    } else if (!line.starts_with("-----END")) {
      base64 += line;
    } else {
      const std::string der = base64_decode(base64).value_or("");
      // Shorter than any certificate: what OpenSSL says of a damaged one.
      constexpr std::size_t kShortest = 64;
      if (der.size() < kShortest) {
        result.err += "Could not read certificate from <stdin>\n";
        continue;
      }
      std::string pairs;
      const std::string digest = sha256_hex(der);
      for (std::size_t at = 0; at < digest.size(); at += 2) {
        pairs += (at == 0 ? "" : ":") + digest.substr(at, 2);
      }
      std::transform(pairs.begin(), pairs.end(), pairs.begin(),
                     [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
      result.out += "sha256 Fingerprint=" + pairs + "\n";
    }
  }
  return result;
}

Result<ChildId> World::start(const DetachedCommand& command,
                             const std::map<std::string, std::string>& environment) {
  const sim::Face face = sim::find_face(program_name(command.argv.front()));
  if (!face) return fail(ErrorKind::not_found, "no program " + command.argv.front());
  if (disk_.info(command.out_file)) {
    return fail(ErrorKind::conflict, command.out_file + " is there already");
  }
  auto lock = disk_.lock(command.lock_file, "a child");
  if (!lock) return fail(lock.error());
  constexpr auto kChildLongest = std::chrono::hours(24);
  Child child;
  child.id = {.pid = ++next_pid_, .start_ticks = static_cast<std::uint64_t>(next_pid_)};
  child.command = command;
  ChildClock clock(now_, kChildLongest);
  ChildFiles files(disk_, clock, child.writes);
  (void)files.create(command.out_file, "", 0600);
  (void)files.create(command.err_file, "", 0600);
  const sim::FaceCall call{
      .arguments = {command.argv.begin() + 1, command.argv.end()},
      .environment = environment,
      .directory = command.directory,
      .out = [&](std::string_view text) { (void)files.append(command.out_file, text, 0600); },
      .err = [&](std::string_view text) { (void)files.append(command.err_file, text, 0600); }};
  LabPrograms programs(*this);
  NoHttp http;
  SeededEntropy entropy(settings_.seed + 2);
  Effects effects{http, programs, files, clock, entropy};
  // The child's disk is ahead of ours: what it reads there is nothing for the cache.
  lab_->paths.cache = nullptr;
  const sim::FaceEnd end = face(*lab_, call, effects);
  lab_->paths.cache = &cache_;
  (void)clock.wait(Milliseconds(200));
  (void)files.write_atomic(command.exit_file, fmt::format("{}\n", end.exit_code), 0600);
  child.end = clock.now();
  child.lock = std::move(*lock);
  children_.push_back(std::move(child));
  return children_.back().id;
}

ChildState World::state_of(const ChildId& id, const std::string& exit_file) {
  const auto child = std::find_if(children_.begin(), children_.end(),
                                  [&](const Child& one) { return one.id == id; });
  if (child != children_.end() && !child->was_killed && child->applied < child->writes.size()) {
    return {.is_running = true, .exit_code = {}};
  }
  const auto text = disk_.read(exit_file, 64);
  if (!text || text->empty()) return {};
  return {.is_running = false, .exit_code = std::atoi(text->c_str())};
}

sim::RegionAnswer World::ask_maas(const sim::RegionRequest& request) {
  const auto models = sim::read_models(lab_->paths, disk_);
  if (!models) return {500, "text/plain", to_string(models.error()), {}};
  return region_->answer(request, {lab_->world, *models, now_});
}

namespace {

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

std::string url_encoded(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(byte)) != 0 ||
                          std::string_view("-._~").find(byte) != std::string_view::npos;
    text +=
        is_plain ? std::string(1, byte) : fmt::format("%{:02X}", static_cast<unsigned char>(byte));
  }
  return text;
}

}  // namespace

std::string find_secret(std::string_view text, const std::vector<std::string>& secrets) {
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    const std::string& secret = secrets[i];
    const std::pair<const char*, std::string> forms[] = {{"plain", secret},
                                                         {"base64", base64_encode(secret)},
                                                         {"hexadecimal", hexadecimal(secret)},
                                                         {"URL", url_encoded(secret)}};
    for (const auto& [name, form] : forms) {
      if (text.find(form) != text.npos) return fmt::format("secret {} in {} form", i + 1, name);
    }
  }
  return {};
}

}  // namespace gatehouse::simulation
