#include "pki/overlay_text.h"

#include "pki/overlay_reader.h"
#include "pki/secret_text.h"

namespace gatehouse::pki {

namespace {

constexpr std::string_view kIndent = "      ";

Secret line(Option option, std::string_view value) {
  return concatenate({kIndent, name_of(option), ": \"", value, "\"\n"});
}

}  // namespace

Secret overlay_text(const Chain& chain, const std::string& application) {
  // Octavia reads certificate and key from one file, in this order in the runbook.
  const Secret bundle = concatenate({chain.controller_certificate, chain.controller_key.reveal()});
  return concatenate(
      {"applications:\n  ", application, ":\n    options:\n",
       line(Option::issuing_cacert, encode_base64(chain.issuing_certificate).reveal()).reveal(),
       line(Option::issuing_ca_private_key, encode_base64(chain.issuing_key.reveal()).reveal())
           .reveal(),
       line(Option::issuing_ca_key_passphrase, chain.issuing_passphrase.reveal()).reveal(),
       line(Option::controller_cacert, encode_base64(chain.controller_ca_certificate).reveal())
           .reveal(),
       line(Option::controller_cert, encode_base64(bundle.reveal()).reveal()).reveal()});
}

}  // namespace gatehouse::pki
