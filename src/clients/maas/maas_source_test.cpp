#include <gtest/gtest.h>

#include "clients/fake_effects.h"
#include "clients/maas/recorded_exchanges.h"
#include "clients/sources.h"

namespace gatehouse {
namespace {

constexpr FactKey kAll[] = {FactKey::maas_identity, FactKey::maas_machines, FactKey::maas_subnets,
                            FactKey::maas_ranges, FactKey::maas_addresses};

/// A MAAS that answers as recorded, except what `answers` was changed to.
class MaasSource : public ::testing::Test {
 protected:
  MaasSource() {
    world_.files.files["/key"] = {.bytes = "CONSUMER:TOKEN:SECRET"};
    questions_.maas = {.url = "http://h:5240/MAAS", .key_file = "/key"};
    questions_.hostnames = {"openstack0", "openstack1", "openstack2", "openstack3"};
    questions_.address_cidrs = {"10.12.4.0/22", "10.12.8.0/22"};
    world_.http.answer = [this](const HttpRequest& request) { return answer(request); };
  }

  void use_site(const std::string& site) {
    answers_ = recordings::maas_site(site);
    // The recorded list is of all machines; asked by name it holds the same four here.
    answers_["machines/" + kQuery] = answers_.at("machines/");
    answers_.try_emplace("users/?op=whoami", recordings::maas_site("good").at("users/?op=whoami"));
    answers_.try_emplace("version/", recordings::maas_site("good").at("version/"));
  }

  Result<HttpResponse> answer(const HttpRequest& request) {
    const std::string target = request.url.substr(request.url.find("api/2.0/") + 8);
    ++asked_[target];
    if (failure_) return fail(*failure_);
    if (busy_.contains(target) && busy_[target]-- > 0) {
      HttpResponse busy{.status = 503};
      busy.headers.push_back({.name = "Retry-After", .value = "2"});
      return busy;
    }
    const auto found = answers_.find(target);
    if (found == answers_.end()) {
      return HttpResponse{.status = 404,
                          .headers = {{.name = "Content-Type", .value = "text/plain"}},
                          .body = "Unknown API endpoint."};
    }
    return found->second;
  }

  Facts collect(std::span<const FactKey> keys = kAll) {
    Facts facts;
    Effects effects = world_.effects();
    maas_source.collect(keys, questions_, effects, facts);
    return facts;
  }

  const std::string kQuery =
      "?hostname=openstack0&hostname=openstack1&hostname=openstack2&hostname=openstack3";
  testing_effects::World world_;
  Questions questions_;
  std::map<std::string, HttpResponse> answers_;
  std::map<std::string, int> asked_;
  std::map<std::string, int> busy_;
  std::optional<Error> failure_;
};

const MaasInterface* nic(const MaasMachine& machine, const std::string& name) {
  for (const MaasInterface& interface : machine.interfaces) {
    if (interface.name == name) return &interface;
  }
  return nullptr;
}

const MaasMachine* named(const Facts& facts, const std::string& hostname) {
  for (const MaasMachine& machine : *facts.maas_machines.value()) {
    if (machine.hostname == hostname) return &machine;
  }
  return nullptr;
}

TEST_F(MaasSource, SeesTheGoodSiteInTwoWaves) {
  use_site("good");
  const Facts facts = collect();
  ASSERT_EQ(world_.http.waves.size(), 2U);
  EXPECT_EQ(world_.http.waves[0].size(), 4U);
  EXPECT_EQ(world_.http.waves[1].size(), 2U);

  ASSERT_TRUE(facts.maas_identity.value()) << facts.maas_identity.why_unknown();
  EXPECT_EQ(facts.maas_identity.value()->username, "admin");
  EXPECT_TRUE(facts.maas_identity.value()->is_superuser);
  EXPECT_EQ(facts.maas_identity.value()->root, "http://h:5240/MAAS/api/2.0/");

  ASSERT_TRUE(facts.maas_machines.value()) << facts.maas_machines.why_unknown();
  ASSERT_EQ(facts.maas_machines.value()->size(), 4U);
  const MaasMachine* machine = named(facts, "openstack1");
  ASSERT_NE(machine, nullptr);
  EXPECT_EQ(machine->system_id, "qdbqd6");
  EXPECT_EQ(machine->status, 4);
  EXPECT_EQ(machine->status_name, "Ready");
  EXPECT_EQ(machine->memory_mib, 65536);
  EXPECT_EQ(machine->architecture, "amd64/generic");
  EXPECT_EQ(machine->tags, (std::vector<std::string>{"openstack", "virtual"}));
  EXPECT_EQ(machine->zone, "default");
  EXPECT_EQ(machine->interfaces.size(), 6U);
  EXPECT_FALSE(machine->disks.empty());
  ASSERT_NE(nic(*machine, "enp8s0"), nullptr);
  ASSERT_EQ(nic(*machine, "enp8s0")->links.size(), 1U);
  EXPECT_EQ(nic(*machine, "enp8s0")->links[0].address, "10.12.12.41");
  EXPECT_EQ(nic(*machine, "enp8s0")->links[0].cidr, "10.12.12.0/22");

  ASSERT_TRUE(facts.maas_subnets.value());
  EXPECT_EQ(facts.maas_subnets.value()->size(), 6U);
  EXPECT_EQ(facts.maas_subnets.value()->front().dns_servers, std::vector<std::string>{"10.12.4.1"});
  ASSERT_TRUE(facts.maas_ranges.value());
  EXPECT_EQ(facts.maas_ranges.value()->size(), 5U);
  ASSERT_TRUE(facts.maas_addresses.at("10.12.4.0/22").value());
  EXPECT_EQ(facts.maas_addresses.at("10.12.4.0/22").value()->at(0).address, "10.12.4.40");
  EXPECT_EQ(facts.maas_addresses.at("10.12.4.0/22").value()->at(0).holder, "openstack0");
  EXPECT_EQ(facts.maas_addresses.at("10.12.4.0/22").value()->at(0).kind, 1);
  std::map<std::string, std::string> metal;
  for (const MaasAddress& each : *facts.maas_addresses.at("10.12.8.0/22").value()) {
    metal[each.address] = each.holder;
  }
  EXPECT_EQ(metal.at("10.12.8.5"), "BMC of openstack0");
}

TEST_F(MaasSource, KeepsEvidenceWithoutTheKey) {
  use_site("good");
  const Facts facts = collect();
  const Evidence& evidence = facts.maas_machines.evidence();
  EXPECT_EQ(evidence.source, "http");
  EXPECT_EQ(evidence.locator, "GET http://h:5240/MAAS/api/2.0/machines/" + kQuery);
  EXPECT_EQ(evidence.digest.size(), 64U);
  for (const auto& wave : world_.http.waves) {
    for (const HttpRequest& request : wave) {
      EXPECT_EQ(request.url.find("SECRET"), std::string::npos);
      for (const HttpHeader& header : request.headers) {
        EXPECT_EQ(header.is_secret, header.name == "Authorization");
      }
    }
  }
}

TEST_F(MaasSource, TellsTheFaultsOfTheDriftedSiteApart) {
  use_site("drifted");
  const Facts facts = collect();
  ASSERT_TRUE(facts.maas_machines.value()) << facts.maas_machines.why_unknown();
  EXPECT_EQ(named(facts, "stray-node"), nullptr);
  EXPECT_TRUE(nic(*named(facts, "openstack0"), "enp8s0")->links.empty());
  EXPECT_TRUE(nic(*named(facts, "openstack0"), "enp8s0")->is_connected);
  const MaasLink& automatic = nic(*named(facts, "openstack1"), "enp8s0")->links.at(0);
  EXPECT_EQ(automatic.mode, "auto");
  EXPECT_EQ(automatic.address, std::nullopt);
  EXPECT_EQ(named(facts, "openstack1")->status, 6);
  EXPECT_EQ(named(facts, "openstack1")->owner, "admin");
  EXPECT_FALSE(nic(*named(facts, "openstack2"), "enp8s0")->is_connected);
  EXPECT_EQ(nic(*named(facts, "openstack2"), "enp11s0")->links.at(0).cidr, std::nullopt);
  EXPECT_EQ(nic(*named(facts, "openstack3"), "enp8s0")->links.size(), 2U);
  EXPECT_EQ(named(facts, "openstack0")->power_state, "on");
  bool has_v6 = false;
  for (const MaasSubnet& subnet : *facts.maas_subnets.value()) {
    EXPECT_NE(subnet.space, "undefined");
    has_v6 |= subnet.cidr.find("::") != std::string::npos;
  }
  EXPECT_TRUE(has_v6);
}

TEST_F(MaasSource, ReadsTheOlderVersion) {
  use_site("good-3.4.1");
  questions_.address_cidrs = {"10.12.4.0/22"};
  const Facts facts = collect();
  ASSERT_TRUE(facts.maas_machines.value()) << facts.maas_machines.why_unknown();
  EXPECT_EQ(facts.maas_machines.value()->size(), 4U);
  EXPECT_EQ(facts.maas_subnets.value()->size(), 6U);
  EXPECT_TRUE(facts.maas_addresses.at("10.12.4.0/22").value());
  EXPECT_TRUE(
      collect(std::array{FactKey::maas_version}).maas_version.value()->starts_with("3.4.1"));
}

TEST_F(MaasSource, AMachineThatMaasDoesNotKnowIsSimplyAbsent) {
  use_site("good");
  questions_.hostnames = {"nosuch"};
  const Facts facts = collect();
  ASSERT_TRUE(facts.maas_machines.value());
  EXPECT_TRUE(facts.maas_machines.value()->empty());
}

TEST_F(MaasSource, AsksForAllMachinesWhereTheQueryWouldBeTooLong) {
  use_site("good");
  for (int at = 0; at < 500; ++at) questions_.hostnames.push_back("host-" + std::to_string(at));
  const Facts facts = collect();
  EXPECT_EQ(asked_["machines/"], 1);
  EXPECT_EQ(facts.maas_machines.value()->size(), 4U);
}

TEST_F(MaasSource, ASubnetThatIsNotThereFailsAloneWithItsName) {
  use_site("good");
  questions_.address_cidrs = {"10.12.4.0/22", "10.99.0.0/22"};
  const Facts facts = collect();
  EXPECT_TRUE(facts.maas_addresses.at("10.12.4.0/22").value());
  EXPECT_EQ(facts.maas_addresses.at("10.99.0.0/22").error()->kind, ErrorKind::not_found);
  EXPECT_EQ(facts.maas_addresses.at("10.99.0.0/22").error()->message,
            "MAAS has no subnet 10.99.0.0/22");
}

TEST_F(MaasSource, TriesABusyMaasAgainWithANewHeader) {
  use_site("good");
  busy_ = {{"subnets/", 2}};
  const Facts facts = collect(std::array{FactKey::maas_subnets});
  ASSERT_TRUE(facts.maas_subnets.value());
  ASSERT_EQ(world_.http.waves.size(), 3U);
  EXPECT_EQ(world_.clock.waits,
            (std::vector<Milliseconds>{Milliseconds(2000), Milliseconds(2000)}));
  std::set<std::string> headers;
  for (const auto& wave : world_.http.waves) headers.insert(wave.at(0).headers.at(1).value);
  EXPECT_EQ(headers.size(), 3U);
}

TEST_F(MaasSource, GivesUpAfterThreeTries) {
  use_site("good");
  failure_ = fail(ErrorKind::unavailable, "connection refused").value();
  const Facts facts = collect();
  EXPECT_EQ(world_.http.waves.size(), 3U);
  for (const Error* error :
       {facts.maas_identity.error(), facts.maas_machines.error(), facts.maas_subnets.error(),
        facts.maas_ranges.error(), facts.maas_addresses.at("10.12.4.0/22").error()}) {
    ASSERT_NE(error, nullptr);
    EXPECT_EQ(error->kind, ErrorKind::unavailable);
  }
}

TEST_F(MaasSource, NeverTriesARefusedKeyAgainAndNeverShowsTheBody) {
  for (const auto& exchange : recordings::maas_exchanges()) {
    if (exchange.name != "errors/auth-wrong-secret") continue;
    for (const char* target : {"users/?op=whoami", "subnets/", "ipranges/"}) {
      answers_[target] = exchange.response;
    }
    answers_["machines/" + kQuery] = exchange.response;
  }
  const Facts facts = collect();
  EXPECT_EQ(world_.http.waves.size(), 1U);
  ASSERT_NE(facts.maas_machines.error(), nullptr);
  EXPECT_EQ(facts.maas_machines.error()->kind, ErrorKind::denied);
  EXPECT_EQ(to_string(*facts.maas_machines.error()),
            "GET http://h:5240/MAAS/api/2.0/machines/" + kQuery + ": MAAS refuses the key");
  EXPECT_EQ(facts.maas_machines.evidence().digest, "");
}

TEST_F(MaasSource, WithholdsABodyThatRepeatsTheKey) {
  answers_["subnets/"] = {.status = 500,
                          .headers = {{.name = "Content-Type", .value = "text/plain"}},
                          .body = "oops: SECRET"};
  const Facts facts = collect(std::array{FactKey::maas_subnets});
  EXPECT_EQ(to_string(*facts.maas_subnets.error()).find("SECRET"), std::string::npos);
}

TEST_F(MaasSource, ALoginThatCannotBeReadFailsEveryFactAndAsksNothing) {
  questions_.maas.key_file = "/absent";
  const Facts facts = collect();
  EXPECT_TRUE(world_.http.waves.empty());
  EXPECT_EQ(facts.maas_identity.error()->kind, ErrorKind::not_found);
  EXPECT_EQ(facts.maas_addresses.size(), 2U);
  EXPECT_EQ(facts.maas_subnets.evidence().locator, "/absent");
}

TEST_F(MaasSource, AsksForReadyMachinesBesideTheSitesByTheTagsOfTheBundle) {
  use_site("drifted");
  questions_.hostnames = {"openstack0"};
  questions_.candidate_tags = {"openstack", "big one"};
  const std::string path =
      "machines/?status=ready&tags=openstack&tags=big%20one&not_hostname=openstack0";
  answers_[path] = answers_.at("machines/");
  const Facts facts = collect(std::array{FactKey::maas_candidates});
  ASSERT_TRUE(facts.maas_candidates.value()) << facts.maas_candidates.why_unknown();
  EXPECT_EQ(facts.maas_candidates.value()->size(), 4U) << "the site's own machine is none of them";
  for (int at = 0; at < 500; ++at) questions_.hostnames.push_back("host-" + std::to_string(at));
  collect(std::array{FactKey::maas_candidates});
  EXPECT_EQ(asked_["machines/?status=ready&tags=openstack&tags=big%20one"], 1);
}

TEST_F(MaasSource, AsksOnceMoreWithoutAFilterThatMaasDoesNotKnow) {
  use_site("good");
  questions_.candidate_tags = {"openstack"};
  questions_.hostnames = {"openstack0"};
  answers_["machines/?status=ready&tags=openstack&not_hostname=openstack0"] = {
      .status = 400,
      .headers = {{.name = "Content-Type", .value = "application/json"}},
      .body = R"({"not_hostname": ["No such constraint."]})"};
  answers_["machines/?status=ready&tags=openstack"] = answers_.at("machines/");
  const Facts facts = collect(std::array{FactKey::maas_candidates});
  ASSERT_TRUE(facts.maas_candidates.value()) << facts.maas_candidates.why_unknown();
  EXPECT_EQ(facts.maas_candidates.value()->size(), 3U);
}

TEST_F(MaasSource, ANonceThatMaasSawBeforeIsTriedAgainWithANewOne) {
  use_site("good");
  const HttpResponse good = answers_.at("subnets/");
  for (const auto& exchange : recordings::maas_exchanges()) {
    if (exchange.name == "errors/auth-nonce-reused") answers_["subnets/"] = exchange.response;
  }
  world_.http.answer = [&](const HttpRequest& request) -> Result<HttpResponse> {
    if (world_.http.waves.size() > 1) return good;
    return answer(request);
  };
  const Facts facts = collect(std::array{FactKey::maas_subnets});
  EXPECT_TRUE(facts.maas_subnets.value());
  ASSERT_EQ(world_.http.waves.size(), 2U);
  EXPECT_NE(world_.http.waves[0].at(0).headers.at(1).value,
            world_.http.waves[1].at(0).headers.at(1).value);
}

TEST_F(MaasSource, NeverAsksForAnythingThatTellsSecrets) {
  use_site("good");
  collect();
  collect(std::array{FactKey::maas_candidates, FactKey::maas_version});
  for (const auto& wave : world_.http.waves) {
    for (const HttpRequest& request : wave) {
      EXPECT_EQ(request.method, "GET");
      for (const char* word :
           {"power_parameters", "authorisation_tokens", "account", "sshkeys", "get_config"}) {
        EXPECT_EQ(request.url.find(word), std::string::npos) << request.url;
      }
    }
  }
}

TEST_F(MaasSource, LeavesAloneWhatIsNotWanted) {
  use_site("good");
  const Facts facts = collect(std::array{FactKey::maas_ranges});
  EXPECT_TRUE(facts.maas_ranges.value());
  EXPECT_FALSE(facts.maas_machines.was_asked());
  EXPECT_FALSE(facts.maas_identity.was_asked());
  ASSERT_EQ(world_.http.waves.size(), 1U);
  EXPECT_EQ(world_.http.waves[0].size(), 1U);
}

TEST(ClientSources, EachKeyHasOneSource) {
  std::map<FactKey, int> sources;
  for (const FactSource* source : client_sources()) {
    for (const FactKey key : source->keys) ++sources[key];
  }
  EXPECT_EQ(sources.size(), 16U);
  for (const auto& [key, count] : sources) EXPECT_EQ(count, 1) << to_string(key);
}

}  // namespace
}  // namespace gatehouse
