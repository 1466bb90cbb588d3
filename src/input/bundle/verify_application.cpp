#include "input/bundle/verify_application.h"

#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "input/bundle/base_and_series.h"
#include "input/bundle/charm_url.h"
#include "input/bundle/go_text.h"

namespace gatehouse::bundle {

namespace {

class ApplicationVerifier {
 public:
  ApplicationVerifier(const ApplicationData& given, const BundleData& data,
                      const VerifyContext& context, std::vector<Problem>& problems)
      : given_(given),
        application_(given.application),
        data_(data),
        context_(context),
        problems_(problems) {}

  void run() {
    charm();
    base_and_series();
    const std::string why = constraints_error(application_.constraints.value, context_);
    if (!why.empty()) {
      add("constraints", "constraints",
          fmt::format("invalid constraints {} in application {}: {}",
                      go_quote(application_.constraints.value), name(), why));
    }
    storage_and_devices();
    offers();
    resources();
    if (application_.num_units < 0) {
      add("units", "num_units",
          fmt::format("negative number of units specified on application {}", name()));
    }
    exposure();
  }

 private:
  std::string name() const { return go_quote(application_.name); }

  void add_at(std::string code, std::string text, Span span) {
    problems_.push_back({"bundle/" + code, std::move(text), span, application_.name});
  }

  void add(std::string code, const std::string& field, std::string text) {
    add_at(std::move(code), std::move(text), place_of(application_, field));
  }

  void charm() {
    if (application_.charm.empty()) add("charm", "charm", "empty charm path");
    if (data_.saas.contains(application_.name)) {
      add_at("saas", fmt::format("SAAS {0} already exists with application {0} name", name()),
             application_.span);
    }
    if (application_.has_local_charm()) {
      const std::string path = resolve_path(context_.folder, application_.charm);
      if (context_.files.kind(path) == PathKind::missing) {
        add("charm", "charm",
            fmt::format("charm path in application {} does not exist: {}", name(), path));
      }
      return;
    }
    const CharmUrl url = parse_charm_url(application_.charm);
    if (!url.error.empty()) {
      add("charm", "charm",
          fmt::format("invalid charm URL in application {}: {}", name(), url.error));
      return;
    }
    revision(url);
    if (!url.series.empty() && !application_.series.empty() && url.series != application_.series) {
      add("series", "series",
          fmt::format("the charm URL for application {} has a series which does not match, please "
                      "remove the series from the URL",
                      name()));
    }
  }

  void revision(const CharmUrl& url) {
    if (url.is_store() && url.revision != -1) {
      add("revision", "charm",
          fmt::format("cannot specify revision in {}, please use revision",
                      go_quote(to_string(url))));
    }
    if (!application_.revision) return;
    if (url.is_store() && application_.channel.empty()) {
      add("revision", "revision",
          fmt::format("application {} with a revision requires a channel for future upgrades, "
                      "please use channel",
                      name()));
    }
    if (*application_.revision < 0) {
      add("revision", "revision",
          fmt::format("the revision for application {} must be zero or greater", name()));
    }
  }

  void base_and_series() {
    const std::string& series = application_.series;
    if (!series.empty() && !is_series_name(series)) {
      add("series", "series",
          fmt::format("application {} declares an invalid series {}", name(), go_quote(series)));
    }
    const std::string& base = application_.base;
    if (!base.empty() && !is_lenient_base(base)) {
      add("base", "base",
          fmt::format("application {} declares an invalid base {}", name(), go_quote(base)));
    }
  }

  void storage_and_devices() {
    for (const auto& [key, entry] : application_.storage) {
      check_entry("storage", key, entry, storage_error(entry.value));
    }
    for (const auto& [key, entry] : application_.devices) {
      check_entry("device", key, entry, device_error(entry.value));
    }
  }

  void check_entry(const std::string& what, const std::string& key,
                   const Located<std::string>& entry, const std::string& why) {
    const std::string quoted = go_quote(key);
    if (!is_application_name(key)) {
      add_at(what, fmt::format("invalid {} name {} in application {}", what, quoted, name()),
             entry.span);
    }
    if (!why.empty()) {
      add_at(what, fmt::format("invalid {} {} in application {}: {}", what, quoted, name(), why),
             entry.span);
    }
  }

  void offers() {
    for (const auto& member : application_.offers) {
      const std::string offer = go_quote(std::string_view(member.key()));
      if (!is_application_name(member.key())) {
        add("offer", "offers",
            fmt::format("invalid offer name {} in application {}", offer, name()));
      }
      const json::array* endpoints = find_array(member.value(), "endpoints");
      if (!endpoints) continue;
      for (const json::value& endpoint : *endpoints) {
        const std::string_view text = endpoint.get_string();
        if (is_endpoint_name(text)) continue;
        add("offer", "offers",
            fmt::format("invalid endpoint name {} for offer {} in application {}", go_quote(text),
                        offer, name()));
      }
    }
  }

  // Juju prints the application where it means the resource.
  void resources() {
    for (const auto& [key, resource] : given_.resources) {
      if (key.empty()) {
        add_at("resource", fmt::format("missing resource name on application {}", name()),
               resource.span);
      }
      if (resource.value.is_int64() || resource.value.is_string()) continue;
      add_at("resource", fmt::format("resource revision {} is not int or string", name()),
             resource.span);
    }
  }

  void exposure() {
    if (application_.exposed_endpoints.empty()) return;
    if (application_.expose) {
      add("expose", "expose",
          fmt::format("exposed-endpoints cannot be specified together with \"exposed:true\" in "
                      "application {} as this poses a security risk when deploying bundles to "
                      "older controllers",
                      name()));
      return;
    }
    for (const auto& member : application_.exposed_endpoints) {
      const json::array* cidrs = find_array(member.value(), "expose-to-cidrs");
      if (!cidrs) continue;
      for (const json::value& cidr : *cidrs) {
        if (is_cidr(cidr.get_string())) continue;
        add("expose", "exposed-endpoints",
            fmt::format("invalid CIDR {} for expose to CIDRs field for endpoint {} in application "
                        "{}",
                        go_quote(std::string_view(cidr.get_string())),
                        go_quote(std::string_view(member.key())), name()));
      }
    }
  }

  const ApplicationData& given_;
  const BundleApplication& application_;
  const BundleData& data_;
  const VerifyContext& context_;
  std::vector<Problem>& problems_;
};

}  // namespace

Span place_of(const BundleApplication& application, const std::string& field) {
  const auto found = application.places.find(field);
  return found == application.places.end() ? application.span : found->second;
}

std::string constraints_error(const std::string& constraints, const VerifyContext& context) {
  if (constraints.empty()) return "";
  const Constraints parsed = parse_constraints(constraints);
  if (parsed.error.empty() && parsed.has_image_id && context.image_id == ImageId::refused) {
    return "'image-id' constraint in a base bundle not supported";
  }
  return parsed.error;
}

void verify_application(const ApplicationData& given, const BundleData& data,
                        const VerifyContext& context, std::vector<Problem>& problems) {
  ApplicationVerifier(given, data, context, problems).run();
}

void verify_node_selector(const BundleApplication& application, std::vector<Problem>& problems) {
  const auto add = [&](std::string text) {
    problems.push_back(
        {"bundle/placement", std::move(text), place_of(application, "to"), application.name});
  };
  const std::string name = go_quote(application.name);
  if (application.to.size() > 1) {
    return add(fmt::format("too many placement directives for application {}", name));
  }
  if (application.to.empty()) return;
  std::set<std::string> keys;
  for (const std::string& pair : split(application.to[0].value, ',')) {
    const std::size_t equals = pair.find('=');
    const bool is_pair = equals != std::string::npos && equals > 0 && equals + 1 < pair.size();
    if (!is_pair) {
      return add(
          fmt::format("expected \"key=value\", got {} for application {}", go_quote(pair), name));
    }
    const std::string key = pair.substr(0, equals);
    if (!keys.insert(key).second) {
      return add(
          fmt::format("key {} specified more than once for application {}", go_quote(key), name));
    }
  }
}

}  // namespace gatehouse::bundle
