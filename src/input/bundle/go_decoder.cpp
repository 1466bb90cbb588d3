#include "input/bundle/go_decoder.h"

#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "input/bundle/go_text.h"

namespace gatehouse::bundle {

using yaml::Kind;
using yaml::Node;
using yaml::Style;

namespace {

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

// Go's conversion of a float to an int cuts the fraction.
std::optional<std::int64_t> whole(double value) {
  if (!(value >= -9.3e18 && value <= 9223372036854775807.0)) return std::nullopt;
  if (value >= 9223372036854775808.0) return std::numeric_limits<std::int64_t>::min();
  if (value < -9223372036854775808.0) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(value);
}

std::optional<std::int64_t> whole(const yaml::Scalar& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* number = std::get_if<double>(&value)) return whole(*number);
  return std::nullopt;  // uint64 holds only what is too large.
}

json::value to_json(const yaml::Scalar& value) {
  struct Visitor {
    json::value operator()(std::monostate) const { return nullptr; }
    json::value operator()(bool v) const { return v; }
    json::value operator()(std::int64_t v) const { return v; }
    json::value operator()(std::uint64_t v) const { return v; }
    json::value operator()(double v) const { return v; }
    json::value operator()(const std::string& v) const { return json::string(v); }
  };
  return std::visit(Visitor{}, value);
}

// %#v of a key, and how Go's fmt prints it where a map's keys must be text.
std::string key_in_go(const yaml::Scalar& value) {
  struct Visitor {
    std::string operator()(std::monostate) const { return "interface {}(nil)"; }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return std::to_string(v); }
    std::string operator()(std::uint64_t v) const { return fmt::format("{:#x}", v); }
    std::string operator()(double v) const { return go_float(v); }
    std::string operator()(const std::string& v) const { return go_quote(v); }
  };
  return std::visit(Visitor{}, value);
}

// In a file that holds secrets any word may be one that slipped out of its line.
std::string shown(const Node& node, const std::string& word) {
  const bool is_secret = node.span.source && node.span.source->is_secret();
  return is_secret ? "(withheld)" : word;
}

}  // namespace

bool GoDecoder::is_merge(const Node& key) {
  if (key.kind != Kind::scalar || key.text != "<<") return false;
  return (key.style == Style::plain && key.tag().empty()) ||
         key.tag() == std::string(kTagPrefix) + "merge";
}

yaml::Resolution GoDecoder::resolve(const Node& node) {
  yaml::Resolution resolution = yaml::resolve(node);
  if (!resolution.failure.empty()) fail_at(node, "yaml: " + resolution.failure);
  return resolution;
}

bool GoDecoder::is_null(const Node& node) {
  const Node& target = yaml::resolved(node);
  if (target.kind != Kind::scalar || yaml::is_surely_text(target)) return false;
  // No word for nothing is longer than "null".
  if (target.tag().empty() && target.text.size() > 4) return false;
  return std::holds_alternative<std::monostate>(resolve(target).value);
}

bool GoDecoder::is_null_pointer(const Node& node) {
  const Node& target = yaml::resolved(node);
  if (target.kind != Kind::scalar) return false;
  if (target.tag() == yaml::kSelfReferenceTag) resolve(target);
  if (target.tag() == std::string(kTagPrefix) + "null") return true;
  if (!target.tag().empty() || target.style != Style::plain) return false;
  return target.text == "null" || target.text == "~" || target.text.empty();
}

bool GoDecoder::into(const Node& node, std::string& out) {
  const Node& target = yaml::resolved(node);
  if (target.kind != Kind::scalar) return wrong_kind(target, "string");
  if (yaml::is_surely_text(target)) {
    out = target.text;
    return true;
  }
  const yaml::Resolution resolution = resolve(target);
  if (has_failed()) return false;
  if (std::holds_alternative<std::monostate>(resolution.value)) {
    out.clear();
  } else if (resolution.tag == "!!binary") {
    out = std::get<std::string>(resolution.value);
  } else {
    out = target.text;
  }
  return true;
}

bool GoDecoder::into(const Node& node, bool& out) {
  const Node& target = yaml::resolved(node);
  if (target.kind != Kind::scalar) return wrong_kind(target, "bool");
  const yaml::Resolution resolution = resolve(target);
  if (has_failed()) return false;
  if (std::holds_alternative<std::monostate>(resolution.value)) {
    out = false;
    return true;
  }
  const bool* value = std::get_if<bool>(&resolution.value);
  if (!value) return wrong_type(target, resolution.tag, "bool");
  out = *value;
  return true;
}

bool GoDecoder::into(const Node& node, std::int64_t& out) {
  const Node& target = yaml::resolved(node);
  if (target.kind != Kind::scalar) return wrong_kind(target, "int");
  const yaml::Resolution resolution = resolve(target);
  if (has_failed()) return false;
  if (std::holds_alternative<std::monostate>(resolution.value)) {
    out = 0;
    return true;
  }
  const auto number = whole(resolution.value);
  if (!number) return wrong_type(target, resolution.tag, "int");
  out = *number;
  return true;
}

bool GoDecoder::into(const Node& node, json::value& out) {
  const Node& target = yaml::resolved(node);
  if (target.kind == Kind::mapping) return map_into(target, out.emplace_object());
  if (target.kind == Kind::sequence) {
    json::array list;
    each_item(target, "", [&](const Node& item) {
      json::value value;
      if (into(item, value)) list.push_back(std::move(value));
    });
    out = std::move(list);
    return !has_failed();
  }
  const yaml::Resolution resolution = resolve(target);
  if (has_failed()) return false;
  out = to_json(resolution.value);
  return true;
}

bool GoDecoder::map_into(const Node& mapping, json::object& out) {
  for (const yaml::Entry& entry : mapping.entries()) {
    if (has_failed()) return false;
    if (is_merge(*entry.key)) {
      merge(*entry.value, [&](const Node& merged) { map_into(merged, out); });
      continue;
    }
    const Node& key = yaml::resolved(*entry.key);
    if (key.kind != Kind::scalar) {
      fail_at(key, "yaml: invalid map key: a map or a list");
      return false;
    }
    const yaml::Resolution resolution = resolve(key);
    json::value value;
    if (has_failed() || !into(*entry.value, value)) continue;
    const bool is_second = out.contains(key.text);
    if (is_second) note_duplicate(entry, std::string(key.text));
    if (!is_second || reading_ == Reading::loose) out[key.text] = std::move(value);
  }
  return !has_failed();
}

const std::string_view* GoDecoder::wanted_field(const Node& key, const std::string& name,
                                                const StructType& type, std::uint32_t& done) {
  const auto field = std::find(type.fields.begin(), type.fields.end(), name);
  const bool is_known = field != type.fields.end();
  const std::uint32_t bit = is_known ? 1U << (field - type.fields.begin()) : 0;
  const bool is_remarkable = !is_known || (done & bit) != 0;
  done |= bit;
  const std::string_view* known_field = is_known ? &*field : nullptr;
  if (!is_remarkable) return known_field;
  if (reading_ == Reading::loose) {
    leaves_remarks_ = true;
    return known_field;
  }
  const std::string what = is_known ? "already set" : "not found";
  const std::vector<std::string> known(type.fields.begin(), type.fields.end());
  StrictRemark made;
  made.scope = std::string(type.scope);
  made.field = is_known ? name : shown(key, name);
  made.text = fmt::format("line {}: field {} {} in {}", key.span.begin.line, made.field, what,
                          type.shown_name);
  made.span = key.span;
  made.kind = is_known ? RemarkKind::duplicate_key : RemarkKind::unknown_field;
  made.suggestion = nearest_word(name, known).value_or("");
  remark(std::move(made));
  return nullptr;
}

// Juju names the line of the value, and %#v of the key.
void GoDecoder::note_duplicate(const yaml::Entry& entry, const std::string& key) {
  if (reading_ == Reading::loose) {
    leaves_remarks_ = true;
    return;
  }
  const Node& node = yaml::resolved(*entry.key);
  const bool is_text = node.kind == Kind::scalar;
  StrictRemark made;
  made.scope = "map";
  made.field = shown(node, key);
  made.text = fmt::format("line {}: key {} already set in map", entry.value->span.begin.line,
                          is_text ? key_in_go(yaml::Scalar(made.field)) : go_quote(made.field));
  made.span = entry.key->span;
  made.kind = RemarkKind::duplicate_key;
  remark(std::move(made));
}

bool GoDecoder::wrong_kind(const Node& node, std::string_view go_type) {
  switch (node.kind) {
    case Kind::mapping:
      return wrong_type(node, "!!map", go_type);
    case Kind::sequence:
      return wrong_type(node, "!!seq", go_type);
    case Kind::scalar:
    case Kind::alias:
      break;
  }
  const yaml::Resolution resolution = resolve(node);
  if (has_failed()) return false;
  return wrong_type(node, resolution.tag, go_type);
}

bool GoDecoder::wrong_type(const Node& node, std::string_view tag, std::string_view go_type) {
  std::string shown(node.tag().empty() || node.tag() == "!" ? tag : node.tag());
  if (shown.starts_with(kTagPrefix)) shown = "!!" + shown.substr(kTagPrefix.size());
  std::string value;
  if (node.kind == Kind::scalar) {
    const bool is_long = node.text.size() > 10;
    const bool is_secret = node.span.source && node.span.source->is_secret();
    value = is_secret ? " `(withheld)`"
            : is_long ? fmt::format(" `{}...`", node.text.substr(0, 7))
                      : fmt::format(" `{}`", node.text);
  }
  StrictRemark made;
  made.scope = "value";
  made.field = std::string(go_type);
  made.text = fmt::format("line {}: cannot unmarshal {}{} into {}", node.span.begin.line, shown,
                          value, go_type);
  made.span = node.span;
  made.kind = RemarkKind::wrong_type;
  remark(std::move(made));
  return false;
}

void GoDecoder::remark(StrictRemark made) {
  if (remarks_.size() < kRemarksMax) remarks_.push_back(std::move(made));
}

void GoDecoder::fail_merge(const Node& node) {
  if (yaml::resolved(node).tag() == yaml::kSelfReferenceTag) {
    resolve(node);
    return;
  }
  fail_at(node, "yaml: map merge requires map or sequence of maps as the value");
}

void GoDecoder::fail_at(const Node& node, std::string text) {
  if (failure_) return;
  failure_ = std::move(text);
  failure_span_ = node.span;
}

}  // namespace gatehouse::bundle
