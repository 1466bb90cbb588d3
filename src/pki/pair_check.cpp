#include "pki/pair_check.h"

#include "pki/compare.h"
#include "pki/overlay_reader.h"

namespace gatehouse::pki {

Result<void> check_pair(const CryptoLibrary& library, const OverlayPair& pair) {
  Findings ignored;
  const OverlayDocument former = read_overlay(pair.former, pair.application, ignored);
  const OverlayDocument later = read_overlay(pair.later, pair.application, ignored);
  const auto compared = compare_overlays(library, read_material(library, former, ignored),
                                         read_material(library, later, ignored), pair.at);
  if (!compared) return fail(compared.error());
  if (compared->old_under_new.is_reachable) return {};
  return fail(ErrorKind::conflict,
              "amphorae would get out of reach: " + compared->old_under_new.why_not,
              "where the CA is compromised all the same: --compromised");
}

}  // namespace gatehouse::pki
