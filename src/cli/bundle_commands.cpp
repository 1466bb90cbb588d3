#include "cli/bundle_commands.h"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"
#include "cli/large_pages.h"
#include "cli/print_result.h"
#include "cli/read_inputs.h"
#include "input/bundle/load_bundle.h"
#include "lint/rule.h"
#include "pki/core_dumps.h"
#include "plan/plan.h"

namespace gatehouse::cli {

namespace {

// A generated bundle of 10,000 applications has 6 MB.
constexpr std::size_t kFileBytesMax = 64U << 20U;

// Empty where the working folder cannot be named: then paths stay as they were written.
BundleFiles bundle_files(FileStore& files) {
  BundleFiles reader = bundle_files_in(files.canonical(".").value_or(""), files, kFileBytesMax);
  reader.read = [read = std::move(reader.read)](const std::string& path) {
    auto text = read(path);
    if (text) expect_input_of(text->size());
    return text;
  };
  return reader;
}

// An overlay that only its owner may read holds secrets.
std::vector<OverlayFile> overlay_files(FileStore& files, const std::vector<std::string>& paths) {
  std::vector<OverlayFile> overlays;
  for (const std::string& path : paths) {
    const auto info = files.info(path);
    const bool is_closed = info && (info->mode & 0077U) == 0 && info->kind == FileKind::file;
    if (is_closed) pki::forbid_core_dumps();
    overlays.push_back({path, is_closed ? Sensitivity::secret : Sensitivity::open});
  }
  return overlays;
}

std::string plan_text(const Plan& plan) {
  std::string text = plan.changes.empty() ? "No changes to apply.\n" : dry_run_text(plan);
  const PlanCounts& counts = plan.counts;
  text += fmt::format(
      "\n{} applications, {} units, {} relations, {} machines, {} containers; {} changes\n",
      counts.applications, counts.units, counts.relations, counts.machines, counts.containers,
      counts.changes);
  return text;
}

// The warnings without their mark, one for each that Juju prints.
json::array warnings_of(const std::string& text) {
  json::array warnings;
  std::string warning;
  const auto flush = [&] {
    if (!warning.empty()) warnings.push_back(json::string(warning));
  };
  for (const std::string_view line : lines_of(text)) {
    if (line.starts_with("WARNING ")) {
      flush();
      warning = std::string(line.substr(8));
    } else {
      warning += "\n" + std::string(line);
    }
  }
  flush();
  return warnings;
}

// Juju's words on standard error: warnings, then a line for each charm it found.
std::string talk_of(const LoadedBundle& loaded, const Plan& plan) {
  std::string text = loaded.warnings;
  for (const std::string& line : plan.located) text += line + "\n";
  if (plan.changes.empty()) text += "No changes to apply.\n";
  return text;
}

int print_plan(const BundlePlanOptions& options, const LoadedBundle& loaded, const Plan& plan,
               Console& console) {
  if (options.format == "json") {
    if (refuses_json(plan, console)) return kExitInput;
    console.data(json_text(plan, warnings_of(loaded.warnings)) + "\n");
  } else if (options.format == "dry-run") {
    console.talk(talk_of(loaded, plan));
    console.data(dry_run_text(plan));
  } else {
    console.talk(loaded.warnings);
    console.data(plan_text(plan));
  }
  return kExitHolds;
}

bool is_known_format(const std::string& format) {
  return format == "text" || format == "json" || format == "dry-run";
}

json::object to_json(const Supply& supply) {
  json::object object{{"path", supply.path}, {"removes", supply.removes}};
  if (supply.span.source) {
    object["file"] = supply.span.source->path();
    object["line"] = supply.span.begin.line;
    object["column"] = supply.span.begin.column;
  }
  const auto value = parse_json(supply.value);
  object["value"] = value ? *value : json::value(nullptr);
  object["withheld"] = supply.value.empty() && !supply.removes;
  return object;
}

std::string line_of(const Supply& supply) {
  const std::string value = supply.removes         ? "removed"
                            : supply.value.empty() ? "(withheld: the file is secret)"
                                                   : supply.value;
  return fmt::format("{}: {} = {}", to_string(supply.span), supply.path, value);
}

}  // namespace

bool refuses_json(const Plan& plan, Console& console) {
  if (requirement_bytes(plan) <= kRequirementBytesMax) return false;
  console.talk(
      "error: as JSON the plan is longer than this program writes, for every machine and container "
      "requires all before it\n"
      "  = help: as text it shows the same changes in the same order\n");
  return true;
}

int run_bundle_plan(const BundlePlanOptions& options, Context& context) {
  Console& console = context.console;
  FileStore& files = context.effects.files;
  if (!is_known_format(options.format)) {
    console.talk(fmt::format("error: unknown format {}: text, json or dry-run\n", options.format));
    return kExitInput;
  }
  SourceMap& sources = context.kept.hold(SourceMap{});
  const LoadedBundle& loaded = context.kept.hold(
      load_bundle(sources, bundle_files(files),
                  {options.bundle, overlay_files(files, options.overlays), options.trust, ""}));
  if (!loaded.bundle) {
    console.talk(loaded.warnings + loaded.refusal + "\n");
    return kExitInput;
  }
  const bool shows_arguments = options.format == "json";
  const auto& planned = context.kept.hold(compute_plan(
      *loaded.bundle, shows_arguments ? PlanArguments::made : PlanArguments::left_out));
  if (const auto* refusal = std::get_if<PlanRefusal>(&planned)) {
    console.talk(loaded.warnings + refusal->text + "\n");
    return kExitInput;
  }
  return print_plan(options, loaded, std::get<Plan>(planned), console);
}

int run_bundle_check(const BundleCheckOptions& options, FileStore& files, Console& console) {
  SourceMap sources;
  const BundleFiles reader = bundle_files(files);
  LoadedBundle loaded = load_bundle(
      sources, reader, {options.bundle, overlay_files(files, options.overlays), true, ""});
  if (loaded.bundle) {
    const auto planned = compute_plan(*loaded.bundle, PlanArguments::left_out);
    if (const auto* refusal = std::get_if<PlanRefusal>(&planned)) {
      Diagnostic finding;
      finding.code = "bundle/plan";
      finding.message =
          refusal->text.substr(std::string_view("ERROR cannot deploy bundle: ").size());
      loaded.findings.push_back(std::move(finding));
    }
    const CharmCatalogue& charms = CharmCatalogue::embedded();
    for (Diagnostic& finding :
         lint({*loaded.bundle, std::get_if<Plan>(&planned), charms, nullptr})) {
      loaded.findings.push_back(std::move(finding));
    }
    sort_diagnostics(loaded.findings);
  }
  CommandResult result = make_result("bundle check", options.strict);
  result.subject = options.bundle;
  result.findings = std::move(loaded.findings);
  print(result, options.format, console);
  const bool was_opened =
      std::none_of(result.findings.begin(), result.findings.end(), [](const Diagnostic& finding) {
        return finding.code == "bundle/missing" || finding.code == "bundle/unreadable";
      });
  if (!was_opened) return kExitInput;
  return fails(result.findings, result.warnings) ? kExitFails : kExitHolds;
}

int run_bundle_where(const BundleWhereOptions& options, FileStore& files, Console& console) {
  SourceMap sources;
  const LoadedBundle loaded =
      load_bundle(sources, bundle_files(files),
                  {options.bundle, overlay_files(files, options.overlays), true, options.path});
  if (!loaded.bundle) {
    console.talk(loaded.refusal + "\n");
    return kExitInput;
  }
  const auto& supplies = loaded.supplies;
  if (options.json) {
    json::array all;
    for (const Supply& supply : supplies) all.push_back(to_json(supply));
    json::value winner = nullptr;
    if (!all.empty()) {
      winner = all.back();
      all.pop_back();
    }
    console.data(to_pretty_json(
        json::object{{"path", options.path}, {"supplied", winner}, {"replaced", std::move(all)}}));
  } else if (!supplies.empty()) {
    std::string text = line_of(supplies.back()) + "\n";
    for (auto it = supplies.rbegin() + 1; it != supplies.rend(); ++it) {
      text += "  replaced " + line_of(*it) + "\n";
    }
    console.data(text);
  }
  if (supplies.empty()) {
    console.talk(fmt::format("nothing supplies {}\n", options.path));
    return kExitFails;
  }
  return kExitHolds;
}

}  // namespace gatehouse::cli
