#include "input/bundle/merge_overlay.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "input/bundle/go_text.h"

namespace gatehouse::bundle {

namespace {

// An end is an application, or an application with an endpoint.
void remove_relations_of(BundleData& base, const std::set<std::string>& applications) {
  if (applications.empty()) return;
  std::erase_if(base.relations, [&](const RelationData& relation) {
    // One of another length stays, for verification to find.
    return relation.ends.size() == 2 &&
           std::any_of(relation.ends.begin(), relation.ends.end(), [&](const std::string& end) {
             return applications.contains(end) || applications.contains(application_of(end));
           });
  });
}

// Lays the fields that a document gives over those of the application so far.
class ApplicationMerge {
 public:
  ApplicationMerge(ApplicationData& target, const ApplicationData& source)
      : target_(target), source_(source) {}

  void run() {
    fields();
    section("options", target_.application.options, source_.application.options);
    section("resources", target_.resources, source_.resources);
    section("annotations", target_.application.annotations, source_.application.annotations);
    section("bindings", target_.application.bindings, source_.application.bindings);
    section("storage", target_.application.storage, source_.application.storage);
    section("devices", target_.application.devices, source_.application.devices);
    objects("exposed-endpoints", target_.application.exposed_endpoints,
            source_.application.exposed_endpoints);
    objects("offers", target_.application.offers, source_.application.offers);
    for (const auto& [field, span] : source_.application.places) {
      target_.application.places[field] = span;
    }
  }

 private:
  bool gives(std::string_view field) const { return source_.application.places.contains(field); }

  template <class T>
  void replace(std::string_view field, T& target, const T& source) {
    if (gives(field)) target = source;
  }

  void fields() {
    BundleApplication& target = target_.application;
    const BundleApplication& source = source_.application;
    replace("charm", target.charm, source.charm);
    replace("channel", target.channel, source.channel);
    replace("revision", target.revision, source.revision);
    replace("series", target.series, source.series);
    replace("base", target.base, source.base);
    replace("num_units", target.num_units, source.num_units);
    replace("to", target.to, source.to);
    replace("expose", target.expose, source.expose);
    replace("constraints", target.constraints, source.constraints);
    replace("trust", target.trust, source.trust);
  }

  static bool is_deletion(const OptionValue& option) { return option.value.is_null(); }
  static bool is_deletion(const Located<std::string>&) { return false; }

  template <class Map>
  void section(std::string_view field, Map& target, const Map& source) {
    if (!gives(field)) return;
    target_.sections.insert(field);
    if (!source_.sections.contains(field)) return target.clear();
    for (const auto& [key, value] : source) {
      if (is_deletion(value)) {
        target.erase(key);
      } else {
        target[key] = value;
      }
    }
  }

  // An offer of null, and an exposed endpoint without any restriction, delete theirs.
  void objects(std::string_view field, json::object& target, const json::object& source) {
    if (!gives(field)) return;
    target_.sections.insert(field);
    if (!source_.sections.contains(field)) return target.clear();
    for (const auto& member : source) {
      const bool is_empty = member.value().is_null() ||
                            (field == "exposed-endpoints" && member.value().get_object().empty());
      if (is_empty) {
        target.erase(member.key());
      } else {
        target[member.key()] = member.value();
      }
    }
  }

  ApplicationData& target_;
  const ApplicationData& source_;
};

constexpr std::string_view kIncludeFile = "include-file://";
constexpr std::string_view kIncludeBase64 = "include-base64://";

// Replaces texts that name a file by what the file holds.
class Includer {
 public:
  Includer(const std::string& folder, const BundleFiles& files, Included& included)
      : folder_(folder), files_(files), included_(included) {}

  /// The reason why the file cannot be had, in Juju's words but for one that lies outside.
  std::optional<std::string> resolve(std::string& text) {
    const bool is_plain = text.starts_with(kIncludeFile);
    if (!is_plain && !text.starts_with(kIncludeBase64)) return std::nullopt;
    const std::string named = text.substr(is_plain ? kIncludeFile.size() : kIncludeBase64.size());
    const std::string path = resolve_path(folder_, named);
    const auto because = [&](const std::string& why) {
      return fmt::format("resolving include {}: {}", go_quote(named), why);
    };
    switch (files_.kind(path)) {
      case PathKind::missing:
        return because(fmt::format("include file {} not found", go_quote(path)));
      case PathKind::folder:
        return because(fmt::format("include path {} resolves to a folder", go_quote(path)));
      case PathKind::file:
        break;
    }
    if (!is_within_bounds(path)) {
      code_ = "bundle/include-outside";
      return because("it lies outside the folders of the bundle and of the file that includes it");
    }
    auto bytes = files_.read(path);
    if (!bytes) {
      return because(
          fmt::format("reading include file at {}: {}", go_quote(path), bytes.error().message));
    }
    included_.read.push_back(path);
    text = is_plain ? std::move(*bytes) : base64_encode(*bytes);
    return std::nullopt;
  }

  /// The code of the last reason.
  const std::string& code() const { return code_; }

 private:
  // Told by where the files really are: a symbolic link leads out as `..` does.
  bool is_within_bounds(const std::string& path) const {
    if (!files_.canonical) return true;
    const auto real = files_.canonical(path);
    return real && (is_below(*real, included_.tree) || is_below(*real, folder_));
  }

  bool is_below(const std::string& real, const std::string& folder) const {
    auto root = files_.canonical(folder);
    if (!root) return false;
    if (!root->ends_with('/')) *root += '/';
    return real.starts_with(*root);
  }

  const std::string& folder_;
  const BundleFiles& files_;
  Included& included_;
  std::string code_ = "bundle/include";
};

std::optional<Problem> include_in_application(ApplicationData& given, Includer& includer) {
  BundleApplication& application = given.application;
  const auto problem = [&](const char* what, const std::string& key, const std::string& why,
                           const Span& span) {
    return Problem{includer.code(),
                   fmt::format("processing {} {} for application {}: {}", what, go_quote(key),
                               go_quote(application.name), why),
                   span, application.name};
  };
  for (auto& [key, option] : application.options) {
    if (!option.value.is_string()) continue;
    const std::string before = option.text;
    if (auto why = includer.resolve(option.text)) {
      return problem("option", key, *why, option.span);
    }
    if (option.text != before) option.value = json::string(option.text);
  }
  for (auto& [key, annotation] : application.annotations) {
    if (auto why = includer.resolve(annotation.value)) {
      return problem("annotation", key, *why, annotation.span);
    }
  }
  return std::nullopt;
}

}  // namespace

void apply_overlay(BundleData& base, const Part& overlay) {
  if (!overlay.has_keys) return;
  const BundleData& source = overlay.data;
  std::set<std::string> removed;
  for (const auto& [name, given] : source.applications) {
    if (!given) {
      base.applications.erase(name);
      removed.insert(name);
      continue;
    }
    const auto found = base.applications.find(name);
    if (found == base.applications.end() || !found->second) {
      base.applications[name] = given;
      base.null_spans.erase(name);
    } else {
      ApplicationMerge(*found->second, *given).run();
    }
  }
  for (const auto& [name, given] : source.saas) {
    if (!given) {
      base.saas.erase(name);
      removed.insert(name);
    } else if (!base.saas.contains(name) || !base.saas[name]) {
      base.saas[name] = given;
      base.saas_spans[name] = source.saas_spans.at(name);
    } else if (given->gives_url) {
      base.saas[name]->url = given->url;
    }
  }
  if (!source.series.value.empty()) base.series = source.series;
  remove_relations_of(base, removed);
  base.relations.insert(base.relations.end(), source.relations.begin(), source.relations.end());
  if (source.machines) base.machines = source.machines;
}

std::optional<Problem> resolve_includes(BundleData& base, const std::string& folder,
                                        const BundleFiles& files, Included& included) {
  Includer includer(folder, files, included);
  for (auto& [name, given] : base.applications) {
    if (!given) {
      return Problem{"bundle/application",
                     fmt::format("base application {} has no body", go_quote(name)),
                     base.null_spans[name], name};
    }
    std::string& charm = given->application.charm;
    if (charm.starts_with('.')) charm = resolve_path(folder, charm);
    if (auto problem = include_in_application(*given, includer)) return problem;
  }
  if (!base.machines) return std::nullopt;
  for (auto& [id, machine] : *base.machines) {
    for (auto& [key, text] : machine.annotations) {
      if (auto why = includer.resolve(text)) {
        return Problem{
            includer.code(),
            fmt::format("processing annotation {} for machine {}: {}", go_quote(key), id, *why),
            machine.span, id};
      }
    }
  }
  return std::nullopt;
}

namespace {

// Collects what one document says on one path of names.
class SupplyNotes {
 public:
  SupplyNotes(const Part& part, const std::string& path, std::vector<Supply>& supplies)
      : part_(part), path_(path), names_(split(path, '.')), supplies_(supplies) {}

  void run() {
    if (!part_.has_keys || names_.empty()) return;
    const std::string& top = names_[0];
    if (top == "applications") return application();
    if (top == "machines") return machine();
    if (names_.size() != 1) return;
    const BundleData& data = part_.data;
    const bool is_first = supplies_.empty() && part_.document == 0;
    if (top == "series" && !data.series.value.empty()) note(path_, data.series);
    // An overlay's word on these is ignored.
    if (top == "default-base" && is_first && data.default_base.span) note(path_, data.default_base);
    if (top == "bundle" && is_first && data.type.span) note(path_, data.type);
  }

 private:
  void add(const std::string& path, const json::value& value, const Span& span, bool removes) {
    const bool is_secret = span.source && span.source->is_secret();
    supplies_.push_back({path, is_secret || removes ? "" : json::serialize(value), span, removes});
  }

  void note(const std::string& path, const Located<std::string>& text) {
    add(path, json::string(text.value), text.span, false);
  }

  void application() {
    if (names_.size() < 2) return;
    // Application names hold no dots.
    const auto found = part_.data.applications.find(names_[1]);
    if (found == part_.data.applications.end()) return;
    const std::string path = "applications." + names_[1];
    if (!found->second) return add(path, nullptr, part_.data.null_spans.at(names_[1]), true);
    if (names_.size() == 2) return add(path, "given", found->second->application.span, false);
    field(*found->second, path + "." + names_[2]);
  }

  void field(const ApplicationData& given, const std::string& path) {
    const std::string& name = names_[2];
    const auto place = given.application.places.find(name);
    if (place == given.application.places.end()) return;
    const Span span = place->second;
    const BundleApplication& a = given.application;
    static const std::set<std::string> kSections = {"options",           "resources", "annotations",
                                                    "bindings",          "storage",   "devices",
                                                    "exposed-endpoints", "offers"};
    if (kSections.contains(name)) {
      if (!given.sections.contains(name)) return add(path, nullptr, span, true);
      return names_.size() == 3 ? add(path, "given", span, false) : member(given);
    }
    json::array to;
    for (const auto& directive : a.to) to.push_back(json::string(directive.value));
    const json::object values = {
        {"charm", a.charm},
        {"channel", a.channel},
        {"series", a.series},
        {"base", a.base},
        {"num_units", a.num_units},
        {"expose", a.expose},
        {"trust", a.trust},
        {"constraints", a.constraints.value},
        {"revision", a.revision ? json::value(*a.revision) : json::value(nullptr)},
        {"to", to}};
    if (const json::value* value = values.if_contains(name)) add(path, *value, span, false);
  }

  void member(const ApplicationData& given) {
    const std::string& section = names_[2];
    const std::size_t offset = names_[0].size() + names_[1].size() + section.size() + 3;
    const std::string key = path_.substr(offset);  // A key may hold dots.
    const BundleApplication& a = given.application;
    if (section == "options") return option(a.options, key);
    if (section == "resources") return option(given.resources, key);
    const auto* texts = section == "annotations" ? &a.annotations
                        : section == "bindings"  ? &a.bindings
                        : section == "storage"   ? &a.storage
                        : section == "devices"   ? &a.devices
                                                 : nullptr;
    if (texts) {
      if (const auto found = texts->find(key); found != texts->end()) note(path_, found->second);
      return;
    }
    const json::object& objects = section == "offers" ? a.offers : a.exposed_endpoints;
    if (const json::value* value = objects.if_contains(key)) {
      add(path_, *value, a.places.at(section), value->is_null());
    }
  }

  void option(const OptionMap& options, const std::string& key) {
    const auto found = options.find(key);
    if (found == options.end()) return;
    const bool removes = found->second.value.is_null() && !supplies_.empty();
    add(path_, found->second.value, found->second.span, removes);
  }

  void machine() {
    if (!part_.data.machines || names_.size() < 2) return;
    const auto found = part_.data.machines->find(names_[1]);
    const std::string path = "machines." + names_[1];
    if (found == part_.data.machines->end()) {
      if (!supplies_.empty()) add("machines", nullptr, part_.span, true);
      return;
    }
    if (names_.size() == 2) return add(path, "given", found->second.span, false);
    if (names_[2] == "constraints" && found->second.constraints.span) {
      note(path + ".constraints", found->second.constraints);
    }
  }

  const Part& part_;
  const std::string& path_;
  std::vector<std::string> names_;
  std::vector<Supply>& supplies_;
};

}  // namespace

void note_supplies(const Part& part, const std::string& path, std::vector<Supply>& supplies) {
  SupplyNotes(part, path, supplies).run();
}

}  // namespace gatehouse::bundle
