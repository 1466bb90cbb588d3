// One line of what `juju deploy` says that it would change, taken apart by its grammar: what is
// done, and to what. Pure; judges nothing. Source: Juju 3.6.28, core/bundle/changes; 2.9 puts a
// series where later ones put a base, in the same grammar.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gatehouse {

enum class ChangeAction {
  upload_charm,
  deploy_application,
  upgrade_application,
  scale_application,
  add_machine,
  add_container,
  add_unit,
  add_relation,
  expose,
  set_options,
  set_constraints,
  set_annotations,
  offer,
  consume,
  grant,
  other,  ///< outside the grammar; the subject is the whole line
};

std::string_view to_words(ChangeAction action);

struct ChangeLine {
  ChangeAction action = ChangeAction::other;
  std::string subject;  ///< "ceph-mon/0", "0/lxd/3", "a:x - b:y" with the ends in byte order

  bool operator==(const ChangeLine&) const = default;
  auto operator<=>(const ChangeLine&) const = default;
};

/// `line` without "- ".
ChangeLine parse_change_line(std::string_view line);

}  // namespace gatehouse
