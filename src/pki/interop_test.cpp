// What is made, read by tools that are not ours: OpenSSL's program, Python's `cryptography` and its
// `ssl`, all of Debian 12.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pki/create.h"
#include "pki/forged_overlay.h"
#include "pki/posix_effects.h"
#include "pki/rotation.h"

namespace gatehouse::pki {
namespace {

using testing::HasSubstr;

// Loads each of the five values as Octavia does, then shakes hands in memory, both ends strict.
constexpr const char* kPython = R"py(
import base64, datetime, re, ssl, sys
from cryptography import x509
from cryptography.hazmat.backends import default_backend
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
values = dict(re.findall(r'^ +(lb-mgmt-[a-z-]+): "([^"]+)"$', open('overlay.yaml').read(), re.M))
assert len(values) == 5, sorted(values)
pem = {k: base64.b64decode(v, validate=True) for k, v in values.items() if 'passphrase' not in k}
backend = default_backend()
def certificates(text):
    mark = b'-----END CERTIFICATE-----\n'
    return [x509.load_pem_x509_certificate(part + mark, backend)
            for part in text.split(mark) if b'BEGIN CERTIFICATE' in part]
issuing = certificates(pem['lb-mgmt-issuing-cacert'])
controller_cas = certificates(pem['lb-mgmt-controller-cacert'])
key = serialization.load_pem_private_key(pem['lb-mgmt-issuing-ca-private-key'],
    values['lb-mgmt-issuing-ca-key-passphrase'].encode(), backend)
assert key.public_key().public_numbers() == issuing[0].public_key().public_numbers()
leaf = certificates(pem['lb-mgmt-controller-cert'])[0]
for ca in issuing + controller_cas:
    assert isinstance(ca.public_key().curve, ec.SECP384R1)
    assert ca.extensions.get_extension_for_class(x509.BasicConstraints).critical
    ca.public_key().verify(ca.signature, ca.tbs_certificate_bytes, ec.ECDSA(hashes.SHA384()))
usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
assert list(usage) == [x509.oid.ExtendedKeyUsageOID.CLIENT_AUTH]
amphora_key = ec.generate_private_key(ec.SECP256R1(), backend)
now = datetime.datetime.utcnow()
name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, 'amphora')])
amphora = (x509.CertificateBuilder().subject_name(name).issuer_name(issuing[0].subject)
    .public_key(amphora_key.public_key()).serial_number(x509.random_serial_number())
    .not_valid_before(now - datetime.timedelta(hours=1))
    .not_valid_after(now + datetime.timedelta(days=30))
    .add_extension(x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), False)
    .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing[0].public_key()),
                   False)
    .sign(key, hashes.SHA256(), backend))
def write(path, *parts):
    open(path, 'wb').write(b''.join(parts))
pem_of = lambda c: c.public_bytes(serialization.Encoding.PEM)
write('amphora.pem', pem_of(amphora), amphora_key.private_bytes(serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
write('controller.pem', pem['lb-mgmt-controller-cert'])
write('issuing.pem', pem['lb-mgmt-issuing-cacert'])
write('controller_ca.pem', pem['lb-mgmt-controller-cacert'])
server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server.load_cert_chain('amphora.pem')
server.load_verify_locations('controller_ca.pem')
server.verify_mode = ssl.CERT_REQUIRED
client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
client.check_hostname = False
client.load_cert_chain('controller.pem')
client.load_verify_locations('issuing.pem')
for context in (server, client):
    context.verify_flags |= ssl.VERIFY_X509_STRICT
to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
ends = [client.wrap_bio(to_client, to_server), server.wrap_bio(to_server, to_client, True)]
done = set()
for turn in range(10):
    for i, end in enumerate(ends):
        try:
            end.do_handshake(); done.add(i)
        except ssl.SSLWantReadError:
            pass
assert done == {0, 1}, done
print('shaken', len(issuing), len(controller_cas))
)py";

class Interoperation : public PosixEffectsTest {
 protected:
  Interoperation() {
    PkiRequest create = forged::request();
    create.workspace = path("workspace");
    create.overlay = path("overlay.yaml");
    create.now = clock_->now();
    EXPECT_TRUE(create_pki(create, effects_, *make_key_maker()));
    EXPECT_TRUE(files_->create(path("read.py"), kPython, 0600));
    request_.workspace = create.workspace;
    request_.overlay = create.overlay;
    request_.now = create.now;
  }

  std::string python() { return run({"/usr/bin/python3", "read.py"}); }

  RotationRequest request_;
};

TEST_F(Interoperation, python_loads_every_value_and_shakes_hands_strictly) {
  EXPECT_EQ(python(), "shaken 1 1\n");
}

TEST_F(Interoperation, python_reads_the_overlay_of_a_roll) {
  const auto key_maker = make_key_maker();
  ASSERT_TRUE(roll(Tier::issuing, request_, effects_, *key_maker));
  ASSERT_TRUE(roll(Tier::controller, request_, effects_, *key_maker));
  EXPECT_EQ(python(), "shaken 2 2\n");
  ASSERT_TRUE(renew(request_, effects_, *key_maker));
  EXPECT_EQ(python(), "shaken 2 2\n");
}

TEST_F(Interoperation, openssl_verifies_strictly_for_its_purpose) {
  for (const std::string purpose : {"sslclient", "any"}) {
    EXPECT_THAT(run({"openssl", "verify", "-x509_strict", "-purpose", purpose, "-CAfile",
                     "workspace/controller-ca/controller-ca.cert.pem",
                     "workspace/controller/controller.cert.pem"}),
                HasSubstr("OK"));
  }
}

TEST_F(Interoperation, openssl_pkcs8_opens_the_ca_keys) {
  for (const std::string name : {"issuing-ca", "controller-ca"}) {
    const std::string folder = "workspace/" + name + "/";
    const std::string opened =
        run({"openssl", "pkcs8", "-in", folder + name + ".key.enc", "-passin",
             "file:" + folder + "passphrase.txt", "-out", name + ".plain"});
    EXPECT_EQ(opened, "");
    EXPECT_EQ(run({"openssl", "pkey", "-in", name + ".plain", "-pubout"}),
              run({"openssl", "x509", "-in", folder + name + ".cert.pem", "-noout", "-pubkey"}));
  }
}

TEST_F(Interoperation, juju_reads_the_config_file_as_one_mapping) {
  ASSERT_TRUE(renew(request_, effects_, *make_key_maker()));
  const std::string config = content_of(path("workspace/juju-config.yaml"));
  EXPECT_THAT(config, testing::StartsWith("octavia:\n  lb-mgmt-issuing-cacert: \""));
  std::size_t options = 0;
  for (const std::string_view line : lines_of(config)) options += line.starts_with("  lb-mgmt-");
  EXPECT_EQ(options, 5U);
}

}  // namespace
}  // namespace gatehouse::pki
