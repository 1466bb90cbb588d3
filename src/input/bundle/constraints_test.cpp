#include "input/bundle/constraints.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace gatehouse::bundle {
namespace {

using Cases = std::vector<std::pair<std::string, std::string>>;

TEST(BundleConstraints, each_mistake_is_told_in_the_words_of_juju) {
  const Cases cases = {
      {"", ""},
      {"arch=arm64 cores=4 mem=3.5G tags=a,b spaces=x,^y", ""},
      {"mem=", ""},
      {"tags=a\\ b", ""},
      {"foo", "malformed constraint \"foo\""},
      {"=4G", "malformed constraint \"=4G\""},
      {"foo=bar", "unknown constraint \"foo\""},
      {"mem=4g",
       "bad \"mem\" constraint: must be a non-negative float with optional M/G/T/P suffix"},
      {"cores=-1", "bad \"cores\" constraint: must be a non-negative integer"},
      {"cores=4 cpu-cores=3", "bad \"cores\" constraint: already set"},
      {"arch=x86", "bad \"arch\" constraint: \"x86\" not recognized"},
      {"spaces=a_b", "bad \"spaces\" constraint: \"a_b\" is not a valid space name"},
      {"container=lxc", "bad \"container\" constraint: invalid container type \"lxc\""},
      {"allocate-public-ip=yes",
       "bad \"allocate-public-ip\" constraint: must be 'true' or 'false'"},
  };
  for (const auto& [text, error] : cases) EXPECT_EQ(parse_constraints(text).error, error) << text;
}

TEST(BundleConstraints, architecture_and_image_are_read_out) {
  const Constraints constraints = parse_constraints("  mem=1G arch=arm64 image-id=x ");
  EXPECT_EQ(constraints.arch, "arm64");
  EXPECT_TRUE(constraints.has_image_id);
  EXPECT_FALSE(parse_constraints("image-id=").has_image_id);
}

TEST(BundleConstraints, storage_takes_pool_count_and_size_in_any_order_once) {
  const Cases cases = {
      {"10G,ebs,3", ""},
      {"loop", ""},
      {"", "storage constraints require at least one field to be specified"},
      {"-1", "parsing storage count: count must be greater than zero, got \"-1\""},
      {"0", "parsing storage count: count must be greater than zero, got \"0\""},
      {"p1,p2", "pool name is already set to \"p1\", new value \"p2\" not valid"},
      {"1,2", "storage instance count is already set to 1, new value 2 not valid"},
      {"1G,2G", "storage size is already set to 1024, new value 2048 not valid"},
      {"10 G", "unrecognized storage constraint \"10 G\" not valid"},
  };
  for (const auto& [text, error] : cases) EXPECT_EQ(storage_error(text), error) << text;
}

TEST(BundleConstraints, devices_are_a_count_a_type_and_attributes) {
  const Cases cases = {
      {"gpu", ""},
      {"2,nvidia.com/gpu", ""},
      {"1,gpu,a=b;c=d", ""},
      {"x,gpu", "count must be greater than zero, got \"x\""},
      {"1,gpu,a", "device attribute key/value pair has bad format: \"a\""},
  };
  for (const auto& [text, error] : cases) EXPECT_EQ(device_error(text), error) << text;
  EXPECT_NE(device_error("1,2,3,4"), "");
}

}  // namespace
}  // namespace gatehouse::bundle
