#include "clients/maas/client.h"

#include <algorithm>
#include <charconv>
#include <numeric>

#include "base/digest.h"
#include "clients/maas/exchange.h"

namespace gatehouse::maas {

namespace {

constexpr int kTriesMax = 3;
constexpr Milliseconds kFirstPause{250};
constexpr Milliseconds kPauseMax{5'000};
// 37 KB and 28 ms a machine on a MAAS at rest; a busy region takes several times that.
constexpr Milliseconds kDeadline{60'000};
constexpr std::size_t kBodyBytesMax = std::size_t{128} << 20;

std::optional<Milliseconds> retry_after(const HttpResponse& response) {
  const std::string_view text = response.header("Retry-After");
  unsigned seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return std::min<Milliseconds>(std::chrono::seconds(std::min(seconds, 60U)), kPauseMax);
}

}  // namespace

Result<HttpRequest> Client::make_request(const std::string& path) {
  HttpRequest request;
  request.url = login_.root + path;
  request.headers.push_back({.name = "Accept", .value = "application/json", .is_secret = false});
  Result<HttpHeader> header =
      authorization_header(login_.key, effects_.clock.now(), effects_.entropy);
  if (!header) return fail(header.error());
  request.headers.push_back(std::move(*header));
  request.ca_file = login_.ca_file;
  request.deadline = kDeadline;
  request.body_bytes_max = kBodyBytesMax;
  return request;
}

Answer Client::read(const std::string& path, const Result<HttpResponse>& response) {
  Answer answer;
  answer.evidence = {.source = "http",
                     .locator = "GET " + login_.root + path,
                     .at = effects_.clock.now(),
                     .digest = {}};
  answer.document = response ? read_answer(*response, effects_.clock.now())
                             : Result<json::value>(fail(response.error()));
  if (answer.document) {
    answer.evidence.digest = sha256_hex(response->body);
    return answer;
  }
  Error error = answer.document.error();
  // A last look: some bodies of errors repeat what the request carried.
  if (login_.key.occurs_in(error.message) || login_.key.occurs_in(error.help)) {
    error.message = "MAAS refuses the request in words that repeat the key, which are withheld";
    error.help.clear();
  }
  answer.document = fail(with_context(std::move(error), answer.evidence.locator));
  return answer;
}

void Client::send(std::span<const std::string> paths, std::vector<std::size_t>& pending,
                  std::vector<Answer>& answers, Milliseconds& pause) {
  std::vector<HttpRequest> requests;
  for (const std::size_t index : pending) {
    Result<HttpRequest> request = make_request(paths[index]);
    if (!request) {
      for (const std::size_t each : pending) answers[each].document = fail(request.error());
      pending.clear();
      return;
    }
    requests.push_back(std::move(*request));
  }
  const auto responses = effects_.http.send(requests);
  for (HttpRequest& request : requests) wipe(request.headers.back().value);
  std::vector<std::size_t> again;
  for (std::size_t at = 0; at < pending.size(); ++at) {
    const std::size_t index = pending[at];
    answers[index] = read(paths[index], responses[at]);
    const bool is_over = answers[index].document.has_value() ||
                         answers[index].document.error().kind != ErrorKind::unavailable;
    if (is_over) continue;
    again.push_back(index);
    if (responses[at]) pause = std::max(pause, retry_after(*responses[at]).value_or(pause));
  }
  pending = std::move(again);
}

std::vector<Answer> Client::get(std::span<const std::string> paths) {
  std::vector<Answer> answers(paths.size());
  std::vector<std::size_t> pending(paths.size());
  std::iota(pending.begin(), pending.end(), std::size_t{0});
  for (int tried = 0; tried < kTriesMax && !pending.empty(); ++tried) {
    Milliseconds pause = kFirstPause * (1 << tried);
    send(paths, pending, answers, pause);
    const bool is_last = tried + 1 == kTriesMax;
    if (pending.empty() || is_last) break;
    if (effects_.clock.wait(pause) == WaitEnd::interrupted) break;
  }
  return answers;
}

}  // namespace gatehouse::maas
