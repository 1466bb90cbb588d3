#include "pki/overlay_reader.h"

#include <algorithm>
#include <map>
#include <set>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "base/secret.h"
#include "base/text.h"
#include "input/yaml/typing.h"
#include "pki/overlay_characters.h"

namespace gatehouse::pki {

namespace {

constexpr std::string_view kYamlTags = "tag:yaml.org,2002:";

constexpr std::string_view kWriteAgain =
    "write the overlay again with `gatehouse pki create` from its workspace, or restore it";

Span file_span(const Source& source) {
  return {.source = &source, .begin = {}, .end = {}};
}

// A parser's reason may quote an anchor or a tag, which in a broken overlay can be part of a
// secret.
std::string without_quoted_words(const std::string& reason) {
  std::string safe;
  for (std::size_t at = 0; at < reason.size();) {
    const char quote = reason[at];
    const std::size_t end = quote == '\'' || quote == '"' || quote == '`'
                                ? reason.find(quote, at + 1)
                                : std::string::npos;
    if (end != std::string::npos && end - at > 2) {
      safe += "'...'";
      at = end + 1;
    } else {
      safe += reason[at++];
    }
  }
  return safe;
}

// Looks an entry up, also behind a merge key, as go-yaml does. Only the first merge key counts: a
// mapping with many of them, a few levels deep, would take for ever.
const yaml::Entry* find_entry(const yaml::Node& mapping, std::string_view key) {
  constexpr int kMergesMax = 8;
  const yaml::Node* at = &mapping;
  for (int merges = 0; at != nullptr && merges <= kMergesMax; ++merges) {
    const yaml::Entry* found = nullptr;
    const yaml::Node* next = nullptr;
    for (const yaml::Entry& entry : at->entries()) {
      if (yaml::resolved(*entry.key).text == key) found = &entry;
      if (next == nullptr && entry.key->text == "<<" && entry.value != nullptr) {
        next = &yaml::resolved(*entry.value);
      }
    }
    if (found != nullptr) return found;
    at = next != nullptr && next->kind == yaml::Kind::mapping ? next : nullptr;
  }
  return nullptr;
}

class OverlayReader {
 public:
  OverlayReader(const Source& source, const std::string& application, Findings& findings)
      : source_(source), application_(application), findings_(findings) {}

  OverlayDocument read() {
    document_.file = yaml::parse(source_);
    document_.options = file_span(source_);
    report_syntax();
    if (const yaml::Node* const options = find_options()) read_options(*options);
    check_characters(source_, document_, findings_);
    return std::move(document_);
  }

 private:
  void report_syntax() {
    const auto& error = document_.file.error();
    if (error) {
      const std::string reason = without_quoted_words(error->reason);
      findings_.error("yaml-invalid", {error->span, ""},
                      fmt::format("line {}: not YAML: {}", error->span.begin.line, reason),
                      std::string(kWriteAgain));
    }
    const auto& roots = document_.file.documents();
    if (roots.size() > 1) {
      // Of one without content nobody says where it begins.
      const bool is_empty = roots[1] == nullptr;
      const Span span = is_empty ? file_span(source_) : roots[1]->span;
      findings_.error(
          "multi-document", {span, ""},
          is_empty ? "a second YAML document, without content; one expected"
                   : fmt::format("line {}: second YAML document; one expected", span.begin.line),
          "keep only the document with the five options");
    }
    for (const yaml::Node* const root : roots) {
      if (root != nullptr) report_duplicates(*root);
    }
  }

  void report_duplicates(const yaml::Node& node) {
    for (const yaml::Node* const item : node.items()) report_duplicates(*item);
    std::map<std::string_view, const yaml::Node*> seen;
    for (const yaml::Entry& entry : node.entries()) {
      if (entry.key->kind == yaml::Kind::scalar && entry.key->text != "<<") {
        const auto [first, is_new] = seen.emplace(entry.key->text, entry.key);
        if (!is_new) report_duplicate(*entry.key, *first->second);
      }
      if (entry.value != nullptr && entry.value->kind != yaml::Kind::alias) {
        report_duplicates(*entry.value);
      }
    }
  }

  void report_duplicate(const yaml::Node& again, const yaml::Node& first) {
    findings_.error("duplicate-key", {again.span, shown_key(again)},
                    fmt::format("{} is given a second time (first on line {})", shown_key(again),
                                first.span.begin.line),
                    "keep the one that belongs to the other values");
    findings_.relate(first.span, "first given here");
  }

  // A key that is none of the words expected may be a slip of indentation with a secret in it.
  std::string shown_key(const yaml::Node& key) const {
    constexpr std::size_t kKeyBytesMax = 64;
    const bool is_name =
        key.text.size() <= kKeyBytesMax && !key.text.empty() &&
        key.text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos;
    return is_name ? std::string(key.text) : "a key that is no name";
  }

  const yaml::Node* mapping_at(const yaml::Node& parent, std::string_view key) const {
    const yaml::Entry* const entry = find_entry(parent, key);
    if (entry == nullptr || entry->value == nullptr) return nullptr;
    const yaml::Node& value = yaml::resolved(*entry->value);
    return value.kind == yaml::Kind::mapping ? &value : nullptr;
  }

  const yaml::Node* find_options() {
    const auto& roots = document_.file.documents();
    const yaml::Node* root = roots.empty() ? nullptr : roots[0];
    if (root != nullptr) root = &yaml::resolved(*root);
    if (root == nullptr && document_.file.error()) return nullptr;  // which says enough
    if (root == nullptr || root->kind != yaml::Kind::mapping) {
      report_no_application("the file holds no mapping", file_span(source_));
      return nullptr;
    }
    report_extra(*root, "applications", "");
    const yaml::Node* const applications = mapping_at(*root, "applications");
    if (applications == nullptr) {
      report_no_application("found no mapping of applications", root->span);
      return nullptr;
    }
    return find_options_of(*applications);
  }

  const yaml::Node* find_options_of(const yaml::Node& applications) {
    report_extra(applications, application_, "application ");
    const yaml::Node* const application = mapping_at(applications, application_);
    if (application == nullptr) {
      std::vector<std::string> names;
      for (const yaml::Entry& entry : applications.entries())
        names.push_back(shown_key(*entry.key));
      report_no_application(
          names.empty() ? "found no application" : "found application " + join(names, ", "),
          applications.span);
      return nullptr;
    }
    report_extra(*application, "options", application_ + " ");
    const yaml::Node* const options = mapping_at(*application, "options");
    if (options == nullptr)
      report_no_application("the application has no options", application->span);
    return options;
  }

  void report_no_application(const std::string& found, const Span& span) {
    findings_.error(
        "application-missing", {span, ""},
        fmt::format("no applications/{}/options ({})", application_, found),
        fmt::format("the five options belong under applications: {}: options:", application_));
  }

  void report_extra(const yaml::Node& mapping, std::string_view wanted, std::string_view what) {
    if (find_entry(mapping, wanted) == nullptr) return;  // Told as missing, with what was found.
    for (const yaml::Entry& entry : mapping.entries()) {
      const std::string_view key = yaml::resolved(*entry.key).text;
      if (key == wanted || key == "<<") continue;
      findings_.warning("extra-content", {entry.key->span, ""},
                        fmt::format("line {}: {}{} is in the overlay too",
                                    entry.key->span.begin.line, what, shown_key(*entry.key)),
                        "keep the secret overlay to the five options");
    }
  }

  void read_options(const yaml::Node& options) {
    document_.options = options.span;
    for (const yaml::Entry& entry : options.entries()) {
      const std::string_view key = yaml::resolved(*entry.key).text;
      const bool is_known =
          std::find(kOptionNames.begin(), kOptionNames.end(), key) != kOptionNames.end();
      if (!is_known && key != "<<") report_unexpected(*entry.key);
    }
    for (std::size_t i = 0; i < kOptionNames.size(); ++i) read_option(options, i);
  }

  void report_unexpected(const yaml::Node& key) {
    const std::string name = shown_key(key);
    const bool is_ca_key =
        name.find("controller") != std::string::npos &&
        (name.find("key") != std::string::npos || name.find("passphrase") != std::string::npos);
    findings_.error(
        "unexpected-key", {key.span, name},
        is_ca_key ? fmt::format("{} is not an option of the charm; the controller CA key must not "
                                "leave the workspace",
                                name)
                  : fmt::format("{} is none of the five options of the overlay", name),
        "remove it from the overlay");
  }

  void read_option(const yaml::Node& options, std::size_t index) {
    const std::string name(kOptionNames[index]);
    const yaml::Entry* const entry = find_entry(options, name);
    if (entry == nullptr) {
      findings_.error("option-missing", {options.span, name}, name + " is missing",
                      std::string(kWriteAgain));
      return;
    }
    const Place place{entry->value == nullptr ? entry->key->span : entry->value->span, name};
    if (entry->value == nullptr) return report_empty(place);
    const yaml::Node& value = yaml::resolved(*entry->value);
    if (value.kind != yaml::Kind::scalar) {
      return report_type(place, value.kind == yaml::Kind::mapping ? "a mapping" : "a list");
    }
    if (trim(value.text).empty() || yaml::is_null(value)) return report_empty(place);
    if (const std::string_view tag = value.tag(); !is_tag_of_text(tag)) {
      return report_type(place,
                         "tagged " + printable(replace_all(std::string(tag), kYamlTags, "!!")));
    }
    if (const auto other = other_type(value); !other.empty()) return report_type(place, other);
    document_.values[index] = OptionValue{value.text, place.span};
  }

  // What is tagged !!binary or !!int is no longer the text that stands there.
  static bool is_tag_of_text(std::string_view tag) {
    return tag.empty() || tag == "!" || tag == "tag:yaml.org,2002:str";
  }

  static std::string other_type(const yaml::Node& value) {
    if (yaml::is_surely_text(value)) return "";
    yaml::Scalar scalar = yaml::typed(value);
    if (std::holds_alternative<bool>(scalar)) return "a boolean";
    auto* const text = std::get_if<std::string>(&scalar);
    if (text == nullptr) return "a number";
    wipe(*text);
    return "";
  }

  void report_empty(const Place& place) {
    findings_.error("option-empty", place, place.option + " is empty", std::string(kWriteAgain));
  }

  void report_type(const Place& place, std::string_view found) {
    findings_.error("option-type", place,
                    fmt::format("{} is {}, a string is wanted", place.option, found),
                    "put the value into double quotes");
  }

  const Source& source_;
  const std::string& application_;
  Findings& findings_;
  OverlayDocument document_;
};

}  // namespace

Place OverlayDocument::place(Option option) const {
  const auto& found = value(option);
  return {found ? found->span : options, std::string(name_of(option))};
}

OverlayDocument read_overlay(const Source& source, const std::string& application,
                             Findings& findings) {
  return OverlayReader(source, application, findings).read();
}

}  // namespace gatehouse::pki
