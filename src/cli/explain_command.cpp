#include "cli/explain_command.h"

#include <fmt/format.h>

#include "base/text.h"
#include "cli/site_commands.h"
#include "gates/gate.h"
#include "output/finding_pages.h"

namespace gatehouse::cli {

namespace {

std::string area_of(const FindingPage& page) {
  return std::string(page.path.substr(0, page.path.find('/')));
}

json::object row_of(const FindingPage& page) {
  return {{"code", code_of(page)}, {"area", area_of(page)}, {"summary", summary_of(page)}};
}

int tell_unknown(const std::string& code, Context& context) {
  std::vector<std::string> gates;
  for (const Gate* gate : all_gates()) gates.emplace_back(gate->id);
  auto nearest = nearest_finding_code(code);
  if (!nearest) nearest = nearest_word(code, gates);
  const std::string known = "gatehouse explain --list";
  context.console.talk(fmt::format(
      "error: no finding has the code \"{}\"\n  = help: {}\n", printable(code),
      nearest ? fmt::format("did you mean {}? All codes: {}", *nearest, known) : known));
  return kExitInput;
}

}  // namespace

int run_explain(const std::string& code, Context& context) {
  if (code.empty()) {
    context.console.talk("error: which code?\n  = help: gatehouse explain --list\n");
    return kExitInput;
  }
  const FindingPage* page = find_finding_page(code);
  if (!page && find_gate(code)) {
    if (!context.console.is_quiet()) {
      context.console.talk(
          fmt::format("{0} is a gate; the same by: gatehouse gates explain {0}\n", code));
    }
    return run_gates_explain(code, context);
  }
  if (!page) return tell_unknown(code, context);
  if (!context.options.wants_json) {
    context.console.data(page->text);
    return kExitHolds;
  }
  json::object document = row_of(*page);
  document["page"] = page->text;
  context.console.data(to_pretty_json(document));
  return kExitHolds;
}

int run_explain_list(Context& context) {
  json::array rows;
  std::string text;
  for (const FindingPage& page : finding_pages()) {
    rows.push_back(row_of(page));
    text += fmt::format("{:<28} {}\n", code_of(page), summary_of(page));
  }
  context.console.data(
      context.options.wants_json ? to_pretty_json(json::object{{"codes", std::move(rows)}}) : text);
  return kExitHolds;
}

}  // namespace gatehouse::cli
