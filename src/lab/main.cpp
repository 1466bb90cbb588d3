// The lab's program: `up`, `down` and `faults` for people, `serve` for its own background process,
// and `face`, by which one of the lab's programs (juju, ssh, ...) is run.
#include <CLI/CLI.hpp>

#include "base/text.h"
#include "lab/commands.h"
#include "lab/face_command.h"

int main(int argc, char** argv) {
  using namespace gatehouse::lab;
  const std::vector<std::string> words(argv + 1, argv + argc);
  // A face's words are another program's: they are never read here.
  if (words.size() >= 3 && words[0] == "face") {
    return run_face(words[1], words[2], {words.begin() + 3, words.end()});
  }
  CLI::App app("gatehouse-lab: a simulated MAAS, Juju and hosts for rehearsals (LAB)");
  app.require_subcommand(1);

  UpOptions up;
  CLI::App* up_command =
      app.add_subcommand("up", "start a lab on loopback; print what a client needs, for eval");
  up_command->add_option("--site", up.site_file, "the site to show")
      ->envname("GATEHOUSE_SITE")
      ->default_str("site.yaml");
  up_command->add_option("--fault", up.faults, "put a fault in; see the command faults")
      ->allow_extra_args(false);
  up_command->add_option("--seed", up.seed, "one seed gives one history");
  up_command->add_option("--speed", up.speed, "lab seconds for each second of the wall")
      ->check(CLI::Range(0.001, 1e6));
  up_command
      ->add_option("--maas-latency", up.maas_latency_ms, "milliseconds before each answer of MAAS")
      ->check(CLI::Range(0, 60'000));
  up_command->add_option("--state", up.folder, "the lab's folder; below HOME, not hidden");

  DownOptions down;
  CLI::App* down_command = app.add_subcommand("down", "end a lab's process and remove its folder");
  down_command->add_option("--state", down.folder, "the lab's folder");
  down_command->add_flag("--keep", down.keeps_folder, "leave the folder");

  FaultsOptions faults;
  CLI::App* faults_command = app.add_subcommand("faults", "list what can be put wrong");
  faults_command->add_flag("--json", faults.is_json, "one JSON document");
  faults_command->add_flag("--page", faults.is_page)->group("");  // for script/dev docs

  std::string serve_folder;
  CLI::App* serve_command = app.add_subcommand("serve", "what up runs in the background");
  serve_command->add_option("folder", serve_folder, "the lab's folder")->required();

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (up_command->parsed()) return run_up(up);
  if (down_command->parsed()) return run_down(down);
  if (faults_command->parsed()) return run_faults(faults);
  return run_serve(serve_folder);
}
