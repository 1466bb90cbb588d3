// One extension of a certificate, decoded: absent, present, or present and unreadable.
#pragma once

#include <openssl/x509v3.h>

#include "pki/handles.h"

namespace gatehouse::pki {

template <class T, auto Free>
struct Extension {
  bool is_present = false;
  bool is_critical = false;
  Handle<T, Free> value;  ///< null where absent, given twice or malformed
};

template <class T, auto Free>
Extension<T, Free> extension_of(const X509* certificate, int nid) {
  Extension<T, Free> extension;
  const int at = X509_get_ext_by_NID(certificate, nid, -1);
  extension.is_present = at >= 0;
  if (!extension.is_present) return extension;
  extension.is_critical = X509_EXTENSION_get_critical(X509_get_ext(certificate, at)) == 1;
  extension.value.reset(static_cast<T*>(X509_get_ext_d2i(certificate, nid, nullptr, nullptr)));
  return extension;
}

inline auto basic_constraints_of(const X509* certificate) {
  return extension_of<BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free>(certificate,
                                                                 NID_basic_constraints);
}

inline auto key_usage_of(const X509* certificate) {
  return extension_of<ASN1_BIT_STRING, ASN1_BIT_STRING_free>(certificate, NID_key_usage);
}

inline auto extended_key_usage_of(const X509* certificate) {
  return extension_of<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>(certificate, NID_ext_key_usage);
}

/// The bits of keyUsage, RFC 5280 4.2.1.3.
enum class KeyUsageBit {
  digital_signature = 0,
  key_encipherment = 2,
  key_cert_sign = 5,
  crl_sign = 6
};

inline bool has_bit(const ASN1_BIT_STRING* usage, KeyUsageBit bit) {
  return usage != nullptr && ASN1_BIT_STRING_get_bit(usage, static_cast<int>(bit)) == 1;
}

}  // namespace gatehouse::pki
