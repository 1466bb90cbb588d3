#include "facts/change_line.h"

#include <gtest/gtest.h>

namespace gatehouse {

// Otherwise the test runner shows the bytes of the struct.
void PrintTo(const ChangeLine& line, std::ostream* stream) {
  *stream << to_words(line.action) << " " << line.subject;
}

namespace {

struct Row {
  const char* line;
  ChangeAction action;
  const char* subject;
};

// Lines of Juju 3.6.23 and 2.9.42 as recorded, and of the sources of 3.6.28 where none was.
constexpr Row kRows[] = {
    {"upload charm haproxy from charm-hub for base ubuntu@22.04/stable from channel latest/stable "
     "with architecture=amd64",
     ChangeAction::upload_charm, "haproxy"},
    {"upload charm haproxy from charm-hub for series jammy from channel latest/stable with "
     "architecture=amd64",
     ChangeAction::upload_charm, "haproxy"},
    {"deploy application web from charm-hub on ubuntu@22.04/stable with latest/stable using "
     "haproxy",
     ChangeAction::deploy_application, "web"},
    {"upgrade web from charm-hub using charm haproxy", ChangeAction::upgrade_application, "web"},
    {"scale web to 3 units", ChangeAction::scale_application, "web"},
    {"add new machine 3 (bundle machine 0)", ChangeAction::add_machine, "3"},
    {"add lxd container 0/lxd/3 on new machine 0", ChangeAction::add_container, "0/lxd/3"},
    {"add kvm container 1/kvm/0 on existing machine 1", ChangeAction::add_container, "1/kvm/0"},
    {"add unit web/0 to 0/lxd/1 to satisfy [lxd:mysql]", ChangeAction::add_unit, "web/0"},
    {"add relation web:reverseproxy - app:website", ChangeAction::add_relation,
     "app:website - web:reverseproxy"},
    {"expose all endpoints of web and allow access from CIDRs 0.0.0.0/0 and ::/0",
     ChangeAction::expose, "web"},
    {"override expose settings for endpoint www of web and allow access from CIDR 10.0.0.0/8",
     ChangeAction::expose, "web endpoint www"},
    {"set annotations for web", ChangeAction::set_annotations, "web"},
    {"set application options for web", ChangeAction::set_options, "web"},
    {"set constraints for web to \"mem=8192\"", ChangeAction::set_constraints, "web"},
    {"create offer sql using db:mysql", ChangeAction::offer, "sql"},
    {"consume offer mysql at other:admin/default.mysql", ChangeAction::consume, "mysql"},
    {"grant user bob read access to offer sql", ChangeAction::grant,
     "grant user bob read access to offer sql"},
    {"bless web", ChangeAction::other, "bless web"},
    {"add new machine", ChangeAction::other, "add new machine"},
    {"add relation a:x", ChangeAction::other, "add relation a:x"},
    {"expose", ChangeAction::other, "expose"},
    {"", ChangeAction::other, ""},
};

TEST(ChangeLine, is_taken_apart_by_its_grammar) {
  for (const Row& row : kRows) {
    EXPECT_EQ(parse_change_line(row.line), (ChangeLine{row.action, row.subject})) << row.line;
  }
}

TEST(ChangeLine, both_orders_of_a_relation_are_one_subject) {
  EXPECT_EQ(parse_change_line("add relation a:x - b:y"),
            parse_change_line("add relation b:y - a:x"));
}

}  // namespace

}  // namespace gatehouse
