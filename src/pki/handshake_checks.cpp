#include "pki/handshake_checks.h"

#include <string>
#include <vector>

#include "pki/handshake.h"

namespace gatehouse::pki {

namespace {

std::vector<X509*> all_of(const std::vector<FoundCertificate>& found) {
  std::vector<X509*> certificates;
  for (const FoundCertificate& one : found) certificates.push_back(one.get());
  return certificates;
}

class HandshakeCheck {
 public:
  HandshakeCheck(const CryptoLibrary& library, const Material& material, const TrialAmphora& trial,
                 Moment at, Findings& findings)
      : tls_(library), material_(material), trial_(trial), at_(at), findings_(findings) {}

  void check() {
    const Endpoint amphora{trial_.certificate.get(), trial_.key.get(),
                           all_of(material_.controller_cas)};
    const Endpoint controller{material_.controllers[0].get(), material_.controller_key.get(),
                              all_of(material_.issuing_cas)};
    expect_agreed(controller, amphora);
    // The amphora has to refuse by itself: whoever comes in the controller's place takes anything.
    expect_refused("a controller without a certificate", {nullptr, nullptr, {}, false}, amphora);
    expect_refused("another amphora in the controller's place",
                   {amphora.certificate, amphora.key, {}, false}, amphora);
    expect_refused("a server with the controller's certificate", controller,
                   {controller.certificate, controller.key, amphora.trusted});
  }

 private:
  void expect_agreed(const Endpoint& controller, const Endpoint& amphora) {
    const HandshakeResult result = tls_.shake_hands(controller, amphora, at_);
    if (result.is_agreed) return;
    findings_.error("handshake", place(),
                    "controller and amphora do not agree in a trial handshake: " + result.reason,
                    "make the PKI again with `gatehouse pki create`");
  }

  void expect_refused(const std::string& whom, const Endpoint& controller,
                      const Endpoint& amphora) {
    if (!tls_.shake_hands(controller, amphora, at_).is_agreed) return;
    findings_.error("handshake", place(), whom + " is accepted in a trial handshake",
                    "the two tiers need a CA each; make them again in a new workspace");
  }

  const Place& place() const { return material_.controllers[0].place; }

  const TlsContext tls_;
  const Material& material_;
  const TrialAmphora& trial_;
  const Moment at_;
  Findings& findings_;
};

}  // namespace

void check_handshake(const CryptoLibrary& library, const Material& material,
                     const TrialAmphora& amphora, Moment at, Findings& findings) {
  const bool has_all = !material.issuing_cas.empty() && !material.controller_cas.empty() &&
                       !material.controllers.empty() && material.issuing_key &&
                       material.controller_key;
  if (!has_all || findings.has_error()) return;
  HandshakeCheck(library, material, amphora, at, findings).check();
}

}  // namespace gatehouse::pki
