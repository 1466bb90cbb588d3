// What one YAML document of a bundle or overlay says, before and while merging: the values, which
// keys were given, and which sections were null. Only the readers of this folder use it; the rest
// of the product sees Bundle.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/boxed.h"
#include "input/bundle/bundle.h"

namespace gatehouse::bundle {

/// Some of the sections of an application that are maps. A set of two bytes: a file of one megabyte
/// can name a hundred thousand applications.
class SectionSet {
 public:
  void insert(std::string_view name) { bits_ |= bit(name); }
  void erase(std::string_view name) { bits_ &= static_cast<std::uint16_t>(~bit(name)); }
  bool contains(std::string_view name) const { return (bits_ & bit(name)) != 0; }

 private:
  static constexpr std::string_view kNames[] = {"options", "annotations",      "bindings",
                                                "storage", "devices",          "resources",
                                                "offers",  "exposed-endpoints"};
  static std::uint16_t bit(std::string_view name) {
    const auto found = std::find(std::begin(kNames), std::end(kNames), name);
    if (found == std::end(kNames)) return 0;  // no such section: in no set
    return static_cast<std::uint16_t>(1U << (found - std::begin(kNames)));
  }

  std::uint16_t bits_ = 0;
};

/// `application.places` holds the keys that the document gives, which is what merging goes by.
struct ApplicationData {
  BundleApplication application;  ///< its resources are left empty until the end
  OptionMap resources;
  std::int64_t scale = 0;
  std::string placement;
  /// The maps that are not null: "options", "offers", ... The names are constants.
  SectionSet sections;
};

struct SaasData {
  Span span;
  Located<std::string> url;
  bool gives_url = false;
};

struct RelationData {
  std::vector<std::string> ends;  ///< two, if it is right
  Span span;
};

struct BundleData {
  Located<std::string> type;
  Located<std::string> series;
  Located<std::string> default_base;
  /// Without a value: the key was null, and its span is kept beside.
  std::map<std::string, Boxed<ApplicationData>> applications;
  std::map<std::string, Span> null_spans;
  std::optional<std::map<std::string, BundleMachine, std::less<>>> machines;
  std::map<std::string, std::optional<SaasData>, std::less<>> saas;
  std::map<std::string, Span> saas_spans;
  std::vector<RelationData> relations;
  std::map<std::string, Span> unused;  ///< `description` and `tags`, which change nothing

  bool is_kubernetes() const { return type.value == "kubernetes"; }
};

/// One document, as Juju keeps it.
struct Part {
  BundleData data;
  bool is_null = false;   ///< an empty document
  bool has_keys = false;  ///< else it is no mapping, or an empty one
  std::vector<StrictRemark> remarks;
  std::size_t document = 0;  ///< index in its file
  std::string folder;        ///< absolute; what it includes is relative to it
  Span span;
};

/// One reason to refuse, in Juju's words.
struct Problem {
  std::string code;  ///< "bundle/placement"
  std::string text;
  Span span;
  std::string subject = {};
  std::string message = {};  ///< of the finding, where Juju's own words say too much around it
};

}  // namespace gatehouse::bundle
