#include "sim/maas_server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>

namespace gatehouse::sim {
namespace {

constexpr unsigned kIdleSeconds = 65;  // as MAAS's nginx: notes maas.md
constexpr unsigned kConnectionsMax = 64;

class MicroServer final : public MaasServer {
 public:
  explicit MicroServer(RegionHandler handler) : handler_(std::move(handler)) {}
  ~MicroServer() override {
    if (daemon_ != nullptr) MHD_stop_daemon(daemon_);
  }
  bool start();
  std::uint16_t port() const override { return port_; }

 private:
  static MHD_Result access(void* self, MHD_Connection* connection, const char* url,
                           const char* method, const char* version, const char* upload,
                           std::size_t* upload_size, void** state);
  static std::size_t keep_escapes(void*, MHD_Connection*, char* text);
  MHD_Result reply(MHD_Connection* connection, const char* url, const char* method);

  RegionHandler handler_;
  MHD_Daemon* daemon_ = nullptr;
  std::uint16_t port_ = 0;
};

/// The path stays as sent, since %2F is part of a name; the query is undone in add_argument.
std::size_t MicroServer::keep_escapes(void*, MHD_Connection*, char* text) {
  return std::char_traits<char>::length(text);
}

MHD_Result add_argument(void* query, MHD_ValueKind, const char* key, const char* value) {
  auto* arguments = static_cast<std::vector<std::pair<std::string, std::string>>*>(query);
  arguments->emplace_back(percent_decoded(key), value == nullptr ? "" : percent_decoded(value));
  return MHD_YES;
}

bool MicroServer::start() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = 0;
  daemon_ = MHD_start_daemon(
      MHD_USE_INTERNAL_POLLING_THREAD, 0, nullptr, nullptr, &MicroServer::access, this,
      MHD_OPTION_SOCK_ADDR, reinterpret_cast<sockaddr*>(&address), MHD_OPTION_CONNECTION_TIMEOUT,
      kIdleSeconds, MHD_OPTION_CONNECTION_LIMIT, kConnectionsMax, MHD_OPTION_UNESCAPE_CALLBACK,
      &MicroServer::keep_escapes, nullptr, MHD_OPTION_END);
  if (daemon_ == nullptr) return false;
  const MHD_DaemonInfo* info = MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_BIND_PORT);
  if (info != nullptr) port_ = info->port;
  return port_ != 0;
}

MHD_Result MicroServer::access(void* self, MHD_Connection* connection, const char* url,
                               const char* method, const char*, const char*,
                               std::size_t* upload_size, void** state) {
  static int first_call;
  if (*state == nullptr) {
    *state = &first_call;
    return MHD_YES;
  }
  if (*upload_size != 0) {
    *upload_size = 0;  // a body is read and thrown away
    return MHD_YES;
  }
  return static_cast<MicroServer*>(self)->reply(connection, url, method);
}

MHD_Result MicroServer::reply(MHD_Connection* connection, const char* url, const char* method) {
  RegionRequest request{.method = method, .path = url, .query = {}, .authorization = ""};
  MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, &add_argument, &request.query);
  const char* header =
      MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION);
  if (header != nullptr) request.authorization = header;
  const RegionAnswer answer = handler_(request);
  MHD_Response* response = MHD_create_response_from_buffer(
      answer.body.size(), const_cast<char*>(answer.body.data()), MHD_RESPMEM_MUST_COPY);
  if (response == nullptr) return MHD_NO;
  MHD_add_response_header(response, MHD_HTTP_HEADER_SERVER, "nginx/1.22.1");
  MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer.content_type.c_str());
  for (const auto& [name, value] : answer.headers) {
    MHD_add_response_header(response, name.c_str(), value.c_str());
  }
  const MHD_Result queued =
      MHD_queue_response(connection, static_cast<unsigned>(answer.status), response);
  MHD_destroy_response(response);
  return queued;
}

}  // namespace

Result<std::unique_ptr<MaasServer>> start_maas_server(RegionHandler handler) {
  auto server = std::make_unique<MicroServer>(std::move(handler));
  if (!server->start()) {
    return fail(ErrorKind::io, "the lab's MAAS cannot listen on loopback");
  }
  return std::unique_ptr<MaasServer>(std::move(server));
}

}  // namespace gatehouse::sim
