#include <fmt/format.h>
#include <gtest/gtest.h>

#include "input/bundle/load_bundle.h"
#include "input/site/load_site.h"
#include "lint/lint_test_support.h"

namespace gatehouse::lint_test {

namespace {

constexpr const char* kSite = R"(gatehouse: 1
site: small
bundle: bundle.yaml
juju: {{controller: c, model: m}}
maas: {{profile: p}}
settled: {{deadline: 1h}}
planes:
  front: {{cidr: 10.0.0.0/24, space: front-net}}
  inside: {{cidr: 10.0.1.0/24, space: inside-net}}
  store: {{cidr: 10.0.2.0/24, space: store-net}}
machines: {}
{}
)";

std::vector<Diagnostic> lint_texts(SourceMap& sources, const Texts& texts) {
  const BundleFiles files{.working_directory = "/bundle",
                          .read = [&](const std::string& path) -> Result<std::string> {
                            return path.ends_with("overlay.yaml") ? texts.overlay : texts.bundle;
                          },
                          .kind =
                              [](const std::string& path) {
                                return path.ends_with(".yaml") ? PathKind::file : PathKind::missing;
                              }};
  BundleRequest request{"bundle.yaml", {}, true};
  if (!texts.overlay.empty()) {
    request.overlays.push_back({"overlay.yaml", texts.overlay_sensitivity});
  }
  const LoadedBundle loaded = load_bundle(sources, files, request);
  EXPECT_TRUE(loaded.bundle) << loaded.refusal;
  if (!loaded.bundle) return {};
  LoadedSite site;
  if (!texts.site.empty()) {
    site = load_site(sources.add("site.yaml", texts.site));
    for (const Diagnostic& finding : site.findings) ADD_FAILURE() << render(finding, Colour::off);
  }
  const auto plan = compute_plan(*loaded.bundle);
  const CharmCatalogue& charms = CharmCatalogue::embedded();
  return lint(
      {*loaded.bundle, std::get_if<Plan>(&plan), charms, site.site ? &*site.site : nullptr});
}

bool is_rule(std::string_view code) {
  for (const Rule* rule : all_rules()) {
    if (rule->code == code) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> found(std::string_view code, const Texts& texts) {
  EXPECT_TRUE(is_rule(code)) << code;
  SourceMap sources;
  std::vector<std::string> lines;
  for (const Diagnostic& finding : lint_texts(sources, texts)) {
    if (finding.code != code) continue;
    const bool is_overlay = finding.span.source && finding.span.source->path() == "overlay.yaml";
    lines.push_back(fmt::format("{}{}:{} {} {}", is_overlay ? "overlay:" : "",
                                finding.span.begin.line, finding.span.begin.column,
                                to_string(finding.severity), finding.subject));
  }
  return lines;
}

std::string drawn(std::string_view code, const Texts& texts) {
  SourceMap sources;
  std::string text;
  for (const Diagnostic& finding : lint_texts(sources, texts)) {
    if (finding.code == code) text += render(finding, Colour::off);
  }
  return text;
}

std::string site_with(const std::string& machines, const std::string& more) {
  return fmt::format(kSite, machines, more);
}

}  // namespace gatehouse::lint_test
