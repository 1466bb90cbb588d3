#include "clients/juju/exec_results.h"

#include <gtest/gtest.h>

namespace gatehouse::juju {
namespace {

TEST(ExecResults, ReadsTheMapOf3AndThe4) {
  const auto results = decode_exec_results(R"({
    "0": {"id": "5", "machine": "0", "status": "completed",
          "results": {"return-code": 0, "stdout": "name a ok\n"},
          "timing": {"enqueued": "x"}},
    "0/lxd/1": {"id": "6", "machine": "0/lxd/1", "status": "failed", "message": "no shell",
                "results": {"return-code": 127, "stderr": "sh: not found"}},
    "1": {"id": "7", "status": "pending"}})");
  ASSERT_TRUE(results);
  ASSERT_EQ(results->size(), 3U);
  EXPECT_EQ(results->at("0").out, "name a ok\n");
  EXPECT_EQ(results->at("0").return_code, 0);
  EXPECT_EQ(results->at("0/lxd/1").return_code, 127);
  EXPECT_EQ(results->at("0/lxd/1").message, "no shell");
  EXPECT_EQ(results->at("1").return_code, -1);
  EXPECT_EQ(results->at("1").message, "pending");
}

TEST(ExecResults, NamesTheMachineWhereTheKeyIsATask) {
  const auto results =
      decode_exec_results(R"({"17": {"machine": "2", "results": {"return-code": 0}}})");
  EXPECT_TRUE(results->contains("2"));
}

TEST(ExecResults, ReadsTheListOf2) {
  const auto results = decode_exec_results(R"([
    {"MachineId": "0", "Stdout": "name a ok\n"},
    {"MachineId": "1", "Stdout": "", "Stderr": "oops", "ReturnCode": 3},
    {"MachineId": "2", "Message": "timed out"}])");
  ASSERT_TRUE(results);
  EXPECT_EQ(results->at("0").return_code, 0);
  EXPECT_EQ(results->at("1").return_code, 3);
  EXPECT_EQ(results->at("2").return_code, -1);
  EXPECT_EQ(results->at("2").message, "timed out");
}

TEST(ExecResults, NoResultIsNoAnswer) {
  for (const char* out : {"", "{}", "{}\n", "[]", "null", "3", "{\"0\": 4}", "{"}) {
    EXPECT_FALSE(decode_exec_results(out)) << out;
  }
}

TEST(ExecResults, ReadsOutputThatIsNoUtf8) {
  const auto results = decode_exec_results(R"({"0": {"id": "1", "machine": "0", "results":
    {"return-code": 0, "stdout": "//4=", "stdout-encoding": "base64", "stderr": "!", 
     "stderr-encoding": "base64"}, "status": "completed"}})");
  ASSERT_TRUE(results);
  EXPECT_EQ(results->at("0").out, "\xff\xfe");
  EXPECT_EQ(results->at("0").err, "!") << "what is no base64 stays as it is";
}

}  // namespace
}  // namespace gatehouse::juju
