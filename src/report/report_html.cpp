// One page for a browser: nothing is loaded, nothing is run. Every foreign text goes through
// html_text.
#include <fmt/format.h>

#include "base/text.h"
#include "report/html_parts.h"
#include "report/markup.h"
#include "report/run_view.h"

namespace gatehouse {

namespace {

constexpr std::string_view kStyle = R"(
body { font: 15px/1.45 system-ui, sans-serif; max-width: 1200px; margin: 2em auto; padding: 0 1em;
       color: #1f2328; background: #fff; }
table { border-collapse: collapse; margin: .5em 0 1em; }
th, td { border: 1px solid #d0d7de; padding: .25em .6em; text-align: left; vertical-align: top;
         unicode-bidi: isolate; overflow-wrap: anywhere; }
th { background: #f6f8fa; }
code { font-family: ui-monospace, monospace; font-size: 13px; overflow-wrap: anywhere; }
.pass { color: #1a7f37; } .fail, .waived { color: #cf222e; font-weight: bold; }
.unknown { color: #9a6700; font-weight: bold; }
.lab { background: #fff8c5; border: 2px solid #9a6700; padding: .5em 1em; font-weight: bold; }
details { margin: .2em 0; } summary { cursor: pointer; }
svg { max-width: 100%; height: auto; } svg .place { fill: #f6f8fa; stroke: #d0d7de; }
svg text { font: 12px ui-monospace, monospace; } svg .head { font-weight: bold; }
svg .active { fill: #1a7f37; } svg .blocked { fill: #9a6700; }
@media (prefers-color-scheme: dark) {
  body { color: #e6edf3; background: #0d1117; } th { background: #161b22; }
  svg .place { fill: #161b22; } svg text { fill: #e6edf3; } .lab { color: #1f2328; }
}
)";

std::string element(std::string_view name, const std::string& text) {
  return fmt::format("<{0}>{1}</{0}>", name, html_text(text));
}

std::string row_of(std::string_view cell, const std::vector<std::string>& texts) {
  std::string row = "<tr>";
  for (const std::string& text : texts) row += element(cell, text);
  return row + "</tr>\n";
}

// "pass", "fail" and "unknown" are also the names of their styles; no other text becomes one.
std::string ruling_span(const std::string& ruling, const std::string& waived) {
  const bool is_known = ruling == "pass" || ruling == "fail" || ruling == "unknown";
  const std::string style = !waived.empty() ? "waived" : is_known ? ruling : "unknown";
  const std::string word = waived.empty() ? ruling : ruling + ", WAIVED: " + waived;
  return fmt::format("<span class=\"{}\">{}</span>", style, html_text(word));
}

std::string evidence_text(const json::value& check) {
  const json::object* evidence = find_object(check, "evidence");
  if (!evidence) return string_or_empty(check, "place");
  std::string text = string_or_empty(*evidence, "locator");
  if (const auto at = find_string(*evidence, "at")) text += ", seen " + *at;
  if (const auto digest = find_string(*evidence, "digest"); digest && !digest->empty()) {
    text += ", SHA-256 " + *digest;
  }
  return text;
}

std::string check_row(const json::value& check) {
  std::string row = "<tr>" + element("td", string_or_empty(check, "subject")) +
                    element("td", string_or_empty(check, "expected")) +
                    element("td", string_or_empty(check, "observed"));
  row += "<td>" + ruling_span(string_or_empty(check, "ruling"), "") + "</td>";
  std::string why = evidence_text(check);
  if (const auto help = find_string(check, "help"); help && !help->empty()) {
    why += (why.empty() ? "" : "; ") + ("next: " + *help);
  }
  return row + element("td", why) + "</tr>\n";
}

std::string finding_item(const json::value& finding) {
  const auto accepted = find_string(finding, "accepted");
  return "<li>" +
         html_text(fmt::format("{}: {} [{}]{}", string_or_empty(finding, "severity"),
                               string_or_empty(finding, "message"),
                               string_or_empty(finding, "code"),
                               accepted ? " (accepted: " + *accepted + ")" : "")) +
         "</li>\n";
}

std::string verdict_html(const VerdictView& verdict) {
  const bool is_open = verdict.ruling != "pass";
  std::string text = fmt::format(
      "<details{}><summary>{} <code>{}</code> ({}, {} checks, {})</summary>\n",
      is_open ? " open" : "", ruling_span(verdict.ruling, verdict.waived), html_text(verdict.gate),
      html_text(verdict.purpose), verdict.checks.size(), to_rfc3339(verdict.at));
  text += "<table>\n" + row_of("th", {"subject", "expected", "observed", "ruling", "evidence"});
  for (const json::value& check : verdict.checks) text += check_row(check);
  text += "</table>\n";
  if (!verdict.findings.empty()) {
    text += "<ul>\n";
    for (const json::value& finding : verdict.findings) text += finding_item(finding);
    text += "</ul>\n";
  }
  return text + "</details>\n";
}

std::string effect_html(const EffectView& effect) {
  std::string text = "<p>command: <code>" + html_text(join(effect.argv, " ")) + "</code>";
  if (effect.exit_code) text += fmt::format(", exit code {}", *effect.exit_code);
  if (!effect.landed.empty()) text += ", landed: " + html_text(effect.landed);
  for (const auto& member : effect.identity) {
    if (!member.value().is_string()) continue;
    text += fmt::format("<br>{}: {}", html_text(member.key()),
                        html_text(std::string_view(member.value().get_string())));
  }
  return text + "</p>\n";
}

std::string step_html(const StepView& step) {
  std::string text = "<h3>" +
                     html_text(fmt::format("{} ({}): {}", step.title, step.source,
                                           step.end.empty() ? "not finished" : step.end)) +
                     "</h3>\n";
  if (!step.reason.empty()) text += element("p", step.reason) + "\n";
  if (step.effect) text += effect_html(*step.effect);
  if (step.settled_seconds) {
    text += "<p>took " + to_words(std::chrono::seconds(*step.settled_seconds)) + "</p>\n";
  }
  for (const VerdictView& verdict : step.verdicts) text += verdict_html(verdict);
  if (!step.not_declared.empty()) {
    text += element("p", "not declared by the site: " + join(step.not_declared, ", ")) + "\n";
  }
  return text;
}

std::string texts_of(const json::array* array) {
  std::vector<std::string> parts;
  if (array) {
    for (const json::value& value : *array) {
      if (value.is_string()) parts.emplace_back(value.get_string());
    }
  }
  return join(parts, " ");
}

std::string planes_of(const json::value& row) {
  std::vector<std::string> parts;
  if (const json::object* planes = find_object(row, "addresses")) {
    for (const auto& plane : *planes) {
      parts.push_back(std::string(plane.key()) + " " + texts_of(plane.value().if_array()));
    }
  }
  return join(parts, ", ");
}

std::string machine_table(const json::object& record) {
  const json::array* machines = find_array(record, "machines");
  if (!machines) return {};
  std::string text = "<table>\n" + row_of("th", {"bundle", "Juju", "host", "state", "addresses"});
  for (const json::value& row : *machines) {
    text += row_of(
        "td", {string_or_empty(row, "bundle"), string_or_empty(row, "juju"),
               string_or_empty(row, "hostname"), string_or_empty(row, "state"), planes_of(row)});
  }
  return text + "</table>\n";
}

std::string unit_table(const json::object& record) {
  const json::array* applications = find_array(record, "applications");
  if (!applications) return {};
  std::string text =
      "<table>\n" + row_of("th", {"unit", "channel", "machine", "workload", "address", "message"});
  for (const json::value& application : *applications) {
    const json::array* units = find_array(application, "units");
    if (!units) continue;
    for (const json::value& unit : *units) {
      text += row_of("td", {string_or_empty(unit, "unit"), string_or_empty(application, "channel"),
                            string_or_empty(unit, "machine"), string_or_empty(unit, "workload"),
                            string_or_empty(unit, "address"), string_or_empty(unit, "message")});
    }
  }
  return text + "</table>\n";
}

std::string small_tables(const json::object& record) {
  std::string text;
  if (const json::array* vips = find_array(record, "vips"); vips && !vips->empty()) {
    text += "<table>\n" + row_of("th", {"application", "VIPs"});
    for (const json::value& row : *vips) {
      text += row_of("td",
                     {string_or_empty(row, "application"), texts_of(find_array(row, "addresses"))});
    }
    text += "</table>\n";
  }
  if (const json::array* certificates = find_array(record, "certificates")) {
    text += "<table>\n" + row_of("th", {"certificate", "subject", "until", "SHA-256"});
    for (const json::value& row : *certificates) {
      text += row_of("td", {string_or_empty(row, "role"), string_or_empty(row, "subject"),
                            string_or_empty(row, "not_after"), string_or_empty(row, "sha256")});
    }
    text += "</table>\n";
  }
  return text;
}

std::string as_built_html(const json::object& record) {
  std::string text = "<h2>As built</h2>\n";
  if (const json::object* model = find_object(record, "model")) {
    text +=
        element("p", fmt::format(
                         "model {} on {}/{}, controller {}, uuid {}, Juju {}",
                         string_or_empty(*model, "name"), string_or_empty(*model, "cloud"),
                         string_or_empty(*model, "region"), string_or_empty(*model, "controller"),
                         string_or_empty(*model, "uuid"), string_or_empty(*model, "version"))) +
        "\n";
  }
  text += placement_svg(record) + machine_table(record) + small_tables(record);
  text += "<details><summary>units</summary>\n" + unit_table(record) + "</details>\n";
  const json::object* next = find_object(record, "next");
  const json::array* waiting = next ? find_array(*next, "waiting") : nullptr;
  if (!waiting || waiting->empty()) return text;
  text += "<h2>Who waits for a person</h2>\n<ul>\n";
  for (const json::value& unit : *waiting) {
    text += element("li", fmt::format("{} at {}: {}", string_or_empty(unit, "unit"),
                                      string_or_empty(unit, "address"),
                                      string_or_empty(unit, "message"))) +
            "\n";
  }
  return text + "</ul>\n";
}

std::string head_html(const RunView& view) {
  std::string text = element("h1", "Gatehouse report of run " + view.run) + "\n";
  if (const auto lab = find_string(view.about, "lab")) {
    text += "<p class=\"lab\">" +
            html_text("LAB " + *lab + ": nothing here happened to a real cloud") + "</p>\n";
  }
  const std::string end = view.end.empty() ? "cut off" : view.end;
  text += fmt::format("<p>result: <span class=\"{}\">{}</span>{}</p>\n",
                      end == "holds" ? "pass" : "fail", html_text(end),
                      view.reason.empty() ? "" : ": " + html_text(view.reason));
  if (!view.help.empty()) text += element("p", "next: " + view.help) + "\n";
  text += "<table>\n" + row_of("th", {"site", "phase", "started", "last event", "resumed"}) +
          row_of("td", {string_or_empty(view.about, "site"), string_or_empty(view.about, "phase"),
                        to_rfc3339(view.started), to_rfc3339(view.finished),
                        std::to_string(view.resumed)}) +
          "</table>\n";
  if (const json::array* files = find_array(view.about, "inputs")) {
    text += "<table>\n" + row_of("th", {"input", "SHA-256"});
    for (const json::value& file : *files) {
      text += row_of("td", {string_or_empty(file, "path"), string_or_empty(file, "digest")});
    }
    text += "</table>\n";
  }
  return text;
}

}  // namespace

std::string to_html(const RunView& view) {
  std::string body = head_html(view) + "<h2>Steps</h2>\n";
  for (const StepView& step : view.steps) body += step_html(step);
  if (const std::string timeline = timeline_svg(view.samples); !timeline.empty()) {
    body += "<h2>How the model settled</h2>\n" + timeline;
  }
  if (view.as_built) body += as_built_html(*view.as_built);
  body += element("p", fmt::format("Journal head: {} {}", view.head.sequence, view.head.hash));
  // The policy lets a browser load and run nothing, whatever a mistake of ours let through.
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; "
      "style-src "
      "&#39;unsafe-inline&#39;\">\n<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n"
      "{}\n</body>\n</html>\n",
      html_text("Gatehouse report of run " + view.run), kStyle, body);
}

}  // namespace gatehouse
