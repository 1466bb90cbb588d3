#include "cli/report_forms.h"

#include <algorithm>
#include <set>
#include <variant>

#include "base/text.h"

namespace gatehouse::cli {

namespace {

// Why an input is left out, or its bytes: as they were judged, where they still are that. Secret
// ones never.
std::variant<std::string, std::string_view> input_of_parcel(const InputFile& file,
                                                            const json::array* judged,
                                                            const std::string& path,
                                                            const Result<std::string>& bytes,
                                                            const Redactor& redactor) {
  const bool is_same = judged && std::any_of(judged->begin(), judged->end(), [&](const auto& row) {
                         return string_or_empty(row, "path") == file.path &&
                                string_or_empty(row, "digest") == file.digest;
                       });
  if (file.is_secret) return std::string("secret");
  if (!bytes) return to_string(bytes.error());
  if (!is_same) return std::string("not what the run judged");
  if (!is_archive_path(path)) return std::string("no path that an archive can hold");
  if (redactor.redacted(*bytes) != *bytes) return std::string("holds a value of a secret overlay");
  return std::string_view(*bytes);
}

void add_inputs(const RunView& view, const Inputs& inputs, const Context& context, Parcel& parcel) {
  constexpr std::size_t kPassedOnBytesMax = std::size_t{16} << 20;
  std::vector<InputFile> files{inputs.site_file};
  files.insert(files.end(), inputs.files.begin(), inputs.files.end());
  std::set<std::string> named;
  for (const InputFile& file : files) {
    named.insert(file.path);
    const std::string path = view.run + "/inputs/" + file.path;
    const auto bytes =
        context.effects.files.read(inputs.folder + "/" + file.path, kPassedOnBytesMax);
    const auto given =
        input_of_parcel(file, find_array(view.about, "inputs"), path, bytes, context.redactor);
    if (const auto* why = std::get_if<std::string>(&given)) {
      parcel.left_out.push_back(
          json::object{{"path", printable(file.path)}, {"why", printable(*why)}});
    } else {
      parcel.entries.push_back({path, std::string(std::get<std::string_view>(given))});
    }
  }
  // What the run read, and nothing leads to any more.
  if (const json::array* judged = find_array(view.about, "inputs")) {
    for (const json::value& row : *judged) {
      const std::string path = string_or_empty(row, "path");
      if (named.insert(path).second) {
        parcel.left_out.push_back(
            json::object{{"path", printable(path)}, {"why", "no input of the site any more"}});
      }
    }
  }
}

}  // namespace

std::string form_of(const RunView& view, const std::string& format) {
  if (format == "json") return to_pretty_json(to_json(view));
  if (format == "html") return to_html(view);
  if (format == "md") return to_markdown(view);
  if (format == "junit") return to_junit(view);
  return to_text(view);
}

Parcel parcel_of(const RunView& view, const std::vector<Event>& events, const Inputs& inputs,
                 const Context& context) {
  Parcel parcel;
  const auto add = [&](const std::string& name, const std::string& text) {
    parcel.entries.push_back({view.run + "/" + name, context.redactor.redacted(text)});
  };
  add("report.txt", form_of(view, "text"));
  add("report.json", form_of(view, "json"));
  add("report.html", form_of(view, "html"));
  add("report.md", form_of(view, "md"));
  add("report.junit.xml", form_of(view, "junit"));
  std::string rows;
  for (const Event& event : events) rows += to_json_line(event) + "\n";
  add("journal.jsonl", rows);
  // Without the bundle nobody can tell what a secret overlay holds.
  const bool knows_secrets =
      inputs.bundle() || std::none_of(inputs.site.overlays.begin(), inputs.site.overlays.end(),
                                      [](const SiteOverlay& overlay) { return overlay.is_secret; });
  if (knows_secrets) {
    add_inputs(view, inputs, context, parcel);
  } else {
    parcel.left_out.push_back(json::object{
        {"path", "inputs"}, {"why", "the bundle cannot be read, so what is secret is not known"}});
  }
  return parcel;
}

}  // namespace gatehouse::cli
