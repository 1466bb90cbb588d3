#include "clients/maas/login.h"

#include <cstring>

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "clients/fake_effects.h"
#include "clients/maas/api_root.h"

namespace gatehouse::maas {
namespace {

/// The bytes of a profile database as `maas login` writes it.
std::string profile_database(const std::string& name, const std::string& data) {
  SQLite::Database database(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  database.exec(
      "CREATE TABLE profiles (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, data BLOB)");
  SQLite::Statement insert(database, "INSERT INTO profiles (name, data) VALUES (?, ?)");
  insert.bind(1, name);
  insert.bind(2, data);
  insert.exec();
  sqlite3_int64 size = 0;
  unsigned char* bytes = sqlite3_serialize(database.getHandle(), "main", &size, 0);
  std::string copy(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  sqlite3_free(bytes);
  return copy;
}

constexpr const char* kData =
    R"({"name": "admin", "url": "http://maas.example:5240/MAAS/api/2.0/",
        "credentials": ["consumer", "token", "secret"], "cacerts": null})";

TEST(ApiRoot, TakesEveryFormThatPeopleGive) {
  const std::string root = "http://h:5240/MAAS/api/2.0/";
  for (const char* url :
       {"http://h:5240", "http://h:5240/", "http://h:5240/MAAS", "http://h:5240/MAAS/",
        "http://h:5240/MAAS/api/2.0", "http://h:5240/MAAS/api/2.0/",
        "http://h:5240//MAAS//api/2.0//", "http://h:5240/MAAS/r/machines?x=1",
        "http://h:5240/MAAS/#/machines", "http://h:5240/api/2.0/", "h:5240", " HTTP://H:5240/MAAS ",
        "http://h:5240/MAAS/api/1.0/"}) {
    const auto seen = api_root(url);
    ASSERT_TRUE(seen) << url;
    EXPECT_EQ(*seen, root) << url;
  }
  EXPECT_EQ(*api_root("https://h:5443/MAAS"), "https://h:5443/MAAS/api/2.0/");
  EXPECT_EQ(*api_root("https://h/prefix/MAAS"), "https://h/prefix/MAAS/api/2.0/");
  EXPECT_EQ(*api_root("http://[fd00::1]:5240/MAAS"), "http://[fd00::1]:5240/MAAS/api/2.0/");
}

TEST(ApiRoot, RefusesWhatCannotBeAMaasWithoutRepeatingAPassword) {
  for (const char* url : {"", "ftp://h/MAAS", "http://", "http:///MAAS", "http://:5240",
                          "http://user:hunter2@h/MAAS", "http://h h/MAAS", "http://h\n/MAAS"}) {
    const auto seen = api_root(url);
    ASSERT_FALSE(seen) << url;
    EXPECT_EQ(seen.error().kind, ErrorKind::invalid_input);
    EXPECT_EQ(to_string(seen.error()).find("hunter2"), std::string::npos);
  }
}

TEST(MaasKey, HasThreePartsAndIsNeverRepeatedInAnError) {
  const auto key = parse_key(" consumer:token:secret\r\n");
  ASSERT_TRUE(key);
  EXPECT_EQ(key->consumer.reveal(), "consumer");
  EXPECT_EQ(key->token.reveal(), "token");
  EXPECT_EQ(key->secret.reveal(), "secret");
  EXPECT_TRUE(key->occurs_in("base string: &secret"));
  EXPECT_FALSE(key->occurs_in("base string"));
  for (const char* text : {"", "abc", "aaa:bbb", "aaa:bbb:", ":bbb:ccc", "aaa::ccc",
                           "aaa:bbb:ccc:d", "aaa:b\"b:ccc", "aaa:bbb:ccc ddd"}) {
    const auto refused = parse_key(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(to_string(refused.error()).find("bbb"), std::string::npos);
  }
}

TEST(MaasKey, MakesTheHeaderOfTheMaasCommandWithANonceOfItsOwn) {
  testing_effects::FakeEntropy entropy;
  const auto key = parse_key("CONSUMER:TOKEN:SECRET");
  const Moment now = *parse_rfc3339("2026-11-22T19:04:10.900Z");
  const auto first = authorization_header(*key, now, entropy);
  const auto second = authorization_header(*key, now, entropy);
  ASSERT_TRUE(first && second);
  EXPECT_TRUE(first->is_secret);
  EXPECT_EQ(first->name, "Authorization");
  EXPECT_EQ(first->value,
            "OAuth oauth_nonce=\"01010101010101010101010101010101\", "
            "oauth_timestamp=\"1795374250\", oauth_version=\"1.0\", "
            "oauth_signature_method=\"PLAINTEXT\", oauth_consumer_key=\"CONSUMER\", "
            "oauth_token=\"TOKEN\", oauth_signature=\"%26SECRET\"");
  EXPECT_NE(first->value, second->value);
}

TEST(MaasLogin, ReadsUrlAndKeyFile) {
  testing_effects::FakeFiles files;
  files.files["/h/key"] = {.bytes = "c:t:s\n"};
  const auto login =
      read_login({.url = "http://h:5240", .key_file = "/h/key", .ca_file = "/ca"}, files);
  ASSERT_TRUE(login) << to_string(login.error());
  EXPECT_EQ(login->root, "http://h:5240/MAAS/api/2.0/");
  EXPECT_EQ(login->ca_file, "/ca");
  EXPECT_EQ(login->key.secret.reveal(), "s");
}

TEST(MaasLogin, RefusesAKeyFileThatOthersMayRead) {
  testing_effects::FakeFiles files;
  files.files["/h/key"] = {.bytes = "c:t:s\n", .mode = 0644};
  const auto login = read_login({.url = "http://h", .key_file = "/h/key"}, files);
  ASSERT_FALSE(login);
  EXPECT_EQ(login.error().kind, ErrorKind::denied);
}

TEST(MaasLogin, SaysWhatIsMissingWhereNothingIsDeclared) {
  testing_effects::FakeFiles files;
  EXPECT_EQ(read_login({.url = "http://h"}, files).error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(read_login({.url = "http://h"}, files).error().help,
            "name it as key_file in the site file, or in GATEHOUSE_MAAS_KEY_FILE");
  const auto absent = read_login({.profile = "admin", .home = "/h"}, files);
  EXPECT_EQ(absent.error().kind, ErrorKind::not_found);
  EXPECT_EQ(absent.error().help, "log in with: maas login admin URL");
}

TEST(MaasLogin, FindsTheProfileInEitherHomeOfTheCommand) {
  for (const char* path : {"/h/snap/maas/current/.maascli.db", "/h/.maascli.db"}) {
    testing_effects::FakeFiles files;
    files.files[path] = {.bytes = profile_database("admin", kData)};
    const auto login = read_login({.profile = "admin", .home = "/h"}, files);
    ASSERT_TRUE(login) << to_string(login.error());
    EXPECT_EQ(login->root, "http://maas.example:5240/MAAS/api/2.0/");
    EXPECT_EQ(login->key.token.reveal(), "token");
    EXPECT_EQ(login->ca_file, "");
  }
}

TEST(MaasLogin, LooksIntoTheSecondHomeWhereTheFirstHasNoSuchProfile) {
  testing_effects::FakeFiles files;
  files.files["/h/snap/maas/current/.maascli.db"] = {.bytes = profile_database("other", kData)};
  EXPECT_EQ(read_login({.profile = "admin", .home = "/h"}, files).error().kind,
            ErrorKind::not_found);
  files.files["/h/.maascli.db"] = {.bytes = profile_database("admin", kData)};
  EXPECT_TRUE(read_login({.profile = "admin", .home = "/h"}, files));
}

TEST(MaasLogin, TakesTheCertificatesThatTheProfileBrings) {
  testing_effects::FakeFiles files;
  const std::string data =
      R"({"url": "https://h:5443/MAAS/api/2.0/", "credentials": ["c", "t", "s"], "cacerts": "PEM"})";
  files.files["/h/.maascli.db"] = {.bytes = profile_database("admin", data)};
  const auto login = read_login({.profile = "admin", .home = "/h"}, files);
  ASSERT_TRUE(login) << to_string(login.error());
  EXPECT_EQ(login->ca_pem, "PEM");
  EXPECT_EQ(login->ca_file, "");
  const auto own = read_login({.profile = "admin", .ca_file = "/own", .home = "/h"}, files);
  ASSERT_TRUE(own);
  EXPECT_EQ(own->ca_file, "/own");
  EXPECT_EQ(own->ca_pem, "") << "the declared file goes before the profile's certificates";
}

TEST(MaasLogin, RefusesAnAnonymousProfileAndBytesThatAreNoDatabase) {
  testing_effects::FakeFiles files;
  const std::string anonymous = R"({"url": "http://h/MAAS/api/2.0/", "credentials": null})";
  files.files["/h/.maascli.db"] = {.bytes = profile_database("admin", anonymous)};
  EXPECT_EQ(read_login({.profile = "admin", .home = "/h"}, files).error().kind, ErrorKind::denied);
  for (const std::string& bytes :
       {std::string(), std::string("SQLite format 3"), std::string(4096, '\0'),
        profile_database("admin", kData).substr(0, 5000), profile_database("admin", "no JSON")}) {
    files.files["/h/.maascli.db"] = {.bytes = bytes};
    const auto login = read_login({.profile = "admin", .home = "/h"}, files);
    ASSERT_FALSE(login);
    EXPECT_EQ(login.error().kind, ErrorKind::malformed);
  }
}

TEST(MaasLogin, ReadsADatabaseThatWasLeftInWriteAheadMode) {
  testing_effects::FakeFiles files;
  std::string bytes = profile_database("admin", kData);
  bytes[18] = bytes[19] = 2;
  files.files["/h/.maascli.db"] = {.bytes = bytes};
  EXPECT_TRUE(read_login({.profile = "admin", .home = "/h"}, files));
}

}  // namespace
}  // namespace gatehouse::maas
