// The five interfaces to the outside, made in main and passed down. Everything else is a pure
// function of what these return.
#pragma once

#include "effects/clock.h"
#include "effects/entropy.h"
#include "effects/files.h"
#include "effects/http.h"
#include "effects/process.h"

namespace gatehouse {

struct Effects {
  HttpTransport& http;
  ProcessRunner& processes;
  FileStore& files;
  Clock& clock;
  Entropy& entropy;
};

}  // namespace gatehouse
