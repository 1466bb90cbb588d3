// A whole lab in memory under virtual time: its disk, its programs, its MAAS, the children that
// outlive a client, and the journal. Only what is asked of it moves its time. A client process is a
// Session (session.h); it may die, and the world stays.
#pragma once

#include <functional>
#include <memory>
#include <set>

#include "journal/journal.h"
#include "sim/face.h"
#include "sim/maas_region.h"
#include "tests/simulation/memory_files.h"

namespace gatehouse::simulation {

/// What a child that outlives its starter will do to the disk, and when.
struct TimedWrite {
  Moment at{};
  std::function<Result<void>(MemoryFiles&)> apply;
};

struct Child {
  ChildId id;
  DetachedCommand command;
  Moment end{};
  std::vector<TimedWrite> writes;
  std::size_t applied = 0;
  bool was_killed = false;           ///< with its keeper: it leaves no word
  std::unique_ptr<FileLock> lock{};  ///< of its folder, as long as it lives
};

struct WorldSettings {
  std::string site;  ///< "omega" or "second"
  std::uint64_t seed = 1;
  std::set<std::string> faults;  ///< of the lab
  int days_later = 0;            ///< for certificates that have run out
};

class World {
 public:
  explicit World(const WorldSettings& settings);
  World(const World&) = delete;

  /// "" where all was made; else why not (a fault that the site cannot show).
  const std::string& trouble() const { return trouble_; }

  MemoryFiles& disk() { return disk_; }
  Journal& journal() { return *journal_; }
  const sim::OpenLab& lab() const { return *lab_; }
  std::uint64_t seed() const { return settings_.seed; }
  std::vector<Child>& children() { return children_; }

  Moment now() const { return now_; }
  Milliseconds passed() const { return now_ - start_; }
  /// Children act on the way, in the order of their times.
  void advance(Milliseconds duration);
  /// The wall clock alone is set: what an operator or a time server does.
  void set_wall_ahead(Milliseconds by) { wall_ahead_ = by; }
  Milliseconds wall_ahead() const { return wall_ahead_; }

  /// Runs a program of this machine to its end; it takes no time.
  Result<ProcessResult> execute(const std::vector<std::string>& argv,
                                const std::map<std::string, std::string>& environment,
                                const std::string& directory, const std::string& input = {});
  Result<ChildId> start(const DetachedCommand& command,
                        const std::map<std::string, std::string>& environment);
  ChildState state_of(const ChildId& id, const std::string& exit_file);
  sim::RegionAnswer ask_maas(const sim::RegionRequest& request);

  std::string site_file() const { return site_folder() + "/site.yaml"; }
  std::string site_folder() const { return home() + "/site"; }
  std::string lab_folder() const { return home() + "/lab"; }
  std::string state_folder() const { return home() + "/state"; }
  static std::string home() { return "/home/operator"; }
  std::map<std::string, std::string> environment() const;

  /// Every secret of the run, in clear.
  const std::vector<std::string>& secrets() const { return secrets_; }
  /// argv and environment of every process that was ever started, and every request's URL.
  std::string& exposed() { return exposed_; }

 private:
  Result<ProcessResult> execute_tool(const std::string& name, const std::vector<std::string>& argv);
  bool make_site();
  bool make_lab();
  void read_secrets(const std::string& overlay);

  WorldSettings settings_;
  MemoryFiles disk_;
  Moment start_{};
  Moment now_{};
  Milliseconds wall_ahead_{0};
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<sim::OpenLab> lab_;
  sim::ModelCache cache_;
  std::unique_ptr<sim::MaasRegion> region_;
  std::vector<Child> children_;
  int next_pid_ = 1000;
  std::string trouble_;
  std::vector<std::string> secrets_;
  std::string exposed_;
};

/// Whether the text holds one of the secrets, in plain, base64, hexadecimal or URL form; the secret
/// itself is not told, only its number and the form.
std::string find_secret(std::string_view text, const std::vector<std::string>& secrets);

}  // namespace gatehouse::simulation
