#include "input/site/reader.h"

#include <algorithm>
#include <variant>

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse::site_file {

namespace {

std::string found(const yaml::Node& node) {
  switch (node.kind) {
    case yaml::Kind::mapping:
      return "a mapping";
    case yaml::Kind::sequence:
      return "a list";
    case yaml::Kind::scalar:
    case yaml::Kind::alias:
      break;
  }
  const bool is_bare = node.style == yaml::Style::plain;
  return is_bare && node.text.empty() ? "empty" : fmt::format("\"{}\"", node.text);
}

std::string child_path(const std::string& parent, std::string_view key) {
  return parent.empty() ? std::string(key) : fmt::format("{}.{}", parent, key);
}

}  // namespace

Diagnostic& Findings::error(std::string_view code, const Span& span, std::string message,
                            std::string help) {
  Diagnostic diagnostic;
  diagnostic.code = fmt::format("site/{}", code);
  diagnostic.span = span;
  diagnostic.message = std::move(message);
  diagnostic.help = std::move(help);
  list_.push_back(std::move(diagnostic));
  return list_.back();
}

void Field::complain(std::string_view code, std::string_view wanted, std::string help) const {
  const std::string name = path.empty() ? "the site file" : path;
  findings->error(code, node->span, fmt::format("{} is {}, wanted {}", name, found(*node), wanted),
                  std::move(help));
}

Map::Map(const Field& field) : field_(field) {
  if (field.node->kind != yaml::Kind::mapping) {
    field.complain("wrong-type", "a mapping");
    return;
  }
  is_read_ = true;
  for (const yaml::Entry& entry : field.node->entries()) add(entry);
}

void Map::add(const yaml::Entry& entry) {
  const yaml::Node& key = yaml::resolved(*entry.key);
  if (key.kind != yaml::Kind::scalar) {
    field_.findings->error("wrong-type", entry.key->span,
                           fmt::format("a key is {}, wanted text", found(key)));
    return;
  }
  const auto same = std::find_if(entries_.begin(), entries_.end(),
                                 [&](const NamedField& other) { return other.name == key.text; });
  if (same != entries_.end()) {
    field_.findings
        ->error("duplicate-key", entry.key->span,
                fmt::format("key {} is given twice", child_path(field_.path, key.text)),
                "remove one of the two")
        .related.push_back({same->field.key_span, "given here first"});
    return;
  }
  entries_.push_back({std::string(key.text),
                      {child_path(field_.path, key.text), entry.key->span,
                       &yaml::resolved(*entry.value), field_.findings}});
}

std::optional<Field> Map::take(std::string_view key) {
  known_.emplace_back(key);
  for (const NamedField& entry : entries_) {
    if (entry.name == key) return entry.field;
  }
  return std::nullopt;
}

std::optional<Field> Map::need(std::string_view key) {
  std::optional<Field> field = take(key);
  if (!field && is_read_) {
    const std::string owner = field_.path.empty() ? "the site file" : field_.path;
    field_.findings->error("missing-key", field_.key_span,
                           fmt::format("{} has no key {}, which is required", owner, key));
  }
  return field;
}

void Map::refuse_others() {
  for (const auto& [name, field] : entries_) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    std::string help;
    if (name == "<<") {
      help = "merge keys are not read in a site file: write the keys out";
    } else if (const auto nearest = nearest_word(name, known_)) {
      help = fmt::format("did you mean {}?", *nearest);
    } else {
      help = fmt::format("known keys: {}", join(known_, ", "));
    }
    field_.findings->error("unknown-key", field.key_span, fmt::format("unknown key {}", field.path),
                           std::move(help));
  }
}

void Map::need_entries(std::string_view wanted) const {
  if (!is_read_ || !entries_.empty() || !field_.node->entries().empty()) return;
  field_.findings->error("empty", field_.span(),
                         fmt::format("{} has no entry, wanted {}", field_.path, wanted));
}

std::vector<NamedField> read_entries(const Field& field) {
  const Map map(field);
  return map.entries();
}

std::vector<Field> read_items(const Field& field) {
  std::vector<Field> items;
  if (field.node->kind != yaml::Kind::sequence) {
    field.complain("wrong-type", "a list");
    return items;
  }
  for (const yaml::Node* item : field.node->items()) {
    items.push_back({fmt::format("{}[{}]", field.path, items.size()), item->span,
                     &yaml::resolved(*item), field.findings});
  }
  return items;
}

}  // namespace gatehouse::site_file
