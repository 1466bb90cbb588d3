// The recorded exchanges of tests/fixtures/maas, as the HTTP responses that they were.
#pragma once

#include <map>
#include <string>

#include "base/json.h"
#include "clients/recordings.h"
#include "effects/http.h"

namespace gatehouse::recordings {

struct MaasExchange {
  std::string name;  ///< "good/machines"
  std::string method;
  std::string target;  ///< path and query
  HttpResponse response;
};

inline std::vector<MaasExchange> maas_exchanges() {
  const std::filesystem::path folder = fixtures() / "maas";
  const auto index = parse_json(read_file(folder / "index.json"));
  std::vector<MaasExchange> exchanges;
  for (const json::value& item : *find_array(*index, "cases")) {
    MaasExchange exchange;
    exchange.name = string_or_empty(item, "case");
    const json::value& request = *find(item, "request");
    exchange.method = string_or_empty(request, "method");
    exchange.target = string_or_empty(request, "path");
    const std::string query = string_or_empty(request, "query");
    if (!query.empty()) exchange.target += "?" + query;
    exchange.response.status = static_cast<int>(*find_integer(item, "status"));
    for (const json::value& header : *find_array(item, "headers")) {
      exchange.response.headers.push_back({.name = std::string(header.at(0).as_string()),
                                           .value = std::string(header.at(1).as_string())});
    }
    const auto body = find_string(item, "body_file");
    exchange.response.body = body ? read_file(folder / *body) : string_or_empty(item, "body_text");
    exchanges.push_back(std::move(exchange));
  }
  return exchanges;
}

/// The answers of one recorded site by method-less target, less the prefix up to "api/2.0/".
inline std::map<std::string, HttpResponse> maas_site(const std::string& site) {
  std::map<std::string, HttpResponse> answers;
  for (MaasExchange& exchange : maas_exchanges()) {
    const auto root = exchange.target.find("api/2.0/");
    const bool is_ours = exchange.name.starts_with(site + "/") && exchange.method == "GET" &&
                         root != std::string::npos;
    // A machine list seen by two users stands twice; the first is the administrator's.
    if (is_ours) answers.emplace(exchange.target.substr(root + 8), std::move(exchange.response));
  }
  return answers;
}

}  // namespace gatehouse::recordings
