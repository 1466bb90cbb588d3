#include "pki/overlay_text.h"

#include "pki/overlay_reader.h"
#include "pki/secret_text.h"

namespace gatehouse::pki {

namespace {

Secret line(std::string_view indent, Option option, std::string_view value) {
  return concatenate({indent, name_of(option), ": \"", value, "\"\n"});
}

Secret option_lines(const Chain& chain, std::string_view indent) {
  // Octavia reads certificate and key from one file, in this order in the runbook.
  const Secret bundle = concatenate({chain.controller_certificate, chain.controller_key.reveal()});
  const auto encoded = [&](Option option, std::string_view bytes) {
    return line(indent, option, encode_base64(bytes).reveal());
  };
  return concatenate(
      {encoded(Option::issuing_cacert, chain.issuing_certificate + chain.issuing_trusted).reveal(),
       encoded(Option::issuing_ca_private_key, chain.issuing_key.reveal()).reveal(),
       line(indent, Option::issuing_ca_key_passphrase, chain.issuing_passphrase.reveal()).reveal(),
       encoded(Option::controller_cacert,
               chain.controller_ca_certificate + chain.controller_ca_trusted)
           .reveal(),
       encoded(Option::controller_cert, bundle.reveal()).reveal()});
}

}  // namespace

Secret overlay_text(const Chain& chain, const std::string& application) {
  return concatenate({"applications:\n  ", application, ":\n    options:\n",
                      option_lines(chain, "      ").reveal()});
}

Secret config_text(const Chain& chain, const std::string& application) {
  return concatenate({application, ":\n", option_lines(chain, "  ").reveal()});
}

}  // namespace gatehouse::pki
