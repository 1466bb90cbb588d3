#include "sim/plan_faults.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "sim/text_edits.h"

namespace gatehouse::sim {
namespace {

tl::unexpected<Error> has_none(const InputCopies& copies, const std::string& what) {
  return fail(
      ErrorKind::invalid_input,
      fmt::format("{} declares no {}, so this fault cannot be put in", copies.site().name, what));
}

std::string other_value(const json::value& value) {
  if (const bool* truth = value.if_bool()) return *truth ? "false" : "true";
  if (value.is_number()) return value == json::value(1) ? "2" : "1";
  return "\"another value\"";
}

bool are_the_same(const BundleRelation& relation, const RequiredRelation& required) {
  return (relation.first == required.first && relation.second == required.second) ||
         (relation.first == required.second && relation.second == required.first);
}

// A mapping in braces goes on after "{" or ",", on whatever line the next name stands.
bool is_in_braces(const Source& source, const Position& at) {
  std::string_view before = source.line(at.line).substr(0, at.column - 1);
  for (std::uint32_t line = at.line; trim(before).empty() || trim(before).starts_with('#');) {
    if (line == 1) return false;
    before = source.line(--line);
  }
  return trim(before).ends_with('{') || trim(before).ends_with(',');
}

Result<void> add_application(InputCopies& copies, const std::string& name) {
  const BundleApplication* model = nullptr;
  for (const auto& [other, application] : copies.bundle().applications) {
    if (application.num_units > 0 && application.span) model = &application;
  }
  if (model == nullptr) return has_none(copies, "application with units");
  const Source& source = *model->span.source;
  const Position at = model->span.begin;
  std::vector<std::string> fields = {"charm: " + model->charm};
  if (!model->channel.empty()) fields.push_back("channel: " + model->channel);
  fields.emplace_back("num_units: 0");
  const std::string before(source.line(at.line).substr(0, at.column - 1));
  if (is_in_braces(source, at)) {
    const std::string entry = fmt::format("{}: {{{}}}, ", name, join(fields, ", "));
    return copies.edit(source, {{at, at, entry}});
  }
  std::string lines = fmt::format("{}{}:\n", before, name);
  for (const std::string& field : fields) lines += fmt::format("{}  {}\n", before, field);
  return copies.edit(source, {insert_lines(at.line, lines)});
}

}  // namespace

Result<void> other_channel(InputCopies& copies) {
  if (copies.site().plan.channels.empty()) return has_none(copies, "channels");
  for (const auto& [name, application] : copies.bundle().applications) {
    const auto place = application.places.find("channel");
    if (place == application.places.end() || application.channel.empty()) continue;
    return copies.edit(*place->second.source, {replace_span(place->second, "latest/edge")});
  }
  return has_none(copies, "application with a channel");
}

Result<void> other_option(InputCopies& copies) {
  for (const auto& [name, options] : copies.site().plan.options) {
    const BundleApplication* application = copies.bundle().find(name);
    if (application == nullptr) continue;
    for (const auto& [option, declared] : options) {
      const auto given = application->options.find(option);
      if (given == application->options.end() || !given->second.span) continue;
      const Span& span = given->second.span;
      return copies.edit(*span.source, {replace_span(span, other_value(declared.value))});
    }
  }
  return has_none(copies, "option that the bundle sets");
}

Result<void> other_machine(InputCopies& copies) {
  for (const auto& [name, places] : copies.site().plan.placement) {
    const BundleApplication* application = copies.bundle().find(name);
    if (application == nullptr || application->to.empty()) continue;
    for (const auto& [machine, declared] : copies.bundle().machines) {
      if (std::find(places.begin(), places.end(), machine) != places.end()) continue;
      const Span& span = application->to.front().span;
      return copies.edit(*span.source, {replace_span(span, '"' + machine + '"')});
    }
  }
  return has_none(copies, "placement that leaves a machine free");
}

Result<void> drop_required_relation(InputCopies& copies) {
  for (const RequiredRelation& required : copies.site().plan.require) {
    for (const BundleRelation& relation : copies.bundle().relations) {
      if (!are_the_same(relation, required)) continue;
      const Span& span = relation.span;
      // A list in block style ends where the next token begins, on a later line.
      const bool ends_before = span.end.column == 1 && span.end.line > span.begin.line;
      const std::uint32_t last = span.end.line - (ends_before ? 1 : 0);
      return copies.edit(*span.source, {remove_lines(span.begin.line, last)});
    }
  }
  return has_none(copies, "required relation that the bundle has");
}

Result<void> add_forbidden_application(InputCopies& copies) {
  for (const Located<std::string>& forbidden : copies.site().plan.forbid) {
    if (forbidden.value.find(':') != std::string::npos) continue;
    return add_application(copies, forbidden.value);
  }
  return has_none(copies, "forbidden application");
}

Result<void> one_application_more(InputCopies& copies) {
  return add_application(copies, "one-too-many");
}

}  // namespace gatehouse::sim
