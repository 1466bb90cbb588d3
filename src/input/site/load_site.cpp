#include "input/site/load_site.h"

#include <fmt/format.h>

#include "input/site/sections.h"
#include "input/yaml/tree.h"

namespace gatehouse {

namespace {

using namespace site_file;

constexpr std::int64_t kVersion = 1;

template <class Reader>
void read_section(const std::optional<Field>& field, Reader&& reader) {
  if (field) reader(*field);
}

void check_version(const std::optional<Field>& field) {
  if (!field) return;
  const std::optional<std::int64_t> version = read_number(*field);
  if (version && *version != kVersion) {
    field->complain("version",
                    fmt::format("{}, the only version that this program reads", kVersion));
  }
}

// In the order of the documentation; a key that no line here names is unknown.
void read_site(Site& site, Map& map) {
  check_version(map.need("gatehouse"));
  read_into(site.name, map.need("site"), read_name);
  if (const std::optional<Field> bundle = map.need("bundle")) {
    site.bundle_span = bundle->span();
    read_into(site.bundle, bundle, read_word);
  }
  read_section(map.take("overlays"), [&](const Field& f) { read_overlays(site.overlays, f); });
  site.state = fmt::format("~/gatehouse/{}", site.name);
  read_into(site.state, map.take("state"), read_word);
  read_section(map.need("juju"), [&](const Field& f) { read_juju(site.juju, f); });
  read_section(map.need("maas"), [&](const Field& f) { read_maas(site.maas, f); });
  read_section(map.take("ssh"), [&](const Field& f) { read_ssh(site, f); });
  read_section(map.need("planes"), [&](const Field& f) { read_planes(site.planes, f); });
  read_section(map.take("ranges"), [&](const Field& f) { read_ranges(site, f); });
  read_section(map.need("machines"), [&](const Field& f) { read_machines(site.machines, f); });
  read_section(map.take("blank_disks"),
               [&](const Field& f) { read_blank_disks(site.blank_disks, f); });
  read_section(map.take("vips"), [&](const Field& f) { site.vips = read_vips(f); });
  read_section(map.take("plan"), [&](const Field& f) { read_plan(site.plan, f); });
  read_section(map.take("pki"), [&](const Field& f) { site.pki = read_pki(f); });
  read_section(map.take("dns"), [&](const Field& f) { site.dns = read_dns(f); });
  read_section(map.need("settled"), [&](const Field& f) { read_settled(site.settled, f); });
  read_section(map.take("bindings"), [&](const Field& f) { read_bindings(site, f); });
  read_section(map.take("accept"), [&](const Field& f) { read_accept(site.accept, f); });
  map.refuse_others();
}

Span start_of(const Source& source) {
  return {&source, {1, 1}, {1, 1}};
}

void read_document(const Source& source, const yaml::File& file, Findings& findings, Site& site) {
  const yaml::Node* root = file.documents().empty() ? nullptr : file.documents().front();
  if (!root) {
    findings.error("empty", start_of(source), "the site file holds nothing, wanted a mapping",
                   "docs/formats/site.md lists its keys");
    return;
  }
  if (file.documents().size() > 1) {
    const yaml::Node* second = file.documents()[1];
    findings.error(
        "documents", second ? second->span : start_of(source),
        fmt::format("the site file holds {} documents, wanted one", file.documents().size()));
  }
  Map map(Field{"", start_of(source), &yaml::resolved(*root), &findings});
  if (!map.is_read()) return;
  read_site(site, map);
  check_references(site, findings);
}

}  // namespace

LoadedSite load_site(const Source& source) {
  Findings findings;
  Site site;
  const yaml::File file = yaml::parse(source);
  if (file.error()) {
    findings.error("syntax", file.error()->span, file.error()->reason);
  } else {
    read_document(source, file, findings, site);
  }
  LoadedSite loaded;
  loaded.findings = findings.take();
  sort_diagnostics(loaded.findings);
  if (!has_error(loaded.findings)) loaded.site = std::move(site);
  return loaded;
}

}  // namespace gatehouse
