#include "input/bundle/load_bundle.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "input/bundle/bundle_data.h"
#include "input/bundle/decode_document.h"
#include "input/bundle/go_text.h"
#include "input/bundle/local_charm.h"
#include "input/bundle/merge_overlay.h"
#include "input/bundle/overlay_remarks.h"
#include "input/bundle/remark_findings.h"
#include "input/bundle/verify_bundle.h"
#include "input/yaml/tree.h"

namespace gatehouse {

using namespace bundle;

namespace {

constexpr std::string_view kCannot = "ERROR cannot deploy bundle: ";
constexpr std::string_view kZipMark = "PK\x03\x04";
// Juju 3.6, cmd/juju/application/bundle.
constexpr std::string_view kSeriesWarning =
    "WARNING series are being deprecated in favour of bases. For more information about the "
    "transition to bases see "
    "https://discourse.charmhub.io/t/transition-from-series-to-base-in-juju-4-0/14127\n";

bool is_secret(const Span& span) {
  return span.source && span.source->is_secret();
}

// A text that quotes values of a secret file is not repeated.
std::string shown(const Problem& problem) {
  if (!is_secret(problem.span)) return problem.text;
  return fmt::format("{}: refused ({}; the text is withheld, the file is secret)",
                     to_string(problem.span), problem.code);
}

class Loader {
 public:
  Loader(SourceMap& sources, const BundleFiles& files, const BundleRequest& request)
      : sources_(sources), files_(files), request_(request) {}

  LoadedBundle run() {
    if (read_base() && read_overlays() && merge() && verify_merged()) finish();
    add_remark_findings(parts_, loaded_.findings);
    sort_diagnostics(loaded_.findings);
    return std::move(loaded_);
  }

 private:
  void note_finding(const Problem& problem) {
    Diagnostic diagnostic;
    diagnostic.code = problem.code;
    diagnostic.span = problem.span;
    diagnostic.message = is_secret(problem.span)   ? "Juju refuses this value"
                         : problem.message.empty() ? problem.text
                                                   : problem.message;
    diagnostic.subject = problem.subject;
    loaded_.findings.push_back(std::move(diagnostic));
  }

  bool refuse(std::string_view prefix, const Problem& problem) {
    loaded_.refusal = std::string(prefix) + shown(problem);
    note_finding(problem);
    return false;
  }

  bool refuse_all(const std::vector<Problem>& problems) {
    std::vector<std::string> lines;
    for (const Problem& problem : problems) {
      lines.push_back(shown(problem));
      note_finding(problem);
    }
    std::sort(lines.begin(), lines.end());
    loaded_.refusal = fmt::format("{}the provided bundle has the following errors:\n{}", kCannot,
                                  join(lines, "\n"));
    return false;
  }

  // A folder stands for the bundle.yaml in it.
  std::string file_of(const std::string& path) const {
    const std::string absolute = resolve_path(files_.working_directory, path);
    return files_.kind(absolute) == PathKind::folder ? absolute + "/bundle.yaml" : absolute;
  }

  /// Appends the file's documents; nothing is appended where it cannot be read.
  std::optional<Problem> read_parts(const std::string& path, const std::string& absolute,
                                    Sensitivity sensitivity) {
    auto text = files_.read(absolute);
    if (!text) {
      return Problem{
          "bundle/unreadable",
          fmt::format("access bundle data at {}: {}", go_quote(path), text.error().message),
          {}};
    }
    if (text->starts_with(kZipMark)) {
      return Problem{"bundle/unreadable",
                     fmt::format("{} is a zip archive, which Juju opens and this program does not: "
                                 "unpack it and name its folder",
                                 go_quote(path)),
                     {}};
    }
    loaded_.files.push_back(absolute);
    const Source& source = sources_.add(path, std::move(*text), sensitivity);
    DecodedFile decoded = decode_file(yaml::parse(source, yaml::SelfReference::deferred));
    if (decoded.failure) {
      return Problem{decoded.failure->code,
                     "cannot unmarshal bundle contents: " + decoded.failure->text,
                     decoded.failure->span,
                     {},
                     decoded.failure->reason};
    }
    for (Part& part : decoded.parts) {
      part.folder = folder_of(absolute);
      parts_.push_back(std::move(part));
    }
    return std::nullopt;
  }

  bool read_base() {
    const std::string absolute = file_of(request_.bundle);
    folder_ = folder_of(absolute);
    if (files_.kind(absolute) != PathKind::file) {
      return refuse("ERROR ", {"bundle/missing",
                               fmt::format("no charm was found at {}", go_quote(request_.bundle)),
                               {}});
    }
    if (auto problem = read_parts(request_.bundle, absolute, Sensitivity::open)) {
      return refuse(kCannot, *problem);
    }
    if (parts_.empty()) return true;
    // The first document must be right by itself: no overlay can repair it.
    has_verified_base_ = true;
    const auto problems = verify(parts_[0].data, {folder_, files_, ImageId::refused});
    return problems.empty() || refuse_all(problems);
  }

  bool read_overlays() {
    for (const OverlayFile& overlay : request_.overlays) {
      const std::string prefix = std::string(kCannot) + "unable to process overlays: ";
      const std::string absolute = file_of(overlay.path);
      if (files_.kind(absolute) != PathKind::file) {
        return refuse(prefix,
                      {"bundle/missing", fmt::format("{} not found", go_quote(overlay.path)), {}});
      }
      if (auto problem = read_parts(overlay.path, absolute, overlay.sensitivity)) {
        return refuse(prefix, *problem);
      }
    }
    return true;
  }

  bool merge() {
    if (parts_.empty()) {
      return refuse(kCannot, {"bundle/empty", "malformed bundle: bundle is empty not valid", {}});
    }
    if (const auto problems = overlay_only_fields(parts_[0].data); !problems.empty()) {
      for (const Problem& problem : problems) note_finding(problem);
      loaded_.refusal = std::string(kCannot) + shown(problems[0]);
      if (problems.size() > 1) {
        loaded_.refusal += fmt::format(" (and {} more errors)", problems.size() - 1);
      }
      return false;
    }
    Included included{folder_, loaded_.files};
    for (std::size_t index = 0; index < parts_.size(); ++index) {
      Part& part = parts_[index];
      // A default-base comes before whatever series an overlay gives.
      const bool is_in_vain =
          request_.watched_path == "series" && index > 0 && !data_.default_base.value.empty();
      if (!request_.watched_path.empty() && !is_in_vain) {
        note_supplies(part, request_.watched_path, loaded_.supplies);
      }
      if (index == 0) {
        data_ = std::move(part.data);
      } else {
        add_overlay_remarks(data_, part, parts_[0].span, overlay_remarks_);
        apply_overlay(data_, part);
      }
      const auto before = static_cast<std::ptrdiff_t>(loaded_.files.size());
      const auto problem = resolve_includes(data_, part.folder, files_, included);
      // What was read before the problem is no less secret.
      if (is_secret(part.span)) {
        loaded_.secret_files.insert(loaded_.files.begin() + before, loaded_.files.end());
      }
      if (problem) return refuse(kCannot, *problem);
    }
    return true;
  }

  bool verify_merged() {
    // What stands alone was verified when it was read; includes reach nothing that is verified. A
    // bundle's file may hold no document: the overlay's is then the first.
    const bool stands_alone = parts_.size() == 1 && has_verified_base_;
    if (!stands_alone) {
      const auto problems = verify(data_, {folder_, files_, ImageId::allowed});
      if (!problems.empty()) return refuse_all(problems);
    }
    loaded_.warnings = warnings();
    if (const auto problem = missing_base_for_image_id(data_)) return refuse("ERROR ", *problem);
    return request_.has_trust || verify_trust();
  }

  bool verify_trust() {
    std::vector<std::string> names;
    for (const auto& [name, given] : data_.applications) {
      const auto option = given->application.options.find("trust");
      const bool by_option = option != given->application.options.end() &&
                             option->second.value.is_bool() && option->second.value.get_bool();
      if (!given->application.trust && !by_option) continue;
      names.push_back(name);
      const auto place = given->application.places.find("trust");
      note_finding(
          {"bundle/trust",
           fmt::format("application {} asks for the cloud credentials (--trust)", name),
           place != given->application.places.end() ? place->second : given->application.span,
           name});
    }
    if (names.empty()) return true;
    loaded_.refusal = fmt::format(
        "ERROR Bundle cannot be deployed without trusting applications with your cloud "
        "credentials.\nPlease repeat the deploy command with the --trust argument if you consent "
        "to trust the following application(s):\n  - {}",
        join(names, "\n  - "));
    return false;
  }

  bool says_series() const {
    if (!data_.series.value.empty()) return true;
    for (const auto& [name, given] : data_.applications) {
      if (!given->application.series.empty()) return true;
    }
    if (!data_.machines) return false;
    return std::any_of(data_.machines->begin(), data_.machines->end(),
                       [](const auto& machine) { return !machine.second.series.empty(); });
  }

  std::string warnings() const {
    std::string text;
    if (says_series()) text += kSeriesWarning;
    std::string fields;
    for (const Part& part : parts_) {
      if (part.remarks.empty()) continue;
      fields += fmt::format("\n unmarshal document {}: yaml: unmarshal errors:", part.document);
      for (const StrictRemark& remark : part.remarks) fields += "\n  " + remark.text;
      fields += "\n";
    }
    if (!fields.empty()) {
      text += fmt::format("WARNING These fields{}will be ignored during deployment\n", fields);
    }
    return text;
  }

  static Located<std::variant<std::int64_t, std::string>> resource_of(const OptionValue& value) {
    if (value.value.is_int64()) return {value.value.get_int64(), value.span};
    return {value.text, value.span};
  }

  void finish() {
    Bundle bundle;
    bundle.type = data_.type.value;
    bundle.default_base = data_.default_base.value;
    bundle.series = data_.series.value;
    // Each goes away as it is taken over: there is never room for all of them twice.
    while (!data_.applications.empty()) {
      const auto taken = data_.applications.extract(data_.applications.begin());
      BundleApplication application = std::move(taken.mapped()->application);
      for (const auto& [key, value] : taken.mapped()->resources) {
        application.resources[key] = resource_of(value);
      }
      if (application.has_local_charm()) {
        application.local_base = local_charm_base(application.charm, files_);
      }
      bundle.applications.emplace_hint(bundle.applications.end(), std::move(taken.key()),
                                       std::move(application));
    }
    if (data_.machines && !data_.is_kubernetes()) bundle.machines = std::move(*data_.machines);
    bundle.relations.reserve(data_.relations.size());
    for (RelationData& relation : data_.relations) {
      bundle.relations.push_back(
          {std::move(relation.ends[0]), std::move(relation.ends[1]), relation.span});
    }
    for (const auto& [name, remote] : data_.saas) {
      bundle.saas[name] = remote ? remote->url.value : "";
    }
    for (const Part& part : parts_) {
      bundle.remarks.insert(bundle.remarks.end(), part.remarks.begin(), part.remarks.end());
    }
    bundle.overlay_remarks = std::move(overlay_remarks_);
    loaded_.bundle = std::move(bundle);
  }

  SourceMap& sources_;
  const BundleFiles& files_;
  const BundleRequest& request_;
  LoadedBundle loaded_;
  std::vector<Part> parts_;
  bool has_verified_base_ = false;  ///< its first document, by itself
  BundleData data_;
  std::vector<OverlayRemark> overlay_remarks_;
  std::string folder_;
};

}  // namespace

LoadedBundle load_bundle(SourceMap& sources, const BundleFiles& files,
                         const BundleRequest& request) {
  return Loader(sources, files, request).run();
}

}  // namespace gatehouse
