// Foreign text made harmless for a terminal and for two markup languages. Names in a bundle,
// messages of charms and whatever a peer says may hold anything.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse {

/// Line by line printable (base/text.h), and without marks that turn the direction of writing,
/// which could make a line read as another. Line feeds stay.
std::string printable_lines(std::string_view text);

/// For an element's content and for an attribute in quotes.
std::string html_text(std::string_view text);

/// One line for a table's cell or a list: GitHub's Markdown with all of its marks escaped.
std::string markdown_text(std::string_view text);

}  // namespace gatehouse
