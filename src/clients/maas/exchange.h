// What an answer of MAAS means before anyone decodes it: by status and Content-Type, never by JSON.
// Every refusal becomes a sentence of our own; of the body of a 401, which can hold the right
// secret, nothing is ever passed on. Sources: answers of MAAS 3.4.1 and 3.5.0, tests/fixtures/maas.
#pragma once

#include <string>

#include "base/moment.h"
#include "base/result.h"
#include "effects/http.h"

namespace gatehouse::maas {

/// Nothing where it is the JSON of a 200; else the Error that the answer amounts to: denied for
/// 401, 403 and a 400 that says "not logged in"; not_found for 404 and 410; invalid_input for
/// another 400 and for a redirect; conflict for 409; unavailable for 502, 503, 504 and for a nonce
/// that MAAS saw before, all of which another try may mend; else malformed. `now` serves to tell
/// that the clocks differ.
Result<void> check_answer(const HttpResponse& response, Moment now);

/// "Sun, 22 Nov 2026 18:04:24 GMT", as in a Date header.
std::optional<Moment> parse_http_date(std::string_view text);

}  // namespace gatehouse::maas
