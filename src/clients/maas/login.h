// Where to find MAAS and with which key: from a URL and a key file, or from a profile of the `maas`
// command. Its database is read as bytes and opened in memory, so it can never be written, and no
// profile but the one asked for is looked at.
#pragma once

#include <string>

#include "clients/maas/key.h"
#include "effects/files.h"
#include "facts/questions.h"

namespace gatehouse::maas {

struct Login {
  std::string root;     ///< ends in "/api/2.0/"
  std::string ca_file;  ///< as declared; "" for the profile's own, or the system's store
  std::string ca_pem;   ///< of the profile, where no file is declared
  Key key;
};

/// The file that read_login looks into first: evidence for a login that could not be read.
std::string login_file(const MaasAccess& access);

/// invalid_input where nothing is declared or a form is wrong; else as FileStore::read_secret: the
/// file must be ours and closed to others. not_found where there is no such profile.
Result<Login> read_login(const MaasAccess& access, FileStore& files);

}  // namespace gatehouse::maas
