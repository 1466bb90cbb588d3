// Generations of a CA: a new one needs a new subject, since amphora certificates made before
// Octavia c86b945c carry no key identifier. The first has no suffix, the second is "... G2".
#pragma once

#include <string>

namespace gatehouse::pki {

/// 1 where the common name has no suffix " G<number>".
int generation_of(const std::string& common_name);
/// The same name in the next generation: "Example Issuing CA" becomes "Example Issuing CA G2".
std::string next_generation(const std::string& common_name);

}  // namespace gatehouse::pki
