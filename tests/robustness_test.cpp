// Whatever bytes a bundle is made of, the built program ends by itself within bounded memory and
// processor time, by an exit code of its own, and says something. The kernel measures both.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/sanitized.h"

namespace gatehouse {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMegabyte = 1U << 20U;

// The promise is 1 s and 100 MB for each megabyte, the program itself included, in the release
// build on an idle machine. A busy one and a build without optimisation need more time.
constexpr rlim_t kSecondsMax = 4;
constexpr std::size_t kResidentMax = 100;  // MB for each MB, or for less than one

std::string repeated(const std::string& text, std::size_t bytes) {
  std::string all;
  while (all.size() < bytes) all += text;
  return all;
}

std::string numbered(const std::function<std::string(const std::string&)>& line, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += line(std::to_string(i));
  return all;
}

// Each name stands for nine of the one before.
std::string bomb(const std::string& first, const std::string& begin, const std::string& end) {
  std::string all = "a0: &a0 " + first + "\n";
  for (int i = 1; i < 9; ++i) {
    const std::string last = " *a" + std::to_string(i - 1) + " ";
    const std::string own = "a" + std::to_string(i);
    all += own + ": &" + own + " " + begin + last;
    for (int k = 1; k < 9; ++k) all += "," + last;
    all += end + "\n";
  }
  return all;
}

struct Hostile {
  std::string name;
  std::function<std::string()> bytes;
  bool is_planned = false;
};

std::string application(const std::string& fields) {
  return "applications: {a: {charm: x, " + fields + "}}\n";
}

std::vector<Hostile> structures() {
  return {
      {"alias_bomb", [] { return bomb("[x,x,x]", "[", "]"); }},
      {"merge_key_bomb",
       [] { return bomb("{a: 1, b: 2}", "{<<: [", "]}") + application("options: {<<: *a8}"); }},
      {"deep_flow_lists", [] { return repeated("[", kMegabyte); }},
      {"deep_flow_mappings", [] { return repeated("{a: ", kMegabyte); }},
      {"deep_block_lists", [] { return repeated("- ", kMegabyte); }},
      {"deep_block_keys", [] { return repeated("? ", kMegabyte); }},
      {"duplicate_anchors",
       [] { return numbered([](const std::string& i) { return "k" + i + ": &a 1\n"; }, 60'000); }},
      {"ten_thousands_of_anchors",
       [] {
         return "a: [" + numbered([](const std::string& i) { return "&a" + i + " x,"; }, 60'000) +
                "]\n";
       }},
      {"thousands_of_documents", [] { return repeated("---\n", kMegabyte); }},
      {"tag_directives",
       [] {
         const auto line = [](const std::string& i) { return "%TAG !a" + i + "! tag:x,\n"; };
         return numbered(line, 40'000) + "---\nx\n";
       }},
      {"self_reference", [] { return application("options: &x {y: *x}"); }},
  };
}

std::vector<Hostile> bytes_of_any_kind() {
  return {
      {"nul", [] { return std::string("a: b\0c\n", 7); }},
      {"invalid_utf_8", [] { return repeated("a: \xff\xfe\n", kMegabyte); }},
      {"control_characters", [] { return repeated("\x01\x02", kMegabyte); }},
      {"carriage_returns", [] { return std::string("applications:\r\n  a:\r\n    charm: x\r\n"); },
       true},
      {"byte_order_mark", [] { return "\xef\xbb\xbf" + application("num_units: 1"); }, true},
      {"one_long_line",
       [] { return application("options: {y: \"" + repeated("z", kMegabyte) + "\"}"); }, true},
      {"very_long_key", [] { return "? " + repeated("k", kMegabyte) + "\n: v\n"; }},
      {"escapes",
       [] { return application("options: {y: \"" + repeated("\\x41", kMegabyte) + "\"}"); }, true},
      {"larger_than_any_bundle", [] { return repeated("#", 65 * kMegabyte); }},
      {"nothing", [] { return std::string(); }},
  };
}

std::vector<Hostile> values() {
  return {
      {"huge_numbers",
       [] { return application("revision: 99999999999999999999, num_units: 1e400"); }},
      {"units_without_bound", [] { return application("num_units: 9223372036854775807"); }},
      {"unknown_fields",
       [] {
         return application(
             numbered([](const std::string& i) { return "k" + i + ": 1,"; }, 60'000));
       },
       true},
      {"duplicate_keys",
       [] { return application("options: {" + repeated("k: 1,", kMegabyte) + "}"); }, true},
      {"wrong_types", [] { return application("to: [" + repeated("[],", kMegabyte) + "]"); }},
      {"self_relations",
       [] { return application("") + "relations: [" + repeated("[a,a],", kMegabyte) + "]\n"; }},
      {"applications_without_body",
       [] {
         return "applications:\n" +
                numbered([](const std::string& i) { return "  a" + i + "b:\n"; }, 60'000);
       }},
      {"blanks_in_constraints",
       [] { return application("constraints: \"" + repeated("tags=a\\\\ ", kMegabyte) + "\""); },
       true},
      {"a_chain_of_placements",
       [] {
         std::string all = "applications:\n  a10000x: {charm: x, num_units: 1}\n";
         for (int i = 10'000; i < 29'999; ++i) {
           all += "  a" + std::to_string(i + 1) + "x: {charm: x, num_units: 1, to: [a" +
                  std::to_string(i) + "x]}\n";
         }
         return all;
       },
       true},
      {"spaces_times_units",
       [] {
         const auto binding = [](const std::string& i) { return "e" + i + ": s" + i + ","; };
         return application("num_units: 50000, to: [new], bindings: {" + numbered(binding, 40'000) +
                            "}");
       }},
  };
}

// One small thing half a million times, or a hundred thousand: what each costs in memory.
std::vector<Hostile> crowds() {
  const auto in_applications = [](const std::string& body) {
    return [=] {
      return "applications: {" +
             numbered([&](const std::string& i) { return "a" + i + "b: " + body + ","; }, 60'000) +
             "}\n";
    };
  };
  const auto in_section = [](const std::string& section, const std::string& value) {
    return [=] {
      const auto entry = [&](const std::string& i) { return "k" + i + ": " + value + ","; };
      return application(section + ": {" + numbered(entry, 90'000) + "}");
    };
  };
  const auto in_list = [](const std::string& field, const std::string& item) {
    return [=] { return application("") + field + ": [" + repeated(item, kMegabyte) + "]\n"; };
  };
  return {
      {"null_applications", in_applications("")},
      {"empty_applications", in_applications("{}")},
      {"applications_of_a_wrong_type", in_applications("{to: 1}")},
      {"applications_of_a_charm", in_applications("{charm: c}"), true},
      {"options", in_section("options", "1"), true},
      {"bindings", in_section("bindings", "s"), true},
      {"annotations", in_section("annotations", "s"), true},
      {"storage", in_section("storage", "1G"), true},
      {"resources", in_section("resources", "1"), true},
      {"placements", [] { return application("to: [" + repeated("0,", kMegabyte) + "]"); }},
      {"null_relations", in_list("relations", "~,")},
      {"empty_relations", in_list("relations", "[],")},
      {"tags", in_list("tags", "a,"), true},
      {"nulls", [] { return "x: [" + repeated("~,", kMegabyte) + "]\n"; }},
      {"null_remote_applications",
       [] {
         const auto entry = [](const std::string& i) { return "a" + i + "b: ,"; };
         return application("") + "saas: {" + numbered(entry, 90'000) + "}\n";
       },
       true},
  };
}

std::vector<Hostile> all_hostile() {
  std::vector<Hostile> all = structures();
  for (const auto& more : {bytes_of_any_kind(), values(), crowds()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

struct Ending {
  int status = 0;
  std::size_t resident = 0;  // the most at once, in bytes
  std::string out;
};

// One descriptor takes all output; a bundle of one megabyte may earn several.
Ending run_bounded(const std::vector<std::string>& arguments, const fs::path& output) {
  std::vector<char*> pointers;
  for (const std::string& argument : arguments)
    pointers.push_back(const_cast<char*>(argument.data()));
  pointers.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    const rlimit seconds{kSecondsMax, kSecondsMax};
    setrlimit(RLIMIT_CPU, &seconds);
    if (!std::freopen(output.c_str(), "wb", stdout)) _exit(126);
    dup2(STDOUT_FILENO, STDERR_FILENO);
    execv(pointers[0], pointers.data());
    _exit(127);
  }
  Ending ending;
  rusage used{};
  wait4(child, &ending.status, 0, &used);
  ending.resident = static_cast<std::size_t>(used.ru_maxrss) << 10U;
  std::ifstream file(output, std::ios::binary);
  ending.out.assign(std::istreambuf_iterator<char>(file), {});
  return ending;
}

class HostileBundle : public ::testing::TestWithParam<Hostile> {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "gatehouse-robust-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  Ending run(const std::string& command) {
    return run_bounded(
        {GATEHOUSE_BINARY_DIR "/gatehouse", "bundle", command, (folder_ / "bundle.yaml").string()},
        folder_ / "output");
  }

  fs::path folder_;
};

TEST_P(HostileBundle, ends_within_bounds_and_says_why) {
  const std::string bytes = GetParam().bytes();
  std::ofstream(folder_ / "bundle.yaml", std::ios::binary) << bytes;
  const Ending plan = run("plan");
  ASSERT_TRUE(WIFEXITED(plan.status)) << "signal " << WTERMSIG(plan.status);
  EXPECT_EQ(WEXITSTATUS(plan.status), GetParam().is_planned ? 0 : 2) << plan.out.substr(0, 400);
  EXPECT_FALSE(plan.out.empty());
  const Ending check = run("check");
  ASSERT_TRUE(WIFEXITED(check.status)) << "signal " << WTERMSIG(check.status);
  EXPECT_LE(WEXITSTATUS(check.status), 2) << check.out.substr(0, 400);
  EXPECT_FALSE(check.out.empty());
  // With the sanitizer the bound is one of time alone.
  if (kIsSanitized) return;
  EXPECT_LE(std::max(plan.resident, check.resident),
            kResidentMax * std::max(kMegabyte, bytes.size()));
}

INSTANTIATE_TEST_SUITE_P(Robustness, HostileBundle, ::testing::ValuesIn(all_hostile()),
                         [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace gatehouse
