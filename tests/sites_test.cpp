// The sites that come with the product are whole: their bundles can be planned, and every gate that
// needs nothing but files holds.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <variant>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/read_inputs.h"
#include "effects/posix/posix.h"
#include "gates/gate.h"
#include "input/bundle/load_bundle.h"
#include "input/site/load_site.h"
#include "plan/plan.h"

namespace gatehouse {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

class SiteOfTheProduct : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const fs::path folder = fs::path(GATEHOUSE_SOURCE_DIR) / "sites" / GetParam();
    LoadedSite site = load_site(sources_.add("site.yaml", read(folder / "site.yaml")));
    ASSERT_TRUE(site.site);
    inputs_.site = std::move(*site.site);
    inputs_.folder = folder.string();
    const BundleFiles files{
        .working_directory = folder.string(),
        .read = [](const std::string& path) { return Result<std::string>(read(path)); },
        .kind =
            [](const std::string& path) {
              if (fs::is_directory(path)) return PathKind::folder;
              return fs::exists(path) ? PathKind::file : PathKind::missing;
            }};
    inputs_.loaded = load_bundle(sources_, files, {"./" + inputs_.site.bundle, {}, false});
    ASSERT_TRUE(inputs_.bundle()) << inputs_.loaded.refusal;
    auto planned = compute_plan(*inputs_.bundle());
    ASSERT_TRUE(std::holds_alternative<Plan>(planned));
    plan_ = std::get<Plan>(std::move(planned));
  }

  SourceMap sources_;
  Inputs inputs_;
  Plan plan_;
};

TEST_P(SiteOfTheProduct, holds_at_every_gate_that_needs_only_its_files) {
  const Facts facts;
  std::size_t judged = 0;
  for (const Gate* gate : all_gates()) {
    // The overlay is made by an operator and never stored.
    const bool needs_overlay = gate->id == "secret_overlay" || gate->id == "pki_valid";
    const bool applies = !gate->applies || gate->applies(inputs_);
    if (!gate->needs.empty() || !applies || needs_overlay) continue;
    const Verdict verdict = judge(*gate, Case{inputs_, &plan_, facts});
    EXPECT_EQ(verdict.ruling, Ruling::pass) << json::serialize(to_json(verdict));
    ++judged;
  }
  EXPECT_GE(judged, 5U);
}

TEST_P(SiteOfTheProduct, has_a_bundle_of_which_juju_warns_as_the_site_says) {
  std::multiset<std::string> warned, expected;
  for (const StrictRemark& remark : inputs_.bundle()->remarks) {
    warned.insert(remark.scope + "." + remark.field);
  }
  for (const auto& warning : inputs_.site.plan.warnings) expected.insert(warning.value);
  EXPECT_EQ(warned, expected);
}

TEST_P(SiteOfTheProduct, binds_only_spaces_of_its_planes) {
  for (const auto& [name, application] : inputs_.bundle()->applications) {
    EXPECT_TRUE(application.bindings.contains("")) << name << " has no default binding";
    for (const auto& [endpoint, space] : application.bindings) {
      EXPECT_TRUE(inputs_.site.plane_of_space(space.value)) << name << ":" << endpoint;
    }
  }
}

TEST_P(SiteOfTheProduct, tells_beside_whose_units_each_subordinate_stands) {
  SourceMap sources;
  const fs::path folder = fs::path(GATEHOUSE_SOURCE_DIR) / "sites" / GetParam();
  const auto files = posix::make_file_store();
  const auto read = cli::read_inputs(folder / "site.yaml", "site.yaml", *files, sources);
  ASSERT_TRUE(read && read->inputs);
  std::set<std::string> subordinates;
  for (const auto& [name, application] : inputs_.bundle()->applications) {
    if (application.num_units == 0) subordinates.insert(name);
  }
  std::set<std::string> told;
  for (const auto& [name, principals] : read->inputs->principals) told.insert(name);
  EXPECT_EQ(told, subordinates);
  const std::string chassis = GetParam() == "omega" ? "ovn-chassis" : "neutron-openvswitch";
  EXPECT_THAT(read->inputs->principals.at(chassis), testing::ElementsAre("nova-compute"));
}

INSTANTIATE_TEST_SUITE_P(all, SiteOfTheProduct, testing::Values("omega", "second"),
                         [](const auto& given) { return given.param; });

TEST(TheSecondSite, shares_no_name_with_the_reference_site) {
  SourceMap sources;
  const fs::path folder = fs::path(GATEHOUSE_SOURCE_DIR) / "sites";
  const auto site = [&](const std::string& name) {
    return load_site(sources.add(name, read(folder / name / "site.yaml"))).site;
  };
  const auto reference = site("omega"), second = site("second");
  ASSERT_TRUE(reference && second);
  for (const Plane& plane : second->planes) {
    EXPECT_EQ(reference->plane(plane.name), nullptr) << plane.name;
    EXPECT_EQ(reference->plane_of_space(plane.space), nullptr) << plane.space;
    EXPECT_EQ(reference->plane_of(plane.cidr.network), nullptr) << to_string(plane.cidr);
  }
  for (const SiteMachine& machine : second->machines) {
    EXPECT_EQ(reference->machine(machine.hostname), nullptr) << machine.hostname;
  }
  EXPECT_NE(reference->juju.controller, second->juju.controller);
  EXPECT_NE(reference->juju.model, second->juju.model);
}

}  // namespace
}  // namespace gatehouse
