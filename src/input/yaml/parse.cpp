#include <algorithm>
#include <cstring>
#include <map>
#include <memory_resource>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <yaml.h>

#include "base/secret.h"
#include "input/yaml/tree.h"

namespace gatehouse::yaml {

namespace {

constexpr std::size_t kDepthMax = 100;
// A 10,000-application bundle has 400,000 nodes.
constexpr std::size_t kNodesMax = 4'000'000;
// What aliases may stand for beyond what is written. go-yaml 2.4 allows a document of 400,000 nodes
// to be almost all aliases, and larger ones less and less.
constexpr std::size_t kAliasedMax = 400'000;
constexpr std::size_t kDocumentsMax = 10'000;
// libyaml compares each with all before it.
constexpr std::size_t kTagDirectivesMax = 1'000;

Position position_of(const yaml_mark_t& mark) {
  return {static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)};
}

Position position_of_byte(std::string_view text, std::size_t offset) {
  Position position{1, 1};
  for (std::size_t at = 0; at < std::min(offset, text.size()); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '\n') {
      position = {position.line + 1, 1};
    } else if ((byte & 0xc0) != 0x80) {
      ++position.column;
    }
  }
  return position;
}

std::string_view text_of(const yaml_char_t* text) {
  return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

Style style_of(yaml_scalar_style_t style) {
  switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
      return Style::single_quoted;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
      return Style::double_quoted;
    case YAML_LITERAL_SCALAR_STYLE:
      return Style::literal;
    case YAML_FOLDED_SCALAR_STYLE:
      return Style::folded;
    default:
      return Style::plain;
  }
}

// What a node amounts to once every alias below it is followed.
struct Extent {
  std::size_t nodes = 1;
  std::size_t depth = 1;
};

// A mapping or sequence that is not closed yet.
struct Open {
  Node* node = nullptr;
  std::string anchor;
  std::size_t first_child = 0;  // In Reader::children_, where keys and values take turns.
  Extent extent;
};

bool has_too_many_tag_directives(std::string_view text) {
  constexpr std::string_view kDirective = "\n%TAG";
  std::size_t count = 0;
  for (std::size_t at = text.find(kDirective); at != std::string_view::npos;
       at = text.find(kDirective, at + 1)) {
    if (++count > kTagDirectivesMax) return true;
  }
  return false;
}

// Owns libyaml's parser and one event at a time.
class Events {
 public:
  explicit Events(const Source& source) : is_secret_(source.is_secret()) {
    const std::string_view text = source.text();
    yaml_parser_initialize(&parser_);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
  }
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;
  ~Events() {
    drop_event();
    yaml_parser_delete(&parser_);
  }

  bool next() {
    drop_event();
    has_event_ = yaml_parser_parse(&parser_, &event_) != 0;
    return has_event_;
  }
  const yaml_event_t& event() const { return event_; }
  const yaml_parser_t& parser() const { return parser_; }

 private:
  // libyaml frees the text of a scalar without wiping it.
  void drop_event() {
    if (!has_event_) return;
    if (is_secret_ && event_.type == YAML_SCALAR_EVENT) {
      explicit_bzero(event_.data.scalar.value, event_.data.scalar.length);
    }
    yaml_event_delete(&event_);
    has_event_ = false;
  }

  bool is_secret_;
  yaml_parser_t parser_{};
  yaml_event_t event_{};
  bool has_event_ = false;
};

}  // namespace

/// The heap, which overwrites what it takes back.
class WipedMemory final : public std::pmr::memory_resource {
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    return std::pmr::new_delete_resource()->allocate(size, alignment);
  }
  void do_deallocate(void* bytes, std::size_t size, std::size_t alignment) override {
    wipe(bytes, size);
    std::pmr::new_delete_resource()->deallocate(bytes, size, alignment);
  }
  bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }
};

/// What a tree is made of: nodes and texts go away together.
struct File::Memory {
  explicit Memory(const Source& source)
      : texts(source.is_secret() ? &wiped : std::pmr::get_default_resource()) {}

  WipedMemory wiped;
  std::pmr::monotonic_buffer_resource bytes;
  std::pmr::monotonic_buffer_resource texts;  ///< apart, so that they leave no gaps before nodes

  template <class T>
  T* make(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    return static_cast<T*>(bytes.allocate(count * sizeof(T), alignof(T)));
  }

  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    char* copy = static_cast<char*>(texts.allocate(text.size(), 1));
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
  }
};

/// Builds one File from libyaml's events.
class Reader {
 public:
  Reader(const Source& source, SelfReference self_reference)
      : source_(source), self_reference_(self_reference), events_(source) {
    file_.memory_ = std::make_unique<File::Memory>(source);
  }

  File read() {
    if (has_too_many_tag_directives(source_.text())) {
      fail_at({&source_, {1, 1}, {1, 1}}, "too many %TAG directives");
    }
    while (!file_.error_ && !is_done_) {
      if (events_.next()) {
        take(events_.event());
      } else {
        fail_as_parser();
      }
    }
    return std::move(file_);
  }

 private:
  void take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        start_document(event);
        break;
      case YAML_DOCUMENT_END_EVENT:
        finish_document();
        break;
      case YAML_STREAM_END_EVENT:
        is_done_ = true;
        break;
      case YAML_SCALAR_EVENT:
        take_scalar(event);
        break;
      case YAML_ALIAS_EVENT:
        take_alias(event);
        break;
      case YAML_SEQUENCE_START_EVENT:
        open(event, Kind::sequence, text_of(event.data.sequence_start.anchor),
             text_of(event.data.sequence_start.tag));
        break;
      case YAML_MAPPING_START_EVENT:
        open(event, Kind::mapping, text_of(event.data.mapping_start.anchor),
             text_of(event.data.mapping_start.tag));
        break;
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        close(event);
        break;
      case YAML_STREAM_START_EVENT:
      case YAML_NO_EVENT:
        break;
    }
  }

  // libyaml takes %YAML 1.2; the reader of Juju takes 1.1 only.
  void start_document(const yaml_event_t& event) {
    anchors_.clear();
    if (file_.documents_.size() == kDocumentsMax) {
      const Position start = position_of(event.start_mark);
      return fail_at({&source_, start, start}, "too many documents");
    }
    const auto* version = event.data.document_start.version_directive;
    if (!version || (version->major == 1 && version->minor == 1)) return;
    const Position place = position_of(event.start_mark);
    fail_at({&source_, place, place}, "found incompatible YAML document");
    const std::size_t line = event.start_mark.line;
    if (line != 0) file_.error_->message = fmt::format("line {}: {}", line, file_.error_->reason);
  }

  Node& add(const yaml_event_t& event, Kind kind) {
    Node& node = *new (memory().make<Node>(1)) Node();
    node.kind = kind;
    node.span = {&source_, position_of(event.start_mark), position_of(event.end_mark)};
    if (++nodes_ > kNodesMax) fail_at(node.span, "document contains too many nodes");
    return node;
  }

  void give_tag(Node& node, std::string_view tag) {
    if (!tag.empty()) {
      node.given_tag =
          new (memory().make<std::string_view>(1)) std::string_view(memory().keep(tag));
    }
  }

  void take_scalar(const yaml_event_t& event) {
    const auto& scalar = event.data.scalar;
    Node& node = add(event, Kind::scalar);
    node.style = style_of(scalar.style);
    node.text = memory().keep({reinterpret_cast<const char*>(scalar.value), scalar.length});
    give_tag(node, text_of(scalar.tag));
    // `! 12` is a string: libyaml drops the tag and clears the flag.
    const bool has_bare_tag =
        !node.given_tag && node.style == Style::plain && scalar.plain_implicit == 0;
    if (has_bare_tag) give_tag(node, "!");
    if (scalar.anchor) anchors_[std::string(text_of(scalar.anchor))] = {&node, Extent{}};
    attach(node, Extent{});
  }

  void take_alias(const yaml_event_t& event) {
    Node& node = add(event, Kind::alias);
    node.text = memory().keep(text_of(event.data.alias.anchor));
    const auto found = anchors_.find(node.text);
    if (found == anchors_.end()) {
      return fail_at(node.span, fmt::format("unknown anchor '{}' referenced", node.text));
    }
    node.target = found->second.first;
    const bool is_open = std::any_of(stack_.begin(), stack_.end(),
                                     [&](const Open& o) { return o.node == node.target; });
    if (is_open) return refer_to_itself(event, node);
    attach(node, found->second.second);
  }

  void refer_to_itself(const yaml_event_t& event, Node& alias) {
    if (self_reference_ == SelfReference::refused) {
      return fail_at(alias.span, fmt::format("anchor '{}' value contains itself", alias.text));
    }
    Node& stand_in = add(event, Kind::scalar);
    stand_in.text = alias.text;
    give_tag(stand_in, kSelfReferenceTag);
    alias.target = &stand_in;
    attach(alias, Extent{});
  }

  void open(const yaml_event_t& event, Kind kind, std::string_view anchor, std::string_view tag) {
    Node& node = add(event, kind);
    give_tag(node, tag);
    if (stack_.size() >= kDepthMax) return fail_depth(node.span);
    if (!anchor.empty()) anchors_[std::string(anchor)] = {&node, Extent{}};
    stack_.push_back({&node, std::string(anchor), children_.size(), Extent{}});
  }

  void close(const yaml_event_t& event) {
    const Open done = std::move(stack_.back());
    stack_.pop_back();
    done.node->span.end = position_of(event.end_mark);
    keep_children(*done.node, std::span(children_).subspan(done.first_child));
    children_.resize(done.first_child);
    if (const auto anchored = anchors_.find(done.anchor);
        anchored != anchors_.end() && anchored->second.first == done.node) {
      anchored->second.second = done.extent;
    }
    attach(*done.node, done.extent);
  }

  void keep_children(Node& node, std::span<const Node* const> children) {
    if (node.kind == Kind::sequence) {
      const Node** items = memory().make<const Node*>(children.size());
      std::copy(children.begin(), children.end(), items);
      node.first_item = items;
      node.count = static_cast<std::uint32_t>(children.size());
    } else {
      const std::size_t count = children.size() / 2;
      Entry* entries = memory().make<Entry>(count);
      for (std::size_t i = 0; i < count; ++i) entries[i] = {children[2 * i], children[2 * i + 1]};
      node.first_entry = entries;
      node.count = static_cast<std::uint32_t>(count);
    }
  }

  void attach(const Node& node, Extent extent) {
    if (stack_.empty()) {
      root_ = &node;
      return;
    }
    Open& parent = stack_.back();
    parent.extent.nodes += extent.nodes;
    parent.extent.depth = std::max(parent.extent.depth, extent.depth + 1);
    if (parent.extent.nodes > nodes_ + kAliasedMax) {
      return fail_at(node.span, "document contains excessive aliasing");
    }
    if (stack_.size() + extent.depth > kDepthMax + 1) return fail_depth(node.span);
    children_.push_back(&node);
  }

  // libyaml gives an empty plain scalar for a document without a node.
  void finish_document() {
    const bool is_empty = root_ && root_->kind == Kind::scalar && root_->text.empty() &&
                          root_->style == Style::plain && !root_->given_tag;
    file_.documents_.push_back(is_empty ? nullptr : root_);
    root_ = nullptr;
  }

  void fail_depth(const Span& span) {
    fail_at(span, fmt::format("exceeded max depth of {}", kDepthMax));
  }

  void fail_at(const Span& span, std::string reason) {
    if (file_.error_) return;
    file_.error_ = SyntaxError{reason, reason, file_.documents_.size(), span};
  }

  // go-yaml v2 takes the line from the problem's mark, which counts from 0, and adds one for errors
  // of its scanner only; so its parser's errors name the line before.
  void fail_as_parser() {
    const yaml_parser_t& parser = events_.parser();
    const std::string reason =
        parser.problem ? parser.problem : "unknown problem parsing YAML content";
    std::size_t line = 0;
    Position place = position_of(parser.problem_mark);
    if (parser.problem_mark.line != 0) {
      line = parser.problem_mark.line + (parser.error == YAML_SCANNER_ERROR ? 1 : 0);
    } else if (parser.context_mark.line != 0) {
      line = parser.context_mark.line;
    }
    if (parser.error == YAML_READER_ERROR) {
      place = position_of_byte(source_.text(), parser.problem_offset);
    }
    const std::string where = line != 0 ? fmt::format("line {}: ", line) : "";
    file_.error_ =
        SyntaxError{where + reason, reason, file_.documents_.size(), Span{&source_, place, place}};
  }

  File::Memory& memory() { return *file_.memory_; }

  const Source& source_;
  SelfReference self_reference_;
  Events events_;
  File file_;
  std::size_t nodes_ = 0;
  std::vector<Open> stack_;
  std::vector<const Node*> children_;  // Of every open node, the outermost first.
  std::map<std::string, std::pair<const Node*, Extent>, std::less<>> anchors_;
  const Node* root_ = nullptr;
  bool is_done_ = false;
};

File::File() = default;
File::File(File&&) noexcept = default;
File& File::operator=(File&&) noexcept = default;
File::~File() = default;

File parse(const Source& source, SelfReference self_reference) {
  return Reader(source, self_reference).read();
}

const Node& resolved(const Node& node) {
  const Node* at = &node;
  while (at->kind == Kind::alias) at = at->target;
  return *at;
}

const Node* find(const Node& mapping, std::string_view key) {
  const std::span<const Entry> entries = resolved(mapping).entries();
  const auto found = std::find_if(entries.rbegin(), entries.rend(), [&](const Entry& e) {
    const Node& name = resolved(*e.key);
    return name.kind == Kind::scalar && name.text == key;
  });
  return found == entries.rend() ? nullptr : found->value;
}

}  // namespace gatehouse::yaml
