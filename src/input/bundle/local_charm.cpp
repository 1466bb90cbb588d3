#include "input/bundle/local_charm.h"

#include <fmt/format.h>

#include "input/bundle/base_and_series.h"
#include "input/yaml/tree.h"

namespace gatehouse::bundle {

namespace {

// The first item of a list on top of a YAML file of the charm, handed to `use`.
template <class Use>
std::string with_first_item(const std::string& path, const BundleFiles& files, std::string_view key,
                            const Use& use) {
  if (files.kind(path) != PathKind::file) return "";
  const auto text = files.read(path);
  if (!text) return "";
  const Source source(path, *text, Sensitivity::open);
  const yaml::File file = yaml::parse(source);
  if (file.error() || file.documents().empty() || !file.documents()[0]) return "";
  const yaml::Node* list = yaml::find(*file.documents()[0], key);
  if (!list || yaml::resolved(*list).items().empty()) return "";
  return use(yaml::resolved(*yaml::resolved(*list).items()[0]));
}

}  // namespace

std::string local_charm_base(const std::string& charm, const BundleFiles& files) {
  const auto of_series = [](const yaml::Node& series) {
    const auto base = base_of_series(std::string(series.text));
    return base ? to_string(base.value) : "";
  };
  std::string base = with_first_item(charm + "/metadata.yaml", files, "series", of_series);
  if (!base.empty()) return base;
  return with_first_item(charm + "/manifest.yaml", files, "bases", [&](const yaml::Node& given) {
    const yaml::Node* name = yaml::find(given, "name");
    const yaml::Node* channel = yaml::find(given, "channel");
    if (!name || !channel) return std::string();
    const auto parsed =
        parse_base(fmt::format("{}@{}", yaml::resolved(*name).text, yaml::resolved(*channel).text));
    if (!parsed) return std::string();
    // Juju goes by way of the series, which forgets the risk.
    const auto series = series_of_base(parsed.value);
    return series ? to_string(base_of_series(series.value).value) : to_string(parsed.value);
  });
}

}  // namespace gatehouse::bundle
