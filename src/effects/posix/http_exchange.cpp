#include "effects/posix/http_exchange.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <curl/curl.h>
#include <fmt/format.h>
#include <strings.h>

#include "base/ipv4.h"
#include "base/secret.h"
#include "base/text.h"

namespace gatehouse::posix {
namespace {

// All lines together; MAAS answers with about one kilobyte.
constexpr std::size_t kHeaderBytesMax = std::size_t{256} << 10;
// What one look at the socket may bring: a list of 200 machines is 7 MB.
constexpr long kReceiveBytes = 512L << 10;
// A peer may promise any length; what is set aside before it comes stays moderate.
constexpr std::size_t kReserveBytesMax = std::size_t{16} << 20;

struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

enum class Overflow { none, headers, body };

/// What the callbacks of one exchange fill.
struct Reception {
  HttpResponse response;
  std::size_t header_bytes = 0;
  std::size_t body_bytes_max = 0;
  Overflow overflow = Overflow::none;
};

bool is_same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

/// Room for the whole body at once, where the peer says how long it is; nothing of one that will be
/// too long.
void prepare_for_body(Reception& reception, const HttpHeader& header) {
  if (!is_same_name(header.name, "Content-Length")) return;
  std::size_t length = 0;
  const char* end = header.value.data() + header.value.size();
  if (std::from_chars(header.value.data(), end, length).ptr != end) return;
  if (length > reception.body_bytes_max) {
    reception.overflow = Overflow::body;
  } else {
    reception.response.body.reserve(std::min(length, kReserveBytesMax));
  }
}

std::size_t on_header(const char* bytes, std::size_t, std::size_t size, void* reception_pointer) {
  auto& reception = *static_cast<Reception*>(reception_pointer);
  reception.header_bytes += size;
  if (reception.header_bytes > kHeaderBytesMax) {
    reception.overflow = Overflow::headers;
    return 0;
  }
  const std::string_view line = trim(std::string_view(bytes, size));
  if (line.starts_with("HTTP/")) {
    // A status line anew: what came before was an interim answer such as 100.
    reception.response.headers.clear();
    return size;
  }
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    reception.response.headers.push_back({.name = std::string(trim(line.substr(0, colon))),
                                          .value = std::string(trim(line.substr(colon + 1)))});
    prepare_for_body(reception, reception.response.headers.back());
  }
  return reception.overflow == Overflow::none ? size : 0;
}

std::size_t on_body(const char* bytes, std::size_t, std::size_t size, void* reception_pointer) {
  auto& reception = *static_cast<Reception*>(reception_pointer);
  if (size > reception.body_bytes_max - reception.response.body.size()) {
    reception.overflow = Overflow::body;
    return 0;
  }
  reception.response.body.append(bytes, size);
  return size;
}

/// Called by libcurl while it waits; anything but 0 ends the exchange.
int on_progress(void* clock, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Clock*>(clock)->is_interrupted() ? 1 : 0;
}

/// The host of the URL, "" where there is none.
std::string host_of(const std::string& url) {
  const std::unique_ptr<CURLU, UrlDeleter> parsed(curl_url());
  char* host = nullptr;
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
      curl_url_get(parsed.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK) {
    return {};
  }
  std::string text = host;
  curl_free(host);
  return text;
}

bool is_loopback(const std::string& host) {
  if (host == "localhost" || host == "[::1]") return true;
  const std::optional<Ipv4> address = parse_ipv4(host);
  return address && (address->bits >> 24) == 127;
}

bool may_carry_body(const HttpRequest& request) {
  return !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
         request.method == "PATCH";
}

HeaderList make_header_list(const HttpRequest& request) {
  HeaderList list;
  const auto add = [&list](const std::string& line) {
    list.reset(curl_slist_append(list.release(), line.c_str()));
  };
  // Waiting for "100 Continue" costs a second where the server knows nothing of it.
  add("Expect:");
  bool has_content_type = false;
  for (const HttpHeader& header : request.headers) {
    has_content_type = has_content_type || is_same_name(header.name, "Content-Type");
    // libcurl leaves out a header without value, unless it is written with a semicolon. In one
    // place, so that all of a secret is wiped.
    std::string line;
    line.reserve(header.name.size() + 2 + header.value.size());
    line += header.name;
    line += header.value.empty() ? ";" : ": ";
    line += header.value;
    add(line);
    if (header.is_secret) wipe(line);
  }
  if (!has_content_type) add("Content-Type:");
  return list;
}

bool has_line_break(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

void set_transfer_options(CURL* curl, const HttpRequest& request) {
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  // To libcurl nought means no limit at all.
  const auto deadline = static_cast<long>(std::max<Milliseconds::rep>(request.deadline.count(), 1));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, deadline);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, deadline);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!request.ca_pem.empty()) {
    curl_blob certificates{.data = const_cast<char*>(request.ca_pem.data()),
                           .len = request.ca_pem.size(),
                           .flags = CURL_BLOB_NOCOPY};
    curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &certificates);
    curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  } else if (!request.ca_file.empty()) {
    curl_easy_setopt(curl, CURLOPT_CAINFO, request.ca_file.c_str());
    // The named file alone, not the system's folder beside it.
    curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  }
  if (is_loopback(host_of(request.url))) curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
}

void set_method(CURL* curl, const HttpRequest& request) {
  if (may_carry_body(request)) {
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
  }
  if (request.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  } else {
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  // libcurl sends a request again when a kept connection turns out to be dead. That is harmless for
  // a question; anything else gets a connection that is new and hence never resent.
  const bool is_question = request.method == "GET" || request.method == "HEAD";
  curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, is_question ? 0L : 1L);
}

void set_reception(CURL* curl, Reception& reception, Clock& clock) {
  curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, kReceiveBytes);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &clock);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &reception);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reception);
  // A proxy's own headers are not the peer's.
  curl_easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

/// Whether the request may have left: libcurl notes the time at which it was ready to send.
bool was_connected(CURL* curl) {
  curl_off_t microseconds = 0;
  curl_easy_getinfo(curl, CURLINFO_PRETRANSFER_TIME_T, &microseconds);
  return microseconds > 0;
}

ErrorKind kind_of(CURLcode code, bool is_connected) {
  switch (code) {
    case CURLE_URL_MALFORMAT:
      return ErrorKind::invalid_input;
    case CURLE_UNSUPPORTED_PROTOCOL:
      // The same code stands for a scheme that we forbid and for an answer that is no HTTP/1.
      return is_connected ? ErrorKind::malformed : ErrorKind::invalid_input;
    case CURLE_OPERATION_TIMEDOUT:
      return is_connected ? ErrorKind::timed_out : ErrorKind::unavailable;
    case CURLE_SSL_CACERT_BADFILE:
      return ErrorKind::invalid_input;
    case CURLE_ABORTED_BY_CALLBACK:
      return ErrorKind::interrupted;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
      return ErrorKind::unavailable;
    default:
      return is_connected ? ErrorKind::malformed : ErrorKind::unavailable;
  }
}

std::string help_for(CURLcode code, const HttpRequest& request) {
  if (code == CURLE_PEER_FAILED_VERIFICATION) {
    if (!request.ca_pem.empty()) return "the certificates of the login did not sign the peer";
    return request.ca_file.empty() ? "name the peer's certificate authority as ca_file"
                                   : "check that " + request.ca_file + " signed the peer";
  }
  return {};
}

/// A line break would smuggle in a header, or a second request.
Result<void> check_texts(const HttpRequest& request) {
  for (const HttpHeader& header : request.headers) {
    if (has_line_break(header.name) || has_line_break(header.value)) {
      return fail(ErrorKind::invalid_input, "a header of the request holds a line break");
    }
  }
  if (has_line_break(request.method) || has_line_break(request.url)) {
    return fail(ErrorKind::invalid_input, "method or URL of the request holds a line break");
  }
  return {};
}

struct Failure {
  CURLcode code = CURLE_OK;
  bool is_connected = false;
  const char* details = "";
};

std::string reason_of(const Failure& failure, const Reception& reception,
                      const HttpRequest& request) {
  switch (reception.overflow) {
    case Overflow::headers:
      return fmt::format("the headers exceed {} bytes", kHeaderBytesMax);
    case Overflow::body:
      return fmt::format("the body exceeds {} bytes", request.body_bytes_max);
    case Overflow::none:
      break;
  }
  if (failure.code == CURLE_ABORTED_BY_CALLBACK) return "interrupted";
  if (failure.code == CURLE_OPERATION_TIMEDOUT) {
    return fmt::format("no {} within {}", failure.is_connected ? "whole answer" : "connection",
                       to_words(request.deadline));
  }
  return failure.details[0] != '\0' ? failure.details : curl_easy_strerror(failure.code);
}

Error error_of(const Failure& failure, const HttpRequest& request, const Reception& reception) {
  Error error;
  error.kind = kind_of(failure.code, failure.is_connected);
  error.message = printable(reason_of(failure, reception, request));
  error.delivery = failure.is_connected ? Delivery::maybe_applied : Delivery::not_sent;
  error.help = help_for(failure.code, request);
  return error;
}

}  // namespace

void CurlHandle::Deleter::operator()(void* handle) const {
  curl_easy_cleanup(handle);
}

CurlHandle::CurlHandle() : handle_(curl_easy_init()) {}

Result<HttpResponse> CurlHandle::exchange(const HttpRequest& request, Clock& clock) {
  CURL* curl = handle_.get();
  if (curl == nullptr) return fail(ErrorKind::io, "cannot make an HTTP handle");
  if (auto checked = check_texts(request); !checked) return fail(checked.error());

  // Options go, connections stay.
  curl_easy_reset(curl);
  std::array<char, CURL_ERROR_SIZE> details{};
  Reception reception;
  reception.body_bytes_max = request.body_bytes_max;
  const HeaderList headers = make_header_list(request);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, details.data());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  set_transfer_options(curl, request);
  set_method(curl, request);
  set_reception(curl, reception, clock);

  const CURLcode code = curl_easy_perform(curl);
  if (code != CURLE_OK) {
    const Failure failure{code, was_connected(curl), details.data()};
    return fail(error_of(failure, request, reception));
  }
  long status = 0;
  curl_off_t microseconds = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl, CURLINFO_TOTAL_TIME_T, &microseconds);
  reception.response.status = static_cast<int>(status);
  reception.response.elapsed = Milliseconds(microseconds / 1000);
  return std::move(reception.response);
}

}  // namespace gatehouse::posix
