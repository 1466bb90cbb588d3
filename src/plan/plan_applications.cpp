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

void locate(State& state, const CharmUrl& url, const bundle::Channel& channel) {
  if (!url.is_store()) return;
  state.plan.located.push_back(fmt::format("Located charm {} in charm-hub, channel {}",
                                           bundle::go_quote(url.name), bundle::to_string(channel)));
}

Refusal resolve_charm(State& state, const std::string& name, const BundleApplication& application) {
  if (application.has_local_charm()) return std::nullopt;
  bundle::Channel channel{"", "stable", ""};
  if (!application.channel.empty()) {
    const auto parsed = bundle::parse_channel(application.channel);
    if (!parsed) {
      return fmt::format("for application {}: {}", bundle::go_quote(application.charm),
                         parsed.error);
    }
    channel = parsed.value;
  }
  const auto given = given_base(application.base, application.series);
  if (!given) return given.error;
  CharmUrl url = bundle::parse_charm_url(application.charm);
  locate(state, url, channel);
  // The store answers with the charm's name alone.
  if (url.is_store()) url.series = url.architecture = "";
  state.charms[name] = std::move(url);
  return std::nullopt;
}

// The charm as the changes name it: a path, or a URL.
std::string charm_argument(const State& state, const BundleApplication& application) {
  const auto url = state.charms.find(application.name);
  return url == state.charms.end() ? application.charm : bundle::to_string(url->second);
}

std::string from_where(const State& state, const BundleApplication& application) {
  const auto url = state.charms.find(application.name);
  if (url == state.charms.end()) return "";
  return url->second.is_store() ? " from charm-hub" : " from local";
}

std::string shown_charm(const State& state, const BundleApplication& application) {
  const auto url = state.charms.find(application.name);
  return url == state.charms.end() ? application.charm : url->second.name;
}

std::string architecture_of(const BundleApplication& application) {
  const auto constraints = bundle::parse_constraints(application.constraints.value);
  return constraints.arch.empty() ? std::string(kArchitecture) : constraints.arch;
}

Number add_charm(State& state, const BundleApplication& application,
                 const std::string& architecture) {
  const PlannedBase& base = state.bases.at(application.name);
  const auto args = [&] {
    json::object made{{"charm", charm_argument(state, application)},
                      {"architecture", architecture}};
    planning::put(made, "channel", application.channel);
    put_base(made, base);
    if (application.revision) made["revision"] = *application.revision;
    return made;
  };
  std::string line = fmt::format("upload charm {}{}", shown_charm(state, application),
                                 from_where(state, application));
  if (!base.base.empty()) line += " for base " + base.base;
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

json::object texts(const std::map<std::string, Located<std::string>>& map) {
  json::object object;
  for (const auto& [key, text] : map) object[key] = text.value;
  return object;
}

void put(json::object& args, std::string_view key, json::object object) {
  if (!object.empty()) args[key] = std::move(object);
}

json::object deploy_args(const State& state, const BundleApplication& application, Number charm) {
  json::object args{{"application", application.name}, {"charm", state.changes.placeholder(charm)}};
  put_base(args, state.bases.at(application.name));
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
  put(args, "options", std::move(options));
  put(args, "resources", std::move(revisions));
  put(args, "local-resources", std::move(paths));
  put(args, "storage", texts(application.storage));
  put(args, "devices", texts(application.devices));
  put(args, "endpoint-bindings", texts(application.bindings));
  return args;
}

std::string deploy_line(const State& state, const BundleApplication& application) {
  std::string line =
      fmt::format("deploy application {}{}", application.name, from_where(state, application));
  if (state.bundle.is_kubernetes() && application.num_units > 0) {
    line +=
        fmt::format(" with {} unit{}", application.num_units, application.num_units > 1 ? "s" : "");
  }
  const PlannedBase& base = state.bases.at(application.name);
  if (!base.base.empty()) line += " on " + base.base;
  if (!application.channel.empty()) line += " with " + application.channel;
  const auto url = state.charms.find(application.name);
  if (url != state.charms.end() && url->second.name != application.name) {
    line += " using " + url->second.name;
  }
  return line;
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
    put(made, "exposed-endpoints", application.exposed_endpoints);
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
  for (const auto& [name, application] : state.bundle.applications) {
    if (auto refusal = resolve_charm(state, name, application)) return refusal;
  }
  const auto base = given_base(state.bundle.default_base, state.bundle.series);
  if (!base) return base.error;
  state.default_base = planned(base.value);
  for (const BundleApplication* application : state.applications) {
    const auto own = base_of(state, *application);
    if (!own) return own.error;
    state.bases[application->name] = own.value;
  }
  return std::nullopt;
}

void add_applications(State& state) {
  using Key = std::tuple<std::string, std::string, std::string, std::string, std::int64_t>;
  std::map<Key, Number> uploads;
  for (const BundleApplication* planned : state.applications) {
    const BundleApplication& application = *planned;
    const std::string architecture = architecture_of(application);
    const Key key{charm_argument(state, application), architecture,
                  state.bases.at(application.name).base,
                  application.channel.empty() ? "stable" : application.channel,
                  application.revision.value_or(-1)};
    if (!uploads.contains(key)) uploads[key] = add_charm(state, application, architecture);
    const Number charm = uploads[key];
    const auto args = [&] { return deploy_args(state, application, charm); };
    const Number deploy = state.changes.add("deploy", args, {charm});
    state.changes.describe(deploy, deploy_line(state, application));
    state.ends[application.name] = deploy;
    add_exposure(state, application, deploy);
    add_annotations(state, application, deploy);
  }
}

}  // namespace gatehouse::planning
