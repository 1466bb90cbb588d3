#include "pki/rotation.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "effects/file_modes.h"
#include "pki/certificate_facts.h"
#include "pki/certificate_profile.h"
#include "pki/core_dumps.h"
#include "pki/generation.h"
#include "pki/issue.h"
#include "pki/material.h"
#include "pki/opened_ca.h"
#include "pki/overlay_file.h"
#include "pki/overlay_text.h"
#include "pki/pair_check.h"
#include "pki/request_check.h"
#include "pki/roll_schedule.h"
#include "pki/rotation_plan.h"
#include "pki/times.h"
#include "pki/verify.h"
#include "pki/workspace.h"
#include "pki/workspace_journal.h"
#include "pki/workspace_moves.h"
#include "pki/write_places.h"

namespace gatehouse::pki {

namespace {

tl::unexpected<Error> refuse(std::string message, std::string help) {
  return fail(ErrorKind::conflict, std::move(message), std::move(help));
}

class Rotation {
 public:
  Rotation(const RotationRequest& request, Effects& effects, KeyMaker& key_maker)
      : request_(request), effects_(effects), key_maker_(key_maker), paths_(request.workspace) {}

  /// Everything that every step needs first.
  Result<void> open() {
    forbid_core_dumps();
    auto placed = check_workspace_place(effects_.files, paths_.root);
    if (placed) placed = check_overlay_place(effects_, request_.overlay);
    if (!placed) return placed;
    Result<CryptoLibrary> library = CryptoLibrary::open();
    if (!library) return fail(library.error());
    library_ = std::move(*library);
    const auto state = examine_workspace(effects_.files, paths_);
    if (!state) return fail(state.error());
    auto lock = effects_.files.lock(paths_.root + "/lock", "gatehouse pki");
    if (!lock) return fail(lock.error());
    lock_ = std::move(*lock);
    if (auto moved = finish_moves(effects_.files, paths_.root); !moved) return moved;
    const auto whole = examine_workspace(effects_.files, paths_);
    if (!whole) return fail(whole.error());
    if (*whole != WorkspaceState::whole) {
      return fail(ErrorKind::not_found,
                  fmt::format("workspace {} does not hold a whole PKI", paths_.root),
                  "name the folder that `gatehouse pki create` made, or restore it: gatehouse pki "
                  "restore FILE");
    }
    Result<Chain> chain = read_workspace(effects_.files, paths_);
    if (!chain) return fail(chain.error());
    before_ = overlay_text(*chain, request_.application);
    chain_ = std::move(*chain);
    return look_at_overlay();
  }

  Result<Rotated> renew() {
    Result<std::string> line = new_controller();
    if (!line) return fail(line.error());
    if (auto sound = check(); !sound) return fail(sound.error());
    if (auto staged = stage_controller(); !staged) return fail(staged.error());
    return finish("renew", *line, plan_of_renewal(words()), {"controller"});
  }

  Result<Rotated> renew_issuing_ca() {
    if (!request_.dns.empty() || !request_.ips.empty()) {
      return fail(ErrorKind::invalid_input, "a CA has no alternative names",
                  "leave --dns and --ip out");
    }
    if (!chain_.issuing_trusted.empty()) {
      return refuse("the issuing CA is being rolled: two of them are in the overlay",
                    "end that first: gatehouse pki roll issuing");
    }
    const auto ca = open_ca(*library_, chain_.issuing_certificate, chain_.issuing_key,
                            chain_.issuing_passphrase);
    if (!ca) return fail(ca.error());
    const auto renewed_before = was_renewed(ca->certificate.get());
    if (!renewed_before) return fail(renewed_before.error());
    const std::string what = "renew issuing CA";
    if (*renewed_before) {
      if (auto sound = check(); !sound) return fail(sound.error());
      return finish(what, "", plan_of_ca_renewal(words()), {});
    }
    Result<std::string> line = new_issuing_certificate(*ca);
    if (!line) return fail(line.error());
    if (auto sound = check(); !sound) return fail(sound.error());
    const auto staged =
        write_ca(next_files(Tier::issuing),
                 {chain_.issuing_certificate, chain_.issuing_key, chain_.issuing_passphrase});
    if (!staged) return fail(staged.error());
    return finish(what, *line, plan_of_ca_renewal(words()), {"issuing-ca"});
  }

  Result<Rotated> roll(Tier tier, RollPhase phase) {
    if (request_.is_compromised) return replace(tier);
    switch (phase) {
      case RollPhase::none:
        break;
      case RollPhase::trust:
        return trust(tier);
      case RollPhase::change:
        return change(tier);
      case RollPhase::drop:
        return drop(tier);
    }
    return refuse("nothing is left to do", "");
  }

  /// The overlay and plan of the phase that was reached: a run that was cut off before them.
  Result<Rotated> repeat(Tier tier, RollPhase phase) {
    if (auto sound = check(); !sound) return fail(sound.error());
    return finish("roll " + to_string(tier) + ": " + pki::to_string(phase, tier), "",
                  plan_of_roll(tier, phase, words()), {});
  }

 private:
  Issuer issuer() { return {*library_, key_maker_, request_.now, request_.iterations}; }

  PlanWords words() const {
    return {.application = request_.application,
            .config_file = paths_.root + "/juju-config.yaml",
            .overlay = request_.overlay,
            .workspace = paths_.root};
  }

  std::string roll_line(Tier tier, const std::string& phase) const {
    return event_line("roll", request_.now, {{"tier", to_string(tier)}, {"phase", phase}});
  }

  /// For the names of the present one, from the controller CA of the chain; gives its journal line.
  Result<std::string> new_controller() {
    const auto ca = open_ca(*library_, chain_.controller_ca_certificate, chain_.controller_ca_key,
                            chain_.controller_ca_passphrase);
    if (!ca) return fail(ca.error());
    const Certificate present = read_certificate(*library_, chain_.controller_certificate);
    if (!present) return refuse("the controller certificate can not be read", "restore a backup");
    ControllerOrder order{.subject = subject_of(present.get()),
                          .dns_names = dns_names_of(present.get()),
                          .ip_addresses = ip_addresses_of(present.get()),
                          .now = request_.now,
                          .serial = {}};
    if (auto sound = check_alternative_names(request_.dns, request_.ips); !sound) {
      return fail(sound.error());
    }
    if (!request_.dns.empty()) {
      order.dns_names = request_.dns;
      order.subject.common_name = common_name_of(request_.dns);
    }
    if (!request_.ips.empty()) order.ip_addresses = request_.ips;
    Result<MadeController> made =
        issue_controller(issuer(), {ca->certificate.get(), ca->key.get()}, std::move(order));
    if (!made) return fail(made.error());
    chain_.controller_certificate = std::move(made->certificate_pem);
    chain_.controller_key = std::move(made->key_pem);
    return journal_line("renewed", made->certificate.get(), Role::controller, request_.now);
  }

  Result<bool> was_renewed(X509* certificate) {
    const auto events = read_journal(effects_.files, paths_.journal);
    if (!events) return fail(events.error());
    const std::string digest = facts_of(certificate, Role::issuing_ca).fingerprint;
    return std::any_of(events->begin(), events->end(), [&](const JournalEvent& event) {
      return event.event == "renewed" && string_or_empty(event.body, "sha256") == digest;
    });
  }

  /// In place of the chain's own; gives its journal line.
  Result<std::string> new_issuing_certificate(const OpenedCa& ca) {
    const Result<Secret> serial = key_maker_.random(*library_, kSerialBytes);
    if (!serial) return fail(serial.error());
    const auto renewed =
        renew_ca_certificate(*library_, ca.key.get(), ca.certificate.get(), serial->reveal());
    if (!renewed) return fail(renewed.error());
    const Moment present_end = facts_of(ca.certificate.get(), Role::issuing_ca).not_after;
    const Moment later_end = facts_of(renewed->get(), Role::issuing_ca).not_after;
    if (later_end < present_end + std::chrono::days(1)) {
      return refuse(fmt::format("the issuing CA ends on {}, ten years after its key was made, and "
                                "no key may serve longer",
                                date_of(present_end)),
                    "a new one takes its place in phases: gatehouse pki roll issuing");
    }
    Result<std::string> pem = certificate_pem(renewed->get());
    if (!pem) return pem;
    chain_.issuing_certificate = std::move(*pem);
    return journal_line("renewed", renewed->get(), Role::issuing_ca, request_.now);
  }

  struct CaFiles {
    std::string folder, certificate, key, passphrase, trusted;
  };

  static CaFiles files_of(const WorkspacePaths& paths, Tier tier) {
    if (tier == Tier::issuing) {
      return {paths.issuing_folder, paths.issuing_certificate, paths.issuing_key,
              paths.issuing_passphrase, paths.issuing_trusted};
    }
    return {paths.controller_ca_folder, paths.controller_ca_certificate, paths.controller_ca_key,
            paths.controller_ca_passphrase, paths.controller_ca_trusted};
  }

  CaFiles next_files(Tier tier) const {
    return files_of(WorkspacePaths(paths_.root + "/next"), tier);
  }

  Result<MadeCa> new_ca(Tier tier) {
    const Certificate present =
        read_certificate(*library_, tier == Tier::issuing ? chain_.issuing_certificate
                                                          : chain_.controller_ca_certificate);
    if (!present) return refuse("the present CA can not be read", "restore a backup");
    SubjectName subject = subject_of(present.get());
    subject.common_name = next_generation(subject.common_name);
    return issue_ca(issuer(), subject);
  }

  struct CaTexts {
    const std::string& certificate;
    const Secret& key;
    const Secret& passphrase;
  };

  static CaTexts texts_of(const MadeCa& ca) {
    return {ca.certificate_pem, ca.key_pem, ca.passphrase};
  }

  Result<void> write_ca(const CaFiles& at, const CaTexts& ca) {
    FileStore& files = effects_.files;
    // Never handed out before its phase is in the journal, so what a crash left here is no loss.
    if (auto removed = files.remove(at.folder); !removed) return removed;
    if (auto made = files.make_folder(at.folder, kPrivateFolder); !made) return made;
    if (auto done = files.create(at.key, ca.key.reveal(), kPrivateFile); !done) return done;
    if (auto done = files.create(at.passphrase, ca.passphrase.reveal(), kPrivateFile); !done) {
      return done;
    }
    return files.create(at.certificate, ca.certificate, kPrivateFile);
  }

  Result<Rotated> trust(Tier tier) {
    Result<MadeCa> ca = new_ca(tier);
    if (!ca) return fail(ca.error());
    std::string& trusted =
        tier == Tier::issuing ? chain_.issuing_trusted : chain_.controller_ca_trusted;
    trusted = ca->certificate_pem;
    if (auto sound = check(); !sound) return fail(sound.error());
    if (auto done = write_ca(next_files(tier), texts_of(*ca)); !done) return fail(done.error());
    const auto written = effects_.files.write_atomic(files_of(paths_, tier).trusted,
                                                     ca->certificate_pem, kPrivateFile);
    if (!written) return fail(written.error());
    const Role role = tier == Tier::issuing ? Role::issuing_ca : Role::controller_ca;
    return finish("roll " + to_string(tier) + ": trust",
                  journal_line("created", ca->certificate.get(), role, request_.now) +
                      roll_line(tier, "trust"),
                  plan_of_roll(tier, RollPhase::trust, words()), {});
  }

  /// The CA in next/ becomes the one of the chain, the former one is trusted beside it.
  Result<void> take_next_ca(Tier tier) {
    const CaFiles at = next_files(tier);
    constexpr std::size_t kBytesMax = std::size_t{1} << 16;
    auto certificate = effects_.files.read(at.certificate, kBytesMax);
    auto key = effects_.files.read_secret(at.key, kBytesMax);
    auto passphrase = effects_.files.read_secret(at.passphrase, kBytesMax);
    if (!certificate) return fail(certificate.error());
    if (!key) return fail(key.error());
    if (!passphrase) return fail(passphrase.error());
    const bool is_issuing = tier == Tier::issuing;
    std::string& present =
        is_issuing ? chain_.issuing_certificate : chain_.controller_ca_certificate;
    (is_issuing ? chain_.issuing_trusted : chain_.controller_ca_trusted) =
        std::exchange(present, std::move(*certificate));
    (is_issuing ? chain_.issuing_key : chain_.controller_ca_key) = std::move(*key);
    (is_issuing ? chain_.issuing_passphrase : chain_.controller_ca_passphrase) =
        std::move(*passphrase);
    return {};
  }

  Result<Rotated> change(Tier tier) {
    if (auto taken = take_next_ca(tier); !taken) return fail(taken.error());
    std::string lines;
    if (tier == Tier::controller) {
      Result<std::string> line = new_controller();
      if (!line) return fail(line.error());
      lines = std::move(*line);
    }
    if (auto sound = check(); !sound) return fail(sound.error());
    const auto written = effects_.files.write_atomic(
        next_files(tier).trusted,
        tier == Tier::issuing ? chain_.issuing_trusted : chain_.controller_ca_trusted,
        kPrivateFile);
    if (!written) return fail(written.error());
    if (tier == Tier::controller) {
      if (auto staged = stage_controller(); !staged) return fail(staged.error());
    }
    return finish("roll " + to_string(tier) + ": " + pki::to_string(RollPhase::change, tier),
                  lines + roll_line(tier, pki::to_string(RollPhase::change, tier)),
                  plan_of_roll(tier, RollPhase::change, words()), staged_of(tier));
  }

  Result<Rotated> drop(Tier tier) {
    (tier == Tier::issuing ? chain_.issuing_trusted : chain_.controller_ca_trusted).clear();
    if (auto sound = check(); !sound) return fail(sound.error());
    if (auto removed = effects_.files.remove(files_of(paths_, tier).trusted); !removed) {
      return fail(removed.error());
    }
    return finish("roll " + to_string(tier) + ": drop", roll_line(tier, "drop"),
                  plan_of_roll(tier, RollPhase::drop, words()), {});
  }

  /// The hard cut of `--compromised`: no overlap, every amphora out of reach until its failover.
  Result<Rotated> replace(Tier tier) {
    Result<MadeCa> ca = new_ca(tier);
    if (!ca) return fail(ca.error());
    if (auto done = write_ca(next_files(tier), texts_of(*ca)); !done) return fail(done.error());
    if (auto taken = take_next_ca(tier); !taken) return fail(taken.error());
    (tier == Tier::issuing ? chain_.issuing_trusted : chain_.controller_ca_trusted).clear();
    const Role role = tier == Tier::issuing ? Role::issuing_ca : Role::controller_ca;
    std::string lines = journal_line("created", ca->certificate.get(), role, request_.now);
    if (tier == Tier::controller) {
      Result<std::string> line = new_controller();
      if (!line) return fail(line.error());
      lines += *line;
      if (auto staged = stage_controller(); !staged) return fail(staged.error());
    }
    if (auto sound = check(); !sound) return fail(sound.error());
    return finish("roll " + to_string(tier) + ": replaced", lines + roll_line(tier, "replaced"),
                  plan_of_compromise(tier, words()), staged_of(tier));
  }

  static std::vector<std::string> staged_of(Tier tier) {
    if (tier == Tier::issuing) return {"issuing-ca"};
    return {"controller-ca", "controller"};
  }

  Result<void> stage_controller() {
    const WorkspacePaths next(paths_.root + "/next");
    FileStore& files = effects_.files;
    if (auto removed = files.remove(next.controller_folder); !removed) return removed;
    if (auto made = files.make_folder(next.controller_folder, kPrivateFolder); !made) return made;
    const auto key =
        files.create(next.controller_key, chain_.controller_key.reveal(), kPrivateFile);
    if (!key) return key;
    return files.create(next.controller_certificate, chain_.controller_certificate, kPrivateFile);
  }

  /// What lies where the new overlay will be written; it may be what the cloud was deployed with.
  Result<void> look_at_overlay() {
    const Result<bool> is_there = examine_overlay(effects_.files, request_.overlay);
    if (!is_there) return fail(is_there.error());
    if (!*is_there) return {};
    Result<OverlayFile> file = read_overlay_file(effects_.files, request_.overlay);
    if (!file) return fail(file.error());
    if (file->source.text() != before_.reveal()) present_.emplace(std::move(*file));
    return {};
  }

  /// The new overlay by itself, and the pair of it and the one before.
  Result<void> check() {
    const Secret text = overlay_text(chain_, request_.application);
    const Source later(request_.overlay, std::string(text.reveal()), Sensitivity::secret);
    const Source former(request_.overlay, std::string(before_.reveal()), Sensitivity::secret);
    VerifyRequest verify;
    verify.application = request_.application;
    verify.at = request_.now;
    PkiJudgement judgement = judge_overlay(*library_, later, verify);
    for (const Diagnostic& finding : judgement.findings) {
      if (finding.severity != Severity::error) continue;
      return refuse(
          fmt::format("the new overlay would not be sound: {} [{}]", finding.message, finding.code),
          finding.help);
    }
    rotated_.certificates = std::move(judgement.certificates);
    rotated_.findings = std::move(judgement.findings);
    for (Diagnostic& finding : rotated_.findings) {
      finding.span = {};
      finding.related.clear();
    }
    if (request_.is_compromised) return {};
    const auto kept = check_pair(*library_, {former, later, request_.application, request_.now});
    return kept && present_ ? check_present(later) : kept;
  }

  Result<void> check_present(const Source& later) {
    const auto kept =
        check_pair(*library_, {present_->source, later, request_.application, request_.now});
    if (kept) return kept;
    const bool is_other = kept.error().kind == ErrorKind::conflict;
    Error error = with_context(
        kept.error(), request_.overlay + (is_other ? " was not made from this workspace as it is"
                                                   : ", which is there, can not be used"));
    error.help = fmt::format(
        "{}; if the workspace is right: gatehouse pki create --replace-overlay --workspace {} "
        "--overlay {}, then the same again",
        is_other ? "name its own workspace, or restore the newest backup of that" : "restore it",
        paths_.root, request_.overlay);
    return fail(std::move(error));
  }

  /// `staged` are the folders of next/ that take the place of their namesakes.
  Result<Rotated> finish(const std::string& what, const std::string& lines,
                         std::vector<std::string> plan, const std::vector<std::string>& staged) {
    if (!staged.empty() || !lines.empty()) {
      const auto moved = move_staged(effects_.files, paths_.root, {staged, lines});
      if (!moved) return fail(moved.error());
    }
    rotated_.what = what;
    rotated_.plan = std::move(plan);
    if (auto written = write_results(); !written) return fail(written.error());
    return std::move(rotated_);
  }

  Result<void> write_results() {
    FileStore& files = effects_.files;
    std::string numbered = rotated_.what + ", " + to_rfc3339(request_.now) + "\n";
    for (std::size_t i = 0; i < rotated_.plan.size(); ++i) {
      numbered += fmt::format("{}. {}\n", i + 1, rotated_.plan[i]);
    }
    const Secret config = config_text(chain_, request_.application);
    if (auto done = files.write_atomic(words().config_file, config.reveal(), kPrivateFile); !done) {
      return done;
    }
    if (auto done = files.write_atomic(paths_.root + "/plan.txt", numbered, kPrivateFile); !done) {
      return done;
    }
    const Secret text = overlay_text(chain_, request_.application);
    auto written = files.write_atomic(request_.overlay, text.reveal(), kPrivateFile);
    if (written) return {};
    Error error = with_context(written.error(), "writing the overlay " + request_.overlay);
    error.help =
        "the workspace has the step already; write its overlay with: gatehouse pki create "
        "--replace-overlay --workspace " +
        paths_.root + " --overlay FILE";
    return fail(std::move(error));
  }

  const RotationRequest& request_;
  Effects& effects_;
  KeyMaker& key_maker_;
  const WorkspacePaths paths_;
  std::optional<CryptoLibrary> library_;
  std::unique_ptr<FileLock> lock_;
  Secret before_;                       ///< the overlay of the workspace as it was found
  std::optional<OverlayFile> present_;  ///< the one that is there, where it is another
  Chain chain_;
  Rotated rotated_;
};

}  // namespace

Result<Rotated> renew(const RotationRequest& request, Effects& effects, KeyMaker& key_maker) {
  Rotation rotation(request, effects, key_maker);
  if (auto opened = rotation.open(); !opened) return fail(opened.error());
  return rotation.renew();
}

Result<Rotated> renew_issuing_ca(const RotationRequest& request, Effects& effects,
                                 KeyMaker& key_maker) {
  Rotation rotation(request, effects, key_maker);
  if (auto opened = rotation.open(); !opened) return fail(opened.error());
  return rotation.renew_issuing_ca();
}

Result<Rotated> roll(Tier tier, const RotationRequest& request, Effects& effects,
                     KeyMaker& key_maker) {
  Rotation rotation(request, effects, key_maker);
  if (auto opened = rotation.open(); !opened) return fail(opened.error());
  const auto state = roll_state(effects.files, request.workspace, tier);
  if (!state) return fail(state.error());
  if (request.is_compromised) return rotation.roll(tier, RollPhase::none);
  const bool is_repeat =
      state->phase != RollPhase::none && request.phase == to_string(state->phase, tier);
  if (is_repeat) return rotation.repeat(tier, state->phase);
  const RollPhase next = phase_after(state->phase);
  if (!request.phase.empty() && request.phase != to_string(next, tier)) {
    return refuse(fmt::format("roll {}: {} is not the next phase; {} is", to_string(tier),
                              request.phase, to_string(next, tier)),
                  "each phase needs the one before it");
  }
  const auto in_time = check_schedule(tier, *state, request.now, request.confirmed);
  if (!in_time) return fail(in_time.error());
  return rotation.roll(tier, next);
}

}  // namespace gatehouse::pki
