#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "effects/posix/posix.h"
#include "effects/posix/test_folder.h"

namespace gatehouse::posix {
namespace {

constexpr std::size_t kLimit = 1000;

class FileStoreTest : public testing::Test {
 protected:
  unsigned mode_of(const std::string& name) { return files_->info(folder_ / name)->mode; }

  TestFolder folder_;
  std::unique_ptr<FileStore> files_ = make_file_store();
};

TEST_F(FileStoreTest, reads_what_was_written) {
  ASSERT_TRUE(files_->write_atomic(folder_ / "a", "text", 0644));
  EXPECT_EQ(files_->read(folder_ / "a", kLimit).value(), "text");
  EXPECT_EQ(files_->read(folder_ / "a", 4).value(), "text");
}

TEST_F(FileStoreTest, refuses_to_read_what_is_missing_too_large_or_no_file) {
  EXPECT_EQ(files_->read(folder_ / "none", kLimit).error().kind, ErrorKind::not_found);
  folder_.write("large", std::string(kLimit + 1, 'x'));
  EXPECT_EQ(files_->read(folder_ / "large", kLimit).error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(files_->read(folder_.path(), kLimit).error().kind, ErrorKind::invalid_input);
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(files_->read(folder_ / "pipe", kLimit).error().kind, ErrorKind::invalid_input);
}

TEST_F(FileStoreTest, the_mode_is_as_asked_whatever_the_mask) {
  const mode_t former = ::umask(0077);
  ASSERT_TRUE(files_->write_atomic(folder_ / "open", "x", 0644));
  ::umask(0);
  ASSERT_TRUE(files_->write_atomic(folder_ / "closed", "x", 0600));
  ASSERT_TRUE(files_->create(folder_ / "created", "x", 0640));
  ASSERT_TRUE(files_->append(folder_ / "appended", "x", 0600));
  ASSERT_TRUE(files_->make_folder(folder_ / "deep/er", 0700));
  ::umask(former);
  EXPECT_EQ(mode_of("open"), 0644U);
  EXPECT_EQ(mode_of("closed"), 0600U);
  EXPECT_EQ(mode_of("created"), 0640U);
  EXPECT_EQ(mode_of("appended"), 0600U);
  EXPECT_EQ(mode_of("deep"), 0700U);
  EXPECT_EQ(mode_of("deep/er"), 0700U);
}

TEST_F(FileStoreTest, replacing_leaves_the_old_file_whole_for_those_who_read_it) {
  folder_.write("a", "old");
  std::ifstream reader(folder_ / "a");
  ASSERT_TRUE(files_->write_atomic(folder_ / "a", "new", 0600));
  std::string seen;
  reader >> seen;
  EXPECT_EQ(seen, "old");
  EXPECT_EQ(folder_.read("a"), "new");
  EXPECT_THAT(files_->list(folder_.path()).value(), testing::ElementsAre("a"));
}

TEST_F(FileStoreTest, replacing_a_symlink_leaves_its_target_alone) {
  folder_.write("target", "kept");
  ASSERT_EQ(::symlink("target", (folder_ / "link").c_str()), 0);
  ASSERT_TRUE(files_->write_atomic(folder_ / "link", "new", 0600));
  EXPECT_EQ(folder_.read("target"), "kept");
  EXPECT_EQ(files_->info(folder_ / "link")->kind, FileKind::file);
}

TEST_F(FileStoreTest, creating_refuses_what_exists_and_leaves_no_trace) {
  ASSERT_TRUE(files_->create(folder_ / "a", "first", 0600));
  EXPECT_EQ(files_->create(folder_ / "a", "second", 0600).error().kind, ErrorKind::conflict);
  EXPECT_EQ(folder_.read("a"), "first");
  EXPECT_THAT(files_->list(folder_.path()).value(), testing::ElementsAre("a"));
}

TEST_F(FileStoreTest, writing_into_a_folder_that_is_not_there_is_told) {
  EXPECT_EQ(files_->write_atomic(folder_ / "no/a", "x", 0600).error().kind, ErrorKind::not_found);
}

TEST_F(FileStoreTest, appending_adds_at_the_end_and_follows_no_symlink) {
  ASSERT_TRUE(files_->append(folder_ / "log", "one\n", 0600));
  ASSERT_TRUE(files_->append(folder_ / "log", "two\n", 0600));
  EXPECT_EQ(folder_.read("log"), "one\ntwo\n");
  ASSERT_EQ(::symlink("log", (folder_ / "link").c_str()), 0);
  EXPECT_FALSE(files_->append(folder_ / "link", "three\n", 0600));
}

TEST_F(FileStoreTest, a_secret_must_be_closed_to_others) {
  folder_.write("secret", "s3cret");
  ASSERT_EQ(::chmod((folder_ / "secret").c_str(), 0644), 0);
  const auto refused = files_->read_secret(folder_ / "secret", kLimit);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::denied);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("mode 0644, expected 0600"));
  EXPECT_THAT(refused.error().message, testing::Not(testing::HasSubstr("s3cret")));

  ASSERT_EQ(::chmod((folder_ / "secret").c_str(), 0600), 0);
  const auto secret = files_->read_secret(folder_ / "secret", kLimit);
  ASSERT_TRUE(secret);
  EXPECT_TRUE(secret->equals("s3cret"));
}

TEST_F(FileStoreTest, a_symlink_to_an_open_secret_is_refused_as_its_target) {
  folder_.write("secret", "x");
  ASSERT_EQ(::chmod((folder_ / "secret").c_str(), 0640), 0);
  ASSERT_EQ(::symlink("secret", (folder_ / "link").c_str()), 0);
  EXPECT_EQ(files_->read_secret(folder_ / "link", kLimit).error().kind, ErrorKind::denied);
}

TEST_F(FileStoreTest, info_tells_a_symlink_from_its_target) {
  folder_.write("a", "12345");
  ASSERT_EQ(::symlink("a", (folder_ / "link").c_str()), 0);
  EXPECT_EQ(files_->info(folder_ / "a")->size, 5U);
  EXPECT_TRUE(files_->info(folder_ / "a")->is_ours);
  EXPECT_EQ(files_->info(folder_ / "link")->kind, FileKind::symlink);
  EXPECT_EQ(files_->info(folder_.path())->kind, FileKind::folder);
  EXPECT_EQ(files_->info(folder_ / "none").error().kind, ErrorKind::not_found);
}

TEST_F(FileStoreTest, names_are_listed_in_byte_order) {
  for (const char* name : {"b", "a", "Z", ".hidden"}) folder_.write(name, "");
  EXPECT_THAT(files_->list(folder_.path()).value(), testing::ElementsAre(".hidden", "Z", "a", "b"));
  EXPECT_EQ(files_->list(folder_ / "none").error().kind, ErrorKind::not_found);
}

TEST_F(FileStoreTest, a_folder_that_exists_is_left_as_it_is) {
  ASSERT_TRUE(files_->make_folder(folder_ / "a", 0755));
  ASSERT_TRUE(files_->make_folder(folder_ / "a/", 0700));
  EXPECT_EQ(mode_of("a"), 0755U);
  folder_.write("file", "");
  EXPECT_EQ(files_->make_folder(folder_ / "file", 0700).error().kind, ErrorKind::conflict);
}

TEST_F(FileStoreTest, removing_takes_all_within_but_follows_no_symlink) {
  ASSERT_TRUE(files_->make_folder(folder_ / "tree/deep", 0700));
  folder_.write("tree/deep/file", "x");
  folder_.write("outside", "kept");
  ASSERT_EQ(::symlink("../outside", (folder_ / "tree/link").c_str()), 0);
  ASSERT_TRUE(files_->remove(folder_ / "tree"));
  EXPECT_THAT(files_->list(folder_.path()).value(), testing::ElementsAre("outside"));
  EXPECT_TRUE(files_->remove(folder_ / "tree"));
}

TEST_F(FileStoreTest, renaming_and_resolving) {
  folder_.write("a", "x");
  ASSERT_TRUE(files_->rename(folder_ / "a", folder_ / "b"));
  ASSERT_EQ(::symlink("b", (folder_ / "link").c_str()), 0);
  EXPECT_EQ(files_->canonical(folder_ / "./link").value(), folder_ / "b");
  EXPECT_EQ(files_->canonical(folder_ / "a").error().kind, ErrorKind::not_found);
}

TEST_F(FileStoreTest, a_lock_is_exclusive_and_names_its_holder) {
  auto lock = files_->lock(folder_ / "lock", "run 7, process 42");
  ASSERT_TRUE(lock);
  EXPECT_EQ(mode_of("lock"), 0600U);
  const auto second = files_->lock(folder_ / "lock", "another");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::conflict);
  EXPECT_THAT(second.error().message, testing::HasSubstr("run 7, process 42"));
  lock->reset();
  EXPECT_TRUE(files_->lock(folder_ / "lock", "another"));
}

}  // namespace
}  // namespace gatehouse::posix
