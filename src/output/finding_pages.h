// The pages of docs/findings/, carried inside the program by cmake/Embed.cmake. A page explains one
// code: `docs/findings/AREA/NAME.md` is that of the code `AREA/NAME`. The findings of an overlay's
// PKI have plain codes (`expired`); their area is `pki`. Start at find_finding_page.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gatehouse {

struct FindingPage {
  std::string_view path;  ///< "bundle/duplicate-key", "pki/expired"
  std::string_view text;  ///< Markdown; "# CODE", an empty line, one sentence, then the rest
};

/// All pages, sorted by path; made by the build from the files.
std::span<const FindingPage> finding_pages();

/// As a finding shows it: "bundle/duplicate-key", but "expired" for the page pki/expired.
std::string_view code_of(const FindingPage& page);

/// The paragraph below the title, as one line.
std::string summary_of(const FindingPage& page);

/// By code, by path, or by the name alone where only one area has it; nullptr where there is none.
const FindingPage* find_finding_page(std::string_view code);

/// The code of a page that the word is a slip of the hand for.
std::optional<std::string> nearest_finding_code(std::string_view word);

}  // namespace gatehouse
