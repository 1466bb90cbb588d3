#include "lint/bases.h"

#include "input/bundle/base_and_series.h"
#include "lint/places.h"

namespace gatehouse {

namespace {

std::string whole_base(const std::string& base, const std::string& series) {
  if (!base.empty()) {
    const auto parsed = bundle::parse_base(base);
    return parsed ? bundle::to_string(parsed.value) : base;
  }
  if (series.empty()) return "";
  const auto parsed = bundle::base_of_series(series);
  return parsed ? bundle::to_string(parsed.value) : series;
}

}  // namespace

std::string base_of(const Bundle& bundle, const BundleApplication& application) {
  const std::string own = whole_base(application.base, application.series);
  if (!own.empty()) return own;
  if (application.has_local_charm() && !application.local_base.empty()) {
    return whole_base(application.local_base, "");
  }
  return whole_base(bundle.default_base, bundle.series);
}

Span base_span(const BundleApplication& application) {
  return lint_places::field_of(application, application.base.empty() ? "series" : "base");
}

}  // namespace gatehouse
