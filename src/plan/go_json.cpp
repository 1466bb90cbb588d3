#include <cmath>
#include <string>

#include "input/bundle/go_text.h"
#include "plan/plan.h"

namespace gatehouse {

namespace {

// encoding/json writes no leading zero in a negative exponent.
std::string json_number(double value) {
  if (!std::isfinite(value)) return "null";
  std::string number = bundle::go_number(value, 1e-6, 1e21);
  const std::size_t exponent = number.find("e-0");
  if (exponent != std::string::npos) number.erase(exponent + 2, 1);
  return number;
}

void print(std::string& out, const json::value& value) {
  if (const auto* object = value.if_object()) {
    char separator = '{';
    for (const auto& member : *object) {
      out += separator;
      out += json::serialize(json::string(member.key())) + ":";
      print(out, member.value());
      separator = ',';
    }
    out += object->empty() ? "{}" : "}";
  } else if (const auto* array = value.if_array()) {
    char separator = '[';
    for (const auto& item : *array) {
      out += separator;
      print(out, item);
      separator = ',';
    }
    out += array->empty() ? "[]" : "]";
  } else if (value.is_number()) {
    out += json_number(value.to_number<double>());
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

std::string go_json(const json::value& document) {
  std::string out;
  print(out, document);
  return out;
}

}  // namespace gatehouse
