#include "pki/backup.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pki/create.h"
#include "pki/forged_overlay.h"
#include "pki/posix_effects.h"
#include "pki/workspace_journal.h"

namespace gatehouse::pki {
namespace {

using testing::HasSubstr;
using testing::Not;

class Backup : public PosixEffectsTest {
 protected:
  Backup() {
    PkiRequest create = forged::request();
    create.workspace = path("workspace");
    create.overlay = path("overlay.yaml");
    EXPECT_TRUE(create_pki(create, effects_, *make_key_maker()));
    request_ = {.workspace = path("workspace"), .file = path("backup"), .now = forged::kNow};
  }

  /// Every file below a folder, by its path there.
  std::map<std::string, std::string> files_in(const std::string& name) {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path(name))) {
      if (entry.is_regular_file()) {
        files[std::filesystem::relative(entry.path(), path(name))] =
            content_of(entry.path().string());
      }
    }
    return files;
  }

  BackupRequest request_;
  const Secret passphrase_{"correct horse battery"};
};

TEST_F(Backup, gives_back_the_workspace_byte_for_byte) {
  ASSERT_TRUE(back_up(request_, passphrase_, effects_));
  const auto before = files_in("workspace");
  EXPECT_EQ(mode_of("backup"), 0600U);
  request_.workspace = path("restored");
  ASSERT_TRUE(restore(request_, passphrase_, effects_));
  EXPECT_EQ(files_in("restored"), before);
  EXPECT_EQ(mode_of("restored"), 0700U);
  EXPECT_EQ(mode_of("restored/issuing-ca"), 0700U);
  EXPECT_EQ(mode_of("restored/issuing-ca/passphrase.txt"), 0600U);
}

TEST_F(Backup, takes_a_certificate_that_others_may_read_and_no_key) {
  std::filesystem::permissions(path("workspace/issuing-ca/issuing-ca.cert.pem"),
                               std::filesystem::perms{0644});
  EXPECT_TRUE(back_up(request_, passphrase_, effects_));
  std::filesystem::permissions(path("workspace/controller/controller.key"),
                               std::filesystem::perms{0644});
  request_.file = path("second");
  const auto refused = back_up(request_, passphrase_, effects_);
  ASSERT_FALSE(refused);
  EXPECT_THAT(to_string(refused.error()), HasSubstr("controller.key holds a secret"));
}

TEST_F(Backup, does_not_lie_in_the_workspace_nor_a_workspace_in_a_work_tree) {
  BackupRequest inside = request_;
  inside.file = path("workspace/backup");
  EXPECT_FALSE(back_up(inside, passphrase_, effects_));
  ASSERT_TRUE(back_up(request_, passphrase_, effects_));
  std::filesystem::create_directories(path("tree/.git"));
  request_.workspace = path("tree/workspace");
  EXPECT_FALSE(restore(request_, passphrase_, effects_));
  EXPECT_FALSE(std::filesystem::exists(request_.workspace));
}

TEST_F(Backup, holds_nothing_in_the_clear) {
  ASSERT_TRUE(back_up(request_, passphrase_, effects_));
  const std::string sealed = content_of(request_.file);
  EXPECT_THAT(sealed, Not(HasSubstr("BEGIN")));
  EXPECT_THAT(sealed, Not(HasSubstr(content_of(path("workspace/issuing-ca/passphrase.txt")))));
  EXPECT_THAT(sealed, Not(HasSubstr("passphrase.txt")));
}

TEST_F(Backup, is_noted_in_the_journal) {
  ASSERT_TRUE(back_up(request_, passphrase_, effects_));
  const auto events = read_journal(*files_, path("workspace/created.jsonl"));
  ASSERT_TRUE(events);
  EXPECT_EQ(newest(*events, "backup"), forged::kNow);
}

TEST_F(Backup, is_not_opened_by_another_passphrase_or_with_a_byte_changed) {
  ASSERT_TRUE(back_up(request_, passphrase_, effects_));
  request_.workspace = path("restored");
  const auto wrong = restore(request_, Secret("correct horse batterx"), effects_);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, ErrorKind::denied);
  for (const std::size_t at : {std::size_t{24}, std::size_t{45}, std::size_t{200}}) {
    std::string changed = content_of(path("backup"));
    changed[at] = static_cast<char>(changed[at] ^ 1);
    request_.file = path("changed-" + std::to_string(at));
    ASSERT_TRUE(files_->create(request_.file, changed, 0600));
    EXPECT_FALSE(restore(request_, passphrase_, effects_)) << at;
  }
  EXPECT_FALSE(files_->info(path("restored")));
}

TEST_F(Backup, is_no_backup_where_it_is_another_file) {
  request_.workspace = path("restored");
  request_.file = path("overlay.yaml");
  const auto restored = restore(request_, passphrase_, effects_);
  ASSERT_FALSE(restored);
  EXPECT_EQ(restored.error().kind, ErrorKind::malformed);
}

TEST_F(Backup, never_overwrites_a_workspace_or_a_file) {
  ASSERT_TRUE(back_up(request_, passphrase_, effects_));
  const auto again = back_up(request_, passphrase_, effects_);
  ASSERT_FALSE(again);
  const auto over = restore(request_, passphrase_, effects_);
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().kind, ErrorKind::conflict);
}

TEST_F(Backup, wants_a_passphrase_of_some_length_and_a_whole_workspace) {
  const auto weak = back_up(request_, Secret("short"), effects_);
  ASSERT_FALSE(weak);
  EXPECT_EQ(weak.error().kind, ErrorKind::invalid_input);
  request_.workspace = path("nowhere");
  const auto absent = back_up(request_, passphrase_, effects_);
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().kind, ErrorKind::not_found);
}

}  // namespace
}  // namespace gatehouse::pki
