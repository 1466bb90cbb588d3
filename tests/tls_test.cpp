// TLS as a MAAS with `config-tls` speaks it: a certificate of a private authority is taken where
// the login brings that authority, as a file or as text, and refused before anything of the request
// is sent where not; older than TLS 1.2 is refused.
#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "effects/posix/posix.h"

namespace gatehouse {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

void add_extension(X509* certificate, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  X509_add_ext(certificate, extension.get(), -1);
}

/// Signed by itself, for 127.0.0.1.
struct Identity {
  Owned<EVP_PKEY> key{EVP_EC_gen("P-256")};
  Owned<X509> certificate{X509_new()};

  Identity() {
    X509* made = certificate.get();
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 7);
    X509_gmtime_adj(X509_getm_notBefore(made), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made), 3600);
    X509_set_pubkey(made, key.get());
    X509_NAME* name = X509_get_subject_name(made);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("test region"), -1, -1, 0);
    X509_set_issuer_name(made, name);
    add_extension(made, NID_subject_alt_name, "IP:127.0.0.1");
    add_extension(made, NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(made, key.get(), EVP_sha256());
  }

  std::string pem() const {
    const Owned<BIO> memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(memory.get(), certificate.get());
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
  }
};

/// Answers every request over TLS with "[]", one connection after the other.
class TlsServer {
 public:
  TlsServer(const Identity& identity, int newest) : context_(SSL_CTX_new(TLS_server_method())) {
    // Security level 0, or the library itself would refuse what the test wants to offer.
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), newest);
    SSL_CTX_use_certificate(context_.get(), identity.certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), identity.key.get());
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(socket_, 8);
    socklen_t size = sizeof address;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  }
  ~TlsServer() {
    thread_.request_stop();
    thread_.join();
    ::close(socket_);
  }
  std::string url() const { return "https://127.0.0.1:" + std::to_string(port_) + "/"; }
  int requests() const { return requests_; }

 private:
  void serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      pollfd watched{.fd = socket_, .events = POLLIN, .revents = 0};
      if (::poll(&watched, 1, 20) <= 0) continue;
      const int connection = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
      const Owned<SSL> ssl(SSL_new(context_.get()));
      SSL_set_fd(ssl.get(), connection);
      if (SSL_accept(ssl.get()) == 1) answer(ssl.get());
      SSL_shutdown(ssl.get());
      ::close(connection);
    }
  }
  void answer(SSL* ssl) {
    char buffer[4096];
    if (SSL_read(ssl, buffer, sizeof buffer) <= 0) return;
    ++requests_;
    constexpr std::string_view kAnswer =
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]";
    SSL_write(ssl, kAnswer.data(), static_cast<int>(kAnswer.size()));
  }

  Owned<SSL_CTX> context_;
  int socket_ = -1;
  int port_ = 0;
  std::atomic<int> requests_{0};
  std::jthread thread_;
};

class Tls : public testing::Test {
 protected:
  Result<HttpResponse> get(const TlsServer& server, const std::string& ca_file,
                           const std::string& ca_pem) {
    const HttpRequest request{.url = server.url(), .ca_file = ca_file, .ca_pem = ca_pem};
    return std::move(transport_->send({&request, 1}).front());
  }
  Identity identity_;
  std::unique_ptr<Clock> clock_ = posix::make_clock(std::nullopt);
  std::unique_ptr<HttpTransport> transport_ = posix::make_http_transport(*clock_);
};

TEST_F(Tls, an_authority_of_the_login_is_taken_as_text_and_as_a_file) {
  const TlsServer server(identity_, TLS1_3_VERSION);
  const auto by_text = get(server, "", identity_.pem());
  ASSERT_TRUE(by_text) << to_string(by_text.error());
  EXPECT_EQ(by_text->body, "[]");
  const std::string file =
      std::string(GATEHOUSE_BINARY_DIR) + "/tls-test-" + std::to_string(::getpid()) + ".pem";
  std::ofstream(file) << identity_.pem();
  const auto by_file = get(server, file, "");
  std::filesystem::remove(file);
  ASSERT_TRUE(by_file) << to_string(by_file.error());
  EXPECT_EQ(server.requests(), 2);
}

TEST_F(Tls, an_unknown_authority_gets_no_request) {
  const TlsServer server(identity_, TLS1_3_VERSION);
  const Identity other;
  for (const std::string& pem : {std::string(), other.pem()}) {
    const auto refused = get(server, "", pem);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(refused.error().delivery, Delivery::not_sent);
    EXPECT_NE(refused.error().help, "");
  }
  EXPECT_EQ(server.requests(), 0);
}

TEST_F(Tls, older_than_1_2_is_refused) {
  const TlsServer new_enough(identity_, TLS1_2_VERSION);
  EXPECT_TRUE(get(new_enough, "", identity_.pem()));
  const TlsServer old(identity_, TLS1_1_VERSION);
  const auto refused = get(old, "", identity_.pem());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(old.requests(), 0);
}

}  // namespace
}  // namespace gatehouse
