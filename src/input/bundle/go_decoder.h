// The mechanics of go-yaml v2's decoder that show in what Juju does: merge keys applied in place,
// duplicates, unknown fields, and type errors in its words. The types of a bundle are in
// decode_document.cpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "diag/source.h"
#include "input/bundle/bundle.h"
#include "input/yaml/tree.h"
#include "input/yaml/typing.h"

namespace gatehouse::bundle {

enum class Reading { loose, strict };

/// A megabyte can earn a hundred thousand remarks; nobody reads on after these.
inline constexpr std::size_t kRemarksMax = 10'000;

/// A Go struct: its name in messages, the word for it in a site file, and its fields.
struct StructType {
  std::string_view go_name;     ///< "charm.ApplicationSpec"
  std::string_view shown_name;  ///< "applications": Juju's own replacement for "type " and the name
  std::string_view scope;       ///< "application"
  std::span<const std::string_view> fields;
};

class GoDecoder {
 public:
  explicit GoDecoder(Reading reading) : reading_(reading) {}

  const std::vector<StrictRemark>& remarks() const { return remarks_; }
  /// Of a loose reading: a strict one would remark on something.
  bool leaves_remarks() const { return leaves_remarks_ || !remarks_.empty(); }
  /// Set where decoding stopped for good: go-yaml's words, with "yaml: ".
  const std::optional<std::string>& failure() const { return failure_; }
  const Span& failure_span() const { return failure_span_; }
  bool has_failed() const { return failure_.has_value(); }

  bool into(const yaml::Node& node, std::string& out);
  bool into(const yaml::Node& node, bool& out);
  bool into(const yaml::Node& node, std::int64_t& out);
  /// Any value; maps as objects with the key's text.
  bool into(const yaml::Node& node, json::value& out);

  /// Calls `take(name, entry)` for each field of the type that the mapping gives; the name is the
  /// type's own. False and a remark where the node is no mapping. The node is not null.
  template <class Take>
  bool each_field(const yaml::Node& node, const StructType& type, const Take& take) {
    const yaml::Node& mapping = yaml::resolved(node);
    if (mapping.kind != yaml::Kind::mapping) return wrong_kind(mapping, type.go_name);
    std::uint32_t done = 0;
    for (const yaml::Entry& entry : mapping.entries()) {
      if (has_failed()) return false;
      if (is_merge(*entry.key)) {
        merge(*entry.value, [&](const yaml::Node& merged) { each_field(merged, type, take); });
        continue;
      }
      std::string name;
      if (!into(*entry.key, name)) continue;
      if (const auto* field = wanted_field(*entry.key, name, type, done)) take(*field, entry);
    }
    return true;
  }

  /// What became of one key of a map.
  struct Taken {
    bool is_right = false;   ///< its value had the type that it must have
    bool is_second = false;  ///< the map held the key already
  };

  /// Calls `take(key, entry)` for each key, which gives a Taken.
  template <class Take>
  bool each_key(const yaml::Node& node, std::string_view go_type, const Take& take) {
    const yaml::Node& mapping = yaml::resolved(node);
    if (mapping.kind != yaml::Kind::mapping) return wrong_kind(mapping, go_type);
    for (const yaml::Entry& entry : mapping.entries()) {
      if (has_failed()) return false;
      if (is_merge(*entry.key)) {
        merge(*entry.value, [&](const yaml::Node& merged) { each_key(merged, go_type, take); });
        continue;
      }
      std::string key;
      if (!into(*entry.key, key)) continue;
      const Taken taken = take(key, entry);
      if (taken.is_second && taken.is_right) note_duplicate(entry, key);
    }
    return true;
  }

  /// Calls `take(item)` for each item. False and a remark where the node is no list.
  template <class Take>
  bool each_item(const yaml::Node& node, std::string_view go_type, const Take& take) {
    const yaml::Node& list = yaml::resolved(node);
    if (list.kind != yaml::Kind::sequence) return wrong_kind(list, go_type);
    for (const yaml::Node* item : list.items()) {
      if (has_failed()) return false;
      take(*item);
    }
    return true;
  }

  bool is_null(const yaml::Node& node);
  /// What leaves a Go pointer nil; `NULL` and `Null` do not.
  bool is_null_pointer(const yaml::Node& node);

 private:
  template <class Use>
  void merge(const yaml::Node& value, const Use& use) {
    const yaml::Node& target = yaml::resolved(value);
    if (target.kind == yaml::Kind::mapping) return use(target);
    if (value.kind != yaml::Kind::sequence) return fail_merge(value);
    for (auto item = value.items().rbegin(); item != value.items().rend(); ++item) {
      const yaml::Node& mapping = yaml::resolved(**item);
      if (mapping.kind != yaml::Kind::mapping) return fail_merge(**item);
      use(mapping);
    }
  }

  static bool is_merge(const yaml::Node& key);
  /// `done` has a bit for each field of the type.
  const std::string_view* wanted_field(const yaml::Node& key, const std::string& name,
                                       const StructType& type, std::uint32_t& done);
  yaml::Resolution resolve(const yaml::Node& node);
  bool wrong_kind(const yaml::Node& node, std::string_view go_type);
  bool wrong_type(const yaml::Node& node, std::string_view tag, std::string_view go_type);
  void note_duplicate(const yaml::Entry& entry, const std::string& key);
  bool map_into(const yaml::Node& mapping, json::object& out);
  void remark(StrictRemark made);
  void fail_merge(const yaml::Node& node);
  void fail_at(const yaml::Node& node, std::string text);

  Reading reading_;
  bool leaves_remarks_ = false;
  std::vector<StrictRemark> remarks_;
  std::optional<std::string> failure_;
  Span failure_span_;
};

}  // namespace gatehouse::bundle
