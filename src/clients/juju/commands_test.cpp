#include "clients/juju/commands.h"

#include <gtest/gtest.h>

namespace gatehouse::juju {
namespace {

const ModelName kModel{.controller = "omega", .model = "openstack"};
using Argv = std::vector<std::string>;

TEST(JujuCommands, NameControllerAndModelAndPutFlagsFirst) {
  EXPECT_EQ(add_model_argv(
                {.name = kModel, .cloud = "maas", .region = "default", .credential = "maas-api"}),
            (Argv{"juju", "add-model", "--no-switch", "-c", "omega", "--credential", "maas-api",
                  "openstack", "maas/default"}));
  EXPECT_EQ(add_model_argv({.name = kModel, .cloud = "maas", .region = "", .credential = ""}),
            (Argv{"juju", "add-model", "--no-switch", "-c", "omega", "openstack", "maas"}));
  const BundleFiles files{.bundle = "/h/stage/bundle.yaml",
                          .overlays = {"/h/stage/a", "/h/stage/b"}};
  EXPECT_EQ(deploy_argv(kModel, files),
            (Argv{"juju", "deploy", "--overlay", "/h/stage/a", "--overlay", "/h/stage/b", "-m",
                  "omega:openstack", "/h/stage/bundle.yaml"}));
  EXPECT_EQ(dry_run_argv(kModel, files),
            (Argv{"juju", "deploy", "--overlay", "/h/stage/a", "--overlay", "/h/stage/b", "-m",
                  "omega:openstack", "--dry-run", "/h/stage/bundle.yaml"}));
  EXPECT_EQ(status_command(kModel).argv,
            (Argv{"juju", "status", "-m", "omega:openstack", "--format", "json"}));
  EXPECT_EQ(models_command("omega").argv,
            (Argv{"juju", "models", "-c", "omega", "--format", "json"}));
}

TEST(JujuCommands, AskMachinesAndNeverUnitsWithAnExplicitWait) {
  const MachineScript script{.machines = {"0", "0/lxd/1"}, .script = "true"};
  EXPECT_EQ(exec_command(kModel, script).argv,
            (Argv{"juju", "exec", "-m", "omega:openstack", "--format", "json", "--wait", "60s",
                  "--machine", "0,0/lxd/1", "--", "true"}));
  EXPECT_EQ(exec_command(kModel, {.machines = {"0"}, .script = "true", .is_for_2_9 = true}).argv,
            (Argv{"juju", "run", "-m", "omega:openstack", "--format", "json", "--timeout", "60s",
                  "--machine", "0", "--", "true"}));
}

TEST(JujuCommands, HaveAnEmptyInputADeadlineAndTimesInIsoForm) {
  for (const Command& command :
       {version_command(), whoami_command("omega"), controllers_command(), models_command("omega"),
        spaces_command(kModel), status_command(kModel), dry_run_command(kModel, {}),
        exec_command(kModel, {.machines = {"0"}, .script = "true"})}) {
    EXPECT_EQ(command.input, "");
    EXPECT_GT(command.deadline.count(), 0);
    EXPECT_EQ(command.environment.at("JUJU_STATUS_ISO_TIME"), "true");
    EXPECT_EQ(command.environment.at("NO_COLOR"), "1");
  }
  EXPECT_EQ(whoami_command("omega").environment.at("JUJU_CONTROLLER"), "omega");
}

}  // namespace
}  // namespace gatehouse::juju
