#include "pki/handshake.h"

#include <ctime>

#include <openssl/err.h>

namespace gatehouse::pki {

namespace {

using Context = Handle<SSL_CTX, SSL_CTX_free>;
using Connection = Handle<SSL, SSL_free>;

/// A handshake of TLS 1.3 takes three turns; more means that neither end goes on.
constexpr int kTurnsMax = 16;

enum class Side { client, server };

Context make_context(const CryptoLibrary& library, const Endpoint& end, Side side, Moment at) {
  Context context(SSL_CTX_new_ex(library.context(), nullptr, TLS_method()));
  if (!context) return {};
  SSL_CTX* const raw = context.get();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  // No later connection will come back to this one.
  SSL_CTX_set_num_tickets(raw, 0);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  const int look = end.verifies ? SSL_VERIFY_PEER : SSL_VERIFY_NONE;
  SSL_CTX_set_verify(raw, side == Side::server ? look | SSL_VERIFY_FAIL_IF_NO_PEER_CERT : look,
                     nullptr);
  for (X509* const ca : end.trusted) X509_STORE_add_cert(SSL_CTX_get_cert_store(raw), ca);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch());
  X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(raw), static_cast<std::time_t>(seconds.count()));
  if (end.certificate != nullptr && (SSL_CTX_use_certificate(raw, end.certificate) != 1 ||
                                     SSL_CTX_use_PrivateKey(raw, end.key) != 1)) {
    return {};
  }
  return context;
}

Connection make_connection(const Context& context) {
  return Connection(context ? SSL_new(context.get()) : nullptr);
}

// Each end reads what the other writes; the connections own the buffers.
bool join(SSL* client, SSL* server) {
  BIO* client_end = nullptr;
  BIO* server_end = nullptr;
  if (BIO_new_bio_pair(&client_end, 0, &server_end, 0) != 1) return false;
  SSL_set_bio(client, client_end, client_end);
  SSL_set_bio(server, server_end, server_end);
  SSL_set_connect_state(client);
  SSL_set_accept_state(server);
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

HandshakeResult shake_hands(const CryptoLibrary& library, const Endpoint& controller,
                            const Endpoint& amphora, Moment at) {
  const Context client_context = make_context(library, controller, Side::client, at);
  const Context server_context = make_context(library, amphora, Side::server, at);
  const Connection client = make_connection(client_context);
  const Connection server = make_connection(server_context);
  if (!client || !server || !join(client.get(), server.get())) {
    return {false, take_library_error()};
  }
  HandshakeResult result = run(client.get(), server.get());
  take_library_error();
  return result;
}

}  // namespace gatehouse::pki
