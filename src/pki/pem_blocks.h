// PEM text split into its blocks, with all that is odd about it. Knows neither keys nor
// certificates.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"

namespace gatehouse::pki {

struct PemBlock {
  std::string label;      ///< "CERTIFICATE"
  std::string_view text;  ///< from its BEGIN line to the end of its END line; within the text given
  bool is_complete = false;   ///< an END line of the same label was found
  bool has_headers = false;   ///< "Proc-Type:" lines of old PEM encryption
  bool is_decodable = false;  ///< its body is base64
  Secret der;                 ///< empty where incomplete, with headers, or not decodable

  bool is_certificate() const { return label == "CERTIFICATE"; }
  bool is_private_key() const;
};

struct PemText {
  std::vector<PemBlock> blocks;
  bool has_crlf = false;
  bool has_indent = false;  ///< blanks before a BEGIN or END line, which OpenSSL then does not see
  bool has_junk = false;    ///< anything but blank lines outside of the blocks
};

/// Never fails: a text without any block gives no blocks. The text must outlive the result.
PemText split_pem(std::string_view text);

}  // namespace gatehouse::pki
