// Which certificates lie on the disks of an application's units? Each machine computes the SHA-256
// of them itself, with its own openssl; no file is read across, for one of them also holds a key.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "effects/effects.h"
#include "facts/questions.h"

namespace gatehouse::juju {

/// For each file a line "file PATH" and one fingerprint a certificate, or a line "absent PATH".
/// Ends 0 whatever is there, so that an absent file is an answer and not a failed task.
std::string certificate_probe(std::span<const std::string> paths);

/// malformed where a file of `paths` is not answered for. What openssl said beside it, or a file
/// without any fingerprint, becomes the complaint.
Result<UnitCertificates> read_certificate_probe(std::string_view out, std::string_view err,
                                                std::span<const std::string> paths);

/// Asks the machines of the units of Questions::pki_application in one batch and writes
/// Facts::unit_certificates, by machine. Needs a fresh Facts::model_status; without it, or without
/// units, nothing is asked.
void collect_unit_certificates(const Questions& questions, Effects& effects, Facts& facts);

}  // namespace gatehouse::juju
