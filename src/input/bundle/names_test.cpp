#include "input/bundle/names.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace gatehouse::bundle {
namespace {

TEST(BundleNames, every_part_of_an_application_name_has_a_letter) {
  for (const char* name : {"a", "app", "app-a1", "a1-b", "mysql-innodb-cluster", "a-1b"}) {
    EXPECT_TRUE(is_application_name(name)) << name;
  }
  for (const char* name : {"", "1a", "App", "app-1", "a--b", "a-", "-a", "a_b", "a/0"}) {
    EXPECT_FALSE(is_application_name(name)) << name;
  }
}

TEST(BundleNames, an_endpoint_may_have_dashes_and_underscores_between_its_parts) {
  for (const char* name : {"db", "shared-db", "a_b-1"}) EXPECT_TRUE(is_endpoint_name(name)) << name;
  for (const char* name : {"", "1", "a-", "a__b", "A"})
    EXPECT_FALSE(is_endpoint_name(name)) << name;
}

TEST(BundleNames, a_machine_id_has_no_leading_zero) {
  EXPECT_TRUE(is_machine_id("0"));
  EXPECT_TRUE(is_machine_id("10"));
  EXPECT_FALSE(is_machine_id("01"));
  EXPECT_FALSE(is_machine_id(""));
  EXPECT_FALSE(is_machine_id("x"));
}

TEST(BundleNames, a_placement_names_a_machine_a_unit_an_application_or_new) {
  const auto machine = parse_placement("lxd:8");
  ASSERT_TRUE(machine);
  EXPECT_EQ(machine->container, "lxd");
  EXPECT_EQ(machine->machine, "8");
  const auto unit = parse_placement("banana:ceph-osd/3");
  ASSERT_TRUE(unit);
  EXPECT_EQ(unit->container, "banana");
  EXPECT_EQ(unit->application, "ceph-osd");
  EXPECT_EQ(unit->unit, 3);
  ASSERT_TRUE(parse_placement("new"));
  EXPECT_TRUE(parse_placement("kvm:new")->is_new());
  EXPECT_EQ(parse_placement("a")->unit, -1);
  for (const char* text : {"", "new/0", "0/lxd/0", "LXD:0", "a/01", "a/", ":0", "lxd:", "a:b:c"}) {
    EXPECT_FALSE(parse_placement(text)) << text;
  }
}

TEST(BundleNames, offer_urls_are_a_model_and_an_application_with_optional_ends) {
  for (const char* url : {"admin/prod.mysql", "prod.mysql", "ctl:admin/prod.mysql",
                          "ctl:admin/prod.mysql:db", "prod.mysql:db"}) {
    EXPECT_TRUE(is_offer_url(url)) << url;
  }
  for (const char* url : {"", "mysql", "!bogus/url", ":prod.mysql", "a/b/c.d", "Prod.mysql"}) {
    EXPECT_FALSE(is_offer_url(url)) << url;
  }
}

TEST(BundleNames, subnets_of_both_families_pass_and_plain_addresses_do_not) {
  for (const char* cidr :
       {"10.0.0.0/8", "10.1.2.3/32", "::/0", "fd00::1/64", "1:2:3:4:5:6:7:8/128"}) {
    EXPECT_TRUE(is_cidr(cidr)) << cidr;
  }
  for (const char* cidr :
       {"10.0.0.0", "10.0.0.0/33", "10.0.0/8", "::/129", "1:2/64", "x/8", "/8"}) {
    EXPECT_FALSE(is_cidr(cidr)) << cidr;
  }
}

TEST(BundleNames, natural_order_compares_numbers_as_numbers_until_one_has_no_digit_left) {
  std::vector<std::string> names = {"ab", "a10b", "a9b", "a-b", "a", "10", "9", "100", "2"};
  std::stable_sort(names.begin(), names.end(), is_naturally_before);
  EXPECT_EQ(names,
            (std::vector<std::string>{"2", "9", "10", "100", "a", "a-b", "a9b", "a10b", "ab"}));
}

}  // namespace
}  // namespace gatehouse::bundle
