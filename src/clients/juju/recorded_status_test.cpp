#include "clients/juju/recorded_status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/recordings.h"

namespace gatehouse::juju {
namespace {

TEST(RecordedStatus, TellsJsonFromYaml) {
  EXPECT_EQ(recorded_form("{\"model\": {}}").value(), RecordedForm::json);
  EXPECT_EQ(recorded_form("\n {\"model\"").value(), RecordedForm::json);
  EXPECT_EQ(recorded_form("model:\n  name: m\n").value(), RecordedForm::yaml);
}

TEST(RecordedStatus, AFailedCallSaysNothingOfTheModel) {
  for (const char* text : {"{}", "{}\n", "{}\nERROR model c:m not found\n",
                           "ERROR \njuju client not compatible with server\n"}) {
    const auto form = recorded_form(text);
    ASSERT_FALSE(form) << text;
    EXPECT_EQ(form.error().kind, ErrorKind::unavailable) << text;
    EXPECT_THAT(form.error().help, testing::HasSubstr("--format json"));
  }
  EXPECT_THAT(recorded_form("{}\nERROR model c:m not found\n").error().message,
              testing::HasSubstr("model c:m not found"));
}

TEST(RecordedStatus, EveryRecordedTableAndFailedCallIsKnownAsSuch) {
  const auto folder = recordings::shared("recorded/juju");
  if (!folder) return;
  std::size_t tables = 0, failures = 0;
  for (const auto& path : recordings::files_in(*folder, ".txt")) {
    const std::string name = path.filename();
    const bool is_other = name.find("deploy") != name.npos && name.find("guide") == name.npos;
    if (is_other || name.find("fragments") != name.npos) continue;
    const bool is_failure = name.find("error") != name.npos;
    const auto form = recorded_form(recordings::read_file(path));
    ASSERT_FALSE(form) << name;
    EXPECT_EQ(form.error().kind, is_failure ? ErrorKind::unavailable : ErrorKind::invalid_input)
        << name;
    ++(is_failure ? failures : tables);
  }
  EXPECT_GE(tables, 20U);
  EXPECT_GE(failures, 3U);
}

TEST(RecordedStatus, AnEmptyFileIsNoStatus) {
  EXPECT_EQ(recorded_form("").error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(recorded_form(" \n\n").error().kind, ErrorKind::invalid_input);
}

}  // namespace
}  // namespace gatehouse::juju
