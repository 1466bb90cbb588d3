#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "input/bundle/constraints.h"
#include "input/bundle/go_text.h"
#include "plan/plan_builder.h"

namespace gatehouse::planning {

using bundle::Base;
using bundle::CharmUrl;
using bundle::Parsed;

namespace {

// Juju's own default where neither the application nor the model names one.
constexpr std::string_view kArchitecture = "amd64";

PlannedBase planned(const Base& base) {
  if (base.is_empty()) return {};
  const auto series = bundle::series_of_base(base);
  return {bundle::to_string(base), series ? series.value : ""};
}

// A base, or else the series' base; empty where neither is given.
Parsed<Base> given_base(const std::string& base, const std::string& series) {
  if (!base.empty()) return bundle::parse_base(base);
  if (!series.empty()) return bundle::base_of_series(series);
  return {};
}

// Juju takes the bundle's base for a local charm where there is one, else the charm's first.
Parsed<PlannedBase> base_of(const State& state, const BundleApplication& application) {
  const auto given = given_base(application.base, application.series);
  if (!given) return {{}, given.error};
  if (!given.value.is_empty()) return {planned(given.value), ""};
  if (!state.default_base.base.empty() || application.local_base.empty()) {
    return {state.default_base, ""};
  }
  const auto local = bundle::parse_base(application.local_base);
  return {local ? planned(local.value) : PlannedBase{}, ""};
}

Parsed<const PlannedBase*> interned_base(State& state, const BundleApplication& application) {
  // A local charm can bring a base of its own; few do.
  const auto made = [&]() -> Parsed<const PlannedBase*> {
    const auto base = base_of(state, application);
    if (!base) return {nullptr, base.error};
    return {&state.bases.insert_or_assign({base.value.base, base.value.series}, base.value)
                 .first->second,
            ""};
  };
  const bool is_default =
      application.base.empty() && application.series.empty() && application.local_base.empty();
  return is_default ? Parsed<const PlannedBase*>{&state.default_base, ""} : made();
}

// The store answers with the charm's name alone.
PlannedCharm planned_charm(const std::string& text) {
  PlannedCharm charm;
  charm.url = bundle::parse_charm_url(text);
  if (charm.url.is_store()) charm.url.series = charm.url.architecture = "";
  charm.argument = bundle::to_string(charm.url);
  return charm;
}

const PlannedCharm& charm_of(State& state, const std::string& text) {
  const auto found = state.charms.find(text);
  return found != state.charms.end()
             ? found->second
             : state.charms.emplace(text, planned_charm(text)).first->second;
}

/// "latest/stable" for each channel as written.
using ShownChannels = std::map<std::string, std::string, std::less<>>;

Parsed<std::string> shown_channel(ShownChannels& known, const std::string& written) {
  if (written.empty()) return {bundle::to_string(bundle::Channel{"", "stable", ""}), ""};
  if (const auto found = known.find(written); found != known.end()) return {found->second, ""};
  const auto parsed = bundle::parse_channel(written);
  if (!parsed) return {"", parsed.error};
  return {known.emplace(written, bundle::to_string(parsed.value)).first->second, ""};
}

Refusal resolve_charm(State& state, PlannedOne& one, ShownChannels& channels) {
  const BundleApplication& application = *one.application;
  if (application.has_local_charm()) return std::nullopt;
  const auto channel = shown_channel(channels, application.channel);
  if (!channel) {
    return fmt::format("for application {}: {}", bundle::go_quote(application.charm),
                       channel.error);
  }
  const auto given = given_base(application.base, application.series);
  if (!given) return given.error;
  one.charm = &charm_of(state, application.charm);
  if (one.charm->url.is_store()) {
    state.plan.located.push_back(text_of({"Located charm ", bundle::go_quote(one.charm->url.name),
                                          " in charm-hub, channel ", channel.value}));
  }
  return std::nullopt;
}

std::string_view from_where(const PlannedOne& one) {
  if (!one.charm) return "";
  return one.charm->url.is_store() ? " from charm-hub" : " from local";
}

std::string architecture_of(const BundleApplication& application) {
  if (application.constraints.value.empty()) return std::string(kArchitecture);
  const auto constraints = bundle::parse_constraints(application.constraints.value);
  return constraints.arch.empty() ? std::string(kArchitecture) : constraints.arch;
}

Number add_charm(State& state, const PlannedOne& one, const std::string& architecture) {
  const BundleApplication& application = *one.application;
  const auto args = [&] {
    json::object made{{"charm", one.charm_argument()}, {"architecture", architecture}};
    planning::put(made, "channel", application.channel);
    put_base(made, *one.base);
    if (application.revision) made["revision"] = *application.revision;
    return made;
  };
  std::string line = fmt::format("upload charm {}{}", one.charm_name(), from_where(one));
  if (!one.base->base.empty()) line += " for base " + one.base->base;
  if (application.revision) {
    line += fmt::format(" with revision {}", *application.revision);
  } else if (!application.channel.empty()) {
    line += " from channel " + application.channel;
  }
  line += " with architecture=" + architecture;
  const Number upload = state.changes.add("addCharm", args, {});
  state.changes.describe(upload, std::move(line));
  return upload;
}

json::object texts(const TextMap& map) {
  json::object object;
  for (const auto& [key, text] : map) object[key] = text.value;
  return object;
}

void put_object(json::object& args, std::string_view key, json::object object) {
  if (!object.empty()) args[key] = std::move(object);
}

json::object deploy_args(const State& state, const PlannedOne& one, Number charm) {
  const BundleApplication& application = *one.application;
  json::object args{{"application", application.name}, {"charm", state.changes.placeholder(charm)}};
  put_base(args, *one.base);
  planning::put(args, "channel", application.channel);
  planning::put(args, "constraints", application.constraints.value);
  if (state.bundle.is_kubernetes() && application.num_units != 0) {
    args["num-units"] = application.num_units;
  }
  json::object options, revisions, paths;
  for (const auto& [key, option] : application.options) {
    // Option values are in no dry run, but they are in the arguments: what a secret file supplied
    // stays there.
    const bool is_secret = option.span.source && option.span.source->is_secret();
    options[key] = is_secret ? json::value("(secret)") : option.value;
  }
  for (const auto& [key, resource] : application.resources) {
    if (const auto* revision = std::get_if<std::int64_t>(&resource.value)) {
      revisions[key] = *revision;
    } else {
      paths[key] = std::get<std::string>(resource.value);
    }
  }
  put_object(args, "options", std::move(options));
  put_object(args, "resources", std::move(revisions));
  put_object(args, "local-resources", std::move(paths));
  put_object(args, "storage", texts(application.storage));
  put_object(args, "devices", texts(application.devices));
  put_object(args, "endpoint-bindings", texts(application.bindings));
  return args;
}

std::string units_text(const State& state, const BundleApplication& application) {
  if (!state.bundle.is_kubernetes() || application.num_units <= 0) return "";
  return fmt::format(" with {} unit{}", application.num_units,
                     application.num_units > 1 ? "s" : "");
}

std::string deploy_line(const State& state, const PlannedOne& one) {
  const BundleApplication& application = *one.application;
  const bool has_other_name = one.charm && one.charm->url.name != application.name;
  return text_of({"deploy application ", application.name, from_where(one),
                  units_text(state, application), one.base->base.empty() ? "" : " on ",
                  one.base->base, application.channel.empty() ? "" : " with ", application.channel,
                  has_other_name ? " using " : "",
                  has_other_name ? std::string_view(one.charm->url.name) : ""});
}

std::vector<std::string> words_in(const json::object& endpoint, std::string_view key) {
  std::vector<std::string> words;
  const json::value* list = endpoint.if_contains(key);
  if (!list) return words;
  for (const json::value& word : list->get_array()) words.emplace_back(word.get_string());
  std::sort(words.begin(), words.end());
  return words;
}

std::string named_group(const char* what, const std::vector<std::string>& words) {
  return fmt::format("{}{} {}", what, words.size() > 1 ? "s" : "", join(words, ","));
}

std::string who_may_access(const json::object& endpoint) {
  const auto spaces = words_in(endpoint, "expose-to-spaces");
  const auto cidrs = words_in(endpoint, "expose-to-cidrs");
  if (spaces.empty() && cidrs.empty()) return "CIDRs 0.0.0.0/0 and ::/0";
  std::string text = spaces.empty() ? "" : named_group("space", spaces);
  if (!spaces.empty() && !cidrs.empty()) text += " and ";
  return cidrs.empty() ? text : text + named_group("CIDR", cidrs);
}

// Endpoints of equal settings share a line; the lines are sorted by their first endpoint.
std::vector<std::string> expose_lines(const BundleApplication& application) {
  if (application.exposed_endpoints.empty()) {
    return {fmt::format("expose all endpoints of {} and allow access from CIDRs 0.0.0.0/0 and ::/0",
                        application.name)};
  }
  using Settings = std::pair<std::set<std::string>, std::set<std::string>>;
  std::map<Settings, std::vector<std::string>> groups;
  std::map<std::string, std::string> lines;
  for (const auto& member : application.exposed_endpoints) {
    const json::object& endpoint = member.value().get_object();
    const std::string name(member.key());
    if (name.empty()) {
      lines[""] = fmt::format("expose all endpoints of {} and allow access from {}",
                              application.name, who_may_access(endpoint));
      continue;
    }
    const auto spaces = words_in(endpoint, "expose-to-spaces");
    const auto cidrs = words_in(endpoint, "expose-to-cidrs");
    groups[{{spaces.begin(), spaces.end()}, {cidrs.begin(), cidrs.end()}}].push_back(name);
  }
  for (auto& [settings, names] : groups) {
    std::sort(names.begin(), names.end());
    const json::object& endpoint = application.exposed_endpoints.at(names[0]).get_object();
    lines[names[0]] =
        fmt::format("override expose settings for {} of {} and allow access from {}",
                    named_group("endpoint", names), application.name, who_may_access(endpoint));
  }
  std::vector<std::string> sorted;
  for (auto& [first, line] : lines) sorted.push_back(std::move(line));
  return sorted;
}

void add_exposure(State& state, const BundleApplication& application, Number deploy) {
  if (!application.expose && application.exposed_endpoints.empty()) return;
  const auto args = [&] {
    json::object made{{"application", state.changes.placeholder(deploy)}};
    put_object(made, "exposed-endpoints", application.exposed_endpoints);
    return made;
  };
  const Number expose = state.changes.add("expose", args, {deploy});
  for (std::string& line : expose_lines(application)) state.changes.describe(expose, line);
}

void add_annotations(State& state, const BundleApplication& application, Number deploy) {
  if (application.annotations.empty()) return;
  const auto args = [&] {
    return json::object{{"id", state.changes.placeholder(deploy)},
                        {"entity-type", "application"},
                        {"annotations", texts(application.annotations)}};
  };
  const Number annotate = state.changes.add("setAnnotations", args, {deploy});
  state.changes.describe(annotate, "set annotations for " + application.name);
}

}  // namespace

Refusal resolve_charms(State& state) {
  ShownChannels channels;
  for (PlannedOne& one : state.applications) {
    if (auto refusal = resolve_charm(state, one, channels)) return refusal;
  }
  const auto base = given_base(state.bundle.default_base, state.bundle.series);
  if (!base) return base.error;
  state.default_base = planned(base.value);
  for (PlannedOne* one : state.in_natural_order) {
    const auto own = interned_base(state, *one->application);
    if (!own.error.empty()) return own.error;
    one->base = own.value;
  }
  return std::nullopt;
}

void add_applications(State& state) {
  using Key =
      std::tuple<std::string_view, std::string, std::string_view, std::string_view, std::int64_t>;
  std::map<Key, Number> uploads;
  for (PlannedOne* planned : state.in_natural_order) {
    const PlannedOne& one = *planned;
    const BundleApplication& application = *one.application;
    std::string architecture = architecture_of(application);
    Key key{one.charm_argument(), architecture, one.base->base,
            application.channel.empty() ? "stable" : std::string_view(application.channel),
            application.revision.value_or(-1)};
    auto upload = uploads.find(key);
    if (upload == uploads.end()) {
      upload = uploads.emplace(std::move(key), add_charm(state, one, architecture)).first;
    }
    const Number charm = upload->second;
    const auto args = [&] { return deploy_args(state, one, charm); };
    const Number deploy = state.changes.add("deploy", args, {charm});
    state.changes.describe(deploy, deploy_line(state, one));
    planned->deploy = deploy;
    add_exposure(state, application, deploy);
    add_annotations(state, application, deploy);
  }
}

}  // namespace gatehouse::planning
