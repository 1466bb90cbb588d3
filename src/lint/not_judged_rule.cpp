#include <map>
#include <string>

#include <fmt/format.h>

#include "lint/places.h"
#include "lint/relations.h"
#include "lint/rule.h"

namespace gatehouse {

namespace {

template <class Map>
bool has_unlisted(const Map& used, const CharmNames& names) {
  for (const auto& [key, value] : used) {
    if (!names.listed.contains(key) && !names.elsewhere.contains(key)) return true;
  }
  return false;
}

bool uses_what_is_not_listed(const BundleApplication& application, const CharmFacts& facts) {
  return has_unlisted(application.options, facts.options) ||
         has_unlisted(application.bindings, facts.bindings) ||
         has_unlisted(application.resources, facts.resources) ||
         has_unlisted(application.storage, facts.storage);
}

// One note for each charm, at the first application that is deployed from it.
class Notes {
 public:
  Notes(const LintCase& c, Findings& findings) : c_(c), findings_(findings) {}

  void run() {
    for (const auto& [name, application] : c_.bundle.applications) {
      const CharmFacts* facts = c_.charms.find(application);
      if (!facts) {
        note(application, application.has_local_charm()
                              ? "a local charm: its facts are not read"
                              : "the catalogue has no facts about this charm");
      } else if (!facts->is_complete && uses_what_is_not_listed(application, *facts)) {
        note(application, "the catalogue's facts about this charm are not complete");
      }
    }
    for (const BundleRelation& relation : c_.bundle.relations) {
      const RelationEnds ends = ends_of(relation, c_);
      note_end(ends.first);
      note_end(ends.second);
    }
  }

 private:
  void note_end(const RelationEnd& end) {
    if (!end.facts || end.facts->is_complete || end.endpoint.empty()) return;
    const CharmNames& names = end.facts->endpoint_names;
    if (names.listed.contains(end.endpoint) || names.elsewhere.contains(end.endpoint)) return;
    note(*end.application, "the catalogue's facts about this charm are not complete");
  }

  void note(const BundleApplication& application, const char* why) {
    const std::string charm = application.charm_name();
    if (!noted_.emplace(charm, true).second) return;
    findings_.add({.span = lint_places::field_of(application, "charm"),
                   .subject = application.name,
                   .message = fmt::format("{}: {}; its endpoints, options, resources and storage "
                                          "could not be judged",
                                          charm, why),
                   .help = ""});
  }

  const LintCase& c_;
  Findings& findings_;
  std::map<std::string, bool> noted_;
};

void judge(const LintCase& c, Findings& findings) {
  Notes(c, findings).run();
}

}  // namespace

extern const Rule not_judged_rule;
const Rule not_judged_rule{
    .code = "charm/not-judged",
    .severity = Severity::note,
    .summary = "nothing complete is known about a charm",
    .judge = judge,
};

}  // namespace gatehouse
