#include "pki/handshake.h"

#include <ctime>

#include <openssl/err.h>

namespace gatehouse::pki {

namespace {

using Connection = Handle<SSL, SSL_free>;

/// A handshake of TLS 1.3 takes three turns; more means that neither end goes on.
constexpr int kTurnsMax = 16;

enum class Side { client, server };

Connection make_connection(SSL_CTX* context, const Endpoint& end, Side side, Moment at) {
  Connection connection(context == nullptr ? nullptr : SSL_new(context));
  const Store trusted(X509_STORE_new());
  if (!connection || !trusted) return {};
  SSL* const raw = connection.get();
  const int look = end.verifies ? SSL_VERIFY_PEER : SSL_VERIFY_NONE;
  SSL_set_verify(raw, side == Side::server ? look | SSL_VERIFY_FAIL_IF_NO_PEER_CERT : look,
                 nullptr);
  for (X509* const ca : end.trusted) X509_STORE_add_cert(trusted.get(), ca);
  if (SSL_set1_verify_cert_store(raw, trusted.get()) != 1) return {};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch());
  X509_VERIFY_PARAM_set_time(SSL_get0_param(raw), static_cast<std::time_t>(seconds.count()));
  if (end.certificate != nullptr &&
      (SSL_use_certificate(raw, end.certificate) != 1 || SSL_use_PrivateKey(raw, end.key) != 1)) {
    return {};
  }
  side == Side::client ? SSL_set_connect_state(raw) : SSL_set_accept_state(raw);
  return connection;
}

// Each end reads what the other writes; the connections own the buffers.
bool join(SSL* client, SSL* server) {
  BIO* client_end = nullptr;
  BIO* server_end = nullptr;
  if (BIO_new_bio_pair(&client_end, 0, &server_end, 0) != 1) return false;
  SSL_set_bio(client, client_end, client_end);
  SSL_set_bio(server, server_end, server_end);
  return true;
}

bool is_waiting(const SSL* connection, int result) {
  const int error = SSL_get_error(connection, result);
  return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

HandshakeResult run(SSL* client, SSL* server) {
  for (int turn = 0; turn < kTurnsMax; ++turn) {
    for (SSL* const connection : {client, server}) {
      ERR_clear_error();
      const int result = SSL_do_handshake(connection);
      if (result != 1 && !is_waiting(connection, result)) return {false, take_library_error()};
    }
    if (SSL_is_init_finished(client) == 1 && SSL_is_init_finished(server) == 1) {
      return {true, ""};
    }
  }
  return {false, "neither end goes on"};
}

}  // namespace

TlsContext::TlsContext(const CryptoLibrary& library)
    : context_(SSL_CTX_new_ex(library.context(), nullptr, TLS_method())) {
  if (!context_) return;
  SSL_CTX* const raw = context_.get();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  // No later connection will come back to this one.
  SSL_CTX_set_num_tickets(raw, 0);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  // Both ends have the CAs at hand: each sends its own certificate alone.
  SSL_CTX_set_mode(raw, SSL_MODE_NO_AUTO_CHAIN);
}

HandshakeResult TlsContext::shake_hands(const Endpoint& controller, const Endpoint& amphora,
                                        Moment at) const {
  const Connection client = make_connection(context_.get(), controller, Side::client, at);
  const Connection server = make_connection(context_.get(), amphora, Side::server, at);
  if (!client || !server || !join(client.get(), server.get())) {
    return {false, take_library_error()};
  }
  HandshakeResult result = run(client.get(), server.get());
  take_library_error();
  return result;
}

}  // namespace gatehouse::pki
