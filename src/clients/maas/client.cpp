#include "clients/maas/client.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/digest.h"
#include "clients/maas/exchange.h"

namespace gatehouse::maas {

namespace {

constexpr int kTriesMax = 3;
constexpr Milliseconds kFirstPause{250};
constexpr Milliseconds kPauseMax{5'000};
// 1700 machines. A body that is larger is none of MAAS's.
constexpr std::size_t kBodyBytesMax = std::size_t{64} << 20;

std::optional<Milliseconds> retry_after(const HttpResponse& response) {
  const std::string_view text = response.header("Retry-After");
  unsigned seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return std::min<Milliseconds>(std::chrono::seconds(std::min(seconds, 60U)), kPauseMax);
}

}  // namespace

/// One try of everything that is not answered yet.
struct Client::Round {
  struct Question {
    std::size_t number;
    std::string path;
  };
  bool is_last = false;
  std::size_t next_number = 0;      ///< of a path that an answer asks for
  std::vector<Question> questions;  ///< in the order in which they were handed to the transport
  std::vector<Question> again;      ///< to be tried once more
  std::vector<Answer> failures;     ///< of `again`, should there be no other try
  Milliseconds pause{0};
};

Result<HttpRequest> Client::make_request(const std::string& path) {
  HttpRequest request;
  request.url = login_.root + path;
  request.headers.push_back({.name = "Accept", .value = "application/json", .is_secret = false});
  Result<HttpHeader> header =
      authorization_header(login_.key, effects_.clock.now(), effects_.entropy);
  if (!header) return fail(header.error());
  request.headers.push_back(std::move(*header));
  request.ca_file = login_.ca_file;
  request.ca_pem = login_.ca_pem;
  request.deadline = deadline_;
  request.body_bytes_max = kBodyBytesMax;
  return request;
}

Answer Client::read(const std::string& path, Result<HttpResponse> response) {
  Answer answer;
  answer.evidence = {.source = "http",
                     .locator = "GET " + login_.root + path,
                     .at = effects_.clock.now(),
                     .digest = {}};
  const auto checked = response ? check_answer(*response, effects_.clock.now())
                                : Result<void>(fail(response.error()));
  if (checked) {
    answer.evidence.digest = sha256_hex(response->body);
    answer.body = std::move(response->body);
    return answer;
  }
  // Some bodies of errors tell the key, even the right one.
  if (response) wipe(response->body);
  Error error = checked.error();
  if (login_.key.occurs_in(error.message) || login_.key.occurs_in(error.help)) {
    error.message = "MAAS refuses the request in words that repeat the key, which are withheld";
    error.help.clear();
  }
  answer.body = fail(with_context(std::move(error), answer.evidence.locator));
  return answer;
}

std::vector<HttpRequest> Client::make_requests(Round& round, std::vector<std::string> paths,
                                               const AnswerTaker& take) {
  std::vector<HttpRequest> requests;
  for (std::size_t at = 0; at < paths.size(); ++at) {
    const std::size_t number = round.next_number++;
    Result<HttpRequest> request = make_request(paths[at]);
    if (request) {
      round.questions.push_back({number, paths[at]});
      requests.push_back(std::move(*request));
      continue;
    }
    for (std::string& path : take(number, read(paths[at], fail(request.error())))) {
      paths.push_back(std::move(path));
    }
  }
  return requests;
}

void Client::send(Round& round, const AnswerTaker& take) {
  std::vector<HttpRequest> requests;
  std::vector<Round::Question> questions = std::exchange(round.again, {});
  round.failures.clear();
  for (Round::Question& question : questions) {
    Result<HttpRequest> request = make_request(question.path);
    if (!request) {
      (void)take(question.number, read(question.path, fail(request.error())));
      continue;
    }
    requests.push_back(std::move(*request));
    round.questions.push_back(std::move(question));
  }
  effects_.http.exchange(std::move(requests), [&](std::size_t at, Result<HttpResponse> response) {
    const Round::Question question = round.questions[at];
    const auto wanted_pause = response ? retry_after(*response) : std::nullopt;
    Answer answer = read(question.path, std::move(response));
    const bool is_over = answer.body || answer.body.error().kind != ErrorKind::unavailable;
    if (is_over || round.is_last) {
      return make_requests(round, take(question.number, std::move(answer)), take);
    }
    round.again.push_back(question);
    round.failures.push_back(std::move(answer));
    round.pause = std::max(round.pause, wanted_pause.value_or(round.pause));
    return std::vector<HttpRequest>{};
  });
  round.questions.clear();
}

void Client::get(std::vector<std::string> paths, const AnswerTaker& take) {
  Round round;
  for (std::string& path : paths) round.again.push_back({round.next_number++, std::move(path)});
  for (int tried = 1; !round.again.empty(); ++tried) {
    round.is_last = tried == kTriesMax;
    round.pause = kFirstPause * (1 << (tried - 1));
    send(round, take);
    if (round.again.empty()) return;
    if (effects_.clock.wait(round.pause) == WaitEnd::interrupted) break;
  }
  for (std::size_t at = 0; at < round.again.size(); ++at) {
    (void)take(round.again[at].number, std::move(round.failures[at]));
  }
}

}  // namespace gatehouse::maas
