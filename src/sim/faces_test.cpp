#include "sim/face.h"

#include <gmock/gmock.h>

#include "sim/test_lab.h"

namespace gatehouse::sim {
namespace {

json::value parsed(const std::string& text) {
  Result<json::value> value = parse_json(text);
  EXPECT_TRUE(value) << text;
  return value ? *value : json::value();
}

TEST(JujuFace, version_and_identity_need_no_controller) {
  TestLab test("omega", {"controller-unreachable"});
  EXPECT_EQ(test.juju({"version"}).out, "3.6.28-genericlinux-amd64\n");
  EXPECT_EQ(string_or_empty(parsed(test.juju({"whoami", "--format", "json"}).out), "user"),
            "admin");
  const Said models = test.juju({"models", "--format", "json"});
  EXPECT_EQ(models.end.exit_code, 1);
  EXPECT_EQ(models.out, "{}\n");
  EXPECT_NE(models.err.find("connection refused"), std::string::npos);
}

TEST(JujuFace, an_unknown_flag_is_refused_as_the_client_does) {
  TestLab test("omega");
  const Said said = test.juju({"status", "--nosuch"});
  EXPECT_EQ(said.end.exit_code, 2);
  EXPECT_EQ(said.err, "ERROR option provided but not defined: --nosuch\n");
}

TEST(JujuFace, a_model_is_added_once) {
  TestLab test("omega");
  const Said first =
      test.juju({"add-model", "openstack", "maas/default", "--credential", "maas-api"});
  EXPECT_EQ(first.end.exit_code, 0);
  EXPECT_EQ(first.out, "");
  EXPECT_EQ(
      first.err,
      "Added 'openstack' model on maas/default with credential 'maas-api' for user 'admin'\n");
  const Said second = test.juju({"add-model", "openstack"});
  EXPECT_EQ(second.end.exit_code, 1);
  EXPECT_NE(second.err.find("model \"openstack\" for admin already exists"), std::string::npos);
  const Said odd = test.juju({"add-model", "../x"});
  EXPECT_EQ(odd.end.exit_code, 1);
}

TEST(JujuFace, a_model_is_destroyed_by_who_enters_its_name) {
  TestLab test("omega");
  test.juju({"add-model", "openstack"});
  const Said asked = test.juju({"destroy-model", "omega:openstack"});
  EXPECT_EQ(asked.end.exit_code, 1);
  EXPECT_THAT(asked.err, testing::EndsWith("ERROR model destruction: aborted\n"));
  EXPECT_EQ(test.juju({"status", "--format", "json"}).end.exit_code, 0);
  test.answer = "openstack";
  const Said destroyed = test.juju({"destroy-model", "omega:openstack"});
  EXPECT_EQ(destroyed.end.exit_code, 0) << destroyed.err;
  EXPECT_THAT(destroyed.err, testing::EndsWith("to be destroyed: Destroying model\nWaiting for "
                                               "model to be removed...\nModel destroyed.\n"));
  EXPECT_EQ(test.juju({"status", "-m", "openstack", "--format", "json"}).end.exit_code, 1);
  EXPECT_EQ(test.juju({"destroy-model", "--no-prompt", "openstack"}).end.exit_code, 1);
  EXPECT_EQ(test.juju({"add-model", "openstack"}).end.exit_code, 0) << "the name is free again";
  EXPECT_EQ(test.juju({"destroy-model"}).end.exit_code, 2);
  EXPECT_EQ(test.juju({"destroy-model", "--no-prompt", "controller"}).end.exit_code, 1);
  EXPECT_EQ(test.juju({"destroy-model", "--no-prompt", "other:openstack"}).end.exit_code, 1);
}

TEST(JujuFace, a_deployed_model_is_destroyed_with_all_it_held) {
  TestLab test("omega");
  test.juju({"add-model", "openstack"});
  ASSERT_EQ(test.juju({"deploy", "./bundle.yaml"}).end.exit_code, 0);
  const Said destroyed = test.juju({"destroy-model", "--no-prompt", "openstack"});
  EXPECT_EQ(destroyed.end.exit_code, 0) << destroyed.err;
  EXPECT_THAT(destroyed.err, testing::HasSubstr("removed, 28 machine(s), 50 application(s)..."));
  EXPECT_THAT(test.juju({"whoami"}).out, testing::HasSubstr("<no-current-model>"));
  test.juju({"add-model", "openstack"});
  EXPECT_THAT(test.juju({"status", "--format", "json"}).err, testing::HasSubstr("is empty"));
}

TEST(JujuFace, models_lists_what_was_added) {
  TestLab test("omega");
  test.juju({"add-model", "openstack", "--no-switch"});
  const json::value models = parsed(test.juju({"models", "-c", "omega", "--format", "json"}).out);
  EXPECT_EQ(find(models, "current-model"), nullptr);
  std::set<std::string> names;
  for (const json::value& model : *find_array(models, "models")) {
    names.insert(string_or_empty(model, "short-name"));
    EXPECT_EQ(string_or_empty(model, "life"), "alive");
  }
  EXPECT_EQ(names, (std::set<std::string>{"controller", "openstack"}));
  EXPECT_EQ(test.juju({"models", "-c", "other", "--format", "json"}).end.exit_code, 1);
}

TEST(JujuFace, status_of_an_absent_model_fails_and_still_prints_a_document) {
  TestLab test("omega");
  const Said said = test.juju({"status", "-m", "omega:admin/nosuch", "--format", "json"});
  EXPECT_EQ(said.end.exit_code, 1);
  EXPECT_EQ(said.out, "{}\n");
  EXPECT_EQ(said.err, "ERROR model omega:admin/nosuch not found\n");
}

TEST(JujuFace, a_dry_run_changes_nothing_and_a_deploy_prints_the_same_lines) {
  TestLab test("omega");
  test.juju({"add-model", "openstack"});
  const Said dry = test.juju({"deploy", "-m", "openstack", "--dry-run", "./bundle.yaml"});
  ASSERT_EQ(dry.end.exit_code, 0) << dry.err;
  EXPECT_EQ(dry.out.rfind("Changes to deploy bundle:\n- ", 0), 0U);
  EXPECT_NE(dry.err.find("WARNING These fields"), std::string::npos);
  const Said deploy = test.juju({"deploy", "-m", "openstack", "./bundle.yaml"});
  EXPECT_EQ(deploy.out.substr(deploy.out.find('\n')), dry.out.substr(dry.out.find('\n')));
  EXPECT_EQ(deploy.err.find("WARNING These fields"), std::string::npos);
  EXPECT_TRUE(deploy.err.ends_with("Deploy of bundle completed.\n"));
  const Said again = test.juju({"deploy", "-m", "openstack", "./bundle.yaml"});
  EXPECT_EQ(again.out, "");
  EXPECT_TRUE(again.err.ends_with("No changes to apply.\n"));
}

TEST(JujuFace, a_deploy_that_is_cut_off_leaves_what_it_did_and_the_next_one_does_the_rest) {
  TestLab test("omega");
  test.juju({"add-model", "openstack"});
  test.clock.waits_until_interrupted = 100;
  const Said first = test.juju({"deploy", "-m", "openstack", "./bundle.yaml"});
  EXPECT_NE(first.end.exit_code, 0);
  test.clock.waits_until_interrupted.reset();
  const auto half = read_model(test.lab().paths, "openstack", test.files());
  ASSERT_TRUE(half && *half);
  EXPECT_EQ((*half)->done, lines_of(first.out).size() - 1);
  const Said blind = test.juju({"deploy", "-m", "openstack", "--dry-run", "./bundle.yaml"});
  EXPECT_NE(blind.out.find("- add new machine 4 (bundle machine 8)\n"), std::string::npos)
      << "a machine that is not mapped would be made once more";
  EXPECT_EQ(test.juju({"deploy", "-m", "openstack", "./bundle.yaml"}).end.exit_code, 1);
  const std::string map = "existing,8=0,9=1,10=2,11=3";
  const Said dry =
      test.juju({"deploy", "-m", "openstack", "--map-machines", map, "--dry-run", "./bundle.yaml"});
  const Said second =
      test.juju({"deploy", "-m", "openstack", "--map-machines", map, "./bundle.yaml"});
  EXPECT_EQ(second.end.exit_code, 0) << second.err;
  EXPECT_EQ(second.out.substr(second.out.find('\n')), dry.out.substr(dry.out.find('\n')));
  const auto whole = read_model(test.lab().paths, "openstack", test.files());
  ASSERT_TRUE(whole && *whole);
  EXPECT_EQ(lines_of(first.out).size() + lines_of(second.out).size() - 2, (*whole)->done);
}

TEST(JujuFace, a_deploy_takes_minutes_of_the_labs_clock) {
  TestLab test("omega");
  const Moment begin = test.clock.now();
  test.deployed();
  EXPECT_GE(test.clock.now() - begin, std::chrono::minutes(2));
  EXPECT_LE(test.clock.now() - begin, std::chrono::minutes(3));
}

TEST(JujuFace, a_path_that_the_package_cannot_see_is_not_there) {
  TestLab test("omega");
  test.juju({"add-model", "openstack"});
  std::filesystem::create_directory(test.home() + "/.hidden");
  std::filesystem::copy(test.site_folder() + "/bundle.yaml", test.home() + "/.hidden/bundle.yaml");
  const Said hidden =
      test.juju({"deploy", "-m", "openstack", "--dry-run", test.home() + "/.hidden/bundle.yaml"});
  EXPECT_EQ(hidden.end.exit_code, 1);
  EXPECT_EQ(hidden.err.rfind("ERROR ", 0), 0U);
  const Said outside = test.juju(
      {"deploy", "-m", "openstack", "--dry-run", GATEHOUSE_SOURCE_DIR "/sites/omega/bundle.yaml"});
  EXPECT_EQ(outside.end.exit_code, 1);
}

TEST(JujuFace, ssh_takes_flags_before_its_target_only) {
  TestLab test("omega");
  test.deployed();
  const Said early = test.juju({"ssh", "-m", "openstack", "0", "--", "true"});
  EXPECT_EQ(early.end.exit_code, 1);
  EXPECT_NE(early.err.find("keys not found"), std::string::npos);
  test.clock.time += std::chrono::minutes(30);
  const Said good = test.juju({"ssh", "-m", "openstack", "0", "--", "getent", "hosts", "x"});
  EXPECT_EQ(good.end.program, (std::vector<std::string>{"/bin/sh", "-c", "getent hosts x"}));
  EXPECT_EQ(good.end.program_environment.at("GATEHOUSE_LAB_PLACE"), "0");
  const Said late = test.juju({"ssh", "0", "-m", "openstack", "--", "true"});
  EXPECT_NE(late.end.exit_code, 0);
}

TEST(JujuFace, exec_answers_for_each_machine_and_fails_where_one_is_silent) {
  TestLab test("omega");
  test.deployed();
  const Said early =
      test.juju({"exec", "-m", "openstack", "--format", "json", "--machine", "0", "--", "true"});
  EXPECT_EQ(early.end.exit_code, 1);
  EXPECT_EQ(early.out, "{}\n");
  test.clock.time += std::chrono::minutes(60);
  const Said said = test.juju({"exec", "-m", "openstack", "--format", "json", "--machine",
                               "0,0/lxd/1", "--", "echo $GATEHOUSE_LAB_PLACE"});
  EXPECT_EQ(said.end.exit_code, 0) << said.err;
  const json::value tasks = parsed(said.out);
  EXPECT_EQ(string_or_empty(tasks.at("0/lxd/1").at("results"), "stdout"), "0/lxd/1\n");
  const Said bad =
      test.juju({"exec", "-m", "openstack", "--format", "json", "--machine", "0", "--", "exit 3"});
  EXPECT_EQ(bad.end.exit_code, 1);
  EXPECT_EQ(find_integer(parsed(bad.out).at("0").at("results"), "return-code"), 3);
}

TEST(HostFaces, a_disk_is_blank_and_readable_for_root_only) {
  TestLab test("omega");
  const std::string path = "/var/lib/libvirt/images/openstack1-1.qcow2";
  EXPECT_EQ(test.call("qemu-img", {"info", "-U", "--output=json", path}).end.exit_code, 1);
  const Said said =
      test.call("qemu-img", {"info", "-U", "--output=json", path}, {{"GATEHOUSE_LAB_ROOT", "1"}});
  ASSERT_EQ(said.end.exit_code, 0) << said.err;
  EXPECT_EQ(find_integer(parsed(said.out), "virtual-size"), std::int64_t{512} << 30);
  EXPECT_EQ(find_integer(parsed(said.out), "actual-size"), 200'704);
  const Said none =
      test.call("qemu-img", {"info", "-U", "/nosuch.qcow2"}, {{"GATEHOUSE_LAB_ROOT", "1"}});
  EXPECT_NE(none.err.find("No such file or directory"), std::string::npos);
}

TEST(HostFaces, ssh_knows_the_sites_hosts_and_no_other) {
  TestLab test("omega");
  const Said off = test.call("ssh", {"-T", "-o", "BatchMode=yes", "--", "openstack0", "true"});
  EXPECT_EQ(off.end.exit_code, 255);
  EXPECT_EQ(off.err, "ssh: connect to host openstack0 port 22: No route to host\n");
  const Said unknown = test.call("ssh", {"nosuch", "true"});
  EXPECT_EQ(unknown.end.exit_code, 255);
  const Said good = test.call("ssh", {"-o", "ConnectTimeout=10", "admin@jumphost", "uptime -p"});
  EXPECT_EQ(good.end.program, (std::vector<std::string>{"/bin/sh", "-c", "uptime -p"}));
}

TEST(NameFaces, names_resolve_on_machines_with_the_phantom_first) {
  TestLab test("omega");
  test.deployed();
  const std::map<std::string, std::string> on_machine = {{"GATEHOUSE_LAB_PLACE", "1"},
                                                         {"GATEHOUSE_LAB_MODEL", "openstack"}};
  EXPECT_EQ(test.call("getent", {"hosts", "api.snapcraft.io"}, on_machine).end.exit_code, 0);
  EXPECT_EQ(test.call("getent", {"hosts", "no.such.name"}, on_machine).end.exit_code, 2);
  EXPECT_NE(test.call("resolvectl", {"dns"}, on_machine).out.find("10.12.8.10 10.12.8.1"),
            std::string::npos);
}

}  // namespace
}  // namespace gatehouse::sim
