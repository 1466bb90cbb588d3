#include <algorithm>

#include <gtest/gtest.h>

#include "base/text.h"
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

// The same image's map.
constexpr const char* kBlankMap =
    "[{ \"start\": 0, \"length\": 549755813888, \"depth\": 0, \"present\": false, \"zero\": true, "
    "\"data\": false}]\n";

// Of an image of 1 GiB after `qemu-io -c 'write -P 1 0 2M'`, 2026-11-24.
constexpr const char* kWrittenMap =
    "[{ \"start\": 0, \"length\": 2097152, \"depth\": 0, \"present\": true, \"zero\": false, "
    "\"data\": true, \"offset\": 327680},\n"
    "{ \"start\": 2097152, \"length\": 1071644672, \"depth\": 0, \"present\": false, \"zero\": "
    "true, "
    "\"data\": false}]\n";

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
    questions.ssh = access_;
    world_.processes.answer = [result](const Command&) { return result; };
    Effects effects = world_.effects();
    ssh_source.collect(std::array{FactKey::host_disks}, questions, effects, facts_);
  }

  /// What the script of a host prints for one disk.
  static std::string told(int number, const std::string& info, const std::string& map) {
    const std::string mark = "gatehouse-disk " + std::to_string(number);
    return mark + " info\n" + info + "gatehouse-exit 0\n\n" + mark + " map\n" + map +
           "gatehouse-exit 0\n\n";
  }
  const HostDisk* value(const std::string& key) { return facts_.host_disks.at(key).value(); }

  testing_effects::World world_;
  SshAccess access_;
  Facts facts_;
};

TEST_F(SshSource, AsksHereWithoutSshAndWithoutAShell) {
  Questions questions;
  questions.disks = {kHere};
  world_.processes.answer = [](const Command& command) {
    const bool is_map =
        std::find(command.argv.begin(), command.argv.end(), "map") != command.argv.end();
    return ProcessResult{.exit_code = 0, .out = is_map ? kWrittenMap : kBlank};
  };
  Effects effects = world_.effects();
  ssh_source.collect(std::array{FactKey::host_disks}, questions, effects, facts_);
  const auto& wave = world_.processes.waves.at(0);
  ASSERT_EQ(wave.size(), 2U);
  EXPECT_EQ(wave[0].argv,
            (std::vector<std::string>{"sudo", "-n", "qemu-img", "info", "--output=json",
                                      "--force-share", "/images/openstack0-1.qcow2"}));
  EXPECT_EQ(wave[1].argv,
            (std::vector<std::string>{"sudo", "-n", "qemu-img", "map", "--output=json",
                                      "--force-share", "/images/openstack0-1.qcow2"}));
  const HostDisk* disk = value("openstack0:/images/openstack0-1.qcow2");
  ASSERT_NE(disk, nullptr);
  EXPECT_EQ(disk->virtual_size, 512ULL << 30);
  EXPECT_EQ(disk->allocated, 204'800U);
  EXPECT_EQ(disk->data, 2U << 20);
}

TEST_F(SshSource, AsksAHostOnceForAllItsDisks) {
  collect({kThere, kThereToo},
          ProcessResult{.exit_code = 0,
                        .out = told(0, kBlank, kBlankMap) + "gatehouse-disk 1 info\n" +
                               "qemu-img: Could not open '/images/2.qcow2': Permission denied\n" +
                               "gatehouse-exit 1\n\n"});
  ASSERT_EQ(world_.processes.waves.size(), 1U);
  ASSERT_EQ(world_.processes.waves[0].size(), 1U);
  const Command& command = world_.processes.waves[0][0];
  const std::vector<std::string> end(command.argv.end() - 3, command.argv.end());
  const std::string quoted = "'/images/it'\\''s 1.qcow2'";
  const std::string infos = " 2>&1; echo \"gatehouse-exit $?\"; ";
  const std::string tail = "; echo \"gatehouse-exit $?\"; } 2>&1 | head -c 1048576; echo; ";
  EXPECT_EQ(end[0], "--");
  EXPECT_EQ(end[1], "hv1");
  EXPECT_EQ(end[2],
            "echo 'gatehouse-disk 0 info'; LC_ALL=C sudo -n qemu-img info --output=json "
            "--force-share " +
                quoted + infos +
                "echo 'gatehouse-disk 0 map'; { LC_ALL=C sudo -n qemu-img map --output=json "
                "--force-share " +
                quoted + tail +
                "echo 'gatehouse-disk 1 info'; LC_ALL=C qemu-img info --output=json "
                "--force-share /images/2.qcow2" +
                infos +
                "echo 'gatehouse-disk 1 map'; { LC_ALL=C qemu-img map --output=json "
                "--force-share /images/2.qcow2" +
                tail + "true");
  EXPECT_EQ(command.input, "");
  EXPECT_EQ(command.deadline, std::chrono::seconds(30));
  EXPECT_TRUE(value("openstack1:/images/it's 1.qcow2"));
  const auto& refused = facts_.host_disks.at("openstack2:/images/2.qcow2");
  ASSERT_NE(refused.error(), nullptr);
  EXPECT_EQ(refused.error()->kind, ErrorKind::denied);
  EXPECT_EQ(refused.error()->help, "set `sudo: true` for this disk in the site file");
}

TEST_F(SshSource, CanNeverPromptAndIgnoresWhatAConfigurationHoldsForPeople) {
  collect({kThere}, ProcessResult{});
  const auto& argv = world_.processes.waves.at(0).at(0).argv;
  const std::string line = join(std::vector<std::string>(argv.begin(), argv.end() - 1), " ");
  EXPECT_EQ(line,
            "ssh -T -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=5 -o "
            "ServerAliveCountMax=3 -o RemoteCommand=none -o ClearAllForwardings=yes -o "
            "PermitLocalCommand=no -o LogLevel=ERROR -- hv1");
}

TEST_F(SshSource, UsesAConnectionAgainWhereItsFolderIsOursAlone) {
  access_.control_folder = "/run/user/1000/gatehouse";
  world_.files.folders["/run/user/1000/gatehouse"] = 0700;
  collect({kThere}, ProcessResult{});
  const auto& argv = world_.processes.waves.at(0).at(0).argv;
  const std::string line = join(std::vector<std::string>(argv.begin(), argv.end() - 1), " ");
  EXPECT_NE(line.find("-o ControlMaster=auto -o ControlPersist=60 -o "
                      "ControlPath=/run/user/1000/gatehouse/"),
            std::string::npos)
      << line;
}

TEST_F(SshSource, UsesNoConnectionAgainWhereASocketCouldBeAnothers) {
  const std::string open = "/tmp/open";
  world_.files.folders[open] = 0755;
  const std::string far = "/" + std::string(80, 'f');
  world_.files.folders[far] = 0700;
  for (const std::string& folder : {open, far, std::string("/no/such")}) {
    access_.control_folder = folder;
    collect({kThere}, ProcessResult{});
    const auto& argv = world_.processes.waves.back().at(0).argv;
    EXPECT_EQ(join(argv, " ").find("Control"), std::string::npos) << folder;
  }
}

TEST_F(SshSource, TellsHostKeyLoginAndReachabilityApart) {
  const std::tuple<const char*, ErrorKind, const char*> cases[] = {
      {"Host key verification failed.\r\n", ErrorKind::denied,
       "ssh to hv1 would ask somebody whether its host key is right, for none is known"},
      {"@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.\n",
       ErrorKind::denied, "the host key of hv1 is another than was known"},
      {"operator@hv1: Permission denied (publickey,password).\n", ErrorKind::denied,
       "ssh to hv1 would ask somebody for a password, since it takes none of our keys"},
      {"operator@hv1: Permission denied (publickey).\n", ErrorKind::denied,
       "hv1 refuses the ssh login: operator@hv1: Permission denied (publickey)."},
      {"Received disconnect from hv1 port 22:2: Too many authentication failures\n",
       ErrorKind::denied,
       "hv1 refuses the ssh login: Received disconnect from hv1 port 22:2: Too many "
       "authentication failures"},
      {"WARNING: Your password has expired.\n", ErrorKind::denied,
       "ssh to hv1 would ask somebody for a new password, since the old one ran out"},
      {"ssh: connect to host hv1 port 22: No route to host\n", ErrorKind::unavailable,
       "hv1 was not reached by ssh: ssh: connect to host hv1 port 22: No route to host"},
      {"ssh: Could not resolve hostname hv1: Name or service not known\n", ErrorKind::unavailable,
       "hv1 was not reached by ssh: ssh: Could not resolve hostname hv1: Name or service not "
       "known"},
      {"", ErrorKind::unavailable, "hv1 was not reached by ssh: ssh says nothing"},
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
      {{.exit_code = 0, .out = kBlank}, ErrorKind::malformed},  // where the map is wanted
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
          ProcessResult{.exit_code = 0, .out = told(0, kBlank, kBlankMap), .err = "lost\n"});
  EXPECT_TRUE(value("openstack1:/images/it's 1.qcow2"));
  const Error* error = facts_.host_disks.at("openstack2:/images/2.qcow2").error();
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->kind, ErrorKind::malformed);
}

TEST_F(SshSource, AHostWhoseShellSaysNoIsQuoted) {
  collect({kThere}, ProcessResult{.exit_code = 1, .out = "This account is not available\n"});
  EXPECT_EQ(facts_.host_disks.begin()->second.error()->message,
            "no answer of hv1 for /images/it's 1.qcow2: This account is not available");
}

TEST_F(SshSource, OfAMapThatWasCutTheWholeLinesCount) {
  std::string map = kWrittenMap;
  map.resize(map.size() - 20);
  collect({kThere},
          ProcessResult{.exit_code = 0,
                        .out = "gatehouse-disk 0 info\n" + std::string(kBlank) +
                               "gatehouse-exit 0\n\ngatehouse-disk 0 map\n" + map + "\n"});
  const HostDisk* disk = value("openstack1:/images/it's 1.qcow2");
  ASSERT_NE(disk, nullptr);
  EXPECT_EQ(disk->data, 2U << 20);
  EXPECT_TRUE(disk->is_data_at_least);
}

TEST_F(SshSource, AHostThatTakesTooLongIsUnknownAndTheHelpSaysWhatToDo) {
  collect({kThere}, fail(ErrorKind::timed_out, "ssh took longer than 30 s"));
  const Error* error = facts_.host_disks.begin()->second.error();
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->kind, ErrorKind::timed_out);
  EXPECT_NE(error->help.find("ssh.deadline"), std::string::npos) << error->help;
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
  const std::string talk = "sudo: unable to resolve host hv1\n";
  collect({kThere}, ProcessResult{.exit_code = 0, .out = told(0, talk + kBlank, talk + kBlankMap)});
  EXPECT_TRUE(facts_.host_disks.begin()->second.value());
}

}  // namespace
}  // namespace gatehouse
