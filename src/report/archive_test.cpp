#include "report/archive.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace gatehouse {

namespace {

TEST(Archive, is_read_by_the_systems_tar) {
  const std::string long_text(1000, 'x');
  const auto archive = write_archive({{"run/a.txt", "hello\n"}, {"run/b.txt", long_text}},
                                     Moment(std::chrono::seconds(1'795'374'250)));
  ASSERT_TRUE(archive);
  EXPECT_EQ(archive->size() % 512, 0U);
  const std::filesystem::path folder = std::filesystem::path(GATEHOUSE_BINARY_DIR) / "archive-test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "a.tar", std::ios::binary) << *archive;
  const std::string command =
      "tar -C '" + folder.string() + "' -xf '" + (folder / "a.tar").string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(std::filesystem::file_size(folder / "run" / "a.txt"), 6U);
  EXPECT_EQ(std::filesystem::file_size(folder / "run" / "b.txt"), 1000U);
}

TEST(Archive, refuses_a_path_that_leads_outside) {
  for (const char* path : {"", "/etc/passwd", "../x", "a/../../x", "a//b", "\xc3\xa4", "a\nb"}) {
    EXPECT_FALSE(write_archive({{path, ""}}, Moment{})) << path;
  }
  EXPECT_FALSE(write_archive({{std::string(101, 'a'), ""}}, Moment{}));
}

TEST(Archive, of_the_same_entries_is_the_same) {
  EXPECT_EQ(*write_archive({{"a", "b"}}, Moment{}), *write_archive({{"a", "b"}}, Moment{}));
}

}  // namespace

}  // namespace gatehouse
