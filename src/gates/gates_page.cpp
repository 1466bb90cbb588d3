#include "gates/gates_page.h"

#include <fmt/format.h>

#include "base/text.h"
#include "gates/gate.h"

namespace gatehouse {

namespace {

constexpr std::string_view kHead =
    "# Gates\n"
    "\n"
    "Written by `script/dev docs` from the gates themselves; `gatehouse gates explain GATE` tells "
    "the\n"
    "same about one. A gate that is handed a fact nobody could observe is *unknown*, and unknown "
    "blocks\n"
    "as failure does. A gate that only judges the site file, the bundle and the plan needs no "
    "facts.\n"
    "A gate marked as declared applies only where the site file says something for it\n"
    "([site.md](formats/site.md)); otherwise it is listed as *not declared*, never as passed.\n"
    "\n"
    "| gate | question | runbook | facts it needs | applies | may be waived |\n"
    "|---|---|---|---|---|---|\n";

std::string row_of(const Gate& gate) {
  std::vector<std::string> needs;
  for (const FactKey key : gate.needs) needs.push_back("`" + to_string(key) + "`");
  return fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", gate.id, gate.question, gate.source,
                     needs.empty() ? "none" : join(needs, ", "),
                     gate.applies ? "where declared" : "always",
                     gate.waiving == Waiving::allowed ? "yes" : "no");
}

}  // namespace

std::string gates_page() {
  std::string page(kHead);
  for (const Gate* gate : all_gates()) page += row_of(*gate);
  return page;
}

}  // namespace gatehouse
