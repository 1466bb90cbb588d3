// The clock that a lab and its clients share.
#pragma once

#include <optional>
#include <string>

#include "cli/context.h"
#include "effects/posix/posix.h"

namespace gatehouse::cli {

/// Reads "WALL_MS:LAB_MS:FACTOR" as `gatehouse-lab up` prints it; no scale for "". Refused unless
/// the environment names a lab whose MAAS is on loopback: a fast clock must never meet a real
/// cloud.
Result<std::optional<posix::ClockScale>> lab_clock_scale(const Environment& environment,
                                                         const std::string& text);

/// Whether the address is on the loopback interface: "http://127.0.0.1:5240/MAAS".
bool is_loopback_url(const std::string& url);

}  // namespace gatehouse::cli
