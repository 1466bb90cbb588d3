#include <gtest/gtest.h>

#include "clients/fake_effects.h"
#include "clients/sources.h"
#include "clients/ssh/disk_probe.h"
#include "clients/ssh/remote.h"

namespace gatehouse {
namespace {

// qemu-img 7.2.22 (Debian 12) of a new qcow2 image, 2026-11-22.
constexpr const char* kBlank = R"({
    "virtual-size": 549755813888,
    "filename": "/images/openstack0-1.qcow2",
    "cluster-size": 65536,
    "format": "qcow2",
    "actual-size": 204800,
    "format-specific": {
        "type": "qcow2",
        "data": {
            "compat": "1.1",
            "compression-type": "zlib",
            "lazy-refcounts": false,
            "refcount-bits": 16,
            "corrupt": false,
            "extended-l2": false
        }
    },
    "dirty-flag": false
}
)";

const DiskQuestion kHere{.machine = "openstack0",
                         .host = "jumphost",
                         .path = "/images/openstack0-1.qcow2",
                         .uses_sudo = true};
const DiskQuestion kThere{
    .machine = "openstack1", .host = "hv1", .path = "/images/it's 1.qcow2", .uses_sudo = true};
const DiskQuestion kThereToo{
    .machine = "openstack2", .host = "hv1", .path = "/images/2.qcow2", .uses_sudo = false};

class SshSource : public ::testing::Test {
 protected:
  void collect(std::vector<DiskQuestion> disks, Result<ProcessResult> result) {
    Questions questions;
    questions.disks = std::move(disks);
    world_.processes.answer = [result](const Command&) { return result; };
    Effects effects = world_.effects();
    ssh_source.collect(std::array{FactKey::host_disks}, questions, effects, facts_);
  }

  testing_effects::World world_;
  Facts facts_;
};

TEST_F(SshSource, AsksHereWithoutSshAndWithoutAShell) {
  collect({kHere}, ProcessResult{.exit_code = 0, .out = kBlank});
  EXPECT_EQ(world_.processes.waves.at(0).at(0).argv,
            (std::vector<std::string>{"sudo", "-n", "qemu-img", "info", "-U", "--output=json",
                                      "/images/openstack0-1.qcow2"}));
  const HostDisk* disk = facts_.host_disks.at("openstack0:/images/openstack0-1.qcow2").value();
  ASSERT_NE(disk, nullptr);
  EXPECT_EQ(disk->virtual_size, 512ULL << 30);
  EXPECT_EQ(disk->allocated, 204'800U);
}

TEST_F(SshSource, AsksAHostOnceForAllItsDisks) {
  collect({kThere, kThereToo},
          ProcessResult{.exit_code = 0,
                        .out = "gatehouse-disk 0\n" + std::string(kBlank) +
                               "gatehouse-exit 0\ngatehouse-disk 1\n" +
                               "qemu-img: Could not open '/images/2.qcow2': Permission denied\n" +
                               "gatehouse-exit 1\n"});
  ASSERT_EQ(world_.processes.waves.size(), 1U);
  ASSERT_EQ(world_.processes.waves[0].size(), 1U);
  EXPECT_EQ(
      world_.processes.waves[0][0].argv,
      (std::vector<std::string>{
          "ssh", "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "--", "hv1",
          "echo 'gatehouse-disk 0'; LC_ALL=C sudo -n qemu-img info -U --output=json "
          "'/images/it'\\''s 1.qcow2' 2>&1; echo \"gatehouse-exit $?\"; echo 'gatehouse-disk 1'; "
          "LC_ALL=C qemu-img info -U --output=json /images/2.qcow2 2>&1; echo \"gatehouse-exit "
          "$?\"; true"}));
  EXPECT_EQ(world_.processes.waves[0][0].input, "");
  EXPECT_TRUE(facts_.host_disks.at("openstack1:/images/it's 1.qcow2").value());
  const auto& refused = facts_.host_disks.at("openstack2:/images/2.qcow2");
  ASSERT_NE(refused.error(), nullptr);
  EXPECT_EQ(refused.error()->kind, ErrorKind::denied);
  EXPECT_EQ(refused.error()->help, "set `sudo: true` for this disk in the site file");
}

TEST_F(SshSource, TellsHostKeyLoginAndReachabilityApart) {
  const std::tuple<const char*, ErrorKind, const char*> cases[] = {
      {"Host key verification failed.\r\n", ErrorKind::denied,
       "the host key of hv1 is not a known one"},
      {"@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.\n",
       ErrorKind::denied, "the host key of hv1 is not a known one"},
      {"operator@hv1: Permission denied (publickey,password).\n", ErrorKind::denied,
       "hv1 refuses the ssh login"},
      {"ssh: connect to host hv1 port 22: No route to host\n", ErrorKind::unavailable,
       "hv1 was not reached by ssh: ssh: connect to host hv1 port 22: No route to host"},
      {"ssh: Could not resolve hostname hv1: Name or service not known\n", ErrorKind::unavailable,
       "hv1 was not reached by ssh: ssh: Could not resolve hostname hv1: Name or service not "
       "known"},
  };
  for (const auto& [err, kind, message] : cases) {
    collect({kThere, kThereToo}, ProcessResult{.exit_code = 255, .out = "", .err = err});
    EXPECT_EQ(facts_.host_disks.size(), 2U);
    for (const auto& [key, disk] : facts_.host_disks) {
      ASSERT_NE(disk.error(), nullptr) << key;
      EXPECT_EQ(disk.error()->kind, kind) << err;
      EXPECT_EQ(disk.error()->message, message);
    }
  }
}

TEST_F(SshSource, TellsWhyADiskHereCannotBeRead) {
  const std::tuple<ProcessResult, ErrorKind> cases[] = {
      {{.exit_code = 1, .err = "sudo: a password is required\n"}, ErrorKind::denied},
      {{.exit_code = 1, .err = "sudo: operator is not in the sudoers file\n"}, ErrorKind::denied},
      {{.exit_code = 1, .err = "sudo: qemu-img: command not found\n"}, ErrorKind::not_found},
      {{.exit_code = 1, .err = "sudo: a terminal is required to read the password\n"},
       ErrorKind::denied},
      {{.exit_code = 1,
        .err = "sudo: unable to resolve host hv1\nqemu-img: Could not open 'x': No such file or "
               "directory\n"},
       ErrorKind::not_found},
      {{.exit_code = 1, .err = "qemu-img: Could not open 'x': No such file or directory\n"},
       ErrorKind::not_found},
      {{.exit_code = 1, .err = "qemu-img: Could not open 'x': Image is corrupt\n"},
       ErrorKind::malformed},
      {{.exit_code = 0, .out = "{}"}, ErrorKind::malformed},
      {{.exit_code = 0, .out = "{\"virtual-size\": -1, \"actual-size\": 5}"}, ErrorKind::malformed},
      {{.exit_code = 0, .out = ""}, ErrorKind::malformed},
  };
  for (const auto& [result, kind] : cases) {
    collect({kHere}, result);
    const auto& disk = facts_.host_disks.begin()->second;
    ASSERT_NE(disk.error(), nullptr) << result.err;
    EXPECT_EQ(disk.error()->kind, kind) << result.err;
  }
}

TEST_F(SshSource, AnAnswerCutShortFailsOnlyTheDisksItDoesNotReach) {
  collect({kThere, kThereToo},
          ProcessResult{.exit_code = 0,
                        .out = "gatehouse-disk 0\n" + std::string(kBlank) + "gatehouse-exit 0\n"});
  EXPECT_TRUE(facts_.host_disks.at("openstack1:/images/it's 1.qcow2").value());
  EXPECT_EQ(facts_.host_disks.at("openstack2:/images/2.qcow2").error()->kind, ErrorKind::malformed);
}

TEST_F(SshSource, WithoutSshTheDisksAreUnknown) {
  collect({kThere}, fail(ErrorKind::not_found, "no program ssh"));
  EXPECT_EQ(facts_.host_disks.begin()->second.error()->help, "install ssh here");
}

TEST_F(SshSource, AHostThatSshWouldTakeForAnOptionIsRefused) {
  DiskQuestion odd = kThere;
  odd.host = "-oProxyCommand=x";
  collect({odd}, ProcessResult{});
  EXPECT_TRUE(world_.processes.waves.empty());
  EXPECT_EQ(facts_.host_disks.begin()->second.error()->kind, ErrorKind::invalid_input);
}

TEST_F(SshSource, ReadsPastWhatSudoSaysBeforeTheDocument) {
  collect({kThere}, ProcessResult{.exit_code = 0,
                                  .out = "gatehouse-disk 0\nsudo: unable to resolve host hv1\n" +
                                         std::string(kBlank) + "gatehouse-exit 0\n"});
  EXPECT_TRUE(facts_.host_disks.begin()->second.value());
}

}  // namespace
}  // namespace gatehouse
