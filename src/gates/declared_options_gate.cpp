#include <charconv>

#include <fmt/format.h>

#include "gates/checks.h"

namespace gatehouse {

namespace {

bool declares_options(const Inputs& inputs) {
  return !inputs.site.plan.options.empty();
}

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole && !text.empty() ? std::optional(number) : std::nullopt;
}

std::optional<double> number_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::int64:
      return static_cast<double>(value.get_int64());
    case json::kind::uint64:
      return static_cast<double>(value.get_uint64());
    case json::kind::double_:
      return value.get_double();
    case json::kind::string:
      return number_in(value.get_string());
    default:
      return std::nullopt;
  }
}

std::optional<bool> truth_of(const json::value& value) {
  if (const bool* truth = value.if_bool()) return *truth;
  const json::string* text = value.if_string();
  if (!text) return std::nullopt;
  if (*text == "true" || *text == "True") return true;
  if (*text == "false" || *text == "False") return false;
  return std::nullopt;
}

// Juju turns a text into the type that the charm declares, so 8192, "8192" and 8192.0 set the same
// option, and so do true and "true". Two texts are compared as texts: a version "1.10" is not
// "1.1".
bool sets_the_same(const json::value& expected, const json::value& observed) {
  if (expected.is_string() && observed.is_string()) return expected == observed;
  const auto first = number_of(expected), second = number_of(observed);
  if (first && second) return *first == *second;
  const auto one = truth_of(expected), other = truth_of(observed);
  if (one && other) return *one == *other;
  return expected == observed;
}

std::string shown(const OptionValue& value) {
  const bool is_secret = value.span && value.span.source->is_secret();
  return is_secret ? "another value, not shown" : json::serialize(value.value);
}

Check judge_option(const Bundle& bundle, const std::string& application, const std::string& option,
                   const Located<json::value>& declared) {
  const std::string subject = fmt::format("{} {}", application, option);
  const std::string expected = json::serialize(declared.value);
  const std::string help = fmt::format("set option {} of {} to {}", option, application, expected);
  const BundleApplication* found = bundle.find(application);
  if (!found) {
    return placed(failed(subject, expected, "the bundle has no application " + application),
                  declared.span);
  }
  const auto value = found->options.find(option);
  if (value == found->options.end()) {
    return placed(failed(subject, expected, "not set", help), declared.span);
  }
  if (sets_the_same(declared.value, value->second.value)) {
    return placed(passed(subject, expected, expected), value->second.span);
  }
  return placed(failed(subject, expected, shown(value->second), help), value->second.span);
}

Verdict judge_declared_options(const Case& c) {
  std::vector<Check> checks;
  const auto& declared = c.inputs.site.plan.options;
  if (declared.empty()) return conclude({});
  const Bundle* bundle = require_bundle(c, checks);
  if (!bundle) return conclude(std::move(checks));
  for (const auto& [application, options] : declared) {
    for (const auto& [option, value] : options) {
      checks.push_back(judge_option(*bundle, application, option, value));
    }
  }
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate declared_options_gate;
const Gate declared_options_gate{
    .id = "declared_options",
    .question = "Has every option that the site pins the value that it pins?",
    .source = "phase 01, prerequisites",
    .applies = declares_options,
    .judge = judge_declared_options,
};

}  // namespace gatehouse
