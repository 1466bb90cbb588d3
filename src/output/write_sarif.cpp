#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "output/finding_pages.h"
#include "output/write.h"

namespace gatehouse {

namespace {

// SARIF 2.1.0, 3.13.3: the schema that a reader validates against.
constexpr std::string_view kSchema = "https://json.schemastore.org/sarif-2.1.0.json";

struct Rule {
  std::string summary;
  std::string page;  ///< "" where there is none
};

using Rules = std::map<std::string, Rule>;

// RFC 3986: what a path may hold unescaped. A colon is escaped, or "a:b" would name a scheme.
bool is_plain_in_path(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~/").find(c) != std::string_view::npos;
}

std::string uri_of(std::string_view path) {
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    if (is_plain_in_path(c)) {
      uri += c;
    } else {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return uri;
}

json::object region_of(const Span& span) {
  json::object region{{"startLine", span.begin.line}};
  if (span.begin.column != 0) region["startColumn"] = span.begin.column;
  // Both of ours and SARIF's ends are exclusive (3.30.8).
  if (span.end > span.begin && span.end.column != 0) {
    region["endLine"] = span.end.line;
    region["endColumn"] = span.end.column;
  }
  return region;
}

json::object location_of(const Span& span) {
  json::object physical{{"artifactLocation", json::object{{"uri", uri_of(span.source->path())}}}};
  if (span.begin.line != 0) physical["region"] = region_of(span);
  return {{"physicalLocation", std::move(physical)}};
}

std::string with_help(std::string_view message, std::string_view help) {
  std::string text = printable(message);
  if (!help.empty()) text += "\nhelp: " + printable(help);
  return text;
}

json::object message_of(std::string text) {
  return {{"text", std::move(text)}};
}

// The schema wants each related location once.
void add_related(const std::vector<Label>& labels, json::object& result) {
  json::array related;
  for (const Label& label : labels) {
    if (!label.span) continue;
    json::object location = location_of(label.span);
    location["message"] = message_of(printable(label.message));
    if (std::find(related.begin(), related.end(), json::value(location)) == related.end()) {
      related.push_back(std::move(location));
    }
  }
  if (!related.empty()) result["relatedLocations"] = std::move(related);
}

json::object result_of(const std::string& rule, std::string_view level, std::string text,
                       const Span& span) {
  json::object result{{"ruleId", rule}, {"level", level}, {"message", message_of(std::move(text))}};
  if (span) result["locations"] = json::array{location_of(span)};
  return result;
}

std::string justification_of(const Diagnostic& finding) {
  const std::string& reason = finding.accepted_because;
  return reason.empty() ? "accepted in the site file" : "accepted in the site file: " + reason;
}

class Run {
 public:
  void add(const Diagnostic& finding, bool is_accepted) {
    const FindingPage* page = find_finding_page(finding.code);
    rules_.try_emplace(finding.code,
                       page ? Rule{summary_of(*page), std::string(page->text)} : Rule{});
    json::object result = result_of(finding.code, to_string(finding.severity),
                                    with_help(finding.message, finding.help), finding.span);
    add_related(finding.related, result);
    if (is_accepted) {
      result["suppressions"] =
          json::array{json::object{{"kind", "external"},
                                   {"status", "accepted"},
                                   {"justification", justification_of(finding)}}};
    }
    results_.push_back(std::move(result));
  }

  // What was not observed blocks as a failure does; SARIF's kind "open" would look harmless.
  void add(const VerdictRow& verdict) {
    rules_.try_emplace(verdict.gate, Rule{verdict.question, ""});
    for (const CheckRow& check : verdict.checks) {
      if (check.ruling == "pass") continue;
      const std::string text = fmt::format("{}{}: expected {}, observed {}",
                                           check.ruling == "unknown" ? "unknown: " : "",
                                           check.subject, check.expected, check.observed);
      results_.push_back(result_of(verdict.gate, "error", with_help(text, check.help), check.span));
    }
    if (verdict.checks.empty() && verdict.ruling != "pass") {
      results_.push_back(
          result_of(verdict.gate, "error", "unknown: there was nothing to examine", {}));
    }
    for (const Diagnostic& finding : verdict.findings) add(finding, false);
  }

  json::object finish(const std::string& version) && {
    return {{"tool", json::object{{"driver", json::object{{"name", "gatehouse"},
                                                          {"version", version},
                                                          {"rules", numbered_rules()}}}}},
            {"columnKind", "unicodeCodePoints"},
            {"results", std::move(results_)}};
  }

 private:
  // A result names its rule by id and by place in the list.
  json::array numbered_rules() {
    json::array rules;
    std::map<std::string, std::size_t, std::less<>> index;
    for (const auto& [id, rule] : rules_) {
      index[id] = rules.size();
      json::object row{{"id", id}};
      if (!rule.summary.empty()) row["shortDescription"] = message_of(printable(rule.summary));
      if (!rule.page.empty())
        row["help"] = json::object{{"text", rule.page}, {"markdown", rule.page}};
      rules.push_back(std::move(row));
    }
    for (json::value& result : results_) {
      json::object& row = result.as_object();
      row["ruleIndex"] = index.find(row.at("ruleId").as_string())->second;
    }
    return rules;
  }

  Rules rules_;
  json::array results_;
};

}  // namespace

std::string write_sarif(const CommandResult& result) {
  Run run;
  for (const Diagnostic& finding : result.findings) run.add(finding, false);
  for (const Diagnostic& finding : result.accepted) run.add(finding, true);
  if (result.verdicts) {
    for (const VerdictRow& verdict : *result.verdicts) run.add(verdict);
  }
  return to_pretty_json(json::object{{"$schema", kSchema},
                                     {"version", "2.1.0"},
                                     {"runs", json::array{std::move(run).finish(result.version)}}});
}

}  // namespace gatehouse
