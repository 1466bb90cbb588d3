#include "pki/rotation.h"

#include <filesystem>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pki/compare.h"
#include "pki/create.h"
#include "pki/forged_overlay.h"
#include "pki/generation.h"
#include "pki/overlay_reader.h"
#include "pki/posix_effects.h"
#include "pki/times.h"
#include "pki/workspace.h"
#include "pki/workspace_moves.h"

namespace gatehouse::pki {
namespace {

using forged::kNow;
using std::chrono::days;
using std::chrono::hours;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kIssuingCa = "workspace/issuing-ca/issuing-ca.cert.pem";
constexpr const char* kController = "workspace/controller/controller.cert.pem";

class Rotation : public PosixEffectsTest {
 protected:
  Rotation() {
    PkiRequest create = forged::request();
    create.workspace = path("workspace");
    create.overlay = path("overlay.yaml");
    EXPECT_TRUE(create_pki(create, effects_, *key_maker_));
    request_.workspace = create.workspace;
    request_.overlay = create.overlay;
    request_.now = kNow + days(10);
  }

  Result<Rotated> roll_on(Tier tier) { return roll(tier, request_, effects_, *key_maker_); }
  std::string overlay() { return content_of(request_.overlay); }
  std::string name_in(const std::string& file) {
    return common_name(forged::certificate_in(content_of(path(file))).get());
  }

  std::vector<std::string> codes() {
    VerifyRequest verify;
    verify.at = request_.now;
    return forged::codes_in(overlay(), verify);
  }

  /// Whether amphorae born under the one text are reachable and refreshable under the other.
  bool stays_reachable(const std::string& before, const std::string& after) {
    const Source former("a.yaml", before, Sensitivity::secret);
    const Source later("b.yaml", after, Sensitivity::secret);
    Findings findings;
    const OverlayDocument one = read_overlay(former, "octavia", findings);
    const OverlayDocument two = read_overlay(later, "octavia", findings);
    const auto compared =
        compare_overlays(forged::library(), read_material(forged::library(), one, findings),
                         read_material(forged::library(), two, findings), request_.now);
    return compared && compared->old_under_new.is_reachable &&
           compared->old_under_new.is_refreshable;
  }

  RotationRequest request_;
  std::unique_ptr<KeyMaker> key_maker_ = make_key_maker();
};

TEST_F(Rotation, renews_the_controller_certificate_for_the_same_names) {
  const std::string before = overlay();
  const Certificate former = forged::certificate_in(content_of(path(kController)));
  const auto renewed = renew(request_, effects_, *key_maker_);
  ASSERT_TRUE(renewed) << to_string(renewed.error());
  const Certificate later = forged::certificate_in(content_of(path(kController)));
  EXPECT_EQ(dns_names_of(later.get()), dns_names_of(former.get()));
  EXPECT_EQ(ip_addresses_of(later.get()), ip_addresses_of(former.get()));
  EXPECT_NE(public_key_sha256(later.get()), public_key_sha256(former.get()));
  EXPECT_THAT(codes(), IsEmpty());
  EXPECT_TRUE(stays_reachable(before, overlay()));
  EXPECT_EQ(mode_of("overlay.yaml"), 0600U);
  EXPECT_TRUE(files_->info(path("workspace/retired/1/controller/controller.key")));
  EXPECT_THAT(content_of(path("workspace/created.jsonl")), HasSubstr("\"renewed\""));
  EXPECT_THAT(renewed->plan.at(0), HasSubstr("juju config octavia --file"));
}

/// A PKI whose CAs were made for so many years.
class CaRenewal : public Rotation {
 protected:
  void make_for(int years) {
    std::filesystem::remove_all(path("workspace"));
    std::filesystem::remove(path("overlay.yaml"));
    PkiRequest create = forged::request();
    create.workspace = request_.workspace;
    create.overlay = request_.overlay;
    create.ca_years = years;
    ASSERT_TRUE(create_pki(create, effects_, *key_maker_));
  }
  Result<Rotated> renew_ca() { return renew_issuing_ca(request_, effects_, *key_maker_); }
};

TEST_F(CaRenewal, keeps_key_and_name_and_every_amphora) {
  make_for(3);
  request_.now = kNow + days(600);
  const std::string before = overlay();
  const Certificate former = forged::certificate_in(content_of(path(kIssuingCa)));
  const auto renewed = renew_ca();
  ASSERT_TRUE(renewed) << to_string(renewed.error());
  const Certificate later = forged::certificate_in(content_of(path(kIssuingCa)));
  EXPECT_EQ(public_key_sha256(later.get()), public_key_sha256(former.get()));
  const CertificateFacts was = facts_of(former.get(), Role::issuing_ca);
  const CertificateFacts is = facts_of(later.get(), Role::issuing_ca);
  EXPECT_EQ(is.subject, was.subject);
  EXPECT_NE(is.serial, was.serial);
  EXPECT_EQ(is.not_before, was.not_before);
  EXPECT_EQ(is.not_after, add_years(was.not_before, 10));
  EXPECT_THAT(codes(), testing::Not(testing::Contains(testing::StartsWith("error"))));
  EXPECT_TRUE(stays_reachable(before, overlay()));
  EXPECT_TRUE(stays_reachable(overlay(), before));
  EXPECT_TRUE(files_->info(path("workspace/retired/1/issuing-ca/issuing-ca.key.enc")));
  EXPECT_EQ(mode_of("workspace/issuing-ca/issuing-ca.key.enc"), 0600U);
  EXPECT_THAT(renewed->plan.back(), HasSubstr("no amphora has to be failed over"));
}

TEST_F(CaRenewal, writes_the_overlay_again_where_it_was_done_before) {
  make_for(3);
  ASSERT_TRUE(renew_ca());
  const std::string once = overlay();
  std::filesystem::remove(path("overlay.yaml"));
  ASSERT_TRUE(renew_ca());
  EXPECT_EQ(overlay(), once);
  EXPECT_FALSE(files_->info(path("workspace/retired/2")));
}

TEST_F(CaRenewal, is_refused_where_the_key_may_serve_no_longer) {
  const std::string before = overlay();
  const auto renewed = renew_ca();
  ASSERT_FALSE(renewed);
  EXPECT_THAT(renewed.error().message, HasSubstr("ten years after its key was made"));
  EXPECT_THAT(renewed.error().help, HasSubstr("pki roll issuing"));
  EXPECT_EQ(overlay(), before);
}

TEST_F(CaRenewal, is_refused_in_the_middle_of_a_roll) {
  make_for(3);
  ASSERT_TRUE(roll_on(Tier::issuing));
  const auto renewed = renew_ca();
  ASSERT_FALSE(renewed);
  EXPECT_THAT(renewed.error().message, HasSubstr("is being rolled"));
}

TEST_F(Rotation, rolls_the_issuing_ca_in_three_phases_without_losing_an_amphora) {
  const std::string made = overlay();
  ASSERT_TRUE(roll_on(Tier::issuing));
  const std::string trusted = overlay();
  EXPECT_THAT(codes(), ElementsAre("note/overlap"));
  EXPECT_TRUE(stays_reachable(made, trusted));
  request_.now += hours(2);
  ASSERT_TRUE(roll_on(Tier::issuing));
  const std::string signing = overlay();
  EXPECT_EQ(name_in(kIssuingCa), "Example Octavia Issuing CA G2");
  EXPECT_THAT(codes(), ElementsAre("note/overlap"));
  EXPECT_TRUE(stays_reachable(trusted, signing));
  request_.now += days(31);
  ASSERT_TRUE(roll_on(Tier::issuing));
  EXPECT_THAT(codes(), IsEmpty());
  EXPECT_TRUE(stays_reachable(signing, overlay()));
  EXPECT_FALSE(stays_reachable(made, overlay()));
  EXPECT_TRUE(files_->info(path("workspace/retired/1/issuing-ca/issuing-ca.key.enc")));
  EXPECT_EQ(mode_of("workspace/issuing-ca/issuing-ca.key.enc"), 0600U);
  EXPECT_EQ(mode_of("workspace/juju-config.yaml"), 0600U);
}

TEST_F(Rotation, rolls_the_controller_ca_in_three_phases) {
  const std::string made = overlay();
  ASSERT_TRUE(roll_on(Tier::controller));
  const std::string trusted = overlay();
  EXPECT_TRUE(stays_reachable(made, trusted));
  request_.now += days(2);
  request_.confirmed = "switch";
  const auto switched = roll_on(Tier::controller);
  ASSERT_TRUE(switched) << to_string(switched.error());
  const std::string after = overlay();
  EXPECT_TRUE(stays_reachable(trusted, after));
  EXPECT_FALSE(stays_reachable(made, after));
  request_.now += hours(2);
  ASSERT_TRUE(roll_on(Tier::controller));
  EXPECT_THAT(codes(), IsEmpty());
  EXPECT_TRUE(stays_reachable(after, overlay()));
  EXPECT_TRUE(files_->info(path("workspace/retired/1/controller-ca/controller-ca.key.enc")));
  EXPECT_TRUE(files_->info(path("workspace/retired/1/controller/controller.key")));
}

TEST_F(Rotation, refuses_a_phase_too_early) {
  ASSERT_TRUE(roll_on(Tier::issuing));
  const std::string before = overlay();
  request_.now += std::chrono::minutes(59);
  const auto sign = roll_on(Tier::issuing);
  ASSERT_FALSE(sign);
  EXPECT_EQ(sign.error().kind, ErrorKind::conflict);
  EXPECT_THAT(sign.error().message, HasSubstr("too early for sign, which may be from"));
  EXPECT_EQ(overlay(), before);
  request_.now += hours(1);
  ASSERT_TRUE(roll_on(Tier::issuing));
  request_.now += days(29);
  EXPECT_FALSE(roll_on(Tier::issuing));
  request_.confirmed = "drop";
  EXPECT_TRUE(roll_on(Tier::issuing));
}

TEST_F(Rotation, wants_the_switch_to_be_vouched_for_by_its_name) {
  ASSERT_TRUE(roll_on(Tier::controller));
  request_.now += days(40);
  const auto silent = roll_on(Tier::controller);
  ASSERT_FALSE(silent);
  EXPECT_THAT(silent.error().help, HasSubstr("--confirm switch"));
  request_.confirmed = "drop";
  EXPECT_FALSE(roll_on(Tier::controller));
}

TEST_F(Rotation, refuses_a_phase_out_of_order) {
  request_.phase = "drop";
  const auto dropped = roll_on(Tier::issuing);
  ASSERT_FALSE(dropped);
  EXPECT_EQ(dropped.error().message, "roll issuing: drop is not the next phase; trust is");
}

TEST_F(Rotation, writes_the_overlay_of_a_phase_again) {
  request_.phase = "trust";
  ASSERT_TRUE(roll_on(Tier::issuing));
  const std::string once = overlay();
  std::filesystem::remove(request_.overlay);
  const auto again = roll_on(Tier::issuing);
  ASSERT_TRUE(again) << to_string(again.error());
  EXPECT_EQ(overlay(), once);
}

TEST_F(Rotation, lets_create_write_a_lost_overlay_of_an_overlap) {
  ASSERT_TRUE(roll_on(Tier::issuing));
  const std::string once = overlay();
  std::filesystem::remove(request_.overlay);
  PkiRequest create = forged::request();
  create.workspace = request_.workspace;
  create.overlay = request_.overlay;
  ASSERT_TRUE(create_pki(create, effects_, *key_maker_));
  EXPECT_EQ(overlay(), once);
}

TEST_F(Rotation, renews_in_the_middle_of_a_roll) {
  ASSERT_TRUE(roll_on(Tier::controller));
  ASSERT_TRUE(renew(request_, effects_, *key_maker_));
  EXPECT_EQ(name_in("workspace/controller-ca/controller-ca.cert.pem"),
            "Example Octavia Controller CA");
  request_.now += hours(2);
  request_.confirmed = "switch";
  ASSERT_TRUE(roll_on(Tier::controller));
  EXPECT_EQ(name_in("workspace/controller-ca/controller-ca.cert.pem"),
            "Example Octavia Controller CA G2");
}

TEST_F(Rotation, cuts_hard_where_a_ca_is_compromised_and_says_what_that_costs) {
  const std::string before = overlay();
  request_.is_compromised = true;
  const auto cut = roll_on(Tier::controller);
  ASSERT_TRUE(cut) << to_string(cut.error());
  EXPECT_FALSE(stays_reachable(before, overlay()));
  EXPECT_THAT(codes(), IsEmpty());
  EXPECT_THAT(cut->plan.at(0), HasSubstr("no amphora that there is can be reached"));
  EXPECT_THAT(cut->plan, testing::Contains(HasSubstr("which is the only way back")));
}

// The cloud may have been deployed with it.
TEST_F(Rotation, leaves_the_overlay_of_another_workspace_alone) {
  PkiRequest other = forged::request();
  other.workspace = path("other");
  other.overlay = path("other.yaml");
  ASSERT_TRUE(create_pki(other, effects_, *key_maker_));
  const std::string before = content_of(other.overlay);
  request_.overlay = other.overlay;
  for (const auto& refused : {renew(request_, effects_, *key_maker_), roll_on(Tier::issuing),
                              roll_on(Tier::controller)}) {
    ASSERT_FALSE(refused);
    EXPECT_THAT(to_string(refused.error()), HasSubstr("was not made from this workspace as it is"));
    EXPECT_THAT(to_string(refused.error()), HasSubstr("amphorae would get out of reach"));
  }
  EXPECT_EQ(content_of(other.overlay), before);
}

TEST_F(Rotation, writes_no_secret_into_a_work_tree_nor_through_a_link) {
  std::filesystem::create_directories(path("tree/.git"));
  std::filesystem::create_symlink("overlay.yaml", path("link.yaml"));
  std::filesystem::create_symlink("workspace", path("linked"));
  RotationRequest at_link = request_, at_workspace = request_, in_tree = request_;
  at_link.overlay = path("link.yaml");
  at_workspace.workspace = path("linked") + "/.";
  in_tree.workspace = path("tree/workspace");
  std::filesystem::copy(path("workspace"), in_tree.workspace,
                        std::filesystem::copy_options::recursive);
  for (const RotationRequest* request : {&at_link, &at_workspace, &in_tree}) {
    EXPECT_FALSE(renew(*request, effects_, *key_maker_));
    EXPECT_FALSE(roll(Tier::issuing, *request, effects_, *key_maker_));
  }
}

TEST_F(Rotation, renews_for_the_names_that_are_given) {
  request_.dns = {"api.example.net", "API.example.net", "other.example.net"};
  request_.ips = {"192.0.2.99"};
  ASSERT_TRUE(renew(request_, effects_, *key_maker_));
  const Certificate made = forged::certificate_in(content_of(path(kController)));
  EXPECT_EQ(common_name(made.get()), "api.example.net");
  EXPECT_THAT(dns_names_of(made.get()), ElementsAre("api.example.net", "other.example.net"));
  EXPECT_THAT(ip_addresses_of(made.get()), ElementsAre("192.0.2.99"));
  EXPECT_THAT(codes(), IsEmpty());
  request_.dns = {"192.0.2.7"};
  EXPECT_FALSE(renew(request_, effects_, *key_maker_)) << "an address is no DNS name";
  EXPECT_FALSE(renew_issuing_ca(request_, effects_, *key_maker_)) << "a CA has none";
}

TEST_F(Rotation, needs_a_whole_workspace) {
  request_.workspace = path("nowhere");
  const auto renewed = renew(request_, effects_, *key_maker_);
  ASSERT_FALSE(renewed);
  EXPECT_EQ(renewed.error().kind, ErrorKind::not_found);
}

/// Fails the n-th change of the file system, and every one after it: the process was killed.
class DyingFiles final : public FileStore {
 public:
  DyingFiles(FileStore& real, int changes) : real_(real), left_(changes) {}
  Result<std::string> read(const std::string& p, std::size_t n) override {
    return real_.read(p, n);
  }
  Result<Secret> read_secret(const std::string& p, std::size_t n) override {
    return real_.read_secret(p, n);
  }
  Result<FileInfo> info(const std::string& p) override { return real_.info(p); }
  Result<std::vector<std::string>> list(const std::string& p) override { return real_.list(p); }
  Result<void> write_atomic(const std::string& p, std::string_view b, unsigned m) override {
    return is_dead() ? dead() : real_.write_atomic(p, b, m);
  }
  Result<void> create(const std::string& p, std::string_view b, unsigned m) override {
    return is_dead() ? dead() : real_.create(p, b, m);
  }
  Result<void> append(const std::string& p, std::string_view b, unsigned m) override {
    return is_dead() ? dead() : real_.append(p, b, m);
  }
  Result<void> make_folder(const std::string& p, unsigned m) override {
    return is_dead() ? dead() : real_.make_folder(p, m);
  }
  Result<void> remove(const std::string& p) override {
    return is_dead() ? dead() : real_.remove(p);
  }
  Result<void> rename(const std::string& a, const std::string& b) override {
    return is_dead() ? dead() : real_.rename(a, b);
  }
  Result<std::string> canonical(const std::string& p) override { return real_.canonical(p); }
  Result<std::unique_ptr<FileLock>> lock(const std::string& p, const std::string& h) override {
    return real_.lock(p, h);
  }
  bool has_died() const { return left_ < 0; }

 private:
  bool is_dead() { return --left_ < 0; }
  static Result<void> dead() { return fail(ErrorKind::io, "killed"); }
  FileStore& real_;
  int left_;
};

class KilledRotation : public CaRenewal {
 protected:
  using Command = std::function<Result<Rotated>(const RotationRequest&, Effects&)>;

  /// Cuts the command off at each change of the files in turn, each time in a copy of the
  /// workspace, and gives it again, which must go on to the end; then `examine` looks at the copy.
  /// How often it was cut off.
  int kill_at_each_change(const Command& command,
                          const std::function<void(const RotationRequest&)>& examine) {
    for (int changes = 0; changes < kChangesMost; ++changes) {
      SCOPED_TRACE(changes);
      const std::string copy = path("case-" + std::to_string(changes));
      std::filesystem::create_directory(copy);
      std::filesystem::copy(path("workspace"), copy + "/workspace",
                            std::filesystem::copy_options::recursive);
      std::filesystem::copy(path("overlay.yaml"), copy + "/overlay.yaml");
      RotationRequest request = request_;
      request.workspace = copy + "/workspace";
      request.overlay = copy + "/overlay.yaml";
      DyingFiles dying(*files_, changes);
      Effects effects{http_, *processes_, dying, *clock_, *entropy_};
      const auto first = command(request, effects);
      if (!dying.has_died()) return changes;
      EXPECT_FALSE(first);
      const auto second = command(request, effects_);
      if (!second) {
        ADD_FAILURE() << to_string(second.error());
        return changes;
      }
      examine(request);
    }
    ADD_FAILURE() << "it never ends";
    return kChangesMost;
  }

  static std::vector<std::string> codes_of(const RotationRequest& request) {
    VerifyRequest verify;
    verify.at = request.now;
    return forged::codes_in(content_of(request.overlay), verify);
  }

  static constexpr int kChangesMost = 60;
};

// With both keys in place, none lost, and an overlay that verifies.
TEST_F(KilledRotation, goes_on_with_the_switch_of_a_roll) {
  ASSERT_TRUE(roll_on(Tier::controller));
  request_.now += days(2);
  request_.confirmed = "switch";
  request_.phase = "switch";
  const int kills = kill_at_each_change(
      [&](const RotationRequest& request, Effects& effects) {
        return roll(Tier::controller, request, effects, *key_maker_);
      },
      [&](const RotationRequest& request) {
        EXPECT_THAT(codes_of(request), ElementsAre("note/overlap"));
        const std::string retired = request.workspace + "/retired/";
        EXPECT_TRUE(files_->info(retired + "1/controller-ca/controller-ca.key.enc"));
        EXPECT_FALSE(files_->info(retired + "2/controller-ca"));
      });
  EXPECT_GT(kills, 10);
}

TEST_F(KilledRotation, goes_on_with_the_renewal_of_a_ca) {
  make_for(3);
  const int kills = kill_at_each_change(
      [&](const RotationRequest& request, Effects& effects) {
        return renew_issuing_ca(request, effects, *key_maker_);
      },
      [&](const RotationRequest& request) {
        EXPECT_THAT(codes_of(request), IsEmpty());
        const std::string pem = content_of(request.workspace + "/issuing-ca/issuing-ca.cert.pem");
        const CertificateFacts is = facts_of(forged::certificate_in(pem).get(), Role::issuing_ca);
        EXPECT_EQ(is.not_after, add_years(is.not_before, 10));
        const std::string journal = content_of(request.workspace + "/created.jsonl");
        EXPECT_NE(journal.find("\"renewed\""), journal.npos);
        EXPECT_EQ(journal.find("\"renewed\""), journal.rfind("\"renewed\""));
        const std::string retired = request.workspace + "/retired/";
        EXPECT_TRUE(files_->info(retired + "1/issuing-ca/issuing-ca.key.enc"));
        EXPECT_FALSE(files_->info(retired + "2/issuing-ca"));
      });
  EXPECT_GT(kills, 5);
}

TEST(Generation, is_the_number_behind_the_name) {
  EXPECT_EQ(generation_of("Example Issuing CA"), 1);
  EXPECT_EQ(generation_of("Example Issuing CA G2"), 2);
  EXPECT_EQ(next_generation("Example Issuing CA"), "Example Issuing CA G2");
  EXPECT_EQ(next_generation("Example Issuing CA G9"), "Example Issuing CA G10");
  EXPECT_EQ(generation_of("Area Gx"), 1);
  EXPECT_EQ(next_generation("Area G"), "Area G G2");
}

}  // namespace
}  // namespace gatehouse::pki
