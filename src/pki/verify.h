// Judges an overlay: a pure function of its text, its file's mode and the options. Start at
// judge_overlay. Each finding is explained in docs/formats/pki.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/moment.h"
#include "base/secret.h"
#include "diag/diagnostic.h"
#include "diag/source.h"
#include "effects/files.h"
#include "facts/facts.h"
#include "pki/crypto_library.h"
#include "pki/findings.h"

namespace gatehouse::pki {

inline constexpr std::size_t kOverlayBytesMax = std::size_t{1} << 20;

/// What a workspace adds to the check: is it the one that this overlay was made from?
struct WorkspaceMaterial {
  std::string path;
  std::string issuing_certificate;     ///< PEM
  std::string controller_certificate;  ///< PEM of the controller CA
  Secret controller_key;               ///< PEM, encrypted
  Secret controller_passphrase;
};

struct VerifyRequest {
  std::string application = "octavia";
  std::optional<FileInfo> file;          ///< absent where there is no file (yet)
  std::vector<std::string> bundle_vips;  ///< empty where no bundle is known
  Strictness strictness = Strictness::usual;
  Moment at;
  const WorkspaceMaterial* workspace = nullptr;
};

struct PkiJudgement {
  std::vector<Diagnostic> findings;  ///< by place; spans point into the source given
  std::vector<CertificateFacts> certificates;
};

/// The source must be a secret one (its text is never shown) and outlive the judgement.
PkiJudgement judge_overlay(const CryptoLibrary& library, const Source& source,
                           const VerifyRequest& request);

}  // namespace gatehouse::pki
