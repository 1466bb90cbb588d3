// Small operations on text that several folders need: splitting, joining, globs, suggestions,
// making foreign text safe to print.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

std::string_view trim(std::string_view text);
/// "a,,b" by ',' gives three parts; "" gives one empty part.
std::vector<std::string> split(std::string_view text, char separator);
/// Without the line ends; a final line feed does not start another line.
std::vector<std::string_view> lines_of(std::string_view text);
/// Parts between runs of blanks and tabs.
std::vector<std::string> words_of(std::string_view text);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string replace_all(std::string text, std::string_view what, std::string_view with);

/// `*` stands for any run of characters, `?` for one; all else for itself. Linear in the text for
/// each star.
bool glob_matches(std::string_view pattern, std::string_view text);

/// The candidate nearest to the word by edits, if it is near enough to be a slip of the hand.
std::optional<std::string> nearest_word(std::string_view word,
                                        std::span<const std::string> candidates);

/// How many bytes the character at the front takes where it is DEL, a C1 control or one that turns
/// the direction of text; 0 for any other. The text is not empty.
std::size_t hidden_length(std::string_view text);

/// Control characters, those that turn the direction of text, and invalid UTF-8 as \xNN, so that
/// foreign bytes cannot drive a terminal.
std::string printable(std::string_view text);

std::string base64_encode(std::string_view bytes);
/// Standard alphabet, padded, no line ends; anything else is refused.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace gatehouse
