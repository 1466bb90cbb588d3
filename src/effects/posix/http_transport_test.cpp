#include <array>
#include <atomic>
#include <functional>
#include <latch>
#include <mutex>
#include <thread>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "effects/posix/descriptor.h"
#include "effects/posix/posix.h"

namespace gatehouse::posix {
namespace {

/// A connection accepted by the server below.
class Connection {
 public:
  Connection(int number, std::stop_token stop) : number_(number), stop_(std::move(stop)) {}

  /// Head and body of one request, "" when the peer has gone.
  std::string read_request() {
    std::size_t end = std::string::npos;
    while ((end = pending_.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more()) return {};
    }
    std::size_t body_bytes = 0;
    if (const std::size_t at = pending_.find("Content-Length: "); at < end) {
      body_bytes = std::stoul(pending_.substr(at + 16));
    }
    while (pending_.size() < end + 4 + body_bytes) {
      if (!read_more()) return {};
    }
    std::string request = pending_.substr(0, end + 4 + body_bytes);
    pending_.erase(0, request.size());
    return request;
  }
  bool write(const std::string& text) const {
    return ::send(number_, text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }
  /// Until the peer closes or the server is taken down.
  void hold() {
    while (read_more()) {
    }
  }

 private:
  bool read_more() {
    while (!stop_.stop_requested()) {
      pollfd watched{.fd = number_, .events = POLLIN, .revents = 0};
      if (::poll(&watched, 1, 20) <= 0) continue;
      std::array<char, 4096> buffer;
      const ssize_t count = ::recv(number_, buffer.data(), buffer.size(), 0);
      if (count <= 0) return false;
      pending_.append(buffer.data(), static_cast<std::size_t>(count));
      return true;
    }
    return false;
  }

  int number_;
  std::stop_token stop_;
  std::string pending_;
};

/// Answers on a loopback port as the test says, one thread for each connection.
class Server {
 public:
  explicit Server(std::function<void(Connection&)> serve) : serve_(std::move(serve)) {
    socket_ = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(socket_.number(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(socket_.number(), 64), 0);
    socklen_t size = sizeof address;
    ::getsockname(socket_.number(), reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::jthread([this](std::stop_token stop) { accept_until(stop); });
  }

  std::string url(const std::string& path = "/") const {
    return fmt::format("http://127.0.0.1:{}{}", port_, path);
  }
  int connections() const { return connections_.load(); }

 private:
  void accept_until(const std::stop_token& stop) {
    std::vector<std::jthread> threads;
    while (!stop.stop_requested()) {
      pollfd watched{.fd = socket_.number(), .events = POLLIN, .revents = 0};
      if (::poll(&watched, 1, 20) <= 0) continue;
      const int number = ::accept4(socket_.number(), nullptr, nullptr, SOCK_CLOEXEC);
      if (number < 0) continue;
      ++connections_;
      threads.emplace_back([this, number](std::stop_token own_stop) {
        const Descriptor descriptor(number);
        Connection connection(number, std::move(own_stop));
        serve_(connection);
      });
    }
  }

  std::function<void(Connection&)> serve_;
  Descriptor socket_;
  int port_ = 0;
  std::atomic<int> connections_{0};
  std::jthread acceptor_;
};

std::string answer(const std::string& body, const std::string& status = "200 OK",
                   const std::string& headers = "") {
  return fmt::format("HTTP/1.1 {}\r\n{}Content-Length: {}\r\n\r\n{}", status, headers, body.size(),
                     body);
}

/// Interrupted when a test says so.
class StoppableClock final : public Clock {
 public:
  std::atomic<bool> is_stopped{false};

  Moment now() override { return {}; }
  Milliseconds monotonic() override { return Milliseconds(0); }
  WaitEnd wait(Milliseconds) override { return WaitEnd::reached; }
  bool is_interrupted() override { return is_stopped; }
};

class HttpTransportTest : public testing::Test {
 protected:
  Result<HttpResponse> send(const HttpRequest& request) {
    return std::move(transport_->send({&request, 1}).front());
  }

  StoppableClock clock_;
  std::unique_ptr<HttpTransport> transport_ = make_http_transport(clock_);
};

TEST_F(HttpTransportTest, an_answer_of_any_status_is_a_value) {
  Server server([](Connection& peer) {
    peer.read_request();
    peer.write(answer("gone", "404 Not Found", "X-One: 1\r\nx-two:  2 \r\nX-One: 3\r\n"));
  });
  const auto response = send({.url = server.url()});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 404);
  EXPECT_EQ(response->body, "gone");
  ASSERT_EQ(response->headers.size(), 4U);
  EXPECT_EQ(response->headers[0].value, "1");
  EXPECT_EQ(response->headers[2].value, "3");
  EXPECT_EQ(response->header("X-Two"), "2");
}

TEST_F(HttpTransportTest, sends_method_headers_and_body_as_given_and_nothing_it_was_not_told) {
  std::string seen;
  Server server([&](Connection& peer) {
    seen = peer.read_request();
    peer.write(answer(""));
  });
  const std::string body(20'000, 'b');
  ASSERT_TRUE(send({.method = "POST",
                    .url = server.url("/api?op=x"),
                    .headers = {{.name = "Authorization", .value = "OAuth x", .is_secret = true}},
                    .body = body}));
  EXPECT_THAT(seen, testing::StartsWith("POST /api?op=x HTTP/1.1\r\n"));
  EXPECT_THAT(seen, testing::HasSubstr("Authorization: OAuth x\r\n"));
  EXPECT_THAT(seen, testing::EndsWith("\r\n\r\n" + body));
  EXPECT_THAT(seen, testing::Not(testing::HasSubstr("Expect")));
  EXPECT_THAT(seen, testing::Not(testing::HasSubstr("Content-Type")));
}

TEST_F(HttpTransportTest, a_redirect_is_handed_back) {
  Server server([](Connection& peer) {
    peer.read_request();
    peer.write(answer("", "302 Found", "Location: /elsewhere\r\n"));
  });
  const auto response = send({.url = server.url()});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(response->header("location"), "/elsewhere");
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpTransportTest, questions_share_a_connection) {
  Server server([](Connection& peer) {
    while (!peer.read_request().empty()) peer.write(answer("ok"));
  });
  for (int round = 0; round < 5; ++round) ASSERT_TRUE(send({.url = server.url()}));
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpTransportTest, a_change_is_never_sent_twice) {
  std::atomic<int> posts{0};
  Server server([&](Connection& peer) {
    // Answers one request on a connection and drops the next without a word.
    if (peer.read_request().starts_with("POST")) {
      ++posts;
      return;
    }
    peer.write(answer("ok"));
    if (peer.read_request().starts_with("POST")) ++posts;
  });
  ASSERT_TRUE(send({.url = server.url()}));
  const auto response = send({.method = "POST", .url = server.url()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(response.error().delivery, Delivery::maybe_applied);
  EXPECT_EQ(posts.load(), 1);
}

TEST_F(HttpTransportTest, four_are_under_way_at_once_and_answers_keep_their_order) {
  std::latch all_four(4);
  Server server([&](Connection& peer) {
    const std::string request = peer.read_request();
    all_four.arrive_and_wait();
    peer.write(answer(request.substr(4, request.find(' ', 4) - 4)));
  });
  std::vector<HttpRequest> requests;
  for (int number = 0; number < 4; ++number) {
    requests.push_back({.url = server.url("/" + std::to_string(number))});
  }
  const auto responses = transport_->send(requests);
  for (std::size_t index = 0; index < responses.size(); ++index) {
    ASSERT_TRUE(responses[index]);
    EXPECT_EQ(responses[index]->body, "/" + std::to_string(index));
  }
}

TEST_F(HttpTransportTest, what_follows_an_answer_is_sent_while_others_are_under_way) {
  std::latch second_is_there(1);
  Server server([&](Connection& peer) {
    for (std::string request = peer.read_request(); !request.empty();
         request = peer.read_request()) {
      // The slow one is answered only after the request that follows the quick one has come.
      if (request.starts_with("GET /slow")) second_is_there.wait();
      if (request.starts_with("GET /second")) second_is_there.count_down();
      peer.write(answer(request.substr(4, request.find(' ', 4) - 4)));
    }
  });
  std::vector<std::string> order;
  const auto caller = std::this_thread::get_id();
  transport_->exchange({{.url = server.url("/slow")}, {.url = server.url("/quick")}},
                       [&](std::size_t number, Result<HttpResponse> response) {
                         EXPECT_EQ(std::this_thread::get_id(), caller);
                         EXPECT_TRUE(response);
                         order.push_back(std::to_string(number) + response->body);
                         if (response->body != "/quick") return std::vector<HttpRequest>{};
                         return std::vector<HttpRequest>{{.url = server.url("/second")}};
                       });
  ASSERT_EQ(order.size(), 3U);
  EXPECT_EQ(order[0], "1/quick");
  EXPECT_THAT(order, testing::UnorderedElementsAre("0/slow", "1/quick", "2/second"));
}

TEST_F(HttpTransportTest, the_operators_interruption_ends_an_exchange_before_its_deadline) {
  Server server([&](Connection& peer) {
    peer.read_request();
    clock_.is_stopped = true;
    peer.hold();
  });
  // Were it not noticed, this would last far longer than a test may.
  const auto response = send({.url = server.url(), .deadline = std::chrono::minutes(30)});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::interrupted);
  EXPECT_EQ(response.error().delivery, Delivery::maybe_applied);
}

TEST_F(HttpTransportTest, a_length_that_is_promised_and_never_comes_costs_nothing) {
  Server server([](Connection& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\nshort");
  });
  const auto response = send({.url = server.url()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::malformed);
}

TEST_F(HttpTransportTest, nobody_there_was_not_sent) {
  std::string url;
  {
    const Server gone([](Connection&) {});
    url = gone.url();
  }
  const auto response = send({.url = url});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(response.error().delivery, Delivery::not_sent);
}

TEST_F(HttpTransportTest, an_answer_that_never_comes_may_have_been_applied) {
  Server server([](Connection& peer) { peer.hold(); });
  const auto response =
      send({.method = "POST", .url = server.url(), .deadline = Milliseconds(200)});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::timed_out);
  EXPECT_EQ(response.error().delivery, Delivery::maybe_applied);
}

TEST_F(HttpTransportTest, a_body_that_drips_for_ever_ends_at_the_deadline) {
  Server server([](Connection& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (peer.write("1\r\nx\r\n")) {
    }
  });
  const auto response = send({.url = server.url(), .deadline = Milliseconds(300)});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::timed_out);
}

TEST_F(HttpTransportTest, a_body_beyond_its_limit_is_malformed) {
  Server server([](Connection& peer) {
    peer.read_request();
    peer.write(answer(std::string(1001, 'x')));
  });
  const auto over = send({.url = server.url(), .body_bytes_max = 1000});
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().kind, ErrorKind::malformed);
  EXPECT_THAT(over.error().message, testing::HasSubstr("exceeds 1000 bytes"));
  EXPECT_TRUE(send({.url = server.url(), .body_bytes_max = 1001}));
}

TEST_F(HttpTransportTest, endless_headers_are_malformed) {
  Server server([](Connection& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\n");
    while (peer.write("X-Filler: " + std::string(1000, 'x') + "\r\n")) {
    }
  });
  const auto response = send({.url = server.url()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::malformed);
}

TEST_F(HttpTransportTest, what_is_no_http_or_cut_short_is_malformed) {
  Server talker([](Connection& peer) {
    peer.read_request();
    peer.write("SSH-2.0-OpenSSH_9.2\r\n");
  });
  const auto strange = send({.url = talker.url()});
  ASSERT_FALSE(strange);
  EXPECT_EQ(strange.error().kind, ErrorKind::malformed);
  EXPECT_EQ(strange.error().delivery, Delivery::maybe_applied);

  Server cutter([](Connection& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
  });
  const auto cut = send({.url = cutter.url()});
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().kind, ErrorKind::malformed);
}

TEST_F(HttpTransportTest, a_peer_without_tls_gets_no_request) {
  Server server([](Connection& peer) {
    peer.read_request();
    peer.write(answer(""));
  });
  std::string url = server.url();
  url.insert(4, "s");
  const auto response = send({.url = url, .deadline = Milliseconds(500)});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(response.error().delivery, Delivery::not_sent);
}

TEST_F(HttpTransportTest, other_schemes_and_line_breaks_are_refused) {
  EXPECT_EQ(send({.url = "file:///etc/hostname"}).error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(send({.url = "no url at all\n"}).error().kind, ErrorKind::invalid_input);
  const auto smuggled =
      send({.url = "http://127.0.0.1:1/", .headers = {{.name = "A", .value = "b\r\nC: d"}}});
  EXPECT_EQ(smuggled.error().kind, ErrorKind::invalid_input);
}

TEST_F(HttpTransportTest, loopback_is_reached_past_any_proxy) {
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  Server server([](Connection& peer) {
    peer.read_request();
    peer.write(answer("direct"));
  });
  const auto response = send({.url = server.url()});
  ::unsetenv("http_proxy");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "direct");
}

TEST_F(HttpTransportTest, a_deleting_request_without_body_is_sent_as_such) {
  std::string seen;
  Server server([&](Connection& peer) {
    seen = peer.read_request();
    peer.write("HTTP/1.1 204 No Content\r\n\r\n");
  });
  const auto response = send({.method = "DELETE", .url = server.url("/thing/")});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 204);
  EXPECT_THAT(seen, testing::StartsWith("DELETE /thing/ HTTP/1.1\r\n"));
}

}  // namespace
}  // namespace gatehouse::posix
