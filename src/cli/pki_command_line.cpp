#include "cli/pki_command_line.h"

#include <utility>

#include <CLI/CLI.hpp>

#include "cli/bundle_vips.h"
#include "cli/site_session.h"
#include "gates/vips.h"

namespace gatehouse::cli {

namespace {

constexpr const char* kApplicationHelp = "The application of the overlay";
constexpr const char* kOverlayHelp = "The overlay's path";
constexpr const char* kWorkspaceHelp = "The folder that pki create made";

// What the flags leave open comes from the site; the address is the VIP of its own bundle.
std::optional<int> fill_from_site(PkiCreateOptions& create, Context& context) {
  SiteSession session(context);
  if (const auto stopped = session.open()) return stopped;
  const Inputs& inputs = session.inputs();
  if (!inputs.site.pki) {
    return tell_error(context.console,
                      {.kind = ErrorKind::invalid_input,
                       .message = inputs.site_file.path + " declares no pki",
                       .contexts = {},
                       .delivery = Delivery::not_sent,
                       .help = "declare pki there, or give names by --dns, --ip and --name"});
  }
  const SitePki& declared = *inputs.site.pki;
  create.application = declared.application;
  if (create.organisation.empty()) create.organisation = declared.organisation;
  if (create.name == PkiCreateOptions().name) create.name = declared.name;
  if (create.dns.empty()) create.dns = declared.dns;
  const auto vip = vip_on_plane(inputs, declared.application, declared.ip_from_vip);
  if (create.ips.empty() && vip) create.ips.push_back(to_string(*vip));
  for (const SiteOverlay& overlay : inputs.site.overlays) {
    if (overlay.is_secret && create.overlay.empty()) {
      create.overlay = inputs.folder + "/" + overlay.file;
    }
  }
  return std::nullopt;
}

void add_create(CLI::App& pki, PkiFlags& flags, const AddPkiCommand& add) {
  CLI::App* create =
      add(pki, "create", "Make both CAs, the controller certificate and the overlay",
          "gatehouse pki create --workspace ~/octavia-pki --overlay overlays/octavia-pki.yaml",
          [&flags](Context& context) {
            if (flags.takes_site) {
              if (const auto stopped = fill_from_site(flags.create, context)) return *stopped;
            }
            flags.create.at = context.options.at;
            flags.create.wants_json = context.options.wants_json;
            return run_pki_create(flags.create, context.effects, context.console);
          });
  PkiCreateOptions& to = flags.create;
  create->add_option("--workspace", to.workspace, "Folder for keys and passphrases, 0700")
      ->required();
  create->add_option("--overlay", to.overlay, "The overlay to write, 0600");
  create->add_option("--dns", to.dns, "A DNS name of the controller certificate");
  create->add_option("--ip", to.ips, "An IP address of the controller certificate");
  create->add_option("--organisation", to.organisation, "O of all subjects");
  create->add_option("--name", to.name, "What the CAs' common names begin with");
  create->add_option("--application", to.application, kApplicationHelp);
  create->add_flag("--from-site", flags.takes_site,
                   "Names from the site file, the address from its bundle's VIP");
  create->add_option("--ca-years", to.ca_years, "Life of both CAs, 10 at most");
  create
      ->add_option("--controller-days", to.controller_days,
                   "Life of the controller certificate; two years where not given")
      ->check(CLI::Range(31, 731));
  create->add_option("--iterations", to.iterations, "PBKDF2 iterations of the CA keys");
  create->add_flag("--replace-overlay", to.replaces_overlay, "Write over an overlay that is there");
}

CLI::App* add_verify(CLI::App& pki, PkiFlags& flags, const AddPkiCommand& add) {
  CLI::App* verify = add(pki, "verify", "Everything that can be wrong with an overlay, in one run",
                         "gatehouse pki verify overlays/octavia-pki.yaml --at 2027-01-01T00:00:00Z",
                         [&flags](Context& context) {
                           flags.verify.at = context.options.at;
                           flags.verify.format = context.options.format;
                           flags.verify.is_strict = context.options.is_strict;
                           if (!flags.bundle.empty()) {
                             const auto vips =
                                 vips_of_bundle(flags.bundle, flags.verify.application, context);
                             if (!vips) return tell_error(context.console, vips.error());
                             flags.verify.bundle_vips = *vips;
                           }
                           return run_pki_verify(flags.verify, context.effects, context.console);
                         });
  verify->add_option("OVERLAY", flags.verify.overlay, kOverlayHelp)->required();
  verify->add_option("--bundle", flags.bundle, "Compare the SAN with this bundle's VIPs");
  verify->add_option("--workspace", flags.verify.workspace, "Compare with what was made there");
  verify->add_option("--application", flags.verify.application, kApplicationHelp);
  return verify;
}

void add_status(CLI::App& pki, PkiFlags& flags, const AddPkiCommand& add) {
  CLI::App* status =
      add(pki, "status", "Per certificate: subject, generation, days left, next action",
          "gatehouse pki status overlays/octavia-pki.yaml --workspace ~/octavia-pki",
          [&flags](Context& context) {
            flags.status.at = context.options.at;
            flags.status.wants_json = context.options.wants_json;
            return run_pki_status(flags.status, context.effects, context.console);
          });
  status->add_option("OVERLAY", flags.status.overlay, kOverlayHelp)->required();
  status->add_option("--workspace", flags.status.workspace,
                     "Tell the age of its backup and how far a roll got");
  status->add_option("--prometheus", flags.status.prometheus,
                     "Write the dates to this file as Prometheus text");
  status->add_option("--application", flags.status.application, kApplicationHelp);
}

void add_rotate_flags(CLI::App& command, PkiRotateOptions& to) {
  command.add_option("--workspace", to.workspace, kWorkspaceHelp)->required();
  command.add_option("--overlay", to.overlay, "The overlay to write anew, 0600")->required();
  command.add_option("--application", to.application, kApplicationHelp);
}

void add_roll_flags(CLI::App& command, PkiRotateOptions& to) {
  add_rotate_flags(command, to);
  command.add_option("--phase", to.phase,
                     "The phase wanted; the next one where not given, the present one writes its "
                     "overlay again");
  command.add_option("--confirm", to.confirmed,
                     "The phase whose precondition you vouch for: every amphora failed over");
  command.add_flag("--compromised", to.is_compromised,
                   "A hard cut: every amphora is out of reach until its failover");
}

void add_rotation(CLI::App& pki, PkiFlags& flags, const AddPkiCommand& add) {
  CLI::App* renew =
      add(pki, "renew", "A new controller certificate, or the issuing CA's for the same key",
          "gatehouse pki renew --workspace ~/octavia-pki --overlay overlays/octavia-pki.yaml",
          [&flags](Context& context) { return run_pki_renew(flags.rotate, context); });
  add_rotate_flags(*renew, flags.rotate);
  renew->add_option("--dns", flags.rotate.dns, "A DNS name in place of the present ones");
  renew->add_option("--ip", flags.rotate.ips, "An IP address in place of the present ones");
  renew->add_option("CERTIFICATE", flags.rotate.certificate, "Which one")
      ->check(CLI::IsMember({"controller", "issuing-ca"}))
      ->capture_default_str();
  CLI::App* roll = pki.add_subcommand("roll", "A new CA, in phases that keep amphorae in reach");
  roll->require_subcommand(1);
  CLI::App* issuing = add(
      *roll, "issuing", "A new issuing CA: trust, sign, drop",
      "gatehouse pki roll issuing --workspace ~/octavia-pki --overlay overlays/octavia-pki.yaml",
      [&flags](Context& context) {
        return run_pki_roll(pki::Tier::issuing, flags.rotate, context);
      });
  add_roll_flags(*issuing, flags.rotate);
  CLI::App* controller = add(
      *roll, "controller", "A new controller CA: trust, switch, drop",
      "gatehouse pki roll controller --workspace ~/octavia-pki --overlay overlays/octavia-pki.yaml "
      "--confirm switch",
      [&flags](Context& context) {
        return run_pki_roll(pki::Tier::controller, flags.rotate, context);
      });
  add_roll_flags(*controller, flags.rotate);
  roll->fallthrough();
  for (CLI::App* child : {issuing, controller}) child->fallthrough();
}

CLI::App* add_pair(CLI::App& pki, PkiFlags& flags, const AddPkiCommand& add) {
  CLI::App* compare =
      add(pki, "compare", "Does an amphora born under OLD stay in reach under NEW?",
          "gatehouse pki compare former.yaml overlays/octavia-pki.yaml",
          [&flags](Context& context) { return run_pki_compare(flags.compare, context); });
  compare->add_option("OLD", flags.compare.former, "The overlay that is deployed")->required();
  compare->add_option("NEW", flags.compare.later, "The overlay to deploy")->required();
  compare->add_option("--application", flags.compare.application, "The application of both");
  CLI::App* fingerprints =
      add(pki, "fingerprints", "What must be found on the disks of the units",
          "gatehouse pki fingerprints overlays/octavia-pki.yaml",
          [&flags](Context& context) { return run_pki_fingerprints(flags.fingerprints, context); });
  fingerprints->add_option("OVERLAY", flags.fingerprints.overlay, kOverlayHelp)->required();
  fingerprints->add_option("--application", flags.fingerprints.application, kApplicationHelp);
  return compare;
}

void add_backup_flags(CLI::App& command, PkiBackupOptions& to) {
  command.add_option("FILE", to.file, "The encrypted file")->required();
  command.add_option("--workspace", to.workspace, kWorkspaceHelp)->required();
  command.add_option("--passphrase-file", to.passphrase_file,
                     "A file of mode 0600 with the passphrase; asked at the terminal without it");
}

void add_backup(CLI::App& pki, PkiFlags& flags, const AddPkiCommand& add) {
  CLI::App* backup =
      add(pki, "backup", "The workspace in one encrypted file",
          "gatehouse pki backup octavia-pki.backup --workspace ~/octavia-pki",
          [&flags](Context& context) { return run_pki_backup(flags.backup, context); });
  add_backup_flags(*backup, flags.backup);
  CLI::App* restore =
      add(pki, "restore", "The workspace from its backup",
          "gatehouse pki restore octavia-pki.backup --workspace ~/octavia-pki",
          [&flags](Context& context) { return run_pki_restore(flags.backup, context); });
  add_backup_flags(*restore, flags.backup);
}

}  // namespace

std::vector<CLI::App*> add_pki_commands(CLI::App& app, PkiFlags& flags, const AddPkiCommand& add) {
  CLI::App* pki =
      app.add_subcommand("pki", "Octavia's management PKI and the overlay that holds it");
  pki->require_subcommand(1);
  add_create(*pki, flags, add);
  CLI::App* verify = add_verify(*pki, flags, add);
  add_status(*pki, flags, add);
  add_rotation(*pki, flags, add);
  CLI::App* compare = add_pair(*pki, flags, add);
  add_backup(*pki, flags, add);
  return {verify, compare};
}

}  // namespace gatehouse::cli
