#include "clients/juju/status_stream.h"

#include <memory>
#include <optional>

#include <fmt/format.h>
#include <boost/json/basic_parser_impl.hpp>

namespace gatehouse::juju {

namespace {

// Of the largest part that is common, an application with a few hundred units; larger ones grow it.
constexpr std::size_t kBufferBytes = std::size_t{256} << 10;
constexpr std::size_t kDepthMax = 64;

/// What basic_parser calls. Values above the level of a part leave no trace but their keys.
class PartHandler {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  PartHandler(const std::function<void(std::string_view)>& on_section,
              const std::function<void(const StatusPart&)>& on_part)
      : on_section_(on_section), on_part_(on_part), buffer_(new unsigned char[kBufferBytes]) {
    renew_memory();
  }

  StatusDocument document() const { return document_; }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }

  bool on_object_begin(json::error_code&) {
    if (depth_ == 0) {
      document_ = StatusDocument::object;
      part_depth_ = 1;
    } else if (depth_ == 1 && (section_ == "machines" || section_ == "applications")) {
      part_depth_ = 2;
    }
    ++depth_;
    return true;
  }
  bool on_object_end(std::size_t count, json::error_code&) {
    --depth_;
    if (depth_ < part_depth_) {
      part_depth_ = depth_;
      name_.clear();
    } else {
      stack_.push_object(count);
      finish_value();
    }
    return true;
  }
  bool on_array_begin(json::error_code&) {
    ++depth_;
    return true;
  }
  bool on_array_end(std::size_t count, json::error_code&) {
    --depth_;
    stack_.push_array(count);
    finish_value();
    return true;
  }

  bool on_key_part(std::string_view text, std::size_t, json::error_code&) {
    if (depth_ > part_depth_) {
      stack_.push_chars(text);
    } else {
      key_ += text;
    }
    return true;
  }
  bool on_key(std::string_view text, std::size_t, json::error_code&) {
    if (depth_ > part_depth_) {
      stack_.push_key(text);
      return true;
    }
    key_ += text;
    if (depth_ == 1) {
      section_.swap(key_);
      on_section_(section_);
    } else {
      name_.swap(key_);
    }
    key_.clear();
    return true;
  }
  bool on_string_part(std::string_view text, std::size_t, json::error_code&) {
    stack_.push_chars(text);
    return true;
  }
  bool on_string(std::string_view text, std::size_t, json::error_code&) {
    stack_.push_string(text);
    finish_value();
    return true;
  }
  bool on_number_part(std::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t number, std::string_view, json::error_code&) {
    stack_.push_int64(number);
    finish_value();
    return true;
  }
  bool on_uint64(std::uint64_t number, std::string_view, json::error_code&) {
    stack_.push_uint64(number);
    finish_value();
    return true;
  }
  bool on_double(double number, std::string_view, json::error_code&) {
    stack_.push_double(number);
    finish_value();
    return true;
  }
  bool on_bool(bool value, json::error_code&) {
    stack_.push_bool(value);
    finish_value();
    return true;
  }
  bool on_null(json::error_code&) {
    stack_.push_null();
    finish_value();
    return true;
  }
  bool on_comment_part(std::string_view, json::error_code&) { return true; }
  bool on_comment(std::string_view, json::error_code&) { return true; }

 private:
  void finish_value() {
    if (depth_ != part_depth_) return;
    {
      const json::value value = stack_.release();
      if (document_ == StatusDocument::object) {
        on_part_({.section = section_, .name = name_, .value = value});
      }
    }
    renew_memory();
  }
  // A new one for each part: its release() keeps the size that it grew to, and doubles it again.
  void renew_memory() {
    stack_.reset();
    memory_.emplace(buffer_.get(), kBufferBytes);
    stack_.reset(&*memory_);
  }

  const std::function<void(std::string_view)>& on_section_;
  const std::function<void(const StatusPart&)>& on_part_;
  std::unique_ptr<unsigned char[]> buffer_;
  std::optional<json::monotonic_resource> memory_;
  json::value_stack stack_;
  StatusDocument document_ = StatusDocument::other;
  std::size_t depth_ = 0;       ///< open objects and lists
  std::size_t part_depth_ = 0;  ///< those that are open around a part
  std::string key_, section_, name_;
};

}  // namespace

Result<StatusDocument> read_status_parts(
    std::string_view text, const std::function<void(std::string_view section)>& on_section,
    const std::function<void(const StatusPart&)>& on_part) {
  json::parse_options options;
  options.max_depth = kDepthMax;
  const auto parser =
      std::make_unique<json::basic_parser<PartHandler>>(options, on_section, on_part);
  json::error_code error;
  const std::size_t used = parser->write_some(false, text.data(), text.size(), error);
  if (error) {
    return fail(ErrorKind::malformed, fmt::format("byte {}: not JSON: {}", used, error.message()));
  }
  const std::size_t more = text.find_first_not_of(" \t\r\n", used);
  if (more != text.npos) {
    return fail(ErrorKind::malformed, fmt::format("byte {}: text after the JSON document", more));
  }
  return parser->handler().document();
}

}  // namespace gatehouse::juju
