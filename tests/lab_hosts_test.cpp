// The hosts of a lab are real: a real ssh comes to a real sshd, which finds real images. What the
// client of the product makes of each trouble stands here too, without a whole rehearsal.
#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "clients/sources.h"
#include "effects/posix/posix.h"
#include "sim/lab.h"
#include "sim/lab_children.h"
#include "sim/lab_hosts.h"

namespace gatehouse {
namespace {

constexpr const char* kPath = "/var/lib/libvirt/images/openstack3-1.qcow2";

class LabHosts : public testing::Test {
 protected:
  LabHosts()
      : folder_(std::filesystem::path(GATEHOUSE_BINARY_DIR) / "lab-tests" /
                ("hosts-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_.parent_path());
  }
  ~LabHosts() override {
    (void)sim::stop_lab(folder_.string(), effects_);
    std::filesystem::remove_all(folder_);
  }

  void start(std::vector<std::string> faults, const char* path = "/usr/sbin:/usr/bin:/sbin:/bin") {
    sim::LabRequest request;
    request.site_file = GATEHOUSE_SOURCE_DIR "/sites/omega/site.yaml";
    request.faults = std::move(faults);
    request.folder = folder_.string();
    request.program = GATEHOUSE_BINARY_DIR "/gatehouse-lab";
    request.path = path;
    auto lab = sim::start_lab(request, effects_);
    ASSERT_TRUE(lab) << to_string(lab.error());
    lab_ = std::move(*lab);
  }

  /// In the lab's environment.
  ProcessResult run(std::vector<std::string> argv) {
    Command command;
    command.argv = std::move(argv);
    command.environment = lab_.assignments;
    auto result = run_one(*processes_, std::move(command));
    EXPECT_TRUE(result) << (result ? "" : to_string(result.error()));
    return result ? std::move(*result) : ProcessResult{};
  }

  /// As the product asks for the disk of the last machine.
  Observation<HostDisk> disk(bool uses_sudo = true) {
    Questions questions;
    questions.disks = {
        {.machine = "openstack3", .host = "jumphost", .path = kPath, .uses_sudo = uses_sudo}};
    questions.ssh.names_of_here.clear();
    InLab processes(*processes_, lab_.assignments);
    Effects effects{*http_, processes, *files_, *clock_, *entropy_};
    Facts facts;
    ssh_source.collect(std::array{FactKey::host_disks}, questions, effects, facts);
    return facts.host_disks.at(std::string("openstack3:") + kPath);
  }

  std::string why_unknown(bool uses_sudo = true) {
    const Observation<HostDisk> seen = disk(uses_sudo);
    EXPECT_EQ(seen.value(), nullptr);
    return seen.why_unknown();
  }

  class InLab : public ProcessRunner {
   public:
    InLab(ProcessRunner& inner, std::map<std::string, std::string> environment)
        : inner_(inner), environment_(std::move(environment)) {}
    std::vector<Result<ProcessResult>> run(std::span<const Command> commands,
                                           std::size_t parallel) override {
      std::vector<Command> inside(commands.begin(), commands.end());
      for (Command& command : inside) {
        command.environment.insert(environment_.begin(), environment_.end());
      }
      return inner_.run(inside, parallel);
    }
    Result<ChildId> start_detached(const DetachedCommand& command) override {
      return inner_.start_detached(command);
    }
    Result<ChildState> state_of(const ChildId& child, const std::string& exit_file) override {
      return inner_.state_of(child, exit_file);
    }

   private:
    ProcessRunner& inner_;
    std::map<std::string, std::string> environment_;
  };

  std::filesystem::path folder_;
  std::unique_ptr<Clock> clock_ = posix::make_clock(std::nullopt);
  std::unique_ptr<HttpTransport> http_ = posix::make_http_transport(*clock_);
  std::unique_ptr<ProcessRunner> processes_ = posix::make_process_runner(*clock_);
  std::unique_ptr<FileStore> files_ = posix::make_file_store();
  std::unique_ptr<Entropy> entropy_ = posix::make_entropy();
  Effects effects_{*http_, *processes_, *files_, *clock_, *entropy_};
  sim::LabHandle lab_;
};

TEST_F(LabHosts, a_blank_disk_is_seen_through_a_real_ssh) {
  start({});
  EXPECT_EQ(lab_.lacking, "");
  const Observation<HostDisk> seen = disk();
  const HostDisk* found = seen.value();
  ASSERT_NE(found, nullptr) << seen.why_unknown();
  EXPECT_EQ(found->virtual_size, 512ULL << 30);
  EXPECT_GT(found->allocated, 0U);
  EXPECT_LT(found->allocated, 1U << 20);
  EXPECT_EQ(found->data, 0U);
  EXPECT_EQ(seen.evidence().digest.size(), 64U);
  EXPECT_EQ(why_unknown(false), std::string("not permitted to read ") + kPath + " on jumphost");
}

TEST_F(LabHosts, any_login_is_the_labs_own_and_a_host_has_no_terminal) {
  start({});
  const ProcessResult named = run({"ssh", "-o", "BatchMode=yes", "admin@jumphost", "echo $0 here"});
  EXPECT_EQ(named.exit_code, 0) << named.err;
  EXPECT_EQ(named.out, "/bin/sh here\n");
  const ProcessResult bare = run({"ssh", "-T", "-o", "BatchMode=yes", "jumphost"});
  EXPECT_EQ(bare.exit_code, 1);
  EXPECT_EQ(bare.err, "LAB: a host of the lab has no terminal; give a command\n");
}

TEST_F(LabHosts, no_name_leads_out_and_a_machine_that_is_off_does_not_answer) {
  start({});
  for (const char* name : {"openstack0", "no-such-host"}) {
    const ProcessResult said = run({"ssh", "-o", "BatchMode=yes", name, "true"});
    EXPECT_EQ(said.exit_code, 255) << name;
    EXPECT_NE(said.err.find("port 1: Connection refused"), std::string::npos) << said.err;
  }
}

TEST_F(LabHosts, a_machine_that_is_on_answers) {
  start({"machine-powered-on"});
  const ProcessResult said = run({"ssh", "-o", "BatchMode=yes", "openstack2", "echo on"});
  EXPECT_EQ(said.exit_code, 0) << said.err;
  EXPECT_EQ(said.out, "on\n");
}

TEST_F(LabHosts, a_lock_that_a_guest_holds_keeps_nobody_from_looking) {
  start({"disk-locked"});
  const std::string plain = "sudo qemu-img info --output=json " + std::string(kPath);
  // The guest opens its disk a moment after it was started.
  ProcessResult locked;
  for (int tries = 0; tries < 200 && locked.exit_code == 0; ++tries) {
    locked = run({"ssh", "-o", "BatchMode=yes", "jumphost", plain});
  }
  EXPECT_EQ(locked.exit_code, 1);
  EXPECT_NE(locked.err.find("Failed to get shared \"write\" lock"), std::string::npos)
      << locked.err;
  const Observation<HostDisk> seen = disk();
  ASSERT_NE(seen.value(), nullptr) << seen.why_unknown();
  EXPECT_EQ(seen.value()->data, 0U);
}

TEST_F(LabHosts, a_disk_that_was_written_shows_its_data) {
  start({"disk-not-blank"});
  const Observation<HostDisk> seen = disk();
  ASSERT_NE(seen.value(), nullptr) << seen.why_unknown();
  EXPECT_EQ(seen.value()->data, 8U << 20);
  EXPECT_GT(seen.value()->allocated, 8U << 20);
}

TEST_F(LabHosts, a_disk_of_another_size_shows_it) {
  start({"disk-of-other-size"});
  const Observation<HostDisk> seen = disk();
  ASSERT_NE(seen.value(), nullptr) << seen.why_unknown();
  EXPECT_EQ(seen.value()->virtual_size, 513ULL << 30);
}

TEST_F(LabHosts, each_way_of_not_getting_in_has_its_own_words) {
  const std::pair<const char*, const char*> cases[] = {
      {"host-key-changed", "the host key of jumphost is another than was known"},
      {"host-key-unknown",
       "ssh to jumphost would ask somebody whether its host key is right, for none is known"},
      {"host-asks-password",
       "ssh to jumphost would ask somebody for a password, since it takes none of our keys"},
      {"host-unreachable",
       "jumphost was not reached by ssh: ssh: connect to host 127.0.0.1 port 1: Connection "
       "refused"},
      {"host-refuses-sudo",
       "sudo without a password is refused for "
       "/var/lib/libvirt/images/openstack3-1.qcow2 on jumphost: sudo: a "
       "password is required"},
      {"host-without-qemu-img", "no qemu-img on jumphost"},
  };
  for (const auto& [fault, words] : cases) {
    start({fault});
    EXPECT_EQ(why_unknown(), words);
    ASSERT_TRUE(sim::stop_lab(folder_.string(), effects_, sim::Leftovers::remove));
  }
  start({"host-refuses-login"});
  const std::string refused = why_unknown();
  EXPECT_EQ(refused.find("jumphost refuses the ssh login: "), 0U) << refused;
  EXPECT_NE(refused.find("Permission denied (publickey)"), std::string::npos) << refused;
}

TEST_F(LabHosts, a_connection_is_used_again_and_ends_with_the_lab) {
  start({});
  // Where the name of the lab's folder is too long for a socket, one is made nowhere.
  const std::string socket = "control/s";
  const std::vector<std::string> first = {
      "sh", "-c",
      "cd " + folder_.string() +
          " && ssh -o BatchMode=yes -o ControlMaster=auto -o "
          "ControlPersist=60 -o ControlPath=" +
          socket + " jumphost true && ssh -o ControlPath=" + socket + " -O check jumphost"};
  const ProcessResult checked = run(first);
  EXPECT_EQ(checked.exit_code, 0) << checked.err;
  EXPECT_NE(checked.err.find("Master running"), std::string::npos) << checked.err;
  ASSERT_TRUE(sim::stop_lab(folder_.string(), effects_));
  for (const char* child : {"server", "sshd"}) {
    EXPECT_TRUE(files_->info(sim::child_exit({folder_.string()}, child))) << child;
  }
}

TEST_F(LabHosts, without_an_sshd_the_lab_says_so_and_every_host_is_unknown) {
  start({});
  // A folder that has ssh, and nothing else that the lab looks for.
  const std::string only_ssh = folder_.string() + "-path";
  std::filesystem::create_directories(only_ssh);
  std::filesystem::remove(only_ssh + "/ssh");
  std::filesystem::create_symlink("/usr/bin/ssh", only_ssh + "/ssh");
  const Result<std::string> lacking =
      sim::start_hosts({folder_.string()}, {.program = "/no/lab", .path = only_ssh}, effects_);
  std::filesystem::remove_all(only_ssh);
  ASSERT_TRUE(lacking) << to_string(lacking.error());
  EXPECT_EQ(*lacking,
            "LAB: this machine cannot show the lab's hosts; as root: apt-get install "
            "openssh-client openssh-server qemu-utils");
  EXPECT_EQ(why_unknown(), "jumphost was not reached by ssh: " + *lacking);
}

}  // namespace
}  // namespace gatehouse
