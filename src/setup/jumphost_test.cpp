#include "setup/jumphost.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "clients/fake_effects.h"

namespace gatehouse::setup {
namespace {

const Moment kNow = *parse_rfc3339("2026-11-22T19:04:10Z");

template <class T>
Observation<T> saw(T value) {
  return Observation<T>::seen(std::move(value), {});
}

template <class T>
Observation<T> missed(ErrorKind kind, std::string message, std::string help = {}) {
  return Observation<T>::failed(fail(kind, std::move(message), std::move(help)).value(), {});
}

JumphostFacts good_facts() {
  JumphostFacts facts;
  facts.has_site = true;
  facts.state_folder = "/home/o/gatehouse/omega";
  facts.controller = "omega";
  facts.ssh_version = saw<std::string>("OpenSSH_9.2p1 Debian-2");
  facts.facts.juju_client = saw<JujuClient>({.version = "3.6.28-genericlinux-amd64"});
  facts.facts.maas_version = saw<std::string>("3.5.0");
  facts.facts.maas_identity = saw<MaasIdentity>({.username = "operator", .root = "http://m/"});
  facts.facts.juju_controller = saw<JujuController>(
      {.name = "omega", .uuid = "u", .user = "admin", .agent_version = "3.6.28"});
  facts.maas_clock = saw<ClockReading>({.before = kNow, .after = kNow, .theirs = kNow});
  facts.controller_clock = facts.maas_clock;
  facts.hosts["hv1"] = saw<std::string>("answers");
  facts.free_bytes = saw<std::uint64_t>(std::uint64_t{50} << 30);
  facts.umask = saw<unsigned>(022U);
  facts.leftovers = saw<std::vector<Leftover>>({});
  return facts;
}

const Verdict& topic(const std::vector<Verdict>& verdicts, std::string_view name) {
  for (const Verdict& verdict : verdicts) {
    if (verdict.gate == name) return verdict;
  }
  ADD_FAILURE() << "no topic " << name;
  return verdicts.front();
}

Ruling ruling_of(const JumphostFacts& facts, std::string_view name) {
  return topic(judge_jumphost(facts), name).ruling;
}

TEST(Doctor, HoldsWhereAllIsWellAndEveryLineHasACommand) {
  const auto verdicts = judge_jumphost(good_facts());
  EXPECT_EQ(verdicts.size(), 7U);
  for (const Verdict& verdict : verdicts) {
    EXPECT_EQ(verdict.ruling, Ruling::pass) << verdict.gate;
    for (const Check& check : verdict.checks) EXPECT_NE(check.help, "") << check.subject;
  }
  EXPECT_THAT(jumphost_text(verdicts),
              testing::HasSubstr("pass     juju: 3.6.28-genericlinux-amd64\n"
                                 "         see: juju version\n"));
}

TEST(Doctor, IsUnknownWhereATopicCouldNotBeSeenAndKeepsTheErrorsOwnNextStep) {
  JumphostFacts facts = good_facts();
  facts.hosts["hv1"] = missed<std::string>(ErrorKind::denied, "the host key is another", "compare");
  facts.facts.maas_identity = missed<MaasIdentity>(ErrorKind::unavailable, "no answer");
  facts.umask = missed<unsigned>(ErrorKind::io, "no /proc");
  facts.free_bytes = missed<std::uint64_t>(ErrorKind::not_found, "no df");
  facts.leftovers = missed<std::vector<Leftover>>(ErrorKind::denied, "closed");
  facts.controller_clock = missed<ClockReading>(ErrorKind::denied, "no such model");
  facts.ssh_version = missed<std::string>(ErrorKind::not_found, "no program ssh", "install ssh");
  const auto verdicts = judge_jumphost(facts);
  for (const char* name : {"tools", "logins", "hosts", "clocks", "room", "umask", "leftovers"}) {
    EXPECT_EQ(topic(verdicts, name).ruling, Ruling::unknown) << name;
  }
  EXPECT_EQ(topic(verdicts, "hosts").checks.at(0).help, "compare");
  EXPECT_THAT(jumphost_text(verdicts),
              testing::HasSubstr("unknown  hv1: the host key is another\n"
                                 "         wanted: answers ssh without a question\n"
                                 "         next: compare\n"));
}

TEST(Doctor, FailsWhatIsWrong) {
  JumphostFacts facts = good_facts();
  facts.facts.juju_client = saw<JujuClient>({.version = "2.8.10-bionic-amd64"});
  EXPECT_EQ(ruling_of(facts, "tools"), Ruling::fail);
  facts.umask = saw<unsigned>(002U);
  EXPECT_EQ(topic(judge_jumphost(facts), "umask").checks.at(0).help, "umask 077");
  EXPECT_EQ(ruling_of(facts, "umask"), Ruling::fail);
  facts.free_bytes = saw<std::uint64_t>(5);
  EXPECT_EQ(ruling_of(facts, "room"), Ruling::fail);
  facts.leftovers = saw<std::vector<Leftover>>({{.what = "a lab", .next = "down"},
                                                {.what = "run r1 did not come to its end",
                                                 .next = "gatehouse resume r1",
                                                 .is_in_the_way = true}});
  const Verdict left = topic(judge_jumphost(facts), "leftovers");
  EXPECT_EQ(left.ruling, Ruling::fail);
  EXPECT_EQ(left.checks.at(0).ruling, Ruling::pass);
  EXPECT_EQ(left.checks.at(1).help, "gatehouse resume r1");
}

TEST(Doctor, TellsHowFarClocksAreApartBeyondWhatASecondHides) {
  const auto reading = [](int before, int after, int theirs) {
    const auto at = [](int milliseconds) { return kNow + Milliseconds(milliseconds); };
    return ClockReading{.before = at(before), .after = at(after), .theirs = at(theirs)};
  };
  EXPECT_EQ(difference(reading(0, 500, 0)), Milliseconds(0));
  EXPECT_EQ(difference(reading(900, 950, 0)), Milliseconds(0)) << "cut to the second";
  EXPECT_EQ(difference(reading(5000, 5100, 2000)), Milliseconds(2000));
  EXPECT_EQ(difference(reading(0, 100, 3000)), Milliseconds(2900));
  JumphostFacts facts = good_facts();
  facts.maas_clock = saw(reading(0, 100, 60'000));
  const Verdict clocks = topic(judge_jumphost(facts), "clocks");
  EXPECT_EQ(clocks.ruling, Ruling::fail);
  EXPECT_EQ(clocks.checks.at(0).observed, "this machine is 59 s behind");
  facts.maas_clock = saw(reading(100'000, 100'000, 0));
  EXPECT_EQ(topic(judge_jumphost(facts), "clocks").checks.at(0).observed,
            "this machine is 1 min 39 s ahead");
}

TEST(Doctor, ATimeOfDayIsTheNearestOne) {
  const Moment midnight = *parse_rfc3339("2026-11-22T23:59:50Z");
  EXPECT_EQ(nearest_time_of_day("00:00:10", midnight), *parse_rfc3339("2026-11-23T00:00:10Z"));
  EXPECT_EQ(nearest_time_of_day("23:00:00Z", midnight), *parse_rfc3339("2026-11-22T23:00:00Z"));
  EXPECT_EQ(nearest_time_of_day("12:59:50+13:00", midnight), midnight);
  EXPECT_EQ(nearest_time_of_day("noon", midnight), std::nullopt);
  EXPECT_EQ(nearest_time_of_day("", midnight), std::nullopt);
}

TEST(Doctor, WithoutASiteLooksAtThisMachineAndSaysHowToBegin) {
  JumphostFacts facts = good_facts();
  facts.has_site = false;
  const auto verdicts = judge_jumphost(facts);
  EXPECT_EQ(topic(verdicts, "site").ruling, Ruling::unknown);
  EXPECT_EQ(topic(verdicts, "site").checks.at(0).help, "gatehouse site init --help");
  EXPECT_EQ(topic(verdicts, "tools").ruling, Ruling::pass);
}

class Looking : public testing::Test {
 protected:
  Looking() {
    asked_.has_site = true;
    asked_.home = "/home/o";
    asked_.state_folder = "/home/o/gatehouse/omega";
    asked_.questions.controller = "omega";
    asked_.questions.maas = {.url = "http://maas:5240/MAAS", .key_file = "/k"};
    asked_.questions.disks = {{.machine = "m", .host = "hv1", .path = "/p"},
                              {.machine = "n", .host = "hv1", .path = "/q"}};
    world_.files.files["/k"] = {.bytes =
                                    "ckckckckckckckckck:tktktktktktktktktk:"
                                    "sksksksksksksksksksksksksksksksk"};
    world_.files.files["/proc/self/status"] = {.bytes = "Name:\tx\nUmask:\t0022\nState:\tR\n"};
    world_.http.answer = [](const HttpRequest&) -> Result<HttpResponse> {
      return HttpResponse{.status = 200,
                          .headers = {{.name = "Date", .value = "Sun, 22 Nov 2026 19:04:40 GMT"}},
                          .body = "{}"};
    };
    world_.processes.answer = [this](const Command& command) { return answer(command); };
  }

  Result<ProcessResult> answer(const Command& command) {
    const std::string line = join(command.argv, " ");
    if (line == "ssh -V") return ProcessResult{.err = "OpenSSH_9.2p1 Debian\n"};
    if (line.starts_with("df ")) {
      return ProcessResult{.out =
                               "Filesystem 1-blocks Used Available Capacity Mounted on\n"
                               "/dev/vda1 9 4 5 50% /\n"};
    }
    if (line.find("status") != std::string::npos) {
      return ProcessResult{.out = "{\"controller\":{\"timestamp\":\"19:04:10\"}}\n"};
    }
    if (line.starts_with("ssh ")) return host_;
    return ProcessResult{.exit_code = 1, .err = "ERROR no\n"};
  }

  JumphostFacts look() {
    Effects effects = world_.effects();
    return observe_jumphost(asked_, effects);
  }

  testing_effects::World world_;
  ProcessResult host_;
  JumphostQuestions asked_;
};

TEST_F(Looking, SeesThisMachineItsPeersAndAHostOnce) {
  const JumphostFacts facts = look();
  ASSERT_TRUE(facts.ssh_version.value());
  EXPECT_EQ(*facts.ssh_version.value(), "OpenSSH_9.2p1 Debian");
  ASSERT_TRUE(facts.free_bytes.value()) << facts.free_bytes.why_unknown();
  EXPECT_EQ(*facts.free_bytes.value(), 5U);
  ASSERT_TRUE(facts.umask.value());
  EXPECT_EQ(*facts.umask.value(), 022U);
  ASSERT_TRUE(facts.maas_clock && facts.maas_clock->value());
  EXPECT_EQ(difference(*facts.maas_clock->value()), std::chrono::seconds(30));
  ASSERT_TRUE(facts.controller_clock && facts.controller_clock->value())
      << facts.controller_clock->why_unknown();
  EXPECT_EQ(difference(*facts.controller_clock->value()), Milliseconds(0));
  ASSERT_EQ(facts.hosts.size(), 1U);
  EXPECT_TRUE(facts.hosts.at("hv1").value());
  EXPECT_FALSE(facts.qemu_img_version) << "nothing is asked here";
}

TEST_F(Looking, TheClockOfMaasIsAskedForWithoutAKey) {
  look();
  bool is_asked = false;
  for (const auto& wave : world_.http.waves) {
    for (const HttpRequest& request : wave) {
      if (!request.url.ends_with("/version/") || !request.headers.empty()) continue;
      is_asked = true;
    }
  }
  EXPECT_TRUE(is_asked);
}

TEST_F(Looking, AHostThatWouldPromptIsToldAsThat) {
  host_ = {.exit_code = 255, .err = "Host key verification failed.\n"};
  EXPECT_EQ(look().hosts.at("hv1").why_unknown(),
            "ssh to hv1 would ask somebody whether its host key is right, for none is known");
}

TEST_F(Looking, ARunThatDidNotComeToItsEndIsToldWithItsCommand) {
  asked_.site_option = " --site other.yaml";
  const std::string runs = "/home/o/gatehouse/omega/runs";
  world_.files.folders = {
      {runs, 0700}, {runs + "/r1", 0700}, {runs + "/r1/stage", 0700}, {runs + "/r0", 0700}};
  const auto leftovers = look().leftovers;
  ASSERT_TRUE(leftovers.value()) << leftovers.why_unknown();
  ASSERT_EQ(leftovers.value()->size(), 1U);
  EXPECT_EQ(leftovers.value()->front().next, "gatehouse resume r1 --site other.yaml");
  EXPECT_TRUE(leftovers.value()->front().is_in_the_way);
}

TEST_F(Looking, ADiskThatIsReadHereNeedsQemuImgHere) {
  asked_.questions.disks[0].host = "jumphost";
  const JumphostFacts facts = look();
  ASSERT_TRUE(facts.qemu_img_version);
  EXPECT_TRUE(facts.qemu_img_version->error());
}

}  // namespace
}  // namespace gatehouse::setup
