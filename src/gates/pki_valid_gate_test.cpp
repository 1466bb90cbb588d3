#include "gates/gates_test_support.h"

namespace gatehouse::gates_test {

namespace {

constexpr std::string_view kGate = "pki_valid";

Diagnostic finding(Severity severity, std::string code) {
  Diagnostic diagnostic;
  diagnostic.severity = severity;
  diagnostic.code = std::move(code);
  diagnostic.message = "the passphrase does not open the issuing CA key";
  return diagnostic;
}

TEST(PkiValid, HoldsAndListsEachCertificateWithTheDaysLeft) {
  const Verdict verdict = verdict_of(kGate, good_world());
  EXPECT_EQ(checks_of(verdict, Ruling::pass),
            "secret.yaml | no error of the verifier | none\n"
            "issuing CA | not expired at 2026-11-22T00:00:00Z | CN=Test Issuing CA, until "
            "2036-11-22T00:00:00Z, 3653 days left\n"
            "controller certificate | not expired at 2026-11-22T00:00:00Z | CN=web.example.org, "
            "until 2036-11-22T00:00:00Z, 3653 days left\n");
}

TEST(PkiValid, FailsOnEachErrorOfTheVerifier) {
  World world = good_world();
  world.facts.pki.value()->findings = {finding(Severity::error, "pki/passphrase-wrong"),
                                       finding(Severity::error, "pki/option-missing")};
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(verdict.ruling, Ruling::fail);
  EXPECT_EQ(verdict.checks.at(0).subject, "pki/passphrase-wrong");
  EXPECT_EQ(verdict.checks.at(1).subject, "pki/option-missing");
  EXPECT_TRUE(verdict.checks.at(0).help.starts_with("run: gatehouse pki create "));
}

TEST(PkiValid, PassesOnWhatIsLessGraveAsAFinding) {
  World world = good_world();
  world.facts.pki.value()->findings = {finding(Severity::warning, "pki/not-ignored")};
  const Verdict verdict = verdict_of(kGate, world);
  EXPECT_EQ(verdict.ruling, Ruling::pass);
  ASSERT_EQ(verdict.findings.size(), 1u);
  EXPECT_EQ(verdict.findings[0].code, "pki/not-ignored");
}

TEST(PkiValid, FailsWhereACertificateIsOverAtTheMomentJudged) {
  World world = good_world();
  world.facts.pki.value()->judged_at = parse_rfc3339("2036-11-22T00:00:00Z").value();
  EXPECT_RULING(kGate, world, Ruling::fail);
  world.facts.pki.value()->judged_at = parse_rfc3339("2036-11-21T23:59:59Z").value();
  EXPECT_RULING(kGate, world, Ruling::pass);
}

TEST(PkiValid, FailsWithoutAnyCertificate) {
  World world = good_world();
  world.facts.pki.value()->certificates.clear();
  EXPECT_RULING(kGate, world, Ruling::fail);
}

TEST(PkiValid, IsUnknownWhereTheOverlayCouldNotBeRead) {
  World world = good_world();
  world.facts.pki = not_told<PkiFacts>();
  EXPECT_RULING(kGate, world, Ruling::unknown);
}

TEST(PkiValid, HasNothingToExamineWhereTheSiteDeclaresNoPki) {
  World world = good_world();
  world.inputs.site.pki.reset();
  EXPECT_RULING(kGate, world, Ruling::unknown);
  EXPECT_FALSE(find_gate(kGate)->applies(world.inputs));
}

}  // namespace

}  // namespace gatehouse::gates_test
