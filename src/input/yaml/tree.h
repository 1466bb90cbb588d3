// A YAML file as a tree in which every key and value knows its place. Built on parser events
// (docs/adr/0002-yaml-from-events.md). Scalars keep their text and style; `typing.h` says what a
// plain scalar means to Juju. Aliases stay aliases: `resolved` follows them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diag/diagnostic.h"
#include "diag/source.h"

namespace gatehouse::yaml {

enum class Kind : std::uint8_t { scalar, mapping, sequence, alias };
enum class Style : std::uint8_t { plain, single_quoted, double_quoted, literal, folded };

struct Node;

struct Entry {
  const Node* key = nullptr;
  const Node* value = nullptr;
};

/// Lives as long as its File, which owns all that it points at. Small and without destructor: a
/// file of one megabyte can hold half a million of them.
struct Node {
  Kind kind = Kind::scalar;
  Style style = Style::plain;
  std::uint32_t count = 0;  ///< of a mapping's entries, of a sequence's items
  Span span;
  std::string_view text;  ///< of a scalar: unescaped; of an alias: its name
  /// By kind: a mapping's entries, a sequence's items, what an alias stands for.
  union {
    const void* nothing = nullptr;
    const Entry* first_entry;
    const Node* const* first_item;
    const Node* target;
  };
  const std::string_view* given_tag = nullptr;

  /// In full ("tag:yaml.org,2002:str"); "" where none is.
  std::string_view tag() const { return given_tag ? *given_tag : std::string_view(); }
  /// Of a mapping, in file order, duplicates included; empty of anything else.
  std::span<const Entry> entries() const {
    return kind == Kind::mapping ? std::span(first_entry, count) : std::span<const Entry>();
  }
  /// Of a sequence; empty of anything else.
  std::span<const Node* const> items() const {
    return kind == Kind::sequence ? std::span(first_item, count) : std::span<const Node* const>();
  }
};

/// What syntax errors stop: the rest of the file is not read.
struct SyntaxError {
  std::string
      message;         ///< go-yaml's wording: "line 3: found character that cannot start any token"
  std::string reason;  ///< the same without "line N: "
  std::size_t document = 0;  ///< index of the document in which it stands, from 0
  Span span;
};

class File {
 public:
  File();
  File(File&&) noexcept;
  File& operator=(File&&) noexcept;
  ~File();

  /// The roots; nullptr for an empty document. A file without any document has none.
  const std::vector<const Node*>& documents() const { return documents_; }
  const std::optional<SyntaxError>& error() const { return error_; }

 private:
  friend class Reader;
  struct Memory;
  std::unique_ptr<Memory> memory_;
  std::vector<const Node*> documents_;
  std::optional<SyntaxError> error_;
};

/// Never fails as a call: what could not be read is in `error`. Bounded: nesting 100 (aliases
/// followed), the numbers of documents, of nodes, and of nodes that its aliases stand for; all end
/// in a SyntaxError. An alias within its own anchor is a SyntaxError too, so every walk ends; or,
/// deferred, it stands for a scalar that `typing.h` fails to resolve, as Juju stumbles only where
/// it looks.
enum class SelfReference { refused, deferred };
File parse(const Source& source, SelfReference self_reference = SelfReference::refused);

/// The tag of that scalar, whose text is the anchor's name.
inline constexpr std::string_view kSelfReferenceTag = "gatehouse:self-reference";

/// The node itself, or what the alias stands for.
const Node& resolved(const Node& node);
/// The last entry of that key (the last one wins), without looking into merge keys.
const Node* find(const Node& mapping, std::string_view key);

}  // namespace gatehouse::yaml
