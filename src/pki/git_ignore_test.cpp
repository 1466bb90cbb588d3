// Whether git would take an overlay, asked of the real git.
#include "pki/git_ignore.h"

#include <gmock/gmock.h>

#include "pki/posix_effects.h"

namespace gatehouse::pki {
namespace {

using testing::HasSubstr;

class GitIgnore : public PosixEffectsTest {
 protected:
  GitIgnore() {
    run({"git", "init", "--quiet", path("tree")});
    EXPECT_TRUE(files_->create(path("tree/octavia-pki.yaml"), "secret: 1\n", 0600));
  }

  std::vector<Diagnostic> found(const std::string& name) {
    Findings findings;
    check_ignored(effects_, path(name), {}, findings);
    return findings.take();
  }
};

TEST_F(GitIgnore, an_overlay_that_git_would_take_is_told) {
  const auto told = found("tree/octavia-pki.yaml");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].code, "not-ignored");
  EXPECT_EQ(told[0].severity, Severity::warning);
  EXPECT_THAT(told[0].message, HasSubstr("tree/octavia-pki.yaml is in a git work tree"));
  EXPECT_THAT(told[0].help, HasSubstr("add octavia-pki.yaml to the .gitignore"));
}

TEST_F(GitIgnore, one_that_is_ignored_or_in_no_work_tree_is_not) {
  ASSERT_TRUE(files_->create(path("tree/.gitignore"), "octavia-*.yaml\n", 0644));
  ASSERT_TRUE(files_->create(path("octavia-pki.yaml"), "secret: 1\n", 0600));
  EXPECT_TRUE(found("tree/octavia-pki.yaml").empty());
  EXPECT_TRUE(found("octavia-pki.yaml").empty());
}

TEST_F(GitIgnore, a_work_tree_that_git_cannot_read_is_told_as_one) {
  std::filesystem::remove_all(path("tree/.git"));
  ASSERT_TRUE(files_->create(path("tree/.git"), "gitdir: /nowhere\n", 0644));
  const auto told = found("tree/octavia-pki.yaml");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].code, "not-ignored");
  EXPECT_THAT(told[0].message, HasSubstr("git does not say whether it is ignored"));
}

}  // namespace
}  // namespace gatehouse::pki
