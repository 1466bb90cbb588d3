// A column for each machine; in it a box for the machine itself and one for each container, with
// the units that run there.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "report/html_parts.h"
#include "report/markup.h"

namespace gatehouse {

namespace {

constexpr int kColumnWidth = 260;
constexpr int kGap = 16;
constexpr int kLine = 16;
constexpr int kHead = 40;
constexpr int kUnitLettersMax = 34;

struct Unit {
  std::string name;
  std::string workload;
};

struct Column {
  std::string machine;
  std::string hostname;
  std::map<std::string, std::vector<Unit>> places;  ///< the machine's own id, then containers
};

// 0/lxd/10 behind 0/lxd/9.
std::string sortable(const std::string& place) {
  std::string key;
  for (const std::string& part : split(place, '/')) {
    key += part.size() < 4 ? std::string(4 - part.size(), '0') + part : part;
    key += '/';
  }
  return key;
}

std::map<std::string, Column> columns_of(const json::object& as_built) {
  std::map<std::string, Column> columns;
  if (const json::array* machines = find_array(as_built, "machines")) {
    for (const json::value& machine : *machines) {
      const std::string id = string_or_empty(machine, "juju");
      columns[sortable(id)] = {id, string_or_empty(machine, "hostname"), {{sortable(id), {}}}};
    }
  }
  const json::array* applications = find_array(as_built, "applications");
  if (!applications) return columns;
  for (const json::value& application : *applications) {
    const json::array* units = find_array(application, "units");
    if (!units) continue;
    for (const json::value& unit : *units) {
      const std::string place = string_or_empty(unit, "machine");
      if (place.empty()) continue;
      const std::string machine = place.substr(0, place.find('/'));
      Column& column = columns[sortable(machine)];
      if (column.machine.empty()) column.machine = machine;
      column.places[sortable(place)].push_back(
          {string_or_empty(unit, "unit"), string_or_empty(unit, "workload")});
    }
  }
  return columns;
}

// "0001/lxd/0010/" back to "1/lxd/10".
std::string shown_place(const std::string& key) {
  std::vector<std::string> parts = split(key, '/');
  if (!parts.empty()) parts.pop_back();
  for (std::string& part : parts) {
    const auto first = part.find_first_not_of('0');
    part = first == part.npos ? "0" : part.substr(first);
  }
  return join(parts, "/");
}

std::string cut(const std::string& text) {
  if (text.size() <= kUnitLettersMax) return text;
  return text.substr(0, kUnitLettersMax - 3) + "...";
}

std::string text_at(int x, int y, std::string_view style, const std::string& text) {
  return fmt::format("<text x=\"{}\" y=\"{}\" class=\"{}\">{}</text>\n", x, y, style,
                     html_text(text));
}

std::string_view style_of(const std::string& workload) {
  if (workload == "active") return "unit active";
  if (workload == "error" || workload == "blocked") return "unit blocked";
  return "unit";
}

struct Drawn {
  std::string text;
  int height = 0;
};

Drawn place_box(const std::string& place, const std::vector<Unit>& units, int x, int y) {
  const int height = kLine * static_cast<int>(units.size() + 1) + 8;
  std::string text =
      fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"place\"/>\n", x + 6,
                  y, kColumnWidth - 12, height);
  text += text_at(x + 12, y + kLine, "id", shown_place(place));
  for (std::size_t i = 0; i < units.size(); ++i) {
    const int line = y + kLine * static_cast<int>(i + 2);
    text += fmt::format("<g><title>{}: {}</title>", html_text(units[i].name),
                        html_text(units[i].workload));
    text += text_at(x + 20, line, style_of(units[i].workload), cut(units[i].name)) + "</g>\n";
  }
  return {text, height};
}

Drawn draw_column(const Column& column, int x) {
  std::string text = text_at(x + 8, 24, "head", column.machine + " " + column.hostname);
  int y = kHead;
  for (const auto& [place, units] : column.places) {
    const Drawn box = place_box(place, units, x, y);
    text += box.text;
    y += box.height + 6;
  }
  return {text, y};
}

}  // namespace

std::string placement_svg(const json::object& as_built) {
  const auto columns = columns_of(as_built);
  if (columns.empty()) return {};
  std::string inside;
  int x = 0;
  int height = kHead;
  for (const auto& [key, column] : columns) {
    const Drawn drawn = draw_column(column, x);
    inside += fmt::format("<g>{}</g>\n", drawn.text);
    height = std::max(height, drawn.height);
    x += kColumnWidth + kGap;
  }
  return fmt::format(
      "<svg viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
      "aria-label=\"Placement of units on machines\" "
      "xmlns=\"http://www.w3.org/2000/svg\">\n{2}</svg>"
      "\n",
      x, height + kGap, inside);
}

}  // namespace gatehouse
