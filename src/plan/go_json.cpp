#include <cmath>
#include <map>
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

void print(std::string& out, const json::value& value);

void print_text(std::string& out, std::string_view text) {
  out += json::serialize(json::string(bundle::go_valid(text)));
}

// The members in order of their keys.
void print(std::string& out, const json::object& object) {
  std::map<std::string_view, const json::value*> members;
  for (const auto& member : object) members[member.key()] = &member.value();
  out += '{';
  for (const auto& [key, value] : members) {
    if (out.back() != '{') out += ',';
    print_text(out, key);
    out += ':';
    print(out, *value);
  }
  out += '}';
}

void print(std::string& out, const json::value& value) {
  if (const auto* object = value.if_object()) {
    print(out, *object);
  } else if (const auto* array = value.if_array()) {
    out += '[';
    for (const auto& item : *array) {
      if (&item != array->data()) out += ',';
      print(out, item);
    }
    out += ']';
  } else if (const auto* text = value.if_string()) {
    print_text(out, *text);
  } else if (value.is_number()) {
    out += json_number(value.to_number<double>());
  } else {
    out += json::serialize(value);
  }
}

// Ids need no escapes, and a large plan has millions of them.
void print_ids(std::string& out, const std::vector<std::string_view>& ids) {
  out += '[';
  for (const std::string_view& id : ids) {
    if (&id != ids.data()) out += ',';
    out.append(1, '"').append(id).append(1, '"');
  }
  out += ']';
}

void print(std::string& out, const Requirements& requirements, const Change& change) {
  out.append(R"({"id":")").append(change.id());
  out.append(R"(","method":")").append(change.method).append(R"(","args":)");
  print(out, change.args);
  out += R"(,"requires":)";
  print_ids(out, requirements.of(change));
  out += R"(,"description":)";
  print(out, json::value(json::array(change.description.begin(), change.description.end())));
  out += '}';
}

}  // namespace

std::string json_text(const Plan& plan, const json::array& warnings) {
  const Requirements requirements(plan);
  std::string out = R"({"changes":[)";
  for (const Change& change : plan.changes) {
    if (&change != plan.changes.data()) out += ',';
    print(out, requirements, change);
  }
  out += R"(],"counts":)";
  print(out, json::value(to_json(plan.counts)));
  out += R"(,"warnings":)";
  print(out, json::value(warnings));
  return out + '}';
}

}  // namespace gatehouse
