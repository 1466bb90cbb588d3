#include "tests/fuzz/targets.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "base/text.h"
#include "clients/juju/decode_status.h"
#include "clients/juju/dry_run_text.h"
#include "clients/juju/name_probe.h"
#include "clients/ssh/disk_probe.h"
#include "diag/diagnostic.h"
#include "effects/posix/posix.h"
#include "input/bundle/load_bundle.h"
#include "input/site/load_site.h"
#include "input/yaml/tree.h"
#include "input/yaml/typing.h"
#include "journal/journal.h"
#include "pki/findings.h"
#include "pki/overlay_reader.h"
#include "plan/plan.h"
#include "report/run_view.h"

namespace gatehouse::fuzz {

namespace {

// Assertions of the standard library may be off; these are not.
void promise(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

std::size_t lines_in(const Source& source) {
  return source.line_count();
}

std::size_t walk(const yaml::Node& node, const Source& source) {
  promise(node.span.begin.line >= 1 && node.span.begin.line <= lines_in(source) + 1,
          "a node stands on a line of its file");
  if (node.kind == yaml::Kind::scalar) {
    yaml::typed(node);
    return 1;
  }
  std::size_t nodes = 1;
  if (node.kind == yaml::Kind::alias) promise(node.target != nullptr, "an alias has its target");
  for (const yaml::Node* item : node.items()) nodes += walk(*item, source);
  for (const yaml::Entry& entry : node.entries()) {
    nodes += walk(*entry.key, source) + walk(*entry.value, source);
  }
  return nodes;
}

void run_yaml(std::string_view bytes) {
  SourceMap sources;
  const Source& source = sources.add("x.yaml", std::string(bytes));
  for (const auto mode : {yaml::SelfReference::refused, yaml::SelfReference::deferred}) {
    const yaml::File file = yaml::parse(source, mode);
    for (const yaml::Node* root : file.documents()) {
      if (root) promise(walk(*root, source) <= 4 * bytes.size() + 16, "nodes come from bytes");
    }
    if (file.error()) promise(!file.error()->message.empty(), "an error has words");
  }
}

void show(const std::vector<Diagnostic>& findings) {
  for (const Diagnostic& finding : findings) {
    promise(!finding.code.empty(), "a finding has a code");
    promise(!render(finding, Colour::off).empty(), "a finding is drawn");
    json::serialize(to_json(finding));
  }
}

// Files without a disk: the parts of the input between lines of "=====" are the bundle, the overlay
// and a file to include.
BundleFiles files_of(std::vector<std::string> parts) {
  BundleFiles files;
  files.working_directory = "/w";
  auto named = [parts = std::move(parts)](const std::string& path) -> const std::string* {
    constexpr std::string_view kNames[] = {"/w/bundle.yaml", "/w/overlay.yaml", "/w/included"};
    for (std::size_t i = 0; i < parts.size() && i < std::size(kNames); ++i) {
      if (path == kNames[i]) return &parts[i];
    }
    return nullptr;
  };
  files.read = [named](const std::string& path) -> Result<std::string> {
    if (const std::string* text = named(path)) return *text;
    return fail(ErrorKind::not_found, "no such file");
  };
  files.kind = [named](const std::string& path) {
    return path == "/w" ? PathKind::folder : named(path) ? PathKind::file : PathKind::missing;
  };
  return files;
}

void run_bundle(std::string_view bytes) {
  constexpr std::string_view kBorder = "\n=====\n";
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = bytes.find(kBorder);
    parts.emplace_back(bytes.substr(0, end));
    if (end == std::string_view::npos) break;
    bytes.remove_prefix(end + kBorder.size());
  }
  BundleRequest request{"bundle.yaml", {}, true, "applications.a.options.x"};
  if (parts.size() > 1) request.overlays.push_back({"overlay.yaml"});
  SourceMap sources;
  const LoadedBundle loaded = load_bundle(sources, files_of(parts), request);
  show(loaded.findings);
  promise(loaded.bundle || !loaded.refusal.empty(), "a refusal has words");
  promise(loaded.bundle || !loaded.findings.empty(), "a refusal has a finding");
  if (!loaded.bundle) return;
  const auto planned = compute_plan(*loaded.bundle);
  const auto bare = compute_plan(*loaded.bundle, PlanArguments::left_out);
  promise(planned.index() == bare.index(), "arguments decide nothing");
  const Plan* plan = std::get_if<Plan>(&planned);
  if (!plan) return;
  promise(plan->counts == std::get<Plan>(bare).counts, "arguments count for nothing");
  promise(dry_run_text(*plan) == dry_run_text(std::get<Plan>(bare)), "arguments show nowhere");
  if (plan->changes.size() < 500) promise(bool(parse_json(json_text(*plan, {}))), "JSON is JSON");
}

void run_dry_run(std::string_view bytes) {
  constexpr std::string_view kBorder = "\n=====\n";
  const std::size_t end = bytes.find(kBorder);
  ProcessResult result;
  result.out = std::string(bytes.substr(0, end));
  if (end != std::string_view::npos) result.err = std::string(bytes.substr(end + kBorder.size()));
  for (const int status : {0, 1}) {
    result.exit_code = status;
    (void)juju::decode_dry_run(result, "controller");
  }
}

void run_status(std::string_view bytes) {
  (void)juju::decode_status(bytes);
}

void run_site(std::string_view bytes) {
  SourceMap sources;
  const LoadedSite loaded = load_site(sources.add("site.yaml", std::string(bytes)));
  show(loaded.findings);
  promise(loaded.site || has_error(loaded.findings), "what is refused has an error");
}

void run_secret_overlay(std::string_view bytes) {
  SourceMap sources;
  const Source& source = sources.add("overlay.yaml", std::string(bytes), Sensitivity::secret);
  pki::Findings findings;
  (void)pki::read_overlay(source, "octavia", findings);
}

// What a report is made of. Whatever the rows hold, no form lets a control character through.
void report_on(const std::vector<Event>& events) {
  const RunView view = fold(events);
  std::string forms = to_text(view) + to_html(view) + to_markdown(view) + to_junit(view);
  for (const Event& event : events) forms += progress_of(event);
  for (const char c : forms) {
    promise(static_cast<unsigned char>(c) >= 0x20 || c == '\n', "a report is harmless");
  }
  json::serialize(to_json(view));
}

// The bytes as the journal's database: refused or read, never more.
void run_journal(std::string_view bytes) {
  const std::string folder = fmt::format("/tmp/gatehouse-fuzz-journal-{}", ::getpid());
  const auto files = posix::make_file_store();
  promise(files->make_folder(folder, 0700).has_value(), "there is a folder");
  promise(files->write_atomic(journal_file(folder), bytes, 0600).has_value(), "there is a file");
  if (const auto journal = open_journal(folder, JournalMode::read)) {
    const auto runs = (*journal)->runs();
    for (const std::string& run : runs ? *runs : std::vector<std::string>()) {
      if (const auto events = (*journal)->events_of(run)) report_on(*events);
    }
    (void)(*journal)->verify();
  }
  if (const auto journal = open_journal(folder, JournalMode::write)) {
    promise((*journal)->verify().has_value(), "what may be written to is whole");
  }
  (void)files->remove(folder);
}

// Lines of JSON as the bodies of rows; the kind stands in each.
void run_report(std::string_view bytes) {
  std::vector<Event> events;
  for (const std::string_view line : lines_of(bytes)) {
    const auto body = parse_json(line);
    if (!body || !body->is_object()) continue;
    Event event;
    event.run = "run";
    event.sequence = static_cast<std::int64_t>(events.size() + 1);
    event.kind = string_or_empty(*body, "kind");
    event.body = body->get_object();
    events.push_back(std::move(event));
  }
  report_on(events);
}

void run_name_probe(std::string_view bytes) {
  (void)juju::read_name_probe(bytes);
  const DiskQuestion disk{.machine = "m", .host = "h", .path = "/p"};
  const DiskQuestion* disks[] = {&disk, &disk};
  ProcessResult result;
  result.out = std::string(bytes);
  promise(ssh::read_disk_script(result, disks).size() == 2, "an answer for each disk");
}

constexpr Target kTargets[] = {
    {"yaml", run_yaml},       {"bundle", run_bundle}, {"dry_run", run_dry_run},
    {"status", run_status},   {"site", run_site},     {"secret_overlay", run_secret_overlay},
    {"journal", run_journal}, {"report", run_report}, {"name_probe", run_name_probe},
};

}  // namespace

std::span<const Target> all_targets() {
  return kTargets;
}

}  // namespace gatehouse::fuzz
