#include "tests/corpus/juju_case.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <variant>

#include "base/json.h"
#include "base/text.h"
#include "input/bundle/load_bundle.h"
#include "plan/plan.h"

namespace gatehouse::corpus {

namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

BundleFiles files_below(const fs::path& folder) {
  BundleFiles files;
  files.working_directory = folder.string();
  files.read = [](const std::string& path) -> Result<std::string> { return read(path); };
  files.kind = [](const std::string& path) {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (!fs::exists(status)) return PathKind::missing;
    return fs::is_directory(status) ? PathKind::folder : PathKind::file;
  };
  return files;
}

std::vector<std::string> texts(const json::value& meta, std::string_view key) {
  std::vector<std::string> list;
  if (const json::array* items = find_array(meta, key)) {
    for (const json::value& item : *items) list.emplace_back(item.get_string());
  }
  return list;
}

// The lines in order of bytes where Juju's own order is random.
std::string sorted_lines(const std::string& text) {
  std::vector<std::string> lines = split(trim(text), '\n');
  std::sort(lines.begin(), lines.end());
  return join(lines, "\n");
}

class Case {
 public:
  explicit Case(const fs::path& folder)
      : folder_(fs::canonical(folder)), files_(folder_ / "files") {
    meta_ = parse_json(read(folder_ / "case.json")).value_or(nullptr);
    is_loose_ = find_bool(meta_, "nondeterministic").value_or(false);
  }

  std::string difference() {
    const auto flags = texts(meta_, "flags");
    BundleRequest request;
    request.bundle = "./" + string_or_empty(meta_, "bundle");
    for (const std::string& overlay : texts(meta_, "overlays")) {
      request.overlays.push_back({"./" + overlay});
    }
    request.has_trust = std::find(flags.begin(), flags.end(), "--trust") != flags.end();
    const LoadedBundle loaded = load_bundle(sources_, files_below(files_), request);
    if (!loaded.bundle) return of_refusal(loaded.refusal);
    const auto planned = compute_plan(*loaded.bundle);
    if (const auto* refusal = std::get_if<PlanRefusal>(&planned)) return of_refusal(refusal->text);
    return of_plan(loaded, std::get<Plan>(planned));
  }

 private:
  std::string masked(std::string text) const {
    text = replace_all(std::move(text), files_.string(), "$DIR");
    return replace_all(std::move(text), folder_.string(), "$DIR/..");
  }

  std::string of_refusal(const std::string& refusal) const {
    if (string_or_empty(meta_, "outcome") != "error") return "planned by Juju: " + refusal;
    const std::string wanted(trim(read(folder_ / "error.txt")));
    const std::string shown = masked(refusal);
    return shown == wanted ? "" : "other error text:\n" + shown + "\nwanted:\n" + wanted;
  }

  bool same_lines(const std::string& ours, const std::string& theirs) const {
    if (is_loose_) return sorted_lines(ours) == sorted_lines(theirs);
    return trim(ours) == trim(theirs);
  }

  std::string of_plan(const LoadedBundle& loaded, const Plan& plan) const {
    if (string_or_empty(meta_, "outcome") != "plan") return "refused by Juju";
    if (!same_lines(masked(dry_run_text(plan)), read(folder_ / "dryrun.txt"))) {
      return "other dry-run text";
    }
    std::string talk = loaded.warnings;
    for (const std::string& line : plan.located) talk += line + "\n";
    if (!same_lines(masked(talk), read(folder_ / "stderr.txt"))) {
      return "other text on standard error:\n" + talk;
    }
    return of_changes(plan);
  }

  std::string of_changes(const Plan& plan) const {
    const auto ours = parse_json(masked(json_text(plan, {})));
    const auto theirs = parse_json(read(folder_ / "plan.json"));
    if (!ours || !theirs) return "no JSON";
    const json::array& mine = *find_array(*ours, "changes");
    const json::array& juju = *find_array(*theirs, "changes");
    if (is_loose_) return mine.size() == juju.size() ? "" : "another number of changes";
    if (mine.size() != juju.size()) return "another number of changes";
    for (std::size_t i = 0; i < mine.size(); ++i) {
      if (mine[i] != juju[i]) {
        return "other change:\n" + json::serialize(mine[i]) + "\nwanted:\n" +
               json::serialize(juju[i]);
      }
    }
    return of_counts(plan);
  }

  std::string of_counts(const Plan& plan) const {
    const json::object* counts = find_object(meta_, "counts");
    if (!counts) return "";
    const json::value wanted(*counts);
    const auto differs = [&](const char* key, std::size_t ours) {
      return find_integer(wanted, key).value_or(-1) != static_cast<std::int64_t>(ours);
    };
    if (differs("applications", plan.counts.applications)) return "another count of applications";
    if (differs("relations", plan.counts.relations)) return "another count of relations";
    if (differs("changes", plan.counts.changes)) return "another count of changes";
    return "";
  }

  fs::path folder_;
  fs::path files_;
  json::value meta_;
  bool is_loose_ = false;
  SourceMap sources_;
};

}  // namespace

std::vector<fs::path> cases_in(const fs::path& folder) {
  std::vector<fs::path> cases;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (fs::exists(entry.path() / "case.json")) cases.push_back(entry.path());
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

std::string difference(const fs::path& folder) {
  return Case(folder).difference();
}

}  // namespace gatehouse::corpus
