// Sections that say whom and what the site talks to: overlays, juju, maas, ssh, dns, pki.
#include <fmt/format.h>

#include "input/site/sections.h"

namespace gatehouse::site_file {

namespace {

constexpr std::size_t kSshParallelMax = 256;

// Names of models: Juju 3.6, names.IsValidModelName.
std::optional<std::string> read_model_name(const Field& field) {
  const std::optional<std::string> text = read_text(field);
  if (!text) return std::nullopt;
  const bool is_good =
      is_name(*text) &&
      text->find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  if (!is_good) {
    field.complain("bad-name", "a model name of lower-case letters, digits and '-'");
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> read_url(const Field& field) {
  std::optional<std::string> text = read_word(field);
  if (!text) return std::nullopt;
  if (!text->starts_with("http://") && !text->starts_with("https://")) {
    field.complain("bad-url", "an address that begins with http:// or https://");
    return std::nullopt;
  }
  return text;
}

}  // namespace

void read_overlays(std::vector<SiteOverlay>& overlays, const Field& field) {
  for (const Field& item : read_items(field)) {
    Map map(item);
    SiteOverlay overlay;
    overlay.span = item.span();
    read_into(overlay.file, map.need("file"), read_word);
    read_into(overlay.is_secret, map.take("secret"), read_bool);
    map.refuse_others();
    overlays.push_back(std::move(overlay));
  }
}

void read_juju(SiteJuju& juju, const Field& field) {
  Map map(field);
  juju.span = field.span();
  read_into(juju.controller, map.need("controller"), read_name);
  read_into(juju.cloud, map.take("cloud"), read_name);
  read_into(juju.region, map.take("region"), read_name);
  read_into(juju.credential, map.take("credential"), read_name);
  read_into(juju.model, map.need("model"), read_model_name);
  map.refuse_others();
  if (!juju.region.empty() && juju.cloud.empty()) {
    field.findings->error("missing-key", field.key_span,
                          "juju has a region and no cloud, wanted both",
                          "a region is named as CLOUD/REGION when the model is added");
  }
}

void read_maas(SiteMaas& maas, const Field& field) {
  Map map(field);
  maas.span = field.span();
  const std::optional<Field> profile = map.take("profile");
  const std::optional<Field> url = map.take("url");
  read_into(maas.profile, profile, read_name);
  read_into(maas.url, url, read_url);
  read_into(maas.key_file, map.take("key_file"), read_word);
  read_into(maas.ca_file, map.take("ca_file"), read_word);
  map.refuse_others();
  if (!map.is_read()) return;
  if (profile.has_value() == url.has_value()) {
    field.findings->error(
        "maas-access", field.key_span,
        fmt::format("maas has {} profile {} url, wanted exactly one of the two",
                    profile ? "both a" : "neither a", profile ? "and a" : "nor a"),
        "{profile: NAME} of the maas command, or {url: URL, key_file: FILE}");
  } else if (url && maas.key_file.empty()) {
    field.findings->error("maas-access", field.key_span,
                          "maas has a url and no key_file, wanted both",
                          "key_file names a file that holds one API key, mode 0600");
  }
}

void read_ssh(Site& site, const Field& field) {
  Map map(field);
  const std::optional<Field> parallel = map.take("parallel");
  read_into(site.ssh_parallel, parallel, read_count);
  if (parallel && (site.ssh_parallel == 0 || site.ssh_parallel > kSshParallelMax)) {
    parallel->complain("bad-number", fmt::format("a number from 1 to {}", kSshParallelMax));
  }
  const std::optional<Field> deadline = map.take("deadline");
  read_into(site.ssh_deadline, deadline, read_duration);
  if (deadline && site.ssh_deadline <= Milliseconds(0)) {
    deadline->complain("bad-duration", "more than 0s");
  }
  map.refuse_others();
}

SitePki read_pki(const Field& field) {
  Map map(field);
  SitePki pki;
  pki.span = field.span();
  read_into(pki.application, map.need("application"), read_name);
  read_into(pki.ip_from_vip, map.take("ip_from_vip"), read_word);
  read_into(pki.organisation, map.need("organisation"), read_word);
  read_into(pki.name, map.need("name"), read_word);
  read_each(pki.dns, map.take("dns"), read_hostname);
  map.refuse_others();
  return pki;
}

SiteDns read_dns(const Field& field) {
  Map map(field);
  SiteDns dns;
  dns.span = field.span();
  dns.retry_for = std::chrono::minutes(5);
  const std::optional<Field> lookup = map.need("lookup");
  read_each(dns.lookup, lookup, read_hostname);
  if (lookup && lookup->node->kind == yaml::Kind::sequence && lookup->node->items().empty()) {
    lookup->findings->error("empty", lookup->span(), "dns.lookup has no entry, wanted a host name",
                            "without the section dns no name is looked up");
  }
  read_into(dns.retry_for, map.take("retry_for"), read_duration);
  read_each(dns.phantom, map.take("phantom"), read_address);
  map.refuse_others();
  return dns;
}

}  // namespace gatehouse::site_file
