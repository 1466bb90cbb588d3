// The address of a MAAS API out of whatever form of it people give. Source: MAAS 3.4 to 3.7, whose
// API answers below <MAAS URL>/api/2.0/, where the MAAS URL ends in /MAAS.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace gatehouse::maas {

/// "http://h:5240", ".../MAAS", ".../MAAS/", ".../MAAS/r/machines", ".../MAAS/api/2.0/": all give
/// "http://h:5240/MAAS/api/2.0/". Without a scheme it is http. invalid_input for another scheme, a
/// missing host, a user name or blanks in it; the message never repeats what stands before an '@'.
Result<std::string> api_root(std::string_view url);

}  // namespace gatehouse::maas
