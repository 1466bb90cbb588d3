// The section `plan`: what the plan of the bundle must look like.
#include <fmt/format.h>

#include "base/text.h"
#include "input/site/sections.h"

namespace gatehouse::site_file {

namespace {

// "octavia:certificates": an application and one of its endpoints.
bool is_endpoint(std::string_view text) {
  const std::size_t colon = text.find(':');
  return colon != std::string_view::npos && is_name(text.substr(0, colon)) &&
         is_name(text.substr(colon + 1));
}

void read_counts(ExpectedCounts& counts, const Field& field) {
  Map map(field);
  counts.span = field.span();
  read_into(counts.applications, map.take("applications"), read_count);
  read_into(counts.units, map.take("units"), read_count);
  read_into(counts.relations, map.take("relations"), read_count);
  read_into(counts.machines, map.take("machines"), read_count);
  read_into(counts.containers, map.take("containers"), read_count);
  map.refuse_others();
}

// Order is kept, of the list and within each of its maps: the first match wins.
void read_channels(std::vector<ChannelRule>& rules, const Field& field) {
  for (const Field& item : read_items(field)) {
    for (const NamedField& entry : read_entries(item)) {
      if (const std::optional<std::string> channel = read_word(entry.field)) {
        rules.push_back({entry.name, *channel, entry.field.key_span});
      }
    }
  }
}

void read_options(PlanExpectations& plan, const Field& field) {
  for (const NamedField& application : read_entries(field)) {
    for (const NamedField& option : read_entries(application.field)) {
      if (std::optional<json::value> value = read_option(option.field)) {
        plan.options[application.name][option.name] = {std::move(*value), option.field.span()};
      }
    }
  }
}

std::optional<RequiredRelation> read_relation(const Field& field) {
  const std::optional<std::string> text = read_text(field);
  if (!text) return std::nullopt;
  const std::vector<std::string> ends = words_of(*text);
  if (ends.size() != 2 || !is_endpoint(ends[0]) || !is_endpoint(ends[1])) {
    field.complain("bad-relation",
                   "two endpoints such as \"octavia:certificates vault:certificates\"");
    return std::nullopt;
  }
  return RequiredRelation{ends[0], ends[1], field.span()};
}

std::optional<Located<std::string>> read_forbidden(const Field& field) {
  const std::optional<std::string> text = read_text(field);
  if (!text) return std::nullopt;
  if (!is_name(*text) && !is_endpoint(*text)) {
    field.complain("bad-endpoint", "an application, or one of its endpoints as in \"vault:ha\"");
    return std::nullopt;
  }
  return Located<std::string>{*text, field.span()};
}

std::optional<Located<std::string>> read_warning(const Field& field) {
  const std::optional<std::string> text = read_text(field);
  if (!text) return std::nullopt;
  const std::size_t dot = text->find('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == text->size()) {
    field.complain("bad-warning", "a scope and a field such as \"bundle.variables\"");
    return std::nullopt;
  }
  return Located<std::string>{*text, field.span()};
}

void read_names(PlanExpectations& plan, Map& map) {
  if (const std::optional<Field> numbers = map.take("machine_numbers")) {
    for (const NamedField& entry : read_entries(*numbers)) {
      if (const std::optional<std::size_t> number = read_count(entry.field)) {
        plan.machine_numbers[entry.name] = std::to_string(*number);
      }
    }
  }
  if (const std::optional<Field> placement = map.take("placement")) {
    for (const NamedField& entry : read_entries(*placement)) {
      read_each(plan.placement[entry.name], entry.field, read_word);
    }
  }
}

// A machine that `machine_numbers` does not name cannot be found in the model.
void check_placement(const PlanExpectations& plan, Map& map) {
  const std::optional<Field> placement = map.take("placement");
  if (!placement || plan.machine_numbers.empty()) return;
  std::vector<std::string> known;
  for (const auto& [machine, number] : plan.machine_numbers) known.push_back(machine);
  if (placement->node->kind != yaml::Kind::mapping) return;
  for (const yaml::Entry& entry : placement->node->entries()) {
    for (const yaml::Node* item : yaml::resolved(*entry.value).items()) {
      const yaml::Node& machine = yaml::resolved(*item);
      if (machine.kind != yaml::Kind::scalar ||
          plan.machine_numbers.contains(std::string(machine.text))) {
        continue;
      }
      placement->findings->error(
          "unknown-machine", machine.span,
          fmt::format("{}.{} names bundle machine \"{}\", which plan.machine_numbers does not",
                      placement->path, entry.key->text, machine.text),
          fmt::format("known machines: {}", join(known, ", ")));
    }
  }
}

}  // namespace

void read_plan(PlanExpectations& plan, const Field& field) {
  Map map(field);
  if (const std::optional<Field> counts = map.take("counts")) read_counts(plan.counts, *counts);
  read_names(plan, map);
  if (const std::optional<Field> rules = map.take("channels")) read_channels(plan.channels, *rules);
  if (const std::optional<Field> options = map.take("options")) read_options(plan, *options);
  read_each(plan.require, map.take("require"), read_relation);
  read_each(plan.forbid, map.take("forbid"), read_forbidden);
  read_each(plan.warnings, map.take("warnings"), read_warning);
  map.refuse_others();
  check_placement(plan, map);
}

}  // namespace gatehouse::site_file
