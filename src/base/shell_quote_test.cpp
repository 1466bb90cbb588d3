#include "base/shell_quote.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

TEST(ShellQuote, LeavesPlainWordsAndQuotesAllElse) {
  const std::pair<std::string, std::string> cases[] = {
      {"qemu-img", "qemu-img"},
      {"--output=json", "--output=json"},
      {"0/lxd/1,2", "0/lxd/1,2"},
      {"", "''"},
      {"a b", "'a b'"},
      {"$(rm)", "'$(rm)'"},
      {"it's", "'it'\\''s'"},
      {"'", "''\\'''"},
      {"a\nb", "'a\nb'"},
      {"~root", "'~root'"},
      {"*", "'*'"},
      {"`x`;&|<>\"\\", "'`x`;&|<>\"\\'"},
  };
  for (const auto& [word, quoted] : cases) EXPECT_EQ(shell_quote(word), quoted);
}

TEST(ShellQuote, JoinsWordsIntoOneLine) {
  const std::vector<std::string> argv = {"ssh", "host", "echo 'x'; true"};
  EXPECT_EQ(command_line(argv), "ssh host 'echo '\\''x'\\''; true'");
}

}  // namespace
}  // namespace gatehouse
