#include "sim/maas_server.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>

namespace gatehouse::sim {
namespace {

constexpr unsigned kIdleSeconds = 65;  // as MAAS's nginx: notes maas.md
constexpr unsigned kConnectionsMax = 64;
constexpr std::size_t kBlockBytes = std::size_t{256} << 10;
constexpr std::chrono::milliseconds kDripPause{200};

/// A wait that the end of the server cuts short.
class Pause {
 public:
  void wait(std::chrono::milliseconds duration) {
    std::unique_lock held(mutex_);
    is_over_now_.wait_for(held, duration, [this] { return is_over_; });
  }
  void end() {
    const std::lock_guard held(mutex_);
    is_over_ = true;
    is_over_now_.notify_all();
  }
  bool is_over() {
    const std::lock_guard held(mutex_);
    return is_over_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable is_over_now_;
  bool is_over_ = false;
};

/// A body on its way, as the fault wants it to travel.
struct Travelling {
  std::string text;
  std::size_t padding = 0;
  Travel travel = Travel::whole;
  Pause& pause;

  std::size_t size() const { return text.size() + padding; }

  ssize_t read(std::size_t position, char* buffer, std::size_t room) const {
    if (travel == Travel::cut && position >= size() / 2) return MHD_CONTENT_READER_END_WITH_ERROR;
    if (travel == Travel::dripping) {
      pause.wait(kDripPause);
      if (pause.is_over()) return MHD_CONTENT_READER_END_WITH_ERROR;
      room = 1;
    }
    const std::size_t limit = travel == Travel::cut ? size() / 2 : size();
    const std::size_t count = std::min(room, limit - position);
    if (padding == 0) {
      text.copy(buffer, count, position);
    } else {
      for (std::size_t at = 0; at < count; ++at) buffer[at] = byte(position + at);
    }
    return static_cast<ssize_t>(count);
  }

 private:
  char byte(std::size_t at) const {
    if (at == 0) return text[at];
    return at <= padding ? ' ' : text[at - padding];
  }
};

ssize_t read_travelling(void* body, std::uint64_t position, char* buffer, std::size_t room) {
  return static_cast<const Travelling*>(body)->read(position, buffer, room);
}

void free_travelling(void* body) {
  delete static_cast<Travelling*>(body);
}

class MicroServer final : public MaasServer {
 public:
  explicit MicroServer(RegionHandler handler) : handler_(std::move(handler)) {}
  ~MicroServer() override {
    pause_.end();
    if (daemon_ != nullptr) MHD_stop_daemon(daemon_);
  }
  bool start();
  std::uint16_t port() const override { return port_; }

 private:
  static MHD_Result access(void* self, MHD_Connection* connection, const char* url,
                           const char* method, const char* version, const char* upload,
                           std::size_t* upload_size, void** state);
  static std::size_t keep_escapes(void*, MHD_Connection*, char* text);
  MHD_Result reply(MHD_Connection* connection, RegionRequest request);

  RegionAnswer handle(const RegionRequest& request) {
    const std::lock_guard held(mutex_);
    return handler_(request);
  }
  MHD_Response* make_response(RegionAnswer& answer);

  RegionHandler handler_;
  std::mutex mutex_;  ///< around the handler
  Pause pause_;
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
  daemon_ = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION |
                                 MHD_USE_SUPPRESS_DATE_NO_CLOCK,
                             0, nullptr, nullptr, &MicroServer::access, this, MHD_OPTION_SOCK_ADDR,
                             reinterpret_cast<sockaddr*>(&address), MHD_OPTION_CONNECTION_TIMEOUT,
                             kIdleSeconds, MHD_OPTION_CONNECTION_LIMIT, kConnectionsMax,
                             MHD_OPTION_UNESCAPE_CALLBACK, &MicroServer::keep_escapes, nullptr,
                             MHD_OPTION_END);
  if (daemon_ == nullptr) return false;
  const MHD_DaemonInfo* info = MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_BIND_PORT);
  if (info != nullptr) port_ = info->port;
  return port_ != 0;
}

MHD_Result MicroServer::access(void* self, MHD_Connection* connection, const char* url,
                               const char* method, const char*, const char*,
                               std::size_t* upload_size, void** state) {
  static int first_call, body_seen;
  if (*state == nullptr) {
    *state = &first_call;
    return MHD_YES;
  }
  if (*upload_size != 0) {
    *upload_size = 0;  // a body is read and thrown away
    *state = &body_seen;
    return MHD_YES;
  }
  return static_cast<MicroServer*>(self)->reply(connection, {.method = method,
                                                             .path = url,
                                                             .query = {},
                                                             .authorization = "",
                                                             .has_body = *state == &body_seen});
}

MHD_Response* MicroServer::make_response(RegionAnswer& answer) {
  auto* body = new Travelling{std::move(answer.body), answer.padding, answer.travel, pause_};
  return MHD_create_response_from_callback(body->size(), kBlockBytes, &read_travelling, body,
                                           &free_travelling);
}

MHD_Result MicroServer::reply(MHD_Connection* connection, RegionRequest request) {
  MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, &add_argument, &request.query);
  const char* header =
      MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION);
  if (header != nullptr) request.authorization = header;
  RegionAnswer answer = handle(request);
  pause_.wait(answer.latency);
  if (answer.travel == Travel::stalling) pause_.wait(std::chrono::hours(1));
  if (answer.travel == Travel::reset) return MHD_NO;  // closes the connection
  MHD_Response* response = make_response(answer);
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
