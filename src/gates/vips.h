// The VIPs that a bundle promises, as the site's policy names them: every application that sets the
// option, with its addresses as written. Judging them is the gates' work.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "input/inputs.h"

namespace gatehouse {

struct DeclaredVip {
  const BundleApplication* application = nullptr;
  const OptionValue* option = nullptr;
  std::vector<std::string> words;  ///< the value between blanks; empty where it is no text
};

/// Of every application that sets the policy's option, by name. YAML has dealt with quotes already.
std::vector<DeclaredVip> declared_vips(const Bundle& bundle, const VipPolicy& policy);

/// The address of one application's leg on a plane, where it is given and is one.
std::optional<Ipv4> vip_on_plane(const Inputs& inputs, const std::string& application,
                                 const std::string& plane);

/// The command that makes the secret overlay of this site, with the names and addresses that belong
/// into its certificate; "" where the site declares no PKI.
std::string pki_create_line(const Inputs& inputs);

}  // namespace gatehouse
