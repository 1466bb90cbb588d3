// The explanation as sentences and as JSON.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "gates/checks.h"
#include "gates/why_not_yet.h"

namespace gatehouse {

namespace {

constexpr std::size_t kNamesMax = 4;

std::string first_link(const WaitLink& link, const Waiting& waiting) {
  const bool is_one = waiting.who.size() == 1;
  const std::string_view waits = is_one ? "waits" : "wait";
  switch (link.kind) {
    case LinkKind::waits_for:
      return fmt::format(" {} for {}{}", waits, link.who,
                         link.what.empty() ? "" : " (" + link.what + ")");
    case LinkKind::on_machine:
    case LinkKind::in_machine:
      if (waiting.application.empty()) return " " + link.what;
      return fmt::format(" {} for machine {}, which {}", waits, link.who, link.what);
    case LinkKind::shows:
      break;
  }
  if (!is_one && link.what.starts_with("is ")) return " are " + link.what.substr(3);
  return " " + link.what;
}

std::string later_link(const WaitLink& link) {
  switch (link.kind) {
    case LinkKind::waits_for:
      return fmt::format(", which waits for {}{}", link.who,
                         link.what.empty() ? "" : " (" + link.what + ")");
    case LinkKind::on_machine:
      return fmt::format(", whose machine {} {}", link.who, link.what);
    case LinkKind::in_machine:
      return fmt::format(", inside machine {}, which {}", link.who, link.what);
    case LinkKind::shows:
      break;
  }
  return ", which " + link.what;
}

std::string_view word_for(LinkKind kind) {
  switch (kind) {
    case LinkKind::waits_for:
      return "waits_for";
    case LinkKind::on_machine:
      return "on_machine";
    case LinkKind::in_machine:
      return "in_machine";
    case LinkKind::shows:
      break;
  }
  return "shows";
}

json::array texts(const std::vector<std::string>& list) {
  json::array out;
  for (const std::string& text : list) out.emplace_back(printable(text));
  return out;
}

template <class T>
json::array array_of(const std::vector<T>& list) {
  json::array out;
  for (const T& item : list) out.push_back(to_json(item));
  return out;
}

}  // namespace

std::string in_words(const Waiting& waiting) {
  std::string words = waiting.application.empty() ? "machine " : "";
  words += listed(waiting.who, kNamesMax);
  for (const WaitLink& link : waiting.chain) {
    words += &link == &waiting.chain.front() ? first_link(link, waiting) : later_link(link);
  }
  return printable(waiting.ends_as_expected ? words + ": expected" : words);
}

std::vector<std::string> lines_of(const NotYet& why, std::size_t lines_max) {
  if (why.unobserved) return {"the model is not observed: " + printable(*why.unobserved)};
  std::vector<std::string> lines;
  for (const Waiting& waiting : why.holding_up) {
    if (lines.size() == lines_max) break;
    lines.push_back(in_words(waiting));
    if (waiting.since && why.at > *waiting.since) {
      lines.back() += ", for " + to_words(why.at - *waiting.since);
    }
  }
  if (why.holding_up.size() > lines_max) {
    lines.push_back(fmt::format("and {} more", why.holding_up.size() - lines_max));
  }
  const auto add = [&](std::string_view heading, const std::vector<std::string>& list) {
    if (!list.empty())
      lines.push_back(fmt::format("{}: {}", heading, printable(listed(list, lines_max))));
  };
  add("expected but absent", why.absent);
  add("present but unexpected", why.unexpected);
  add("cannot be read", why.unread);
  return lines;
}

json::object to_json(const Waiting& waiting) {
  json::array chain;
  for (const WaitLink& link : waiting.chain) {
    chain.push_back(json::object{{"kind", word_for(link.kind)},
                                 {"who", printable(link.who)},
                                 {"what", printable(link.what)}});
  }
  json::object out{{"application", printable(waiting.application)},
                   {"who", texts(waiting.who)},
                   {"shows", printable(waiting.shows)},
                   {"chain", std::move(chain)},
                   {"is_as_expected", waiting.is_as_expected},
                   {"ends_as_expected", waiting.ends_as_expected},
                   {"words", in_words(waiting)}};
  if (waiting.since) out["since"] = to_rfc3339(*waiting.since);
  return out;
}

json::object to_json(const Root& root) {
  return {{"who", root.who},
          {"what", printable(root.what)},
          {"units", root.units},
          {"is_as_expected", root.is_as_expected}};
}

json::object to_json(const NotYet& why) {
  json::object out;
  if (why.unobserved) out["unobserved"] = printable(*why.unobserved);
  out["holding_up"] = array_of(why.holding_up);
  out["expected"] = array_of(why.expected);
  out["absent"] = texts(why.absent);
  out["unexpected"] = texts(why.unexpected);
  out["unread"] = texts(why.unread);
  out["roots"] = array_of(why.roots);
  return out;
}

}  // namespace gatehouse
