#include "pki/make_chain.h"

#include <utility>

#include "pki/issue.h"
#include "pki/request_check.h"

namespace gatehouse::pki {

Result<MadeChain> make_chain(const CryptoLibrary& library, KeyMaker& key_maker,
                             const PkiRequest& request) {
  const Issuer issuer{library,          key_maker,
                      request.now,      request.iterations,
                      request.ca_years, request.controller_days};
  Result<MadeCa> issuing =
      issue_ca(issuer, {request.organisation, request.name + std::string(kIssuingCaSuffix)});
  if (!issuing) return fail(issuing.error());
  Result<MadeCa> controller_ca =
      issue_ca(issuer, {request.organisation, request.name + std::string(kControllerCaSuffix)});
  if (!controller_ca) return fail(controller_ca.error());
  Result<MadeController> controller =
      issue_controller(issuer, {controller_ca->certificate.get(), controller_ca->key.get()},
                       {.subject = {request.organisation, common_name_of(request.dns)},
                        .dns_names = request.dns,
                        .ip_addresses = request.ips,
                        .now = request.now,
                        .serial = {}});
  if (!controller) return fail(controller.error());
  const Moment now = request.now;
  std::string journal =
      journal_line("created", issuing->certificate.get(), Role::issuing_ca, now) +
      journal_line("created", controller_ca->certificate.get(), Role::controller_ca, now) +
      journal_line("created", controller->certificate.get(), Role::controller, now);
  Chain chain;
  chain.issuing_certificate = std::move(issuing->certificate_pem);
  chain.issuing_key = std::move(issuing->key_pem);
  chain.issuing_passphrase = std::move(issuing->passphrase);
  chain.controller_ca_certificate = std::move(controller_ca->certificate_pem);
  chain.controller_ca_key = std::move(controller_ca->key_pem);
  chain.controller_ca_passphrase = std::move(controller_ca->passphrase);
  chain.controller_certificate = std::move(controller->certificate_pem);
  chain.controller_key = std::move(controller->key_pem);
  return MadeChain{.chain = std::move(chain), .journal = std::move(journal)};
}

}  // namespace gatehouse::pki
