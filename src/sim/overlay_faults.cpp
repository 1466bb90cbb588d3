#include "sim/overlay_faults.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse::sim {
namespace {

constexpr std::size_t kOverlayBytesMax = 1 << 20;
constexpr unsigned kSecretFile = 0600;

/// The overlay as a tree, with the mapping of the declared application's options.
struct OverlayTree {
  SourceMap sources;
  const Source* source = nullptr;
  yaml::File file;
  yaml::Entry application;
  const yaml::Node* options = nullptr;
};

tl::unexpected<Error> no_overlay(const InputCopies& copies) {
  return fail(ErrorKind::invalid_input,
              copies.site().name + " declares no secret overlay with a PKI");
}

const yaml::Entry* entry_of(const yaml::Node& mapping, const std::string& key) {
  for (const yaml::Entry& entry : mapping.entries()) {
    if (yaml::resolved(*entry.key).text == key) return &entry;
  }
  return nullptr;
}

Result<std::unique_ptr<OverlayTree>> read_overlay(InputCopies& copies) {
  const std::string path = copies.secret_overlay_path();
  if (path.empty() || !copies.site().pki) return no_overlay(copies);
  Result<std::string> text = copies.files().read(path, kOverlayBytesMax);
  if (!text) return fail(text.error());
  auto tree = std::make_unique<OverlayTree>();
  tree->source = &tree->sources.add(path, std::move(*text), Sensitivity::secret);
  tree->file = yaml::parse(*tree->source);
  if (tree->file.documents().empty() || tree->file.documents().front() == nullptr) {
    return fail(ErrorKind::invalid_input, path + " is empty");
  }
  const yaml::Node* applications = yaml::find(*tree->file.documents().front(), "applications");
  const yaml::Entry* application =
      applications == nullptr
          ? nullptr
          : entry_of(yaml::resolved(*applications), copies.site().pki->application);
  const yaml::Node* options =
      application == nullptr ? nullptr : yaml::find(yaml::resolved(*application->value), "options");
  if (options == nullptr || yaml::resolved(*options).entries().empty()) {
    return fail(ErrorKind::invalid_input, path + " sets no option of the declared application");
  }
  tree->application = *application;
  tree->options = &yaml::resolved(*options);
  return tree;
}

Result<void> write_edit(InputCopies& copies, const OverlayTree& tree, TextEdit edit) {
  return copies.files().write_atomic(copies.secret_overlay_path(),
                                     with_edits(*tree.source, {std::move(edit)}), kSecretFile);
}

std::string other_application(const InputCopies& copies) {
  for (const auto& [name, application] : copies.bundle().applications) {
    if (name != copies.site().pki->application && application.num_units > 0) return name;
  }
  return "another";
}

/// Certificates and keys are base64 of PEM; what is not is the passphrase.
bool is_pem(const std::string& value) {
  const std::optional<std::string> decoded = base64_decode(value);
  return decoded && decoded->rfind("-----BEGIN", 0) == 0;
}

}  // namespace

Result<void> remove_overlay(InputCopies& copies) {
  const std::string path = copies.secret_overlay_path();
  if (path.empty()) return no_overlay(copies);
  return copies.files().remove(path);
}

Result<void> drop_overlay_option(InputCopies& copies) {
  auto tree = read_overlay(copies);
  if (!tree) return fail(tree.error());
  const yaml::Entry& last = (*tree)->options->entries().back();
  const Span& value = last.value->span;
  // A block scalar ends at the first column of the line after it.
  const std::uint32_t end = value.end.column == 1 && value.end.line > value.begin.line
                                ? value.end.line - 1
                                : value.end.line;
  return write_edit(copies, **tree, remove_lines(last.key->span.begin.line, end));
}

Result<void> move_overlay_options(InputCopies& copies) {
  auto tree = read_overlay(copies);
  if (!tree) return fail(tree.error());
  return write_edit(copies, **tree,
                    replace_span((*tree)->application.key->span, other_application(copies)));
}

Result<void> spoil_passphrase(InputCopies& copies) {
  auto tree = read_overlay(copies);
  if (!tree) return fail(tree.error());
  for (const yaml::Entry& entry : (*tree)->options->entries()) {
    std::string value(yaml::resolved(*entry.value).text);
    if (is_pem(value)) continue;
    std::reverse(value.begin(), value.end());
    return write_edit(copies, **tree, replace_span(entry.value->span, "\"" + value + "\""));
  }
  return fail(ErrorKind::invalid_input, "the secret overlay holds no passphrase");
}

Result<void> write_five_key_lines(InputCopies& copies) {
  auto tree = read_overlay(copies);
  if (!tree) return fail(tree.error());
  std::string text = fmt::format("applications:\n  {}:\n    options:\n", other_application(copies));
  const std::span<const yaml::Entry> entries = (*tree)->options->entries();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string_view key = yaml::resolved(*entries[i].key).text;
    const bool is_last = i + 1 == entries.size();
    text += is_last ? fmt::format("      # {}: to be added\n", key)
                    : fmt::format("      {}: \"\"\n", key);
  }
  return copies.files().write_atomic(copies.secret_overlay_path(), text, kSecretFile);
}

Result<void> require_pki(InputCopies& copies) {
  if (!copies.site().pki) return no_overlay(copies);
  return {};
}

}  // namespace gatehouse::sim
