#include "clients/juju/unit_certificates.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "clients/fake_effects.h"
#include "effects/posix/posix.h"

namespace gatehouse::juju {
namespace {

const std::vector<std::string> kPaths = {"/etc/octavia/certs/issuing_ca.pem", "/etc/x/leaf.pem"};
const std::string kDigest(64, 'a');

std::string printed(char digit) {
  std::string text = "sha256 Fingerprint=";
  for (int i = 0; i < 32; ++i) text += std::string(i == 0 ? "" : ":") + digit + digit;
  return text + "\n";
}

TEST(CertificateProbe, is_read_file_by_file) {
  const auto read = read_certificate_probe(
      "file " + kPaths[0] + "\n" + printed('A') + printed('B') + "absent " + kPaths[1] + "\n", "",
      kPaths);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->fingerprints.size(), 1U);
  EXPECT_EQ(read->fingerprints.at(kPaths[0]),
            (std::vector<std::string>{kDigest, std::string(64, 'b')}));
  EXPECT_EQ(read->complaint, "");
}

TEST(CertificateProbe, takes_the_words_of_openssl_1_1_1_too) {
  const auto read = read_certificate_probe("file " + kPaths[0] + "\n" +
                                               replace_all(printed('A'), "sha256", "SHA256") +
                                               "absent " + kPaths[1] + "\n",
                                           "", kPaths);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->fingerprints.at(kPaths[0]), std::vector<std::string>{kDigest});
}

TEST(CertificateProbe, that_does_not_answer_for_a_file_is_malformed) {
  EXPECT_FALSE(read_certificate_probe("file " + kPaths[0] + "\n" + printed('A'), "", kPaths));
  EXPECT_FALSE(read_certificate_probe("", "sh: 1: Syntax error", kPaths));
}

TEST(CertificateProbe, keeps_the_complaint_of_openssl) {
  const std::string out = "file " + kPaths[0] + "\nfile " + kPaths[1] + "\n" + printed('A');
  const auto silent = read_certificate_probe(out, "", kPaths);
  ASSERT_TRUE(silent);
  EXPECT_EQ(silent->complaint, "no certificate can be read in " + kPaths[0]);
  const auto loud = read_certificate_probe(out, "Could not read certificate\n", kPaths);
  ASSERT_TRUE(loud);
  EXPECT_EQ(loud->complaint, "Could not read certificate");
}

// The probe itself, run by a real shell, awk and openssl on files of this machine.
TEST(CertificateProbe, fingerprints_each_certificate_and_never_the_key) {
  const auto clock = posix::make_clock(std::nullopt);
  const auto processes = posix::make_process_runner(*clock);
  const std::string folder = testing::TempDir() + "gatehouse-probe";
  const auto files = posix::make_file_store();
  ASSERT_TRUE(files->remove(folder));
  ASSERT_TRUE(files->make_folder(folder, 0700));
  const auto run = [&](std::vector<std::string> argv) {
    Command command;
    command.argv = std::move(argv);
    const auto result = run_one(*processes, std::move(command));
    EXPECT_TRUE(result);
    return result ? *result : ProcessResult{};
  };
  for (const std::string name : {"one", "two"}) {
    run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-subj", "/CN=" + name, "-keyout", folder + "/" + name + ".key", "-out",
         folder + "/" + name + ".pem"});
  }
  const auto read = [&](const std::string& name) {
    return *files->read(folder + "/" + name, 9999);
  };
  const std::string both = folder + "/it's both.pem";
  ASSERT_TRUE(files->create(both, read("one.pem") + read("one.key") + read("two.pem"), 0600));
  const std::vector<std::string> paths = {both, folder + "/absent.pem"};
  const ProcessResult result = run({"/bin/sh", "-c", certificate_probe(paths)});
  EXPECT_EQ(result.exit_code, 0);
  const auto answer = read_certificate_probe(result.out, result.err, paths);
  ASSERT_TRUE(answer) << result.out << result.err;
  EXPECT_EQ(answer->complaint, "");
  ASSERT_EQ(answer->fingerprints.at(both).size(), 2U);
  for (const std::string name : {"one", "two"}) {
    const std::string direct = run({"openssl", "x509", "-in", folder + "/" + name + ".pem",
                                    "-noout", "-fingerprint", "-sha256"})
                                   .out;
    const auto alone = read_certificate_probe("file x\n" + direct, "", {});
    EXPECT_EQ(answer->fingerprints.at(both).at(name == "one" ? 0 : 1),
              alone->fingerprints.at("x").at(0));
  }
}

/// A controller with a model of two units of the application, on two containers.
class UnitCertificatesSource : public ::testing::Test {
 protected:
  UnitCertificatesSource() {
    questions_.controller = "omega";
    questions_.model = "openstack";
    questions_.pki_application = "octavia";
    questions_.certificate_files = {kPaths[0]};
    ModelStatus status;
    for (const char* number : {"0", "1"}) {
      UnitStatus unit;
      unit.name = std::string("octavia/") + number;
      unit.application = "octavia";
      unit.machine = std::string(number) + "/lxd/4";
      status.units[unit.name] = unit;
    }
    status.units["vault/0"].application = "vault";
    status.units["vault/0"].machine = "2";
    facts_.model_status = Observation<ModelStatus>::seen(std::move(status), {});
  }

  void collect() {
    Effects effects = world_.effects();
    collect_unit_certificates(questions_, effects, facts_);
  }

  static std::string answers(const std::vector<std::string>& machines) {
    json::object results;
    for (const std::string& machine : machines) {
      results[machine] = {
          {"machine", machine},
          {"results", {{"return-code", 0}, {"stdout", "file " + kPaths[0] + "\n" + printed('A')}}}};
    }
    return json::serialize(results);
  }

  testing_effects::World world_;
  Questions questions_;
  Facts facts_;
};

TEST_F(UnitCertificatesSource, asks_all_machines_of_the_application_in_one_batch) {
  world_.processes.answer = [](const Command&) {
    return ProcessResult{.exit_code = 0, .out = answers({"0/lxd/4", "1/lxd/4"})};
  };
  collect();
  ASSERT_EQ(world_.processes.waves.size(), 1U);
  EXPECT_EQ(world_.processes.waves[0].at(0).argv.at(10), "0/lxd/4,1/lxd/4");
  ASSERT_EQ(facts_.unit_certificates.size(), 2U);
  const UnitCertificates* seen = facts_.unit_certificates.at("1/lxd/4").value();
  ASSERT_NE(seen, nullptr);
  EXPECT_EQ(seen->fingerprints.at(kPaths[0]), std::vector<std::string>{kDigest});
}

TEST_F(UnitCertificatesSource, asks_one_by_one_where_the_batch_times_out) {
  world_.processes.answer = [](const Command& command) {
    if (command.argv.at(10) == "0/lxd/4") {
      return ProcessResult{.exit_code = 0, .out = answers({"0/lxd/4"})};
    }
    return ProcessResult{.exit_code = 1, .out = "{}", .err = "ERROR timed out waiting"};
  };
  collect();
  EXPECT_NE(facts_.unit_certificates.at("0/lxd/4").value(), nullptr);
  EXPECT_NE(facts_.unit_certificates.at("1/lxd/4").error(), nullptr);
}

TEST_F(UnitCertificatesSource, does_not_know_a_machine_that_gives_no_result) {
  world_.processes.answer = [](const Command&) {
    return ProcessResult{.exit_code = 0, .out = answers({"0/lxd/4"})};
  };
  collect();
  ASSERT_NE(facts_.unit_certificates.at("1/lxd/4").error(), nullptr);
  EXPECT_EQ(facts_.unit_certificates.at("1/lxd/4").error()->kind, ErrorKind::malformed);
}

TEST_F(UnitCertificatesSource, asks_nothing_without_a_model_or_its_units) {
  facts_.model_status = {};
  collect();
  facts_.model_status = Observation<ModelStatus>::seen({}, {});
  collect();
  EXPECT_TRUE(world_.processes.waves.empty());
  EXPECT_TRUE(facts_.unit_certificates.empty());
}

}  // namespace
}  // namespace gatehouse::juju
