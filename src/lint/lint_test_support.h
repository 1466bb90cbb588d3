// A bundle and a site from text, and what the rules find in them, one line for each finding.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lint/rule.h"

namespace gatehouse::lint_test {

struct Texts {
  std::string bundle;
  std::string site = {};     ///< "" for none; else sections that are laid over a small site
  std::string overlay = {};  ///< "" for none
  Sensitivity overlay_sensitivity = Sensitivity::open;
};

/// Of one code: "4:7 warning keystone", in order of place; a place in the overlay begins
/// "overlay:".
std::vector<std::string> found(std::string_view code, const Texts& texts);

/// The same, drawn as an operator sees it.
std::string drawn(std::string_view code, const Texts& texts);

/// Three machines and three planes, front, inside and store; `more` is put below machines' entries
/// as it is: see the source.
std::string site_with(const std::string& machines, const std::string& more = "");

}  // namespace gatehouse::lint_test
