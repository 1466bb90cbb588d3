#include "clients/maas/exchange.h"

#include <gtest/gtest.h>

#include "clients/maas/decode.h"
#include "clients/maas/recorded_exchanges.h"

namespace gatehouse::maas {
namespace {

const Moment kNow = *parse_rfc3339("2026-11-22T18:04:24Z");

ErrorKind kind_of(const std::string& name, int status) {
  if (name.find("auth-none-machines") != std::string::npos) return ErrorKind::denied;
  if (name.find("nonce-reused") != std::string::npos) return ErrorKind::unavailable;
  switch (status) {
    case 401:
    case 403:
      return ErrorKind::denied;
    case 301:
    case 400:
      return ErrorKind::invalid_input;
    case 404:
    case 410:
      return ErrorKind::not_found;
    case 502:
    case 503:
      return ErrorKind::unavailable;
    default:
      return ErrorKind::malformed;
  }
}

HttpResponse response_of(int status, const std::string& type, const std::string& body) {
  return {.status = status, .headers = {{.name = "Content-Type", .value = type}}, .body = body};
}

TEST(MaasExchange, EveryRecordedOneIsADocumentOrTheRightError) {
  const auto exchanges = recordings::maas_exchanges();
  ASSERT_GE(exchanges.size(), 150U);
  for (const auto& exchange : exchanges) {
    const auto checked = check_answer(exchange.response, kNow);
    if (exchange.response.status == 200) {
      EXPECT_TRUE(checked) << exchange.name << ": " << to_string(checked.error());
      EXPECT_TRUE(parse_json(exchange.response.body)) << exchange.name;
      continue;
    }
    ASSERT_FALSE(checked) << exchange.name;
    EXPECT_EQ(checked.error().kind, kind_of(exchange.name, exchange.response.status))
        << exchange.name << to_string(checked.error());
    const std::string text = to_string(checked.error()) + checked.error().help;
    for (const char* secret :
         {"EXAMPLE-SECRET", "EXAMPLE-TOKEN", "EXAMPLEWRONG", "base string", "<html", "Traceback"}) {
      EXPECT_EQ(text.find(secret), std::string::npos) << exchange.name << ": " << text;
    }
    EXPECT_LT(text.size(), 600U) << exchange.name;
  }
}

/// How the answer of a target is decoded; false where no fact is made of it.
bool decode_by_target(const std::string& target, const std::string& body, std::string& error) {
  const auto keep = [&error](const auto& decoded) {
    if (!decoded) error = to_string(decoded.error());
    return true;
  };
  const std::string path = target.substr(target.find("api/2.0/") + 8);
  const Result<json::value> document = parse_json(body);
  if (!document) return keep(document);
  if (path.find("op=ip_addresses") != std::string::npos) return keep(decode_addresses(body));
  if (path.find("op=") != std::string::npos) return false;
  if (path.starts_with("machines/?") || path == "machines/") return keep(decode_machines(body));
  if (path.starts_with("machines/")) return keep(decode_machine(*document));
  if (path.ends_with("interfaces/")) return keep(decode_interfaces(*document));
  if (path.starts_with("nodes/")) return keep(decode_interface(*document));
  if (path == "subnets/") return keep(decode_subnets(body));
  if (path.starts_with("subnets/")) return keep(decode_subnet(*document));
  if (path == "ipranges/") return keep(decode_ranges(body));
  if (path.starts_with("ipranges/")) return keep(decode_range(*document));
  return false;
}

TEST(MaasExchange, EveryRecordedMachineSubnetRangeAndAddressIsDecoded) {
  std::size_t decoded = 0;
  for (const auto& exchange : recordings::maas_exchanges()) {
    if (!check_answer(exchange.response, kNow)) continue;
    std::string error;
    decoded += decode_by_target(exchange.target, exchange.response.body, error) ? 1 : 0;
    EXPECT_EQ(error, "") << exchange.name;
  }
  EXPECT_GE(decoded, 60U);
}

TEST(MaasExchange, SaysItsOwnSentenceForEachRefusal) {
  std::map<std::string, std::string> said;
  for (const auto& exchange : recordings::maas_exchanges()) {
    const auto checked = check_answer(exchange.response, kNow);
    if (!checked) said[exchange.name] = checked.error().message;
  }
  EXPECT_EQ(said["errors/auth-wrong-secret"], "MAAS refuses the key");
  EXPECT_EQ(said["errors/auth-none-subnet"], "MAAS refuses the key");
  EXPECT_EQ(said["errors/auth-none-machines"], "MAAS takes the request for one without a key");
  EXPECT_EQ(said["errors/viewer-power_parameters"], "MAAS does not permit this to the key's user");
  EXPECT_EQ(said["errors/subnet-unknown-id"],
            "MAAS knows no such thing: No Subnet matches the given query.");
  EXPECT_EQ(said["errors/machines-unknown-parameter"],
            "MAAS refuses the request: foo: No such constraint.");
  EXPECT_EQ(said["errors/tls-plain-port-redirect"],
            "MAAS speaks TLS and redirects to https, which the key does not follow");
  EXPECT_EQ(said["errors/plain-http-to-tls-port"],
            "the MAAS URL says http, but this port speaks TLS");
  EXPECT_EQ(said["errors/app-down-behind-nginx"],
            "the proxy before MAAS answers 502: the region is not up");
  EXPECT_EQ(said["errors/query_power_state-no-rack"],
            "MAAS is too busy or not ready: Unable to connect to any rack controller 6e4dwe; no "
            "connections available.");
  EXPECT_EQ(said["errors/auth-nonce-reused"], "MAAS says that this request came twice");
  EXPECT_EQ(said["errors/auth-timestamp-not-a-number"],
            "MAAS failed in its own code: invalid literal for int() with base 10: 'abc'");
  EXPECT_EQ(said["errors/method-head"], "MAAS does not take this kind of request here");
}

TEST(MaasExchange, TellsThatTheClocksDiffer) {
  HttpResponse response = response_of(401, "text/html", "Authorization Error: 'Expired timestamp'");
  response.headers.push_back({.name = "Date", .value = "Sun, 22 Nov 2026 18:14:24 GMT"});
  EXPECT_EQ(check_answer(response, kNow).error().help,
            "the clock here is 10 min behind MAAS's, which refuses what is older than 5 min: set "
            "the clock");
  EXPECT_EQ(check_answer(response, kNow + std::chrono::minutes(9)).error().help,
            "make a new API key in MAAS and put it into the key file, or run maas login again");
}

TEST(MaasExchange, LooksAtContentTypeBeforeParsing) {
  EXPECT_EQ(check_answer(response_of(200, "text/html", "[]"), kNow).error().message,
            "JSON of MAAS expected, observed text/html");
  EXPECT_EQ(check_answer(response_of(200, "", "[]"), kNow).error().kind, ErrorKind::malformed);
  EXPECT_TRUE(check_answer(response_of(200, "application/json; charset=utf-8", "[]"), kNow));
}

TEST(MaasExchange, WhatIsNoJsonIsNoFact) {
  for (const char* body : {"", "[{\"a\": ", "<html>", "[] []"}) {
    EXPECT_EQ(decode_machines(body).error().kind, ErrorKind::malformed) << body;
    EXPECT_EQ(decode_subnets(body).error().kind, ErrorKind::malformed) << body;
    EXPECT_EQ(decode_ranges(body).error().kind, ErrorKind::malformed) << body;
    EXPECT_EQ(decode_addresses(body).error().kind, ErrorKind::malformed) << body;
    EXPECT_EQ(decode_identity(body).error().kind, ErrorKind::malformed) << body;
    EXPECT_EQ(decode_version(body).error().kind, ErrorKind::malformed) << body;
  }
  EXPECT_EQ(to_string(decode_machines("{}").error()), "machine of MAAS: a list is expected");
  EXPECT_NE(to_string(decode_machines("[{\"system_id\": \"a\", \"hostname\": \"b\"}, {}]").error())
                .find("machine 1: machine of MAAS: an object with a text \"system_id\""),
            std::string::npos);
}

TEST(MaasExchange, MakesForeignTextSafeAndShort) {
  const auto escape = check_answer(response_of(404, "text/plain", "a\x1b[31mred\x07"), kNow);
  EXPECT_EQ(escape.error().message.find('\x1b'), std::string::npos);
  const auto large = check_answer(response_of(500, "text/plain", std::string(100'000, 'x')), kNow);
  EXPECT_LT(large.error().message.size(), 300U);
}

TEST(MaasExchange, ReadsTheDateOfAHeader) {
  EXPECT_EQ(parse_http_date("Sun, 22 Nov 2026 18:04:24 GMT"), kNow);
  for (const char* text : {"", "now", "Sun, 22 Nov 2026 18:04:24", "Sun, 22 Nix 2026 18:04:24 GMT",
                           "Sun, 2 Nov 2026 18:04:24 GMT", "Sun, 22 Nov 2026 99:04:24 GMT"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace gatehouse::maas
