#include "sim/faults.h"
#include "sim/host_files.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "sim/input_faults.h"
#include "sim/maas_shapes.h"
#include "sim/status.h"
#include "sim/test_lab.h"
#include "sim/text_edits.h"

namespace gatehouse::sim {
namespace {

const std::set<std::string_view> kGates = {
    "vip_policy",          "machine_links",    "subnet_dns",
    "machines_ready",      "reserved_ranges",  "blank_disks",
    "declared_options",    "secret_overlay",   "pki_valid",
    "controller_ready",    "model_absent",     "plan_counts",
    "placement",           "channels",         "relations_required",
    "relations_forbidden", "bundle_warnings",  "plan_equals_dry_run",
    "names_resolve",       "no_unit_error",    "unit_states",
    "addresses_on_planes", "never_messages",   "unit_certificates",
    "machine_constraints", "machines_started", "pki_margins",
    "pki_names",           "deploy_continues"};

TEST(FaultTable, each_names_a_gate_and_the_exit_code_of_its_ruling) {
  std::set<std::string_view> names;
  for (const Fault& fault : all_faults()) {
    EXPECT_TRUE(names.insert(fault.name).second) << fault.name;
    if (fault.gate.empty()) {
      const int code = fault.ruling == "pass" ? 0 : fault.ruling == "fail" ? 1 : 4;
      EXPECT_EQ(fault.exit_code, code) << fault.name;
      continue;
    }
    EXPECT_TRUE(kGates.contains(fault.gate)) << fault.name;
    EXPECT_EQ(fault.exit_code, fault.ruling == "unknown" ? 3 : 1) << fault.name;
  }
  EXPECT_GE(names.size(), 36U);  // those of the first runbook page
}

/// All that the lab's MAAS says.
std::string maas_words(const TestLab& test) {
  std::string seen;
  const std::vector<LabModel> none;
  const RegionView view{test.world(), none, test.clock.time};
  for (const LabMachine& machine : test.world().machines) {
    if (state_of(view, machine).is_gone) continue;
    seen += json::serialize(machine_json(view, machine));
  }
  for (const LabPlane& plane : test.world().planes) {
    if (!plane.is_missing) seen += json::serialize(subnet_json(plane));
    seen += json::serialize(ip_addresses_json(view, plane, Detail::plain));
  }
  seen += json::serialize(ipranges_json(view));
  return seen + std::to_string(static_cast<int>(test.world().faults.maas.region));
}

/// A digest of all that a client could see of a lab, from before its model to its end.
std::string everything(const std::set<std::string>& faults) {
  TestLab test("omega", faults);
  std::string seen;
  const auto note = [&seen](const Said& said) {
    seen += fmt::format("{} {} {}\n", said.end.exit_code, said.out, said.err);
  };
  std::filesystem::copy(GATEHOUSE_SOURCE_DIR "/tests/fixtures/pki/controller-ca-expired.yaml",
                        test.site_folder() + "/pki.yaml");
  seen += maas_words(test);
  for (const LabMachine& machine : test.world().machines) {
    note(test.call("qemu-img",
                   {"info", "-U", "/var/lib/libvirt/images/" + machine.hostname + "-1.qcow2"},
                   {{"GATEHOUSE_LAB_ROOT", "1"}}));
  }
  seen += test.world().faults.juju.has_foreign_model ? "foreign model" : "";
  note(test.juju({"controllers", "--format", "json"}));
  note(test.juju({"models", "--format", "json"}));
  note(test.juju({"add-model", "openstack"}));
  note(test.juju({"deploy", "-m", "openstack", "--dry-run", "./bundle.yaml"}));
  note(test.juju({"deploy", "--overlay", test.site_folder() + "/pki.yaml", "-m", "openstack",
                  "./bundle.yaml"}));
  // Some show only for a while.
  for (const int minutes : {1, 4, 10, 3, 3, 3, 3, 2, 2, 16, 71, 2}) {
    test.clock.time += std::chrono::minutes(minutes);
    note(test.juju({"status", "-m", "openstack", "--format", "json"}));
  }
  const auto model = read_model(test.lab().paths, "openstack", test.files());
  if (!model || !*model || !(*model)->plan) return sha256_hex(seen);
  for (const LabContainer& container : (*model)->plan->containers) {
    note(test.call("getent", {"hosts", "api.snapcraft.io"},
                   {{"GATEHOUSE_LAB_PLACE", container.id}, {"GATEHOUSE_LAB_MODEL", "openstack"}}));
  }
  note(test.juju({"exec", "-m", "openstack", "--format", "json", "--unit", "octavia/0", "--",
                  "for f in /etc/octavia/certs/*.pem; do openssl x509 -noout -fingerprint -in $f; "
                  "done"}));
  return sha256_hex(seen);
}

/// All of which the lab's hosts are made.
std::string host_words(const TestLab& test) {
  const HostPrograms programs{.lab = "/l",
                              .ssh = "/s",
                              .sshd = "/d",
                              .ssh_keygen = "/k",
                              .qemu_img = "/q",
                              .qemu_io = "/i"};
  const OpenLab& lab = test.lab();
  std::string words = ssh_config(lab, programs, 22) + sshd_config(lab, 22) +
                      known_hosts(lab, "host key", "strange key");
  for (const LabHost& host : hosts_of(lab.world)) {
    for (const auto& [name, text] : far_programs(lab, host, programs)) words += name + text;
    for (const LabImage& image : host.images) {
      words += fmt::format("{} {} ", image.path, size_of_image(lab.world, image));
    }
  }
  const HostFaults& faults = lab.world.faults.host;
  return words + faults.written_disk.value_or("") + " " + faults.locked_disk.value_or("");
}

TEST(WorldFaults, each_changes_what_the_lab_says) {
  const std::string healthy = everything({});
  EXPECT_EQ(healthy, everything({}));
  for (const Fault& fault : juju_faults()) {
    EXPECT_NE(everything({std::string(fault.name)}), healthy) << fault.name;
  }
}

TEST(WorldFaults, each_of_a_host_changes_what_the_hosts_are_made_of) {
  // Keys and folder differ from lab to lab and are no part of it.
  const auto words = [](const std::set<std::string>& faults) {
    const TestLab test("omega", faults);
    return replace_all(host_words(test), test.lab_folder(), "LAB");
  };
  const std::string healthy = words({});
  EXPECT_EQ(words({}), healthy);
  for (const Fault& fault : host_faults()) {
    EXPECT_NE(words({std::string(fault.name)}), healthy) << fault.name;
  }
}

TEST(WorldFaults, each_of_maas_changes_what_maas_says) {
  const std::string healthy = maas_words(TestLab("omega"));
  for (const Fault& fault : maas_faults()) {
    EXPECT_NE(maas_words(TestLab("omega", {std::string(fault.name)})), healthy) << fault.name;
  }
}

TEST(WorldFaults, one_that_a_site_cannot_show_is_refused_by_name) {
  TestLab test("second");
  for (const char* name : {"disk-not-blank", "blocked-application-active", "never-message"}) {
    const auto faults = resolve_world_faults({name}, test.world().site);
    ASSERT_FALSE(faults) << name;
    EXPECT_NE(faults.error().message.find(name), std::string::npos);
  }
  const auto unknown = resolve_world_faults({"no-such-fault"}, test.world().site);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, ErrorKind::invalid_input);
}

TEST(WorldFaults, only_the_unit_with_the_failed_hook_is_in_error) {
  TestLab test("omega", {"unit-hook-error"});
  const LabModel model = test.deployed();
  const std::string text = json::serialize(model_status(
      test.world(), model, test.clock.now() + std::chrono::minutes(120), TimeForm::iso));
  const std::string message = "hook failed: \\\"config-changed\\\"";
  const std::size_t first = text.find(message);
  ASSERT_NE(first, std::string::npos);
  // Once for the unit and once for its application.
  const std::size_t second = text.find(message, first + 1);
  ASSERT_NE(second, std::string::npos);
  EXPECT_EQ(text.find(message, second + 1), std::string::npos);
}

/// The copies of a rehearsal: the site's files and an overlay as `pki create` leaves it.
class Copies {
 public:
  explicit Copies(const std::string& site) : test_(site) {
    const std::string pem = base64_encode("-----BEGIN CERTIFICATE-----\nx\n");
    std::string overlay = "applications:\n  octavia:\n    options:\n";
    for (const char* key : {"lb-mgmt-issuing-cacert", "lb-mgmt-issuing-ca-private-key",
                            "lb-mgmt-controller-cacert", "lb-mgmt-controller-cert"}) {
      overlay += fmt::format("      {}: \"{}\"\n", key, pem);
    }
    overlay += "      lb-mgmt-issuing-ca-key-passphrase: \"abcdefgh\"\n";
    EXPECT_TRUE(test_.files().make_folder(test_.site_folder() + "/overlays", 0700));
    EXPECT_TRUE(test_.files().write_atomic(overlay_path(), overlay, 0600));
  }
  std::string overlay_path() const { return test_.site_folder() + "/overlays/octavia-pki.yaml"; }
  std::string read(const std::string& path) {
    const Result<std::string> text = test_.files().read(path, 1 << 24);
    return text ? *text : "absent";
  }
  std::string bundle() { return read(test_.site_folder() + "/bundle.yaml"); }
  std::string overlay() { return read(overlay_path()); }
  void write_bundle(const std::string& text) {
    EXPECT_TRUE(test_.files().write_atomic(test_.site_folder() + "/bundle.yaml", text, 0600));
  }
  Result<void> apply(std::string_view fault) {
    return apply_input_fault(fault, test_.site_folder(), test_.files());
  }
  std::string planned(const std::string& what) {
    test_.juju({"add-model", "openstack"});
    const Said said = test_.juju({"deploy", "-m", "openstack", "--dry-run", "./bundle.yaml"});
    EXPECT_EQ(said.end.exit_code, 0) << what << ": " << said.err;
    return said.out;
  }

 private:
  TestLab test_;
};

TEST(InputFaults, each_changes_a_file_and_leaves_a_bundle_that_can_be_read) {
  for (const Fault& fault : all_faults()) {
    if (fault.kind != FaultKind::input || fault.pki_created_days_ago > 0) continue;
    Copies copies("omega");
    const std::string before = copies.bundle() + copies.overlay();
    const Result<void> done = copies.apply(fault.name);
    ASSERT_TRUE(done) << fault.name << ": " << to_string(done.error());
    EXPECT_NE(copies.bundle() + copies.overlay(), before) << fault.name;
    EXPECT_FALSE(copies.planned(std::string(fault.name)).empty());
  }
}

TEST(InputFaults, one_vip_moves_and_the_others_stay) {
  Copies copies("omega");
  ASSERT_TRUE(copies.apply("vip-old-band"));
  const std::string bundle = copies.bundle();
  EXPECT_NE(bundle.find("\"10.12.4.10 10.12.8."), std::string::npos);
  EXPECT_NE(bundle.find("10.12.4.50"), std::string::npos);
}

TEST(InputFaults, a_swapped_vip_is_one_more) {
  Copies copies("omega");
  ASSERT_TRUE(copies.apply("lying-twelfth-vip-swapped"));
  EXPECT_NE(copies.bundle().find("vip: \"10.12.8.61 10.12.4.61\""), std::string::npos);
}

TEST(InputFaults, one_application_more_is_planned) {
  Copies copies("omega");
  ASSERT_TRUE(copies.apply("applications-51"));
  EXPECT_NE(copies.planned("51").find("deploy application one-too-many"), std::string::npos);
}

TEST(InputFaults, one_application_more_is_planned_where_all_stand_in_braces) {
  Copies copies("omega");
  copies.write_bundle(
      "machines: {\"0\": {}}\n"
      "applications: {a: {charm: ch:x, num_units: 1, to: [\"0\"]}, b: {charm: y}}\n");
  ASSERT_TRUE(copies.apply("applications-51"));
  EXPECT_THAT(copies.bundle(),
              testing::HasSubstr("{one-too-many: {charm: ch:x, num_units: 0}, a:"));
  copies.write_bundle(
      "machines: {\"0\": {}}\n"
      "applications: {\n  # the first,\n  a: {charm: ch:x, num_units: 1, to: [\"0\"]},\n"
      "  b: {charm: y}}\n");
  ASSERT_TRUE(copies.apply("applications-51"));
  EXPECT_THAT(copies.bundle(),
              testing::HasSubstr("\n  one-too-many: {charm: ch:x, num_units: 0}, a:"));
}

TEST(InputFaults, the_passphrase_is_found_by_what_it_holds) {
  Copies copies("omega");
  ASSERT_TRUE(copies.apply("passphrase-wrong"));
  EXPECT_NE(copies.overlay().find("passphrase: \"hgfedcba\""), std::string::npos);
}

TEST(InputFaults, four_keys_are_left_and_the_rest_is_as_it_was) {
  Copies copies("omega");
  const std::string before = copies.overlay();
  ASSERT_TRUE(copies.apply("overlay-four-keys"));
  EXPECT_EQ(copies.overlay(), before.substr(0, before.find("      lb-mgmt-issuing-ca-key-pass")));
}

TEST(InputFaults, a_site_without_what_they_need_refuses_them_by_name) {
  for (const char* name :
       {"overlay-absent", "passphrase-wrong", "vip-old-band", "controller-certificate-expired"}) {
    Copies copies("second");
    const Result<void> done = copies.apply(name);
    ASSERT_FALSE(done) << name;
    EXPECT_EQ(done.error().kind, ErrorKind::invalid_input);
    EXPECT_NE(to_string(done.error()).find(name), std::string::npos);
  }
}

TEST(InputFaults, a_world_fault_changes_no_file) {
  Copies copies("omega");
  const std::string before = copies.bundle() + copies.overlay();
  EXPECT_TRUE(copies.apply("nic-unlinked"));
  EXPECT_EQ(copies.bundle() + copies.overlay(), before);
  EXPECT_FALSE(copies.apply("no-such-fault"));
}

TEST(TextEdits, keep_what_they_do_not_touch) {
  const Source source("x", "a: \u00e9 # one\nb: 2\nc: 3\n", Sensitivity::open);
  EXPECT_EQ(with_edits(source, {{{2, 4}, {2, 5}, "9"}, {{1, 4}, {1, 5}, "e"}}),
            "a: e # one\nb: 9\nc: 3\n");
  EXPECT_EQ(with_edits(source, {remove_lines(2, 3)}), "a: \u00e9 # one\n");
  EXPECT_EQ(with_edits(source, {insert_lines(2, "x: 1\n")}), "a: \u00e9 # one\nx: 1\nb: 2\nc: 3\n");
}

}  // namespace
}  // namespace gatehouse::sim
