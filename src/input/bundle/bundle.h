// A Juju bundle as Juju sees it after its overlays were merged, each value with the place that
// supplied it. Reading and merging are in load_bundle.h; verification is Juju's.
// Source: Juju 3.6.28, charm library v12 (bundledata.go, overlay.go).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/container/flat_map.hpp>

#include "base/json.h"
#include "base/sparse_map.h"
#include "diag/source.h"

namespace gatehouse {

/// A charm option: typed as go-yaml does it, and the place of the value that won.
struct OptionValue {
  json::value value;
  std::string text;  ///< of a scalar: as Juju would store it; of anything else: its JSON
  Span span;
};

using OptionMap = SparseMap<std::string, OptionValue>;
using TextMap = SparseMap<std::string, Located<std::string>>;

/// Where each field that was given stands: "channel", "num_units", "to", ... The names are
/// constants, of which there are few.
using FieldPlaces = boost::container::flat_map<std::string_view, Span>;

struct BundleApplication {
  std::string name;
  Span span;            ///< of its key, in the file that named it first
  std::string charm;    ///< as written: "ch:ceph-osd", "./x.charm"
  std::string channel;  ///< as written; "" where none
  std::optional<std::int64_t> revision;
  std::string base;
  std::string series;
  std::int64_t num_units = 0;
  std::vector<Located<std::string>> to;
  bool expose = false;
  bool trust = false;
  OptionMap options;
  TextMap annotations;
  TextMap bindings;  ///< endpoint -> space; "" is the default
  TextMap storage;
  TextMap devices;
  SparseMap<std::string, Located<std::variant<std::int64_t, std::string>>> resources;
  Located<std::string> constraints;
  json::object exposed_endpoints;  ///< endpoint -> {"expose-to-spaces": [], "expose-to-cidrs": []}
  json::object offers;             ///< name -> {"endpoints": [], "acl": {}}
  FieldPlaces places;
  std::string local_base;  ///< of a local charm: the first base of its manifest; "" where none

  /// The charm's own name: "ch:ceph-osd" and "ceph-osd" give "ceph-osd"; of a path, the path.
  std::string charm_name() const;
  bool has_local_charm() const;
};

struct BundleMachine {
  std::string id;  ///< as in the bundle: "8"
  Span span;
  Located<std::string> constraints;
  std::string base;
  std::string series;
  std::map<std::string, std::string> annotations;
};

struct BundleRelation {
  std::string first;  ///< "app" or "app:endpoint", as written
  std::string second;
  Span span;
};

enum class RemarkKind { unknown_field, duplicate_key, wrong_type };

/// What Juju's strict second reading remarks on: "line 34: field name not found in type
/// charm.bundleData". Scope in the words of the site file: "bundle", "application", "machine", ...
struct StrictRemark {
  std::string scope;
  std::string field;
  std::string text;  ///< Juju's own line, without the two leading blanks
  Span span;
  RemarkKind kind = RemarkKind::unknown_field;
  std::string suggestion =
      {};  ///< the known field nearest to an unknown one; "" where none is near
};

enum class OverlayRemarkKind {
  ignored_field,  ///< Juju takes it from the first document only
  machine_lost,   ///< `machines` of an overlay replaces the whole section
  value_lost,     ///< of an overlay, replaced by a later one
};

/// What an overlay says, or what is said before it, in vain.
struct OverlayRemark {
  OverlayRemarkKind kind = OverlayRemarkKind::ignored_field;
  std::string path;  ///< "applications.octavia.options.vip"
  Span span;         ///< of what has no effect
  Span by;           ///< of what replaced it; nowhere for a field that is ignored
  std::string subject;
};

struct Bundle {
  std::string type;  ///< "" or "kubernetes"
  std::string default_base;
  std::string series;
  std::map<std::string, BundleApplication> applications;
  std::map<std::string, BundleMachine, std::less<>> machines;
  std::vector<BundleRelation> relations;
  std::map<std::string, std::string> saas;  ///< name -> offer URL
  std::vector<StrictRemark> remarks;        ///< of all files, in order of reading
  std::vector<OverlayRemark> overlay_remarks;

  bool is_kubernetes() const { return type == "kubernetes"; }
  const BundleApplication* find(const std::string& application) const;
};

/// "octavia" of "octavia:certificates"; the whole where there is no colon.
std::string application_of(const std::string& endpoint);

}  // namespace gatehouse
