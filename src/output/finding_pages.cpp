#include "output/finding_pages.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace gatehouse {

namespace {

constexpr std::string_view kPlainArea = "pki/";

std::string_view name_of(const FindingPage& page) {
  return page.path.substr(page.path.find('/') + 1);
}

const FindingPage* by_path(std::string_view path) {
  const auto pages = finding_pages();
  const auto found = std::find_if(pages.begin(), pages.end(),
                                  [&](const FindingPage& page) { return page.path == path; });
  return found == pages.end() ? nullptr : &*found;
}

}  // namespace

std::string_view code_of(const FindingPage& page) {
  return page.path.starts_with(kPlainArea) ? name_of(page) : page.path;
}

std::string summary_of(const FindingPage& page) {
  std::string summary;
  bool is_below_title = false;
  for (const std::string_view line : lines_of(page.text)) {
    if (!is_below_title) {
      is_below_title = line.empty();
    } else if (line.empty()) {
      break;
    } else {
      summary += (summary.empty() ? "" : " ") + std::string(line);
    }
  }
  return summary;
}

const FindingPage* find_finding_page(std::string_view code) {
  if (const FindingPage* page = by_path(code)) return page;
  if (const FindingPage* page = by_path(std::string(kPlainArea) + std::string(code))) return page;
  const FindingPage* only = nullptr;
  for (const FindingPage& page : finding_pages()) {
    if (name_of(page) != code) continue;
    if (only) return nullptr;
    only = &page;
  }
  return only;
}

std::optional<std::string> nearest_finding_code(std::string_view word) {
  std::vector<std::string> codes;
  for (const FindingPage& page : finding_pages()) codes.emplace_back(code_of(page));
  if (auto code = nearest_word(word, codes)) return code;
  // The area left out, or another one: "duplicat-key" is near to the name of several pages.
  std::vector<std::string> names;
  for (const FindingPage& page : finding_pages()) names.emplace_back(name_of(page));
  const auto name = nearest_word(word.substr(word.find('/') + 1), names);
  if (!name) return std::nullopt;
  const auto at = std::find(names.begin(), names.end(), *name) - names.begin();
  return codes[static_cast<std::size_t>(at)];
}

}  // namespace gatehouse
