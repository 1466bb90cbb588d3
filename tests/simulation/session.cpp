#include "tests/simulation/session.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/journal_commands.h"
#include "cli/redacting_console.h"
#include "cli/run_commands.h"
#include "engine/run_events.h"
#include "sim/chance.h"

namespace gatehouse::simulation {

namespace {

constexpr std::chrono::hours kLongestSession{48};
constexpr std::string_view kMaas = "http://127.0.0.1:5240";

/// What the parts of one session share.
struct Shared {
  World& world;
  const SessionRequest& request;
  Plug& plug;
  std::uint64_t drawn = 0;
  Moment began;

  double draw(std::string_view what) {
    return sim::chance(world.seed(),
                       fmt::format("session {} {} {}", request.number, what, ++drawn));
  }
  bool happens(double probability, std::string_view what) {
    return probability > 0 && draw(what) < probability;
  }
  Milliseconds between(Milliseconds least, Milliseconds most, std::string_view what) {
    const double share = draw(what);
    return least + Milliseconds(static_cast<std::int64_t>(
                       share * static_cast<double>((most - least).count())));
  }
  /// A wait without end would never come back; this makes it end, and the checkers see it.
  bool is_overdue() const { return world.now() - began > kLongestSession; }
  bool is_gone() const { return plug.is_pulled || is_overdue(); }
};

Error gone() {
  return {.kind = ErrorKind::interrupted,
          .message = "the plug is pulled",
          .contexts = {},
          .delivery = Delivery::not_sent,
          .help = {}};
}

Error unavailable(const std::string& what, ErrorKind kind, Delivery delivery) {
  return {.kind = kind, .message = what, .contexts = {}, .delivery = delivery, .help = {}};
}

// A number as a text: what a peer of another version might do. The first number after a colon.
std::string with_wrong_type(const std::string& text) {
  const auto colon = text.find(": ");
  for (std::size_t at = colon; at != text.npos; at = text.find(':', at + 1)) {
    std::size_t digit = at + 1;
    while (digit < text.size() && text[digit] == ' ') ++digit;
    std::size_t end = digit;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    if (end == digit) continue;
    return text.substr(0, digit) + "\"x\"" + text.substr(end);
  }
  return text;
}

std::string disturbed(Shared& shared, std::string text) {
  const Disturbance& d = shared.request.disturbance;
  // Plain text that ends early, or says another number, is another text: only a document shows it.
  if (!text.starts_with('{') && !text.starts_with('[')) return text;
  if (shared.happens(d.truncated, "truncated")) {
    text.resize(static_cast<std::size_t>(static_cast<double>(text.size()) * shared.draw("length")));
  }
  if (shared.happens(d.wrong_type, "wrong type")) text = with_wrong_type(text);
  return text;
}

class SessionClock final : public Clock {
 public:
  explicit SessionClock(Shared& shared) : shared_(shared) {}
  Moment now() override { return shared_.world.now() + shared_.world.wall_ahead(); }
  Milliseconds monotonic() override { return Milliseconds(1'000'000) + shared_.world.passed(); }
  WaitEnd wait(Milliseconds duration) override {
    if (is_interrupted()) return WaitEnd::interrupted;
    const Milliseconds left = until_interrupt();
    shared_.world.advance(std::min(std::max(duration, Milliseconds(1)), left));
    return is_interrupted() ? WaitEnd::interrupted : WaitEnd::reached;
  }
  bool is_interrupted() override {
    return shared_.is_gone() || until_interrupt() <= Milliseconds(0);
  }

 private:
  Milliseconds until_interrupt() const {
    if (shared_.request.interrupted_after == Milliseconds::max()) return Milliseconds::max();
    return shared_.request.interrupted_after - (shared_.world.now() - shared_.began);
  }
  Shared& shared_;
};

class SessionFiles final : public FileStore {
 public:
  explicit SessionFiles(Shared& shared) : shared_(shared), disk_(shared.world.disk()) {}
  Result<std::string> read(const std::string& path, std::size_t most) override {
    if (shared_.is_gone()) return fail(gone());
    return disk_.read(path, most);
  }
  Result<Secret> read_secret(const std::string& path, std::size_t most) override {
    if (shared_.is_gone()) return fail(gone());
    return disk_.read_secret(path, most);
  }
  Result<FileInfo> info(const std::string& path) override {
    if (shared_.is_gone()) return fail(gone());
    return disk_.info(path);
  }
  Result<std::vector<std::string>> list(const std::string& folder) override {
    if (shared_.is_gone()) return fail(gone());
    return disk_.list(folder);
  }
  Result<void> write_atomic(const std::string& path, std::string_view bytes,
                            unsigned mode) override {
    return change([&] { return disk_.write_atomic(path, bytes, mode); });
  }
  Result<void> create(const std::string& path, std::string_view bytes, unsigned mode) override {
    return change([&] { return disk_.create(path, bytes, mode); });
  }
  Result<void> append(const std::string& path, std::string_view bytes, unsigned mode) override {
    return change([&] { return disk_.append(path, bytes, mode); });
  }
  Result<void> make_folder(const std::string& path, unsigned mode) override {
    return change([&] { return disk_.make_folder(path, mode); });
  }
  Result<void> remove(const std::string& path) override {
    return change([&] { return disk_.remove(path); });
  }
  Result<void> rename(const std::string& from, const std::string& to) override {
    return change([&] { return disk_.rename(from, to); });
  }
  Result<std::string> canonical(const std::string& path) override {
    if (shared_.is_gone()) return fail(gone());
    return disk_.canonical(path);
  }
  Result<std::unique_ptr<FileLock>> lock(const std::string& path, const std::string& by) override {
    if (shared_.is_gone()) return fail(gone());
    return disk_.lock(path, by);
  }

 private:
  template <class Change>
  Result<void> change(Change apply) {
    if (shared_.is_gone()) return fail(gone());
    if (shared_.happens(shared_.request.disturbance.disk_full, "disk full")) {
      return fail(ErrorKind::io, "no space left on device");
    }
    return apply();
  }
  Shared& shared_;
  MemoryFiles& disk_;
};

sim::RegionRequest region_request(const HttpRequest& request) {
  std::string path = request.url;
  if (const auto scheme = path.find("://"); scheme != path.npos) {
    const auto slash = path.find('/', scheme + 3);
    path = slash == path.npos ? "/" : path.substr(slash);
  }
  sim::RegionRequest asked{
      .method = request.method, .path = path, .query = {}, .authorization = {}};
  asked.has_body = !request.body.empty();
  if (const auto question = path.find('?'); question != path.npos) {
    asked.path = path.substr(0, question);
    for (const std::string& pair : split(path.substr(question + 1), '&')) {
      const auto equals = pair.find('=');
      asked.query.emplace_back(
          sim::percent_decoded(pair.substr(0, equals)),
          equals == pair.npos ? "" : sim::percent_decoded(pair.substr(equals + 1)));
    }
  }
  for (const HttpHeader& header : request.headers) {
    if (header.name == "Authorization") asked.authorization = header.value;
  }
  return asked;
}

class SessionHttp final : public HttpTransport {
 public:
  explicit SessionHttp(Shared& shared) : shared_(shared) {}
  std::vector<Result<HttpResponse>> send(std::span<const HttpRequest> requests) override {
    std::vector<Result<HttpResponse>> responses;
    for (const HttpRequest& request : requests) responses.push_back(answer(request));
    shared_.world.advance(shared_.between(Milliseconds(20), Milliseconds(400), "http"));
    return responses;
  }

 private:
  Result<HttpResponse> answer(const HttpRequest& request) {
    if (shared_.is_gone()) return fail(gone());
    shared_.world.exposed() += request.method + " " + request.url + "\n";
    const Disturbance& d = shared_.request.disturbance;
    if (shared_.happens(d.unreachable, "no route")) {
      return fail(unavailable("connection refused", ErrorKind::unavailable, Delivery::not_sent));
    }
    if (shared_.happens(d.slow, "slow")) {
      shared_.world.advance(request.deadline);
      return fail(unavailable("no answer in time", ErrorKind::timed_out, Delivery::maybe_applied));
    }
    if (!request.url.starts_with(std::string(kMaas) + "/")) {
      return fail(unavailable("nobody listens", ErrorKind::unavailable, Delivery::not_sent));
    }
    const sim::RegionAnswer said = shared_.world.ask_maas(region_request(request));
    if (auto lost = lost_on_the_way(said, request)) return fail(std::move(*lost));
    HttpResponse response;
    response.status = said.status;
    response.body = disturbed(shared_, said.body);
    response.headers.push_back({.name = "Content-Type", .value = said.content_type});
    for (const auto& [name, value] : said.headers) {
      response.headers.push_back({.name = name, .value = value});
    }
    return response;
  }

  // What the real transport makes of an answer that does not come whole.
  std::optional<Error> lost_on_the_way(const sim::RegionAnswer& said, const HttpRequest& request) {
    const auto lost = [](const char* what, ErrorKind kind) {
      return std::optional(unavailable(what, kind, Delivery::maybe_applied));
    };
    switch (said.travel) {
      case sim::Travel::whole:
        break;
      case sim::Travel::cut:
        return lost("the answer ends early", ErrorKind::malformed);
      case sim::Travel::reset:
        return lost("the connection was closed without an answer", ErrorKind::unavailable);
      case sim::Travel::dripping:
      case sim::Travel::stalling:
        shared_.world.advance(request.deadline);
        return lost("no whole answer in time", ErrorKind::timed_out);
    }
    if (said.body.size() + said.padding <= request.body_bytes_max) return std::nullopt;
    return lost("the answer is larger than what is read", ErrorKind::malformed);
  }

  Shared& shared_;
};

class SessionProcesses final : public ProcessRunner {
 public:
  explicit SessionProcesses(Shared& shared) : shared_(shared) {}

  std::vector<Result<ProcessResult>> run(std::span<const Command> commands, std::size_t) override {
    std::vector<Result<ProcessResult>> results;
    for (const Command& command : commands) results.push_back(answer(command));
    shared_.world.advance(shared_.between(Milliseconds(100), Milliseconds(2500), "program"));
    return results;
  }

  Result<ChildId> start_detached(const DetachedCommand& command) override {
    if (shared_.is_gone()) return fail(gone());
    const std::string what = command.argv.size() > 1 ? command.argv[1] : command.argv.front();
    if (shared_.plug.pass("before effect " + what)) return fail(gone());
    const auto environment = expose(command.argv, command.environment);
    auto child = shared_.world.start(command, environment);
    if (child) hurt(shared_.world.children().back());
    if (shared_.plug.pass("after effect " + what)) return fail(gone());
    return child;
  }

  Result<ChildState> state_of(const ChildId& child, const std::string& exit_file) override {
    if (shared_.is_gone()) return fail(gone());
    return shared_.world.state_of(child, exit_file);
  }

 private:
  std::map<std::string, std::string> expose(const std::vector<std::string>& argv,
                                            const std::map<std::string, std::string>& own) {
    std::map<std::string, std::string> environment = shared_.world.environment();
    for (const auto& [name, value] : own) environment[name] = value;
    std::string& exposed = shared_.world.exposed();
    exposed += join(argv, " ") + "\n";
    for (const auto& [name, value] : own) exposed += name + "=" + value + "\n";
    return environment;
  }

  Result<ProcessResult> answer(const Command& command) {
    if (shared_.is_gone()) return fail(gone());
    const auto environment = expose(command.argv, command.environment);
    const Disturbance& d = shared_.request.disturbance;
    if (shared_.happens(d.unreachable, "no route")) {
      return ProcessResult{.exit_code = command.argv.front() == "ssh" ? 255 : 1,
                           .out = {},
                           .err = "ERROR connection is shut down\n",
                           .elapsed = {}};
    }
    if (shared_.happens(d.slow, "slow")) {
      shared_.world.advance(command.deadline);
      return fail(
          unavailable("killed after its deadline", ErrorKind::timed_out, Delivery::maybe_applied));
    }
    auto result =
        shared_.world.execute(command.argv, environment, command.directory, command.input);
    if (!result) return result;
    if (std::max(result->out.size(), result->err.size()) > command.output_bytes_max) {
      return fail(
          unavailable("more output than allowed", ErrorKind::malformed, Delivery::maybe_applied));
    }
    result->out = disturbed(shared_, std::move(result->out));
    return result;
  }

  // What happens to the child on its way is settled when it starts.
  void hurt(Child& child) {
    const Disturbance& d = shared_.request.disturbance;
    if (d.kills_child && child.writes.size() > 4) {
      const auto kept = static_cast<std::size_t>(static_cast<double>(child.writes.size() - 2) *
                                                 shared_.draw("kill child"));
      child.writes.resize(std::max<std::size_t>(kept, 2));
    } else if (d.loses_exit && !child.writes.empty()) {
      child.writes.pop_back();
    }
  }

  Shared& shared_;
};

class SessionEntropy final : public Entropy {
 public:
  explicit SessionEntropy(Shared& shared) : shared_(shared) {}
  Result<std::string> bytes(std::size_t count) override {
    if (shared_.is_gone()) return fail(gone());
    std::string bytes;
    while (bytes.size() < count) {
      bytes += static_cast<char>(static_cast<int>(shared_.draw("entropy") * 256));
    }
    return bytes;
  }

 private:
  Shared& shared_;
};

class SessionJournal final : public Journal {
 public:
  SessionJournal(Shared& shared, JournalMode mode) : shared_(shared), mode_(mode) {}
  Result<Event> append(const std::string& run, Moment at, std::string kind,
                       json::object body) override {
    if (mode_ == JournalMode::read) return fail(ErrorKind::denied, "opened for reading");
    if (shared_.is_gone()) return fail(gone());
    if (shared_.happens(shared_.request.disturbance.journal_full, "journal full")) {
      return fail(ErrorKind::io, "database or disk is full");
    }
    if (shared_.plug.pass("before commit of " + kind)) return fail(gone());
    auto event = shared_.world.journal().append(run, at, kind, std::move(body));
    jump_on_the_way();
    if (shared_.plug.pass("after commit of " + kind)) return fail(gone());
    return event;
  }
  Result<std::vector<Event>> events_of(const std::string& run) override {
    if (shared_.is_gone()) return fail(gone());
    return shared_.world.journal().events_of(run);
  }
  Result<std::vector<std::string>> runs() override {
    if (shared_.is_gone()) return fail(gone());
    return shared_.world.journal().runs();
  }
  Result<JournalHead> head() override {
    if (shared_.is_gone()) return fail(gone());
    return shared_.world.journal().head();
  }
  Result<JournalHead> verify() override { return shared_.world.journal().verify(); }

 private:
  void jump_on_the_way() {
    const Milliseconds jump = shared_.request.disturbance.wall_jump;
    constexpr std::size_t kWhen = 40;
    if (++rows_ == kWhen) shared_.world.set_wall_ahead(jump);
  }
  Shared& shared_;
  JournalMode mode_;
  std::size_t rows_ = 0;
};

class SessionConsole final : public cli::Console {
 public:
  SessionConsole(Shared& shared, SessionEnd& end) : shared_(shared), end_(end) {}
  void data(std::string_view text) override {
    if (!shared_.is_gone()) end_.out += text;
  }
  void talk(std::string_view text) override {
    if (!shared_.is_gone()) end_.err += text;
  }
  Colour colour() const override { return Colour::off; }
  bool is_quiet() const override { return false; }
  bool confirm(std::string_view) override { return true; }

 private:
  Shared& shared_;
  SessionEnd& end_;
};

int perform(const SessionRequest& request, cli::Context& context) {
  cli::RunOptions options;
  options.has_consent = true;
  options.until = request.until;
  switch (request.verb) {
    case SessionRequest::Verb::run:
      return cli::run_run(options, context);
    case SessionRequest::Verb::resume:
      return cli::run_resume("", options, context);
    case SessionRequest::Verb::verify:
      return cli::run_journal_verify(context);
    case SessionRequest::Verb::report:
      return cli::run_report({.run = {}, .format = request.format, .bundle = request.bundle},
                             context);
  }
  return cli::kExitBug;
}

}  // namespace

struct SessionEffects::Parts {
  explicit Parts(const Shared& given) : shared(given) {}

  Shared shared;
  SessionClock clock{shared};
  SessionFiles files{shared};
  SessionHttp http{shared};
  SessionProcesses processes{shared};
  SessionEntropy entropy{shared};
  Effects effects{http, processes, files, clock, entropy};
};

SessionEffects::SessionEffects(World& world, const SessionRequest& request, Plug& plug)
    : parts_(std::make_unique<Parts>(Shared{world, request, plug, 0, world.now()})) {}

SessionEffects::~SessionEffects() = default;

Effects& SessionEffects::effects() {
  return parts_->effects;
}

SessionEnd run_session(World& world, const SessionRequest& request, Plug& plug) {
  plug.pulled_at = request.pulled_at;
  SessionEffects effects(world, request, plug);
  Shared& shared = effects.parts_->shared;
  SessionEnd end;
  SessionConsole terminal(shared, end);
  Redactor redactor;
  cli::RedactingConsole console(terminal, redactor);
  cli::Environment environment;
  environment.home = World::home();
  environment.working_directory = world.site_folder();
  environment.lab = "lab-simulated";
  environment.maas_url = std::string(kMaas) + "/MAAS";
  environment.maas_key_file = world.lab().paths.key();
  environment.state_folder = world.state_folder();
  cli::CommonOptions common;
  common.site_file = world.site_file();
  cli::Kept kept;
  cli::Context context{
      effects.effects(),
      console,
      environment,
      common,
      kept,
      redactor,
      [&](const std::string&, JournalMode mode) -> Result<std::unique_ptr<Journal>> {
        if (shared.is_gone()) return fail(gone());
        // What the real one does before it lets anybody write.
        if (auto whole = world.journal().verify(); !whole) {
          return fail(whole.error());
        }
        return std::make_unique<SessionJournal>(shared, mode);
      }};
  end.exit_code = perform(request, context);
  end.was_killed = plug.is_pulled;
  return end;
}

}  // namespace gatehouse::simulation
