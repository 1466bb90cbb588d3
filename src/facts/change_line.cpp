#include "facts/change_line.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace gatehouse {

namespace {

constexpr std::size_t kLast = static_cast<std::size_t>(-1);

/// A line that begins with these words, "*" standing for any one; the subject is the word at that
/// place.
struct Form {
  std::string_view words;
  ChangeAction action;
  std::size_t subject;
};

// The first that fits counts.
constexpr Form kForms[] = {
    {"upload charm", ChangeAction::upload_charm, 2},
    {"deploy application", ChangeAction::deploy_application, 2},
    {"upgrade", ChangeAction::upgrade_application, 1},
    {"scale", ChangeAction::scale_application, 1},
    {"add new machine", ChangeAction::add_machine, 3},
    {"add * container", ChangeAction::add_container, 3},
    {"add unit", ChangeAction::add_unit, 2},
    {"set application options for", ChangeAction::set_options, 4},
    {"set constraints for", ChangeAction::set_constraints, 3},
    {"set annotations for", ChangeAction::set_annotations, 3},
    {"create offer", ChangeAction::offer, 2},
    {"update offer", ChangeAction::offer, 2},
    {"consume offer", ChangeAction::consume, 2},
    {"grant user", ChangeAction::grant, kLast},
};

bool begins_with(const std::vector<std::string>& words, std::string_view form) {
  const std::vector<std::string> wanted = words_of(form);
  if (words.size() < wanted.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] != "*" && wanted[i] != words[i]) return false;
  }
  return true;
}

// "add relation a:x - b:y": which end stands first says nothing.
std::string relation_subject(const std::vector<std::string>& words) {
  if (words.size() < 5 || words[3] != "-") return {};
  return std::min(words[2], words[4]) + " - " + std::max(words[2], words[4]);
}

// "expose all endpoints of APP and ..." or "override expose settings for endpoint x of APP and
// ...": everything up to the application, so that each line of one application has a subject of its
// own.
std::string exposed_subject(const std::vector<std::string>& words) {
  const auto of = std::find(words.begin(), words.end(), "of");
  if (of == words.end() || of + 1 == words.end()) return words.size() > 1 ? words[1] : "";
  std::string subject = *(of + 1);
  if (words.front() == "override") {
    for (auto word = words.begin() + 4; word < of; ++word) subject += " " + *word;
  }
  return subject;
}

}  // namespace

std::string_view to_words(ChangeAction action) {
  switch (action) {
    case ChangeAction::upload_charm:
      return "upload charm";
    case ChangeAction::deploy_application:
      return "deploy application";
    case ChangeAction::upgrade_application:
      return "upgrade application";
    case ChangeAction::scale_application:
      return "scale application";
    case ChangeAction::add_machine:
      return "add machine";
    case ChangeAction::add_container:
      return "add container";
    case ChangeAction::add_unit:
      return "add unit";
    case ChangeAction::add_relation:
      return "add relation";
    case ChangeAction::expose:
      return "expose";
    case ChangeAction::set_options:
      return "set options of";
    case ChangeAction::set_constraints:
      return "set constraints of";
    case ChangeAction::set_annotations:
      return "set annotations of";
    case ChangeAction::offer:
      return "offer";
    case ChangeAction::consume:
      return "consume";
    case ChangeAction::grant:
      return "grant";
    case ChangeAction::other:
      return "a line outside the grammar:";
  }
  return "";
}

ChangeLine parse_change_line(std::string_view line) {
  const std::vector<std::string> words = words_of(line);
  const ChangeLine unknown{ChangeAction::other, std::string(line)};
  if (begins_with(words, "add relation")) {
    std::string subject = relation_subject(words);
    return subject.empty() ? unknown : ChangeLine{ChangeAction::add_relation, std::move(subject)};
  }
  if (begins_with(words, "expose") || begins_with(words, "override expose settings for")) {
    std::string subject = exposed_subject(words);
    return subject.empty() ? unknown : ChangeLine{ChangeAction::expose, std::move(subject)};
  }
  for (const Form& form : kForms) {
    if (!begins_with(words, form.words)) continue;
    if (form.subject == kLast) return {form.action, std::string(line)};
    return form.subject < words.size() ? ChangeLine{form.action, words[form.subject]} : unknown;
  }
  return unknown;
}

}  // namespace gatehouse
