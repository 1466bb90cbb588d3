// What one YAML document of a bundle or overlay says, before and while merging: the values, which
// keys were given, and which sections were null. Only the readers of this folder use it; the rest
// of the product sees Bundle.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/container/flat_set.hpp>
#include <boost/container/small_vector.hpp>

#include "base/boxed.h"
#include "input/bundle/bundle.h"

namespace gatehouse::bundle {

/// `application.places` holds the keys that the document gives, which is what merging goes by.
struct ApplicationData {
  BundleApplication application;  ///< its resources are left empty until the end
  std::map<std::string, OptionValue> resources;
  std::int64_t scale = 0;
  std::string placement;
  std::string plan;
  /// The maps that are not null: "options", "offers", ... The names are constants.
  boost::container::flat_set<std::string_view> sections;
};

struct SaasData {
  Span span;
  Located<std::string> url;
  bool gives_url = false;
};

struct RelationData {
  boost::container::small_vector<std::string, 2> ends;  ///< two, if it is right
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
