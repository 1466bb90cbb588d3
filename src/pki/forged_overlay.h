// For tests only: a sound overlay taken apart, so that a test can spoil one thing and put it
// together again.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "pki/ca_checks.h"
#include "pki/forged_certificate.h"
#include "pki/make_chain.h"
#include "pki/secret_text.h"
#include "pki/verify.h"

namespace gatehouse::pki::forged {

inline PkiRequest request() {
  PkiRequest request;
  request.workspace = "workspace";
  request.overlay = "overlay.yaml";
  request.organisation = "Example";
  request.name = "Example Octavia";
  request.dns = {"controller.example.org", "octavia.example.org"};
  request.ips = {"192.0.2.57"};
  request.now = kNow;
  return request;
}

/// The PEM texts of an overlay, before base64.
struct Parts {
  std::string issuing_cacert, issuing_key, passphrase, controller_cacert, controller_cert;

  std::string text() const {
    return "applications:\n  octavia:\n    options:\n      lb-mgmt-issuing-cacert: \"" +
           base64_encode(issuing_cacert) + "\"\n      lb-mgmt-issuing-ca-private-key: \"" +
           base64_encode(issuing_key) + "\"\n      lb-mgmt-issuing-ca-key-passphrase: \"" +
           passphrase + "\"\n      lb-mgmt-controller-cacert: \"" +
           base64_encode(controller_cacert) + "\"\n      lb-mgmt-controller-cert: \"" +
           base64_encode(controller_cert) + "\"\n";
  }
};

/// Keys that fit together and recipes for their certificates; `build` makes the overlay's parts.
struct Forge {
  PrivateKey issuing_key = ec_key("P-384");
  PrivateKey controller_ca_key = ec_key("P-384");
  PrivateKey controller_key = ec_key("P-256");
  Recipe issuing = ca_recipe("Issuing");
  Recipe controller_ca = ca_recipe("Controller");
  Recipe controller = leaf_recipe();
  std::string passphrase = "bPflRy7vDcw5s8mUTSWjNmG6n7Jd1ppMrEPxEsZCJuM=";

  Forge() { controller_ca.serial = "3234567890abcdef1234567890abcdef"; }

  Parts build() const {
    Parts parts;
    parts.issuing_cacert = pem_of(forge(issuing, issuing_key.get(), issuing_key.get()).get());
    parts.issuing_key = sealed_pem(issuing_key.get(), passphrase);
    parts.passphrase = passphrase;
    const Certificate ca = forge(controller_ca, controller_ca_key.get(), controller_ca_key.get());
    parts.controller_cacert = pem_of(ca.get());
    parts.controller_cert =
        pem_of(forge(controller, controller_key.get(), controller_ca_key.get(), ca.get()).get()) +
        plain_pem(controller_key.get());
    return parts;
  }
};

inline PkiJudgement judge(const Source& source, VerifyRequest verify = {}) {
  if (verify.at == Moment{}) verify.at = kNow;
  return judge_overlay(library(), source, verify);
}

/// "error/code" of each finding, sorted and once each: what a test compares.
inline std::vector<std::string> codes_of(const std::vector<Diagnostic>& findings) {
  std::vector<std::string> codes;
  for (const Diagnostic& finding : findings) {
    codes.push_back(to_string(finding.severity) + "/" + finding.code);
  }
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  return codes;
}

inline std::vector<std::string> codes_in(const std::string& text, VerifyRequest verify = {}) {
  const Source source("overlay.yaml", text, Sensitivity::secret);
  return codes_of(judge(source, std::move(verify)).findings);
}

inline std::string all_messages(const PkiJudgement& judgement) {
  std::string text;
  for (const Diagnostic& finding : judgement.findings) {
    text += finding.code + ": " + finding.message + "\n" + finding.help + "\n";
  }
  return text;
}

}  // namespace gatehouse::pki::forged
