#include "sim/unit_disks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/test_lab.h"

namespace gatehouse::sim {
namespace {

using testing::HasSubstr;
using testing::Not;

// A lab into which bundle and an overlay with certificates were deployed two hours ago.
class UnitDisks : public testing::Test {
 protected:
  Said said_on(TestLab& lab, const std::string& words) {
    std::filesystem::copy(GATEHOUSE_SOURCE_DIR "/tests/fixtures/pki/controller-ca-expired.yaml",
                          lab.site_folder() + "/pki.yaml");
    lab.juju({"add-model", "openstack"});
    const Said deployed = lab.juju({"deploy", "--overlay", lab.site_folder() + "/pki.yaml", "-m",
                                    "openstack", "./bundle.yaml"});
    EXPECT_EQ(deployed.end.exit_code, 0) << deployed.err;
    lab.clock.time += std::chrono::minutes(120);
    return lab.juju(
        {"exec", "-m", "openstack", "--format", "json", "--unit", "octavia/0", "--", words});
  }
};

TEST_F(UnitDisks, hold_the_certificates_of_the_overlay_where_the_charm_puts_them) {
  TestLab lab("omega");
  const Said said =
      said_on(lab,
              "cd /etc/octavia/certs && pwd && grep -c BEGIN *.pem && openssl x509 -noout -subject "
              "-in controller_ca.pem");
  EXPECT_THAT(said.out, HasSubstr("/etc/octavia/certs\\n"));
  EXPECT_THAT(said.out, HasSubstr("controller_cert.pem:1"));
  EXPECT_THAT(said.out, HasSubstr("subject="));
  EXPECT_THAT(said.out + said.err, Not(HasSubstr(lab.lab_folder())));
}

TEST_F(UnitDisks, hold_no_key) {
  TestLab lab("omega");
  EXPECT_THAT(said_on(lab, "cat /etc/octavia/certs/controller_cert.pem").out,
              Not(HasSubstr("PRIVATE KEY")));
}

TEST_F(UnitDisks, of_another_machine_hold_nothing) {
  TestLab lab("omega");
  said_on(lab, "true");
  const Said said = lab.juju({"exec", "-m", "openstack", "--format", "json", "--machine", "0", "--",
                              "ls /etc/octavia/certs || echo none"});
  EXPECT_THAT(said.out, HasSubstr("none"));
}

}  // namespace
}  // namespace gatehouse::sim
