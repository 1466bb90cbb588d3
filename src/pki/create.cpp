#include "pki/create.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <openssl/pem.h>

#include "base/secret.h"
#include "base/text.h"
#include "effects/file_modes.h"
#include "pki/certificate_facts.h"
#include "pki/core_dumps.h"
#include "pki/git_ignore.h"
#include "pki/make_chain.h"
#include "pki/overlay_text.h"
#include "pki/request_check.h"
#include "pki/verify.h"
#include "pki/workspace.h"
#include "pki/workspace_moves.h"

namespace gatehouse::pki {

namespace {

// The place in an overlay that is not on disk says nothing to the operator.
std::vector<Diagnostic> without_places(std::vector<Diagnostic> findings) {
  for (Diagnostic& finding : findings) {
    finding.span = {};
    finding.related.clear();
  }
  return findings;
}

Error unsound(const std::vector<Diagnostic>& findings, const PkiRequest& request) {
  const auto first = std::find_if(findings.begin(), findings.end(), [](const Diagnostic& d) {
    return d.severity == Severity::error;
  });
  return {.kind = ErrorKind::conflict,
          .message = fmt::format("an overlay from the workspace {} would not be sound: {} [{}]",
                                 request.workspace, first->message, first->code),
          .contexts = {},
          .delivery = Delivery::not_sent,
          .help = first->help};
}

class Creation {
 public:
  Creation(const PkiRequest& request, Effects& effects, KeyMaker& key_maker)
      : request_(request), effects_(effects), key_maker_(key_maker), paths_(request.workspace) {}

  Result<PkiCreated> run() {
    if (auto sound = check_request(request_); !sound) return fail(sound.error());
    if (auto free = check_overlay_path(); !free) return fail(free.error());
    if (auto apart = check_work_trees(); !apart) return fail(apart.error());
    if (auto moved = finish_moves(effects_.files, paths_.root); !moved) return fail(moved.error());
    const Result<WorkspaceState> state = examine_workspace(effects_.files, paths_);
    if (!state) return fail(state.error());
    if (*state == WorkspaceState::partial) return refuse_partial();
    forbid_core_dumps();
    Result<CryptoLibrary> library = CryptoLibrary::open();
    if (!library) return fail(library.error());
    return *state == WorkspaceState::whole ? rewrite(*library) : make(*library);
  }

 private:
  Result<void> check_overlay_path() {
    const Result<bool> is_there = examine_overlay(effects_.files, request_.overlay);
    if (!is_there) return fail(is_there.error());
    if (!*is_there || request_.existing == ExistingOverlay::replace) return {};
    return fail(ErrorKind::conflict, request_.overlay + " exists already",
                "judge it with `gatehouse pki verify`; --replace-overlay writes over it");
  }

  Result<void> check_work_trees() {
    if (request_.work_tree == WorkTree::allowed) return {};
    if (auto apart = check_workspace_place(effects_.files, request_.workspace); !apart) {
      return apart;
    }
    return check_overlay_place(effects_, request_.overlay);
  }

  Result<PkiCreated> refuse_partial() const {
    return fail(ErrorKind::conflict,
                fmt::format("workspace {} holds some of its files but not all", paths_.root),
                "restore it from its backup; if no overlay was ever deployed from it, remove the "
                "folder and create again");
  }

  Result<PkiCreated> make(const CryptoLibrary& library) {
    Result<MadeChain> made = make_chain(library, key_maker_, request_);
    if (!made) return fail(made.error());
    const Secret text = overlay_text(made->chain, request_.application);
    PkiJudgement judgement = judge(library, text);
    if (has_error(judgement.findings)) return fail(unsound(judgement.findings, request_));
    const Result<void> kept = write_workspace(effects_.files, paths_, made->chain, made->journal);
    if (!kept) return fail(kept.error());
    return finish(Origin::made, text, std::move(judgement));
  }

  Result<PkiCreated> rewrite(const CryptoLibrary& library) {
    const Result<Chain> chain = read_workspace(effects_.files, paths_);
    if (!chain) return fail(chain.error());
    const Secret text = overlay_text(*chain, request_.application);
    PkiJudgement judgement = judge(library, text);
    if (has_error(judgement.findings)) return fail(unsound(judgement.findings, request_));
    if (auto same = check_same_names(judgement); !same) return fail(same.error());
    return finish(Origin::rewritten, text, std::move(judgement));
  }

  // A request for other names must not be answered by a certificate with the former ones.
  Result<void> check_same_names(const PkiJudgement& judgement) const {
    const CertificateFacts& facts = judgement.certificates.back();
    std::vector<std::string> wanted;
    for (const std::string& name : request_.dns) wanted.push_back("DNS:" + name);
    for (const std::string& address : request_.ips) {
      wanted.push_back("IP:" + canonical_ip(address));
    }
    for (const std::string& name : wanted) {
      if (std::find(facts.names.begin(), facts.names.end(), name) != facts.names.end()) continue;
      return fail(ErrorKind::conflict,
                  fmt::format("workspace {} has a controller certificate already, without {}",
                              paths_.root, name),
                  "leave --dns and --ip out to write its overlay again, or create in a new "
                  "workspace");
    }
    return {};
  }

  PkiJudgement judge(const CryptoLibrary& library, const Secret& text) const {
    const Source source(request_.overlay, std::string(text.reveal()), Sensitivity::secret);
    VerifyRequest verify;
    verify.application = request_.application;
    verify.at = request_.now;
    PkiJudgement judgement = judge_overlay(library, source, verify);
    judgement.findings = without_places(std::move(judgement.findings));
    return judgement;
  }

  Result<void> write_overlay(const Secret& text) {
    const std::size_t slash = request_.overlay.rfind('/');
    if (slash != std::string::npos && slash != 0) {
      const std::string folder = request_.overlay.substr(0, slash);
      if (auto made = effects_.files.make_folder(folder, kPrivateFolder); !made) return made;
    }
    return request_.existing == ExistingOverlay::replace
               ? effects_.files.write_atomic(request_.overlay, text.reveal(), kPrivateFile)
               : effects_.files.create(request_.overlay, text.reveal(), kPrivateFile);
  }

  Result<PkiCreated> finish(Origin origin, const Secret& text, PkiJudgement judgement) {
    if (auto written = write_overlay(text); !written) {
      Error error = with_context(written.error(), "writing the overlay " + request_.overlay);
      error.help = "the workspace is whole; the same command writes the overlay again";
      return fail(std::move(error));
    }
    Findings findings;
    if (request_.work_tree == WorkTree::refused) {
      check_ignored(effects_, request_.overlay, {}, findings);
    }
    PkiCreated created{.origin = origin,
                       .overlay = request_.overlay,
                       .workspace = request_.workspace,
                       .certificates = std::move(judgement.certificates),
                       .findings = std::move(judgement.findings)};
    for (Diagnostic& finding : findings.take()) created.findings.push_back(std::move(finding));
    return created;
  }

  const PkiRequest& request_;
  Effects& effects_;
  KeyMaker& key_maker_;
  const WorkspacePaths paths_;
};

}  // namespace

Result<PkiCreated> create_pki(const PkiRequest& request, Effects& effects, KeyMaker& key_maker) {
  Result<PkiCreated> created = Creation(request, effects, key_maker).run();
  wipe_stack();
  return created;
}

}  // namespace gatehouse::pki
