#include "lint/charm_names.h"

#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse {

namespace {

std::string channel_or(const std::string& channel, std::string_view otherwise) {
  return channel.empty() ? std::string(otherwise) : channel;
}

std::string suggestion(const std::string& name, const CharmNames& names) {
  std::vector<std::string> known(names.listed.begin(), names.listed.end());
  std::erase(known, "");
  if (const auto nearest = nearest_word(name, known)) {
    return fmt::format("did you mean \"{}\"?", *nearest);
  }
  if (known.empty()) return "the charm has none";
  constexpr std::size_t kShown = 12;
  if (known.size() <= kShown) return fmt::format("the charm has {}", join(known, ", "));
  return "";
}

Severity severity_of(Standing standing, bool is_same) {
  if (standing == Standing::absent) return Severity::error;
  if (standing == Standing::elsewhere && !is_same) return Severity::note;
  return Severity::warning;
}

std::string message_of(const NameUse& use, Standing standing, const CharmFacts& facts) {
  const std::string channel = channel_or(facts.channel, "the version known here");
  if (standing == Standing::elsewhere) {
    return fmt::format("charm {} has {} \"{}\" in some other version, not in {}", facts.name,
                       use.kind, printable(use.name), channel);
  }
  if (standing == Standing::absent) {
    return fmt::format("charm {} has no {} \"{}\" in {}", facts.name, use.kind, printable(use.name),
                       channel);
  }
  return fmt::format("charm {} has no {} \"{}\" in {}; whether it has one in {} is not known",
                     facts.name, use.kind, printable(use.name), channel,
                     channel_or(use.application.channel, "the channel that Juju picks"));
}

}  // namespace

void judge_name(const NameUse& use, const CharmNames& names, const CharmFacts& facts,
                Findings& findings) {
  const Standing standing = standing_of(use.name, names, facts, use.application);
  if (standing == Standing::listed || standing == Standing::not_known) return;
  const Severity severity = severity_of(standing, is_same_track(facts, use.application));
  if (findings.is_full()) {
    return findings.add(
        {.span = {}, .subject = {}, .message = {}, .help = {}, .severity = severity});
  }
  const std::string help = standing == Standing::elsewhere
                               ? fmt::format("look at the charm's own page for {}",
                                             channel_or(use.application.channel, "its channel"))
                               : suggestion(use.name, names);
  findings.add({.span = use.span,
                .subject = use.application.name,
                .message = message_of(use, standing, facts),
                .help = help,
                .severity = severity});
}

}  // namespace gatehouse
