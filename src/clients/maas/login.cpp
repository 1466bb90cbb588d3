#include "clients/maas/login.h"

#include <array>

#include "base/text.h"
#include "clients/maas/api_root.h"
#include "clients/maas/profile.h"

namespace gatehouse::maas {

namespace {

constexpr std::size_t kKeyFileBytesMax = 4096;
// Each profile carries the API's own description, about 530 KB.
constexpr std::size_t kProfileFileBytesMax = std::size_t{64} << 20;

/// As a snap the command's home is another one: look in both.
std::array<std::string, 2> profile_folders(const MaasAccess& access) {
  return {access.home + "/snap/maas/current", access.home};
}

Result<Login> login_of_profile(Profile& profile, const MaasAccess& access) {
  Result<std::string> root = api_root(profile.url);
  if (!root) return fail(root.error());
  Result<Key> key = parse_key(profile.key.reveal());
  if (!key) return fail(key.error());
  Login login{.root = *root, .ca_file = access.ca_file, .ca_pem = {}, .key = std::move(*key)};
  if (login.ca_file.empty()) login.ca_pem = std::move(profile.ca_pem);
  return login;
}

Result<Login> read_profile_login(const MaasAccess& access, FileStore& files) {
  const std::string help = "log in with: maas login " + access.profile + " URL";
  std::optional<Error> missing;
  for (const std::string& folder : profile_folders(access)) {
    const std::string path = folder + "/.maascli.db";
    Result<Secret> bytes = files.read_secret(path, kProfileFileBytesMax);
    if (!bytes && bytes.error().kind == ErrorKind::not_found) continue;
    if (!bytes) return fail(with_context(bytes.error(), "reading the maas command's profiles"));
    Result<Profile> profile = read_profile(*bytes, access.profile);
    if (!profile && profile.error().kind == ErrorKind::not_found) {
      missing = with_context(profile.error(), path);
      missing->help = help;
      continue;
    }
    if (!profile) return fail(with_context(profile.error(), path));
    Result<Login> login = login_of_profile(*profile, access);
    if (!login) return fail(with_context(login.error(), "profile " + access.profile));
    return login;
  }
  if (missing) return fail(*missing);
  return fail(ErrorKind::not_found, "no profile database of the maas command under its home", help);
}

}  // namespace

std::string login_file(const MaasAccess& access) {
  if (!access.key_file.empty()) return access.key_file;
  return profile_folders(access).front() + "/.maascli.db";
}

Result<Login> read_login(const MaasAccess& access, FileStore& files) {
  if (!access.key_file.empty()) {
    Result<std::string> root = api_root(access.url);
    if (!root) return fail(root.error());
    const Result<Secret> text = files.read_secret(access.key_file, kKeyFileBytesMax);
    if (!text) return fail(with_context(text.error(), "reading the MAAS API key"));
    Result<Key> key = parse_key(text->reveal());
    if (!key) return fail(with_context(key.error(), access.key_file));
    return Login{.root = *root, .ca_file = access.ca_file, .ca_pem = {}, .key = std::move(*key)};
  }
  if (!access.url.empty()) {
    return fail(ErrorKind::invalid_input, "MAAS: a URL is declared and no file with the API key",
                "name it as key_file in the site file, or in GATEHOUSE_MAAS_KEY_FILE");
  }
  if (access.profile.empty()) {
    return fail(ErrorKind::invalid_input, "MAAS: neither a profile nor url and key_file declared",
                "say in the site file either maas: {profile: NAME} or {url: URL, key_file: FILE}");
  }
  return read_profile_login(access, files);
}

}  // namespace gatehouse::maas
