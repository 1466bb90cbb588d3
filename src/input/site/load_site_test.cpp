#include "input/site/load_site.h"

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace gatehouse {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kSmall = R"(gatehouse: 1
site: small
bundle: bundle.yaml
juju: {controller: main, model: cloud}
maas: {profile: admin}
planes:
  front: {cidr: 10.0.0.0/24}
machines:
  node0: {}
settled: {}
)";

class SiteFile : public testing::Test {
 protected:
  LoadedSite load(std::string text) {
    return load_site(sources_.add("site.yaml", std::move(text)));
  }
  LoadedSite load_with(std::string_view more) {
    return load(std::string(kSmall) + std::string(more));
  }
  LoadedSite load_changed(std::string_view what, std::string_view with) {
    return load(replace_all(std::string(kSmall), what, with));
  }

  static std::string rendered(const LoadedSite& loaded) {
    std::string text;
    for (const Diagnostic& finding : loaded.findings) text += render(finding, Colour::off);
    return text;
  }

  SourceMap sources_;
};

TEST_F(SiteFile, needs_nine_sections_and_fills_the_rest_with_defaults) {
  const LoadedSite loaded = load(std::string(kSmall));
  ASSERT_TRUE(loaded.site) << rendered(loaded);
  const Site& site = *loaded.site;
  EXPECT_EQ(site.state, "~/gatehouse/small");
  EXPECT_EQ(site.ssh_parallel, 8U);
  EXPECT_EQ(site.planes[0].space, "front");
  EXPECT_FALSE(site.planes[0].has_dns);
  EXPECT_FALSE(site.vips);
  EXPECT_FALSE(site.pki);
  EXPECT_FALSE(site.dns);
  EXPECT_EQ(site.settled.deadline, minutes(180));
  EXPECT_EQ(site.settled.dwell, minutes(6));
  EXPECT_EQ(site.settled.error_grace, minutes(10));
  EXPECT_EQ(site.settled.interval, Milliseconds(15'000));
  EXPECT_EQ(site.settled.otherwise.workload, "active");
  EXPECT_EQ(site.settled.otherwise.agent, "idle");
}

TEST_F(SiteFile, without_a_required_section_names_each_that_is_absent) {
  const LoadedSite loaded = load("gatehouse: 1\n");
  EXPECT_FALSE(loaded.site);
  const std::string text = rendered(loaded);
  for (const char* key : {"site", "bundle", "juju", "maas", "planes", "machines", "settled"}) {
    EXPECT_THAT(text, HasSubstr("the site file has no key " + std::string(key) +
                                ", which is required [site/missing-key]"));
  }
  EXPECT_EQ(loaded.findings.size(), 7U);
}

TEST_F(SiteFile, suggests_the_nearest_name_for_an_unknown_key) {
  EXPECT_EQ(rendered(load_with("bindigs: {}\n")),
            R"(site.yaml:11:1: error: unknown key bindigs [site/unknown-key]
   11 | bindigs: {}
      | ^~~~~~~
      = help: did you mean bindings?
)");
}

TEST_F(SiteFile, lists_the_known_keys_where_no_name_is_near) {
  EXPECT_EQ(rendered(load_changed("{profile: admin}", "{profile: admin, zzzzzz: 1}")),
            R"(site.yaml:5:24: error: unknown key maas.zzzzzz [site/unknown-key]
    5 | maas: {profile: admin, zzzzzz: 1}
      |                        ^~~~~~
      = help: known keys: profile, url, key_file, ca_file
)");
}

TEST_F(SiteFile, shows_both_places_of_a_key_that_comes_twice) {
  EXPECT_EQ(rendered(load_with("site: other\n")),
            R"(site.yaml:11:1: error: key site is given twice [site/duplicate-key]
   11 | site: other
      | ^~~~
  site.yaml:2:1: note: given here first
    2 | site: small
      | ^~~~
      = help: remove one of the two
)");
}

TEST_F(SiteFile, says_what_was_found_and_what_was_wanted) {
  EXPECT_EQ(
      rendered(load_changed("10.0.0.0/24", "10.0.0.1/24, dns: 10.0.0.1")),
      R"(site.yaml:7:17: error: planes.front.cidr is "10.0.0.1/24", wanted a subnet such as 10.0.0.0/22, its host bits zero [site/bad-cidr]
    7 |   front: {cidr: 10.0.0.1/24, dns: 10.0.0.1}
      |                 ^~~~~~~~~~~
site.yaml:7:35: error: planes.front.dns is "10.0.0.1", wanted a list [site/wrong-type]
    7 |   front: {cidr: 10.0.0.1/24, dns: 10.0.0.1}
      |                                   ^~~~~~~~
)");
}

struct Mistake {
  const char* text;     ///< appended to the small site
  const char* finding;  ///< place, message and code
};

class SiteMistake : public SiteFile, public testing::WithParamInterface<Mistake> {};

TEST_P(SiteMistake, is_found_at_its_place) {
  const LoadedSite loaded = load_with(GetParam().text);
  EXPECT_FALSE(loaded.site);
  EXPECT_THAT(rendered(loaded), HasSubstr(GetParam().finding));
  EXPECT_EQ(loaded.findings.size(), 1U) << rendered(loaded);
}

constexpr Mistake kMistakes[] = {
    {"ranges: {reserved: {a: 10.0.0.9-10.0.0.1}}\n",
     "site.yaml:11:24: error: ranges.reserved.a is \"10.0.0.9-10.0.0.1\", wanted a range such as "
     "10.0.0.50-10.0.0.60, its lower end first [site/bad-range]"},
    {"ranges: {absent: {a: 10.1.0.1-10.1.0.9}}\n",
     "site.yaml:11:22: error: ranges.absent.a is 10.1.0.1-10.1.0.9, wanted a range on one plane "
     "[site/range-off-plane]"},
    {"dns: {lookup: [example.net], retry_for: soon}\n",
     "site.yaml:11:41: error: dns.retry_for is \"soon\", wanted a duration such as 90s, 5m or "
     "1h30m [site/bad-duration]"},
    {"dns: {lookup: [\"a b\"]}\n",
     "site.yaml:11:16: error: dns.lookup[0] is \"a b\", wanted a host name of letters, digits, '.' "
     "and '-' [site/bad-name]"},
    {"dns: {lookup: [], phantom: []}\n",
     "site.yaml:11:15: error: dns.lookup has no entry, wanted a host name [site/empty]"},
    {"dns: {lookup: [example.net], phantom: [10.0.0.256]}\n",
     "site.yaml:11:40: error: dns.phantom[0] is \"10.0.0.256\", wanted an IPv4 address such as "
     "10.0.0.1 [site/bad-address]"},
    {"blank_disks: [{source: maas, path: /dev/sdb, size: 5 apples}]\n",
     "site.yaml:11:52: error: blank_disks[0].size is \"5 apples\", wanted a size such as 512GiB or "
     "1MiB [site/bad-size]"},
    {"blank_disks: [{source: mass, path: /dev/sdb, size: 5GiB}]\n",
     "site.yaml:11:24: error: blank_disks[0].source is \"mass\", wanted one of qemu-img, maas "
     "[site/unknown-value]"},
    {"blank_disks: [{source: qemu-img, host: h, path: \"/a/{host}\", size: 5GiB}]\n",
     "site.yaml:11:49: error: blank_disks[0].path is \"/a/{host}\", wanted a path from the root "
     "on, maybe "
     "with {machine} in it [site/bad-path]"},
    {"blank_disks: [{source: qemu-img, host: -oProxyCommand=x, path: /a, size: 5GiB}]\n",
     "blank_disks[0].host is \"-oProxyCommand=x\", wanted a host name, or USER@HOST, maybe with "
     "{machine} in it"},
    {"bindings: {app: {public: frnt}}\n",
     "site.yaml:11:26: error: bindings.app.\"public\" names no plane: \"frnt\" "
     "[site/unknown-plane]"},
    {"vips: {count: 3, legs: [{plane: front, band: 10.0.0.5-10.0.0.6}]}\n",
     "site.yaml:11:25: error: the band 10.0.0.5-10.0.0.6 holds 2 addresses, wanted at least the 3 "
     "of vips.count [site/band-too-small]"},
    {"vips: {count: 1, legs: [{plane: front, band: 10.9.0.5-10.9.0.6}]}\n",
     "site.yaml:11:25: error: the band 10.9.0.5-10.9.0.6 is not in plane front, wanted a range in "
     "10.0.0.0/24 [site/range-off-plane]"},
    {"vips: {count: 1, legs: []}\n",
     "site.yaml:11:24: error: vips.legs has no entry, wanted at least one leg [site/empty]"},
    {"vips: {count: 1, legs: [{plane: front, band: 10.0.0.5}], taken: {x: 10.9.0.1}}\n",
     "vips.taken.x is 10.9.0.1, which is on no plane [site/address-off-plane]"},
    {"vips: {count: 1, legs: [{plane: back, band: 10.0.0.5}]}\n",
     "vips.legs names no plane: \"back\" [site/unknown-plane]"},
    {"pki: {application: a, organisation: o, name: q, ip_from_vip: front}\n"
     "vips: {count: 0, legs: [{plane: front, band: 10.0.0.5}]}\nbindings: {a: {b: back}}\n",
     "bindings.a.\"b\" names no plane: \"back\" [site/unknown-plane]"},
    {"pki: {application: a, organisation: o, name: q, ip_from_vip: front}\n",
     "pki.ip_from_vip names plane front, on which vips has no leg [site/unknown-plane]"},
    {"plan: {require: [a:x]}\n",
     "site.yaml:11:18: error: plan.require[0] is \"a:x\", wanted two endpoints such as "
     "\"octavia:certificates vault:certificates\" [site/bad-relation]"},
    {"plan: {forbid: [\"a b\"]}\n", "[site/bad-endpoint]"},
    {"plan: {warnings: [variables]}\n",
     "plan.warnings[0] is \"variables\", wanted a scope and a field such as \"bundle.variables\" "
     "[site/bad-warning]"},
    {"plan: {machine_numbers: {\"8\": 0}, placement: {osd: [\"8\", \"9\"]}}\n",
     "site.yaml:11:58: error: plan.placement.osd names bundle machine \"9\", which "
     "plan.machine_numbers does not [site/unknown-machine]"},
    {"plan: {counts: {applications: -1}}\n",
     "site.yaml:11:31: error: plan.counts.applications is \"-1\", wanted a whole number from 0 "
     "[site/bad-number]"},
    {"plan: {options: {a: {b: [1]}}}\n",
     "plan.options.a.b is a list, wanted text, a number, or true or false [site/wrong-type]"},
    {"accept: [{code: a/b}]\n",
     "site.yaml:11:10: error: accept[0] has no key reason, which is required [site/missing-key]"},
    {"overlays: [{file: a.yaml, secret: maybe}]\n",
     "site.yaml:11:35: error: overlays[0].secret is \"maybe\", wanted true or false "
     "[site/wrong-type]"},
    {"ssh: {deadline: 0s}\n", "ssh.deadline is \"0s\", wanted more than 0s"},
    {"ssh: {parallel: 0}\n", "ssh.parallel is \"0\", wanted a number from 1 to 256"},
    {"<<: {}\n", "merge keys are not read in a site file: write the keys out"},
    {"state:\n", "site.yaml:11:7: error: state is empty, wanted text [site/wrong-type]"},
};

INSTANTIATE_TEST_SUITE_P(all, SiteMistake, testing::ValuesIn(kMistakes));

TEST_F(SiteFile, refuses_another_version) {
  EXPECT_THAT(
      rendered(load_changed("gatehouse: 1", "gatehouse: 2")),
      HasSubstr("site.yaml:1:12: error: gatehouse is \"2\", wanted 1, the only version that "
                "this program reads [site/version]"));
}

TEST_F(SiteFile, refuses_a_site_name_that_leaves_its_folder) {
  EXPECT_THAT(rendered(load_changed("site: small", "site: ../small")),
              HasSubstr("[site/bad-name]"));
}

TEST_F(SiteFile, refuses_a_name_that_would_be_a_flag) {
  EXPECT_THAT(rendered(load_changed("controller: main", "controller: -m")),
              HasSubstr("[site/bad-name]"));
  EXPECT_THAT(rendered(load_changed("model: cloud", "model: --yes")), HasSubstr("[site/bad-name]"));
}

TEST_F(SiteFile, wants_one_way_into_maas) {
  EXPECT_THAT(rendered(load_changed("{profile: admin}", "{}")),
              HasSubstr("maas has neither a profile nor a url, wanted exactly one of the two"));
  EXPECT_THAT(rendered(load_changed("{profile: admin}", "{profile: a, url: \"http://h/MAAS\"}")),
              HasSubstr("maas has both a profile and a url, wanted exactly one of the two"));
  EXPECT_THAT(rendered(load_changed("{profile: admin}", "{url: \"http://h/MAAS\"}")),
              HasSubstr("maas has a url and no key_file, wanted both"));
  EXPECT_TRUE(load_changed("{profile: admin}", "{url: \"http://h/MAAS\", key_file: key}").site);
}

TEST_F(SiteFile, refuses_planes_that_overlap) {
  EXPECT_EQ(
      rendered(load_changed("  front: {cidr: 10.0.0.0/24}",
                            "  front: {cidr: 10.0.0.0/24}\n  back: {cidr: 10.0.0.128/25}")),
      R"(site.yaml:8:3: error: plane back (10.0.0.128/25) overlaps plane front (10.0.0.0/24), wanted separate subnets [site/planes-overlap]
    8 |   back: {cidr: 10.0.0.128/25}
      |   ^~~~
  site.yaml:7:3: note: plane front
    7 |   front: {cidr: 10.0.0.0/24}
      |   ^~~~~
)");
}

TEST_F(SiteFile, refuses_an_address_that_two_links_have_or_that_is_on_no_plane) {
  const std::string text = rendered(
      load_changed("node0: {}", "node0: {links: {a: 10.0.0.4, b: 10.0.0.4, c: 10.7.0.1}}"));
  EXPECT_THAT(text, HasSubstr("machines.node0.links.b is 10.0.0.4, which another link has "
                              "[site/address-used-twice]"));
  EXPECT_THAT(text, HasSubstr("machines.node0.links.c is 10.7.0.1, which is on no plane "
                              "[site/address-off-plane]"));
}

TEST_F(SiteFile, refuses_one_disk_image_for_two_machines) {
  const LoadedSite loaded =
      load(replace_all(std::string(kSmall), "node0: {}", "node0: {}\n  node1: {}") +
           "blank_disks: [{source: qemu-img, host: h, path: /a.qcow2, size: 1GiB}]\n");
  EXPECT_THAT(rendered(loaded),
              HasSubstr("blank_disks has the path /a.qcow2 for 2 machines, wanted "
                        "{machine} in it [site/bad-path]"));
}

TEST_F(SiteFile, refuses_an_unknown_status_word_with_a_suggestion) {
  const std::string text =
      rendered(load_changed("settled: {}", "settled: {expect: {vault: {workload: blokced}}}"));
  EXPECT_THAT(text, HasSubstr("settled.expect.vault.workload is \"blokced\", wanted one of active, "
                              "blocked, waiting"));
  EXPECT_THAT(text, HasSubstr("did you mean blocked?"));
}

TEST_F(SiteFile, refuses_a_deadline_within_the_dwell_time) {
  EXPECT_THAT(rendered(load_changed("settled: {}", "settled: {deadline: 5m}")),
              HasSubstr("settled.deadline is \"5m\", wanted more than the dwell time of 6 min"));
}

TEST_F(SiteFile, that_cannot_be_parsed_has_one_finding_at_the_fault) {
  const LoadedSite loaded = load("gatehouse: 1\nsite: [\n");
  EXPECT_FALSE(loaded.site);
  ASSERT_EQ(loaded.findings.size(), 1U);
  EXPECT_EQ(loaded.findings[0].code, "site/syntax");
  EXPECT_NE(loaded.findings[0].span.begin.line, 0U);
}

TEST_F(SiteFile, that_is_empty_or_no_mapping_is_refused) {
  EXPECT_THAT(rendered(load("")), HasSubstr("the site file holds nothing, wanted a mapping"));
  EXPECT_THAT(rendered(load("# only talk\n")), HasSubstr("[site/empty]"));
  EXPECT_THAT(rendered(load("- a\n")), HasSubstr("the site file is a list, wanted a mapping"));
  EXPECT_THAT(rendered(load(std::string(kSmall) + "---\na: 1\n")), HasSubstr("[site/documents]"));
}

TEST_F(SiteFile, has_its_findings_in_the_order_of_their_places) {
  const LoadedSite loaded = load_with("zzz: 1\nranges: {absent: {a: x}}\nstat: 2\n");
  std::vector<std::uint32_t> lines;
  for (const Diagnostic& finding : loaded.findings) lines.push_back(finding.span.begin.line);
  EXPECT_THAT(lines, ElementsAre(11U, 12U, 13U));
}

TEST_F(SiteFile, reads_values_through_aliases) {
  const LoadedSite loaded =
      load_with("ranges:\n  reserved: &r {a: 10.0.0.1-10.0.0.9}\n  absent: *r\n");
  ASSERT_TRUE(loaded.site) << rendered(loaded);
  ASSERT_EQ(loaded.site->absent.size(), 1U);
  EXPECT_EQ(loaded.site->absent[0].range, loaded.site->reserved[0].range);
}

}  // namespace
}  // namespace gatehouse
