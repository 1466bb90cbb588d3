#include "input/bundle/verify_bundle.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "input/bundle/base_and_series.h"
#include "input/bundle/go_text.h"
#include "input/bundle/verify_application.h"

namespace gatehouse::bundle {

namespace {

// A megabyte can hold a hundred thousand mistakes; nobody reads on after these.
constexpr std::size_t kProblemsMax = 10'000;

// The bundle's own rules; those of one application are in verify_application.cpp.
class Verifier {
 public:
  Verifier(const BundleData& data, const VerifyContext& context) : data_(data), context_(context) {
    applications_.reserve(data.applications.size());
    for (const auto& [name, given] : data.applications) {
      applications_.emplace(name, given ? &*given : nullptr);
    }
  }

  std::vector<Problem> run() {
    top();
    remote_applications();
    machines();
    applications();
    relations();
    unused_machines();
    if (!problems_.empty()) bases_that_differ();
    return std::move(problems_);
  }

 private:
  void add(std::string code, std::string text, Span span, std::string subject = {}) {
    if (problems_.size() >= kProblemsMax) return;
    problems_.push_back({"bundle/" + code, std::move(text), span, std::move(subject)});
  }

  bool has_machine(std::string_view id) const {
    return !data_.is_kubernetes() && data_.machines && data_.machines->contains(id);
  }

  void top() {
    const std::string& type = data_.type.value;
    if (!type.empty() && !data_.is_kubernetes()) {
      add("type", fmt::format("bundle has an invalid type {}", go_quote(type)), data_.type.span);
    }
    if (data_.is_kubernetes() && data_.machines && !data_.machines->empty()) {
      add("type", "bundle machines not valid for Kubernetes bundles",
          data_.machines->begin()->second.span);
    }
    const auto& series = data_.series;
    if (!series.value.empty() && !is_series_name(series.value)) {
      add("series", fmt::format("bundle declares an invalid series {}", go_quote(series.value)),
          series.span);
    }
    const auto& base = data_.default_base;
    if (!base.value.empty() && !is_lenient_base(base.value)) {
      add("base", fmt::format("bundle declares an invalid base {}", go_quote(base.value)),
          base.span);
    }
  }

  void remote_applications() {
    for (const auto& [name, remote] : data_.saas) {
      const Span span = data_.saas_spans.at(name);
      const std::string quoted = go_quote(name);
      if (data_.applications.contains(name)) {
        add("saas", fmt::format("application {0} already exists with SAAS {0} name", quoted), span,
            name);
      }
      if (!is_application_name(name)) {
        add("saas", fmt::format("invalid SAAS name {} found", quoted), span, name);
      }
      if (remote && !remote->url.value.empty() && !is_offer_url(remote->url.value)) {
        add("saas",
            fmt::format("invalid offer URL {} for SAAS {}", go_quote(remote->url.value), name),
            remote->url.span, name);
      }
    }
  }

  void machines() {
    if (data_.is_kubernetes() || !data_.machines) return;
    for (const auto& [id, machine] : *data_.machines) {
      const std::string quoted = go_quote(id);
      if (!is_machine_id(id)) {
        add("machine", fmt::format("invalid machine id {} found in machines", quoted), machine.span,
            id);
      }
      const std::string& constraints = machine.constraints.value;
      if (!constraints.empty()) {
        const std::string why = constraints_error(constraints, context_);
        if (!why.empty()) {
          add("constraints",
              fmt::format("invalid constraints {} in machine {}: {}", go_quote(constraints), quoted,
                          why),
              machine.constraints.span, id);
        }
      }
      if (!machine.series.empty() && !is_series_name(machine.series)) {
        add("series",
            fmt::format("invalid series {} for machine {}", go_quote(machine.series), quoted),
            machine.span, id);
      }
      if (!machine.base.empty() && !is_lenient_base(machine.base)) {
        add("base", fmt::format("invalid base {} for machine {}", go_quote(machine.base), quoted),
            machine.span, id);
      }
    }
  }

  void applications() {
    if (data_.applications.empty()) {
      add("no-applications", "at least one application must be specified", {});
      return;
    }
    for (const auto& [name, application] : data_.applications) {
      if (problems_.size() >= kProblemsMax) return;
      if (!application) {
        add("application",
            fmt::format("bundle application for key {} is undefined", go_quote(name)),
            data_.null_spans.at(name), name);
        continue;
      }
      verify_application(*application, data_, context_, problems_);
      placement(*application);
    }
  }

  void placement(const ApplicationData& given) {
    const BundleApplication& application = given.application;
    if (data_.is_kubernetes()) return verify_node_selector(application, problems_);
    const std::int64_t units = application.num_units;
    if (units >= 0 && application.to.size() > static_cast<std::size_t>(units)) {
      add("placement",
          fmt::format("too many units specified in unit placement for application {}",
                      go_quote(application.name)),
          place_of(application, "to"), application.name);
    }
    for (const auto& directive : application.to) target(application, directive);
  }

  void target(const BundleApplication& application, const Located<std::string>& directive) {
    const auto add_here = [&](std::string text) {
      add("placement", std::move(text), directive.span, application.name);
    };
    const auto placement = parse_placement(directive.value);
    if (!placement) {
      return add_here(fmt::format("invalid placement syntax {}", go_quote(directive.value)));
    }
    if (placement->is_new()) return;
    if (!placement->machine.empty()) {
      if (has_machine(placement->machine)) {
        used_machines_.emplace(placement->machine);
      } else {
        add_here(fmt::format("placement {} refers to a machine not defined in this bundle",
                             go_quote(directive.value)));
      }
      return;
    }
    const auto found = applications_.find(placement->application);
    if (found == applications_.end()) {
      return add_here(
          fmt::format("placement {} refers to an application not defined in this bundle",
                      go_quote(directive.value)));
    }
    const std::int64_t units = found->second ? found->second->application.num_units : 0;
    if (placement->unit >= 0 && placement->unit >= units) {
      add_here(
          fmt::format("placement {} specifies a unit greater than the {} unit(s) started by "
                      "the target application",
                      go_quote(directive.value), units));
    }
  }

  void relations() {
    using Pair = std::pair<std::string_view, std::string_view>;
    const auto hash = [](const Pair& pair) {
      const std::hash<std::string_view> of;
      return of(pair.first) * 31 + of(pair.second);
    };
    std::unordered_set<Pair, decltype(hash)> seen(2 * data_.relations.size(), hash);
    for (const RelationData& relation : data_.relations) {
      if (relation.ends.size() != 2) {
        add("relation",
            fmt::format("relation {} has {} endpoint(s), not 2", shown(relation),
                        relation.ends.size()),
            relation.span);
        continue;
      }
      const auto first = end_of(relation, 0);
      const auto second = end_of(relation, 1);
      if (!first || !second) continue;
      if (first->application == second->application) {
        add("relation",
            fmt::format("relation {} relates an application to itself", shown(relation)),
            relation.span);
      }
      // Once it is read, an end is the text that it was written as.
      const std::string_view one = relation.ends[0];
      const std::string_view other = relation.ends[1];
      if (!seen.emplace(std::min(one, other), std::max(one, other)).second) {
        add("relation", fmt::format("relation {} is defined more than once", shown(relation)),
            relation.span);
      }
    }
  }

  static std::string shown(const RelationData& relation) {
    return go_quote_list(relation.ends);
  }

  std::optional<Endpoint> end_of(const RelationData& relation, std::size_t index) {
    auto endpoint = parse_endpoint(relation.ends[index]);
    if (!endpoint) {
      add("relation", fmt::format("invalid relation syntax {}", go_quote(relation.ends[index])),
          relation.span);
      return std::nullopt;
    }
    const bool is_application = applications_.contains(endpoint->application);
    const bool is_remote = data_.saas.contains(endpoint->application);
    if (!is_application && !is_remote) {
      add("relation",
          fmt::format("relation {} refers to application {} not defined in this bundle",
                      shown(relation), go_quote(endpoint->application)),
          relation.span, std::string(endpoint->application));
    }
    if (is_application && is_remote) {
      add("relation",
          fmt::format("ambiguous relation {} refers to a application and a SAAS in this bundle",
                      go_quote(endpoint->application)),
          relation.span, std::string(endpoint->application));
    }
    return endpoint;
  }

  void unused_machines() {
    if (data_.is_kubernetes() || !data_.machines) return;
    for (const auto& [id, machine] : *data_.machines) {
      if (used_machines_.contains(id)) continue;
      add("machine",
          fmt::format("machine {} is not referred to by a placement directive", go_quote(id)),
          machine.span, id);
    }
  }

  // Juju 3.6 makes this comparison always and reports it only beside another problem; the first
  // difference ends it.
  void bases_that_differ() {
    if (differ("bundle", data_.series.value, data_.default_base.value, data_.default_base.span)) {
      return;
    }
    if (data_.machines && !data_.is_kubernetes()) {
      for (const auto& [id, machine] : *data_.machines) {
        const std::string who = fmt::format("machine {}", go_quote(id));
        if (differ(who, machine.series, machine.base, machine.span)) return;
      }
    }
    for (const auto& [name, given] : data_.applications) {
      if (!given) continue;
      const std::string who = fmt::format("application {}", go_quote(name));
      const BundleApplication& application = given->application;
      if (differ(who, application.series, application.base, place_of(application, "base"))) return;
    }
  }

  bool differ(const std::string& who, const std::string& series, const std::string& base,
              const Span& span) {
    if (series.empty() || base.empty()) return false;
    const auto parsed = parse_base(base);
    if (!parsed) {
      add("base", parsed.error, span);
      return true;
    }
    const auto named = series_of_base(parsed.value);
    if (named && named.value == series) return false;
    add("base",
        named ? fmt::format("{} series {} and base {} must match if both supplied", who,
                            go_quote(series), go_quote(base))
              : named.error,
        span);
    return true;
  }

  const BundleData& data_;
  const VerifyContext& context_;
  std::unordered_map<std::string_view, const ApplicationData*> applications_;
  std::vector<Problem> problems_;
  std::set<std::string, std::less<>> used_machines_;
};

}  // namespace

std::vector<Problem> verify(const BundleData& data, const VerifyContext& context) {
  return Verifier(data, context).run();
}

std::vector<Problem> overlay_only_fields(const BundleData& data) {
  std::vector<Problem> problems;
  for (const auto& [name, given] : data.applications) {
    if (!given) continue;
    const auto add = [&](const std::string& path, const Span& span) {
      problems.push_back(
          {"bundle/overlay-only",
           fmt::format("applications.{}.{} can only appear in an overlay section", name, path),
           span, name});
    };
    const auto add_section = [&](const std::string& section, const json::object& members) {
      if (!given->sections.contains(section)) return;
      const Span span = place_of(given->application, section);
      add(section, span);
      for (const auto& member : members) {
        if (!member.value().is_object()) continue;
        for (const auto& field : member.value().get_object()) {
          add(fmt::format("{}.{}.{}", section, std::string_view(member.key()),
                          std::string_view(field.key())),
              span);
        }
      }
    };
    add_section("exposed-endpoints", given->application.exposed_endpoints);
    add_section("offers", given->application.offers);
  }
  return problems;
}

std::optional<Problem> missing_base_for_image_id(const BundleData& data) {
  if (!data.default_base.value.empty() || !data.series.value.empty()) return std::nullopt;
  for (const auto& [name, given] : data.applications) {
    if (!given) continue;
    const BundleApplication& application = given->application;
    if (!application.base.empty() || !application.series.empty()) continue;
    bool takes_image = parse_constraints(application.constraints.value).has_image_id;
    for (const auto& directive : application.to) {
      const auto placement = parse_placement(directive.value);
      if (!placement || !data.machines) continue;
      const auto machine = data.machines->find(placement->machine);
      if (machine == data.machines->end()) continue;
      takes_image =
          takes_image || parse_constraints(machine->second.constraints.value).has_image_id;
    }
    if (!takes_image) continue;
    return Problem{
        "bundle/base",
        fmt::format("base must be explicitly provided for {} when image-id constraint is "
                    "used",
                    go_quote(application.charm)),
        place_of(application, "charm"), name};
  }
  return std::nullopt;
}

}  // namespace gatehouse::bundle
