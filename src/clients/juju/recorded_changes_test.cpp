// The recorded outputs of `juju deploy`: every change line is one that the grammar knows, and there
// are as many of each kind as the recorded bundle has.
#include <map>

#include <gtest/gtest.h>

#include "base/text.h"
#include "clients/recordings.h"
#include "facts/change_line.h"

namespace gatehouse::juju {
namespace {

std::map<ChangeAction, std::size_t> actions_in(const std::filesystem::path& path) {
  const std::string text = recordings::read_file(path);
  std::map<ChangeAction, std::size_t> actions;
  for (const std::string_view line : lines_of(text)) {
    if (!line.starts_with("- ")) continue;
    const ChangeLine change = parse_change_line(line.substr(2));
    EXPECT_NE(change.action, ChangeAction::other) << path.filename() << ": " << line;
    ++actions[change.action];
  }
  return actions;
}

TEST(RecordedChanges, AreKnownLineByLineAndCounted) {
  const auto folder = recordings::shared("recorded/juju");
  if (!folder) return;
  // SOURCES.tsv: 16 applications, 37 relations, 4 machines, 12 containers.
  auto openstack = actions_in(*folder / "blog-237-openstack-base-deploy-output.txt");
  EXPECT_EQ(openstack[ChangeAction::deploy_application], 16U);
  EXPECT_EQ(openstack[ChangeAction::add_relation], 37U);
  EXPECT_EQ(openstack[ChangeAction::add_machine], 4U);
  EXPECT_EQ(openstack[ChangeAction::add_container], 12U);
  auto landscape = actions_in(*folder / "course-3623-landscape-deploy-output.txt");
  EXPECT_EQ(landscape[ChangeAction::upload_charm], 4U);
  EXPECT_EQ(landscape[ChangeAction::deploy_application], 4U);
  EXPECT_EQ(landscape[ChangeAction::expose], 1U);
  EXPECT_EQ(landscape[ChangeAction::add_machine], 4U);
  EXPECT_EQ(landscape[ChangeAction::add_relation], 3U);
  EXPECT_EQ(landscape[ChangeAction::add_unit], 4U);
  auto stopped = actions_in(*folder / "issue-juju-10423-deploy-stop-output.txt");
  EXPECT_EQ(stopped[ChangeAction::add_machine], 1U);
  EXPECT_EQ(stopped[ChangeAction::consume], 1U);
}

}  // namespace
}  // namespace gatehouse::juju
