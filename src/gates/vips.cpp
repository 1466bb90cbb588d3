#include "gates/vips.h"

#include <fmt/format.h>

#include "base/shell_quote.h"
#include "base/text.h"

namespace gatehouse {

std::vector<DeclaredVip> declared_vips(const Bundle& bundle, const VipPolicy& policy) {
  std::vector<DeclaredVip> vips;
  for (const auto& [name, application] : bundle.applications) {
    const auto option = application.options.find(policy.option);
    if (option == application.options.end()) continue;
    DeclaredVip vip{&application, &option->second, {}};
    if (const auto* text = option->second.value.if_string()) vip.words = words_of(*text);
    vips.push_back(std::move(vip));
  }
  return vips;
}

std::optional<Ipv4> vip_on_plane(const Inputs& inputs, const std::string& application,
                                 const std::string& plane) {
  const std::optional<VipPolicy>& policy = inputs.site.vips;
  if (!policy || !inputs.bundle()) return std::nullopt;
  for (const DeclaredVip& vip : declared_vips(*inputs.bundle(), *policy)) {
    if (vip.application->name != application) continue;
    for (std::size_t i = 0; i < policy->legs.size() && i < vip.words.size(); ++i) {
      if (policy->legs[i].plane == plane) return parse_ipv4(vip.words[i]);
    }
  }
  return std::nullopt;
}

std::string pki_create_line(const Inputs& inputs) {
  const std::optional<SitePki>& pki = inputs.site.pki;
  if (!pki) return "";
  std::string overlay = "FILE";
  for (const SiteOverlay& candidate : inputs.site.overlays) {
    if (candidate.is_secret) overlay = candidate.file;
  }
  const std::string workspace = "~/" + pki->application + "-pki";
  std::vector<std::string> words{"gatehouse", "pki",       "create", "--workspace",
                                 workspace,   "--overlay", overlay};
  const auto add = [&](const char* flag, const std::string& value) {
    if (!value.empty()) words.insert(words.end(), {flag, value});
  };
  add("--application", pki->application);
  add("--organisation", pki->organisation);
  add("--name", pki->name);
  for (const std::string& name : pki->dns) add("--dns", name);
  if (const auto address = vip_on_plane(inputs, pki->application, pki->ip_from_vip)) {
    add("--ip", to_string(*address));
  }
  // The shell must still expand the home's sign.
  return replace_all(command_line(words), "'" + workspace + "'", workspace);
}

}  // namespace gatehouse
