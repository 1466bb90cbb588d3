#include "input/bundle/load_bundle.h"

#include <map>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

class LoadBundle : public ::testing::Test {
 protected:
  void put(const std::string& name, std::string text) { files_["/d/" + name] = std::move(text); }

  LoadedBundle load(std::vector<OverlayFile> overlays = {}, std::string watched = "") {
    BundleFiles files;
    files.working_directory = "/d";
    files.read = [this](const std::string& path) -> Result<std::string> {
      const auto found = files_.find(path);
      if (found == files_.end()) return fail(ErrorKind::not_found, "no such file");
      return found->second;
    };
    files.kind = [this](const std::string& path) {
      return files_.contains(path) ? PathKind::file : PathKind::missing;
    };
    if (has_bounds_) {
      files.canonical = [this](const std::string& path) -> Result<std::string> {
        const auto link = links_.find(path);
        return link == links_.end() ? path : link->second;
      };
    }
    return load_bundle(sources_, files, {"./b.yaml", std::move(overlays), false, watched});
  }

  std::map<std::string, std::string> files_;
  std::map<std::string, std::string> links_;
  bool has_bounds_ = true;
  SourceMap sources_;
};

constexpr const char* kOne = "applications:\n  a: {charm: a, num_units: 1}\n";

TEST_F(LoadBundle, values_know_the_line_that_won) {
  put("b.yaml", "applications:\n  a:\n    charm: a\n    options:\n      vip: 10.0.0.1\n");
  put("o.yaml", "applications:\n  a:\n    options: {vip: 10.0.0.2}\n    num_units: 2\n");
  const LoadedBundle loaded = load({{"o.yaml"}});
  ASSERT_TRUE(loaded.bundle) << loaded.refusal;
  const BundleApplication* a = loaded.bundle->find("a");
  ASSERT_NE(a, nullptr);
  EXPECT_EQ(a->options.at("vip").text, "10.0.0.2");
  EXPECT_EQ(to_string(a->options.at("vip").span), "o.yaml:3:20");
  EXPECT_EQ(to_string(a->places.at("num_units")), "o.yaml:4:16");
  EXPECT_EQ(to_string(a->span), "./b.yaml:2:3");
  EXPECT_EQ(loaded.files, (std::vector<std::string>{"/d/b.yaml", "/d/o.yaml"}));
}

TEST_F(LoadBundle, a_watched_path_shows_who_supplied_it_and_what_it_replaced) {
  put("b.yaml", "applications:\n  a:\n    charm: a\n    options: {vip: one}\n");
  put("o.yaml", "applications:\n  a:\n    options: {vip: two}\n");
  put("s.yaml", "applications:\n  a:\n    options: {vip: three}\n");
  const LoadedBundle loaded =
      load({{"o.yaml"}, {"s.yaml", Sensitivity::secret}}, "applications.a.options.vip");
  ASSERT_EQ(loaded.supplies.size(), 3U);
  EXPECT_EQ(loaded.supplies[0].value, "\"one\"");
  EXPECT_EQ(to_string(loaded.supplies[1].span), "o.yaml:3:20");
  EXPECT_EQ(loaded.supplies[2].value, "");
  EXPECT_EQ(to_string(loaded.supplies[2].span), "s.yaml:3:20");
}

TEST_F(LoadBundle, unknown_fields_are_findings_with_the_nearest_name) {
  put("b.yaml", "applications:\n  a:\n    charm: a\n    num_unit: 1\n");
  const LoadedBundle loaded = load();
  ASSERT_TRUE(loaded.bundle);
  ASSERT_EQ(loaded.findings.size(), 1U);
  EXPECT_EQ(loaded.findings[0].code, "bundle/unknown-field");
  EXPECT_EQ(loaded.findings[0].severity, Severity::warning);
  EXPECT_EQ(to_string(loaded.findings[0].span), "./b.yaml:4:5");
  EXPECT_EQ(loaded.findings[0].help, "did you mean \"num_units\"?");
  ASSERT_EQ(loaded.bundle->remarks.size(), 1U);
  EXPECT_EQ(loaded.bundle->remarks[0].scope, "application");
  EXPECT_EQ(loaded.bundle->remarks[0].field, "num_unit");
}

TEST_F(LoadBundle, a_value_of_a_wrong_type_is_found_where_juju_only_misses_applications) {
  put("b.yaml", "applications:\n  a: {charm: a, num_units: three}\n");
  const LoadedBundle loaded = load();
  EXPECT_FALSE(loaded.bundle);
  EXPECT_EQ(loaded.refusal,
            "ERROR cannot deploy bundle: the provided bundle has the following errors:\n"
            "at least one application must be specified");
  ASSERT_EQ(loaded.findings.size(), 2U);
  EXPECT_EQ(loaded.findings[1].code, "bundle/wrong-type");
  EXPECT_EQ(to_string(loaded.findings[1].span), "./b.yaml:2:28");
}

TEST_F(LoadBundle, no_text_of_a_secret_overlay_is_repeated) {
  put("b.yaml", kOne);
  put("s.yaml", "applications:\n  a: {constraints: hush, num_units: hushhush}\n");
  const LoadedBundle typed = load({{"s.yaml", Sensitivity::secret}});
  EXPECT_EQ(typed.warnings.find("hush"), std::string::npos) << typed.warnings;
  put("s.yaml", "applications:\n  a: {constraints: hush}\n");
  const LoadedBundle refused = load({{"s.yaml", Sensitivity::secret}});
  EXPECT_FALSE(refused.bundle);
  EXPECT_EQ(refused.refusal.find("hush"), std::string::npos) << refused.refusal;
  ASSERT_EQ(refused.findings.size(), 1U);
  EXPECT_EQ(refused.findings[0].message.find("hush"), std::string::npos);
  EXPECT_EQ(to_string(refused.findings[0].span), "s.yaml:2:20");
}

TEST_F(LoadBundle, trust_is_asked_for_by_field_or_by_option) {
  put("b.yaml",
      "applications:\n  b: {charm: b, options: {trust: true}}\n  a: {charm: a, trust: y}\n");
  const LoadedBundle loaded = load();
  EXPECT_FALSE(loaded.bundle);
  EXPECT_TRUE(loaded.refusal.ends_with("application(s):\n  - a\n  - b")) << loaded.refusal;
}

TEST_F(LoadBundle, a_missing_bundle_and_a_missing_overlay_are_told_apart) {
  EXPECT_EQ(load().refusal, "ERROR no charm was found at \"./b.yaml\"");
  put("b.yaml", kOne);
  EXPECT_EQ(load({{"./o.yaml"}}).refusal,
            "ERROR cannot deploy bundle: unable to process overlays: \"./o.yaml\" not found");
}

TEST_F(LoadBundle, an_overlay_of_a_bundle_without_a_document_is_verified_as_any_other) {
  put("b.yaml", "# nothing yet\n");
  put("o.yaml", "machines: {\"0\": {}}\napplications:\n  a: {charm: a, num_units: 1, to: ['1']}\n");
  const LoadedBundle loaded = load({{"o.yaml"}});
  EXPECT_FALSE(loaded.bundle);
  EXPECT_NE(loaded.refusal.find("placement \"1\" refers to a machine not defined in this bundle"),
            std::string::npos)
      << loaded.refusal;
}

TEST_F(LoadBundle, a_syntax_error_is_a_finding_at_its_place) {
  put("b.yaml", "applications:\n\ta: 1\n");
  const LoadedBundle loaded = load();
  ASSERT_EQ(loaded.findings.size(), 1U);
  EXPECT_EQ(loaded.findings[0].code, "bundle/syntax");
  EXPECT_EQ(to_string(loaded.findings[0].span), "./b.yaml:2:1");
}

TEST_F(LoadBundle, merge_keys_apply_where_they_stand) {
  put("b.yaml",
      "x: &x {list: 1}\napplications:\n  a: {charm: a, options: {list: 2, <<: *x}}\n"
      "  b: {charm: b, options: {<<: *x, list: 2}}\n");
  const LoadedBundle loaded = load();
  ASSERT_TRUE(loaded.bundle) << loaded.refusal;
  EXPECT_EQ(loaded.bundle->find("a")->options.at("list").text, "1");
  EXPECT_EQ(loaded.bundle->find("b")->options.at("list").text, "2");
}

TEST_F(LoadBundle, a_series_of_an_overlay_does_not_win_against_a_default_base) {
  put("b.yaml", std::string("default-base: ubuntu@22.04\nseries: jammy\n") + kOne);
  put("o.yaml", "series: noble\n");
  const LoadedBundle loaded = load({{"o.yaml"}}, "series");
  ASSERT_EQ(loaded.supplies.size(), 1U);
  EXPECT_EQ(to_string(loaded.supplies[0].span), "./b.yaml:2:9");
  put("b.yaml", kOne);
  EXPECT_EQ(load({{"o.yaml"}}, "series").supplies.size(), 1U);
}

std::string including(const std::string& path) {
  return "applications:\n  a:\n    charm: a\n    options: {f: 'include-file://" + path + "'}\n";
}

TEST_F(LoadBundle, an_include_below_the_folder_of_the_bundle_or_of_its_own_file_is_read) {
  put("b.yaml", including("sub/f"));
  put("sub/f", "text");
  EXPECT_EQ(load().bundle->find("a")->options.at("f").text, "text");
  files_["/d/deep/o.yaml"] = "applications:\n  a: {options: {f: 'include-file://../sub/f'}}\n";
  EXPECT_EQ(load({{"deep/o.yaml"}}).bundle->find("a")->options.at("f").text, "text");
  files_["/e/o.yaml"] = "applications:\n  a: {options: {f: 'include-file://own'}}\n";
  files_["/e/own"] = "its own";
  EXPECT_EQ(load({{"/e/o.yaml"}}).bundle->find("a")->options.at("f").text, "its own");
}

TEST_F(LoadBundle, an_include_that_leads_out_is_refused_at_its_place) {
  files_["/elsewhere"] = files_["/dd/f"] = "a key";
  put("link", "a key");
  links_["/d/link"] = "/elsewhere";
  for (const std::string path : {"../elsewhere", "/elsewhere", "link", "../dd/f"}) {
    put("b.yaml", including(path));
    const LoadedBundle loaded = load();
    EXPECT_FALSE(loaded.bundle) << path;
    ASSERT_EQ(loaded.findings.size(), 1U) << path;
    EXPECT_EQ(loaded.findings[0].code, "bundle/include-outside");
    EXPECT_EQ(to_string(loaded.findings[0].span), "./b.yaml:4:18");
    EXPECT_EQ(loaded.files, (std::vector<std::string>{"/d/b.yaml"})) << path;
  }
}

TEST_F(LoadBundle, without_bounds_an_include_may_lead_anywhere_as_in_juju) {
  has_bounds_ = false;
  files_["/elsewhere"] = "text";
  put("b.yaml", including("../elsewhere"));
  EXPECT_EQ(load().bundle->find("a")->options.at("f").text, "text");
}

}  // namespace
}  // namespace gatehouse
