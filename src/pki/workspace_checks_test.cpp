#include "pki/workspace_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pki/forged_overlay.h"

namespace gatehouse::pki {
namespace {

using forged::Forge;

// The workspace that belongs to an overlay.
WorkspaceMaterial workspace_of(const Forge& forge, const forged::Parts& parts) {
  const std::string passphrase = "cPflRy7vDcw5s8mUTSWjNmG6n7Jd1ppMrEPxEsZCJuM=";
  return {.path = "workspace",
          .issuing_certificate = parts.issuing_cacert,
          .controller_certificate = parts.controller_cacert,
          .controller_key = Secret(forged::sealed_pem(forge.controller_ca_key.get(), passphrase)),
          .controller_passphrase = Secret(passphrase)};
}

std::vector<std::string> codes_with(const forged::Parts& parts,
                                    const WorkspaceMaterial& workspace) {
  VerifyRequest verify;
  verify.workspace = &workspace;
  return forged::codes_in(parts.text(), verify);
}

TEST(Workspace, of_this_overlay_holds) {
  const Forge forge;
  const forged::Parts parts = forge.build();
  EXPECT_THAT(codes_with(parts, workspace_of(forge, parts)), testing::IsEmpty());
}

TEST(Workspace, of_another_overlay_is_told) {
  const Forge forge, other;
  EXPECT_THAT(codes_with(forge.build(), workspace_of(other, other.build())),
              testing::ElementsAre("error/ca-key-mismatch"));
}

TEST(Workspace, whose_passphrase_does_not_open_its_key_is_told) {
  const Forge forge;
  const forged::Parts parts = forge.build();
  WorkspaceMaterial workspace = workspace_of(forge, parts);
  workspace.controller_passphrase = Secret("another one");
  EXPECT_THAT(codes_with(parts, workspace), testing::ElementsAre("error/passphrase-wrong"));
}

TEST(Workspace, without_a_readable_certificate_is_told) {
  const Forge forge;
  const forged::Parts parts = forge.build();
  WorkspaceMaterial workspace = workspace_of(forge, parts);
  workspace.issuing_certificate = "nothing";
  EXPECT_THAT(codes_with(parts, workspace), testing::ElementsAre("error/ca-key-mismatch"));
}

}  // namespace
}  // namespace gatehouse::pki
