#include "clients/juju/failure.h"

#include <gtest/gtest.h>

#include "clients/recordings.h"

namespace gatehouse::juju {
namespace {

ErrorKind kind_of(const std::string& err, int exit_code = 1) {
  return failure_of({.exit_code = exit_code, .out = "{}\n", .err = err}, "omega").kind;
}

TEST(JujuFailure, AStaleLoginIsDeniedWithTheCommandThatHelps) {
  for (const char* err : {
           "ERROR cannot get discharge from \"https://10.0.0.1:17070/auth\": cannot start "
           "interactive session",
           "please enter password for admin on omega: ERROR EOF",
           "ERROR not logged in",
           "ERROR invalid entity name or password (unauthorized access)",
           "ERROR cannot log into controller \"omega\": permission denied",
           "ERROR permission denied",
           "ERROR opening API connection: cannot get discharge from x",
       }) {
    EXPECT_EQ(kind_of(err), ErrorKind::denied) << err;
    EXPECT_EQ(failure_of({.exit_code = 1, .err = err}, "omega").help,
              "log in with: juju login -c omega");
  }
}

TEST(JujuFailure, ToldApartByWhatJujuSays) {
  EXPECT_EQ(kind_of("ERROR unable to connect to API: dial tcp 10.0.0.1:17070: i/o timeout"),
            ErrorKind::unavailable);
  EXPECT_EQ(kind_of("ERROR opening API connection: no reachable addresses"),
            ErrorKind::unavailable);
  EXPECT_EQ(kind_of("ERROR cannot deploy bundle: cannot add unit: connection is shut down"),
            ErrorKind::unavailable);
  EXPECT_EQ(kind_of("ERROR controller omega not found"), ErrorKind::not_found);
  EXPECT_EQ(kind_of("ERROR model omega:admin/openstack not found"), ErrorKind::not_found);
  EXPECT_EQ(kind_of("ERROR No controllers registered.\n\nPlease either create a new controller"),
            ErrorKind::not_found);
  EXPECT_EQ(kind_of("ERROR unrecognized args: [\"x\"]", 2), ErrorKind::invalid_input);
  EXPECT_EQ(kind_of("ERROR cannot deploy bundle: open /tmp/x: permission denied"),
            ErrorKind::malformed);
  EXPECT_EQ(kind_of("ERROR charm or bundle \"x\" not found"), ErrorKind::malformed);
  EXPECT_EQ(kind_of("ERROR something else"), ErrorKind::malformed);
}

TEST(JujuFailure, FindsTheErrorAmongOtherLines) {
  EXPECT_EQ(error_text("WARNING old\nERROR broken\n"), "broken");
  EXPECT_EQ(error_text("ERROR \nbroken in\ntwo lines\n"), "broken in two lines");
  EXPECT_EQ(error_text("plain words\n"), "plain words");
  EXPECT_EQ(error_text(""), "");
  EXPECT_EQ(error_text("ERROR a\x1b[31mb").find('\x1b'), std::string::npos);
  EXPECT_LT(error_text("ERROR " + std::string(10'000, 'x')).size(), 500U);
}

TEST(JujuFailure, AnEmptyDocumentBesideExit1IsNoAnswer) {
  const Result<ProcessResult> result =
      ProcessResult{.exit_code = 1, .out = "{}\n", .err = "ERROR model omega:admin/x not found"};
  EXPECT_FALSE(output_of(result, "omega"));
  const Result<ProcessResult> absent = fail(ErrorKind::not_found, "no program juju");
  EXPECT_EQ(output_of(absent, "omega").error().help, "install the juju client");
  EXPECT_EQ(*output_of(ProcessResult{.exit_code = 0, .out = "x", .err = "WARNING y"}, "omega"),
            "x");
}

TEST(JujuFailure, NamesWhatRecordedFailuresSay) {
  const auto folder = recordings::shared("recorded/juju");
  if (!folder) return;
  for (const char* name : {"hotsos-error-controller.txt", "hotsos-error-machines.txt",
                           "issue-juju-21271-v400-filter-error.txt"}) {
    const std::string err = recordings::read_file(*folder / name);
    EXPECT_GT(error_text(err).size(), 10U) << name;
    EXPECT_FALSE(error_text(err).starts_with("ERROR")) << name;
  }
}

}  // namespace
}  // namespace gatehouse::juju
