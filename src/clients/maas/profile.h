// One profile out of the `maas` command's database. Source: maascli of MAAS 2.9 to 3.5: one table
// `profiles (id, name, data)`, data being JSON text with url, credentials and cacerts.
#pragma once

#include <string>

#include "base/result.h"
#include "base/secret.h"

namespace gatehouse::maas {

struct Profile {
  std::string url;
  Secret key;          ///< "CONSUMER:TOKEN:SECRET"
  std::string ca_pem;  ///< the certificates that `maas login --cacerts` was given; "" where none
};

/// `database` holds the bytes of the file. not_found without such a profile, denied for one that
/// carries no key, malformed where the bytes are no such database.
Result<Profile> read_profile(const Secret& database, const std::string& name);

}  // namespace gatehouse::maas
