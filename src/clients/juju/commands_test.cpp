#include "clients/juju/commands.h"

#include <gtest/gtest.h>

namespace gatehouse::juju {
namespace {

const ModelName kModel{.controller = "omega", .model = "openstack"};
using Argv = std::vector<std::string>;

TEST(JujuCommands, NameControllerAndModelAndPutFlagsFirst) {
  EXPECT_EQ(add_model_argv(
                {.name = kModel, .cloud = "maas", .region = "default", .credential = "maas-api"}),
            (Argv{"juju", "add-model", "--no-switch", "--no-browser-login", "-c", "omega",
                  "--credential", "maas-api", "openstack", "maas/default"}));
  EXPECT_EQ(add_model_argv({.name = kModel, .cloud = "maas", .region = "", .credential = ""}),
            (Argv{"juju", "add-model", "--no-switch", "--no-browser-login", "-c", "omega",
                  "openstack", "maas"}));
  const BundleFiles files{.bundle = "/h/stage/bundle.yaml",
                          .overlays = {"/h/stage/a", "/h/stage/b"}};
  EXPECT_EQ(deploy_argv(kModel, files),
            (Argv{"juju", "deploy", "--overlay", "/h/stage/a", "--overlay", "/h/stage/b", "-m",
                  "omega:openstack", "--no-browser-login", "/h/stage/bundle.yaml"}));
  EXPECT_EQ(dry_run_argv(kModel, files),
            (Argv{"juju", "deploy", "--overlay", "/h/stage/a", "--overlay", "/h/stage/b", "-m",
                  "omega:openstack", "--no-browser-login", "--dry-run", "/h/stage/bundle.yaml"}));
  EXPECT_EQ(status_command(kModel).argv, (Argv{"juju", "status", "-m", "omega:openstack",
                                               "--format", "json", "--no-browser-login"}));
  EXPECT_EQ(models_command("omega").argv,
            (Argv{"juju", "models", "-c", "omega", "--format", "json", "--no-browser-login"}));
}

TEST(JujuCommands, AskMachinesAndNeverUnitsWithAnExplicitWait) {
  const MachineScript script{.machines = {"0", "0/lxd/1"}, .script = "true"};
  EXPECT_EQ(exec_command(kModel, script).argv,
            (Argv{"juju", "exec", "-m", "omega:openstack", "--format", "json", "--wait", "60s",
                  "--no-browser-login", "--machine", "0,0/lxd/1", "--", "true"}));
  EXPECT_EQ(exec_command(kModel, {.machines = {"0"}, .script = "true", .is_for_2_9 = true}).argv,
            (Argv{"juju", "run", "-m", "omega:openstack", "--format", "json", "--timeout", "60s",
                  "--no-browser-login", "--machine", "0", "--", "true"}));
}

TEST(JujuCommands, ReachAMachineBeforeItsAgentWithFlagsBeforeTheTarget) {
  EXPECT_EQ(ssh_command(kModel, "0/lxd/1", "true").argv,
            (Argv{"juju", "ssh", "-m", "omega:openstack", "--pty=false", "--no-host-key-checks",
                  "0/lxd/1", "--", "true"}));
}

TEST(JujuCommands, GoOnWithADeployOnTheMachinesThatAreThere) {
  const BundleFiles files{
      .bundle = "/h/b.yaml", .overlays = {}, .map_machines = "existing,8=0,9=1"};
  EXPECT_EQ(deploy_argv(kModel, files),
            (Argv{"juju", "deploy", "-m", "omega:openstack", "--map-machines", "existing,8=0,9=1",
                  "--no-browser-login", "/h/b.yaml"}));
}

TEST(JujuCommands, HaveAnEmptyInputADeadlineAndTimesInIsoForm) {
  for (const Command& command :
       {version_command(), whoami_command("omega"), controllers_command(), models_command("omega"),
        spaces_command(kModel), status_command(kModel), dry_run_command(kModel, {}),
        exec_command(kModel, {.machines = {"0"}, .script = "true"}),
        ssh_command(kModel, "0", "true")}) {
    EXPECT_EQ(command.input, "");
    EXPECT_GT(command.deadline.count(), 0);
    EXPECT_EQ(command.environment.at("JUJU_STATUS_ISO_TIME"), "true");
    EXPECT_EQ(command.environment.at("NO_COLOR"), "1");
  }
  EXPECT_EQ(whoami_command("omega").environment.at("JUJU_CONTROLLER"), "omega");
}

}  // namespace
}  // namespace gatehouse::juju
