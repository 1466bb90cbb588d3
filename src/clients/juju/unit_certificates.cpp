#include "clients/juju/unit_certificates.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/shell_quote.h"
#include "base/text.h"
#include "clients/juju/commands.h"
#include "clients/juju/exec_results.h"
#include "clients/juju/failure.h"

namespace gatehouse::juju {

namespace {

constexpr std::size_t kSha256Hex = 64;

// Each certificate goes to an openssl of its own, which reads the first of its input only; the key
// that may stand beside it goes nowhere.
constexpr std::string_view kFingerprintEach =
    "awk -v tool='openssl x509 -noout -fingerprint -sha256' "
    "'/^-----BEGIN CERTIFICATE-----/ {on = 1} on {print | tool} "
    "/^-----END CERTIFICATE-----/ {on = 0; close(tool)}'";

/// "sha256 Fingerprint=AA:BB:..." (3.x), "SHA256 Fingerprint=..." (1.1.1); "" for another line.
std::string fingerprint_of(std::string_view line) {
  const std::size_t mark = line.find(" Fingerprint=");
  if (mark == std::string_view::npos) return {};
  std::string digits;
  for (const char c : line.substr(mark + 13)) {
    if (c == ':') continue;
    const bool is_upper = c >= 'A' && c <= 'F';
    if (!is_upper && !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) return {};
    digits += is_upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return digits.size() == kSha256Hex ? digits : std::string{};
}

std::vector<std::string> machines_of(const ModelStatus& status, const std::string& application) {
  std::set<std::string> machines;
  for (const auto& [name, unit] : status.units) {
    if (unit.application == application && !unit.machine.empty()) machines.insert(unit.machine);
  }
  return {machines.begin(), machines.end()};
}

Error no_answer(const std::string& machine, const ExecResult& result) {
  const std::string why = result.message + " " + result.err;
  return {.kind = ErrorKind::malformed,
          .message = fmt::format("machine {} did not answer for its certificates: {}", machine,
                                 printable(trim(why).substr(0, 200))),
          .contexts = {},
          .delivery = Delivery::not_sent,
          .help = "look at the machine with: juju ssh " + machine};
}

class CertificateCollector {
 public:
  CertificateCollector(const Questions& questions, Effects& effects, Facts& facts)
      : questions_(questions), effects_(effects), facts_(facts) {}

  /// False where the batch as a whole failed and its machines may be asked one by one.
  bool ask(const std::vector<std::string>& machines) {
    using Seen = Observation<UnitCertificates>;
    const JujuClient* client = facts_.juju_client.value();
    const Command command =
        exec_command({questions_.controller, questions_.model},
                     {.machines = machines,
                      .script = certificate_probe(questions_.certificate_files),
                      .is_for_2_9 = client && client->version.starts_with("2.")});
    const Result<ProcessResult> result = run_one(effects_.processes, command);
    Evidence evidence{.source = "command",
                      .locator = command_line(command.argv),
                      .at = effects_.clock.now(),
                      .digest = result ? sha256_hex(result->out) : ""};
    const auto answers = result ? decode_exec_results(result->out) : fail(result.error());
    if (answers) {
      for (const std::string& machine : machines) keep(machine, *answers, evidence);
      return true;
    }
    if (machines.size() > 1) return false;
    const Error error = result && result->exit_code != 0
                            ? failure_of(*result, questions_.controller)
                            : answers.error();
    for (const std::string& machine : machines) {
      facts_.unit_certificates[machine] = Seen::failed(error, evidence);
    }
    return true;
  }

 private:
  void keep(const std::string& machine, const std::map<std::string, ExecResult>& answers,
            const Evidence& evidence) {
    using Seen = Observation<UnitCertificates>;
    const auto found = answers.find(machine);
    const ExecResult silent{.return_code = -1, .out = {}, .err = {}, .message = "no result"};
    const ExecResult& answer = found == answers.end() ? silent : found->second;
    auto read = read_certificate_probe(answer.out, answer.err, questions_.certificate_files);
    facts_.unit_certificates[machine] = read ? Seen::seen(std::move(*read), evidence)
                                             : Seen::failed(no_answer(machine, answer), evidence);
  }

  const Questions& questions_;
  Effects& effects_;
  Facts& facts_;
};

}  // namespace

std::string certificate_probe(std::span<const std::string> paths) {
  std::string words;
  for (const std::string& path : paths) words += " " + shell_quote(path);
  return "for file in" + words + "; do if [ -e \"$file\" ]; then echo \"file $file\"; " +
         std::string(kFingerprintEach) + " \"$file\"; else echo \"absent $file\"; fi; done";
}

Result<UnitCertificates> read_certificate_probe(std::string_view out, std::string_view err,
                                                std::span<const std::string> paths) {
  UnitCertificates certificates;
  std::set<std::string> answered;
  std::vector<std::string>* open = nullptr;
  for (const std::string_view raw : lines_of(out)) {
    const std::string_view line = trim(raw);
    if (line.starts_with("file ")) {
      answered.emplace(line.substr(5));
      open = &certificates.fingerprints[std::string(line.substr(5))];
    } else if (line.starts_with("absent ")) {
      answered.emplace(line.substr(7));
      open = nullptr;
    } else if (const std::string fingerprint = fingerprint_of(line);
               open != nullptr && !fingerprint.empty()) {
      open->push_back(fingerprint);
    }
  }
  for (const std::string& path : paths) {
    if (!answered.contains(path)) return fail(ErrorKind::malformed, "no answer for " + path);
    const auto found = certificates.fingerprints.find(path);
    if (found == certificates.fingerprints.end() || !found->second.empty()) continue;
    certificates.complaint = fmt::format("no certificate can be read in {}", path);
  }
  if (!trim(err).empty()) certificates.complaint = printable(trim(err).substr(0, 200));
  return certificates;
}

void collect_unit_certificates(const Questions& questions, Effects& effects, Facts& facts) {
  facts.unit_certificates.clear();
  const ModelStatus* status = facts.model_status.value();
  if (!status || questions.certificate_files.empty()) return;
  const std::vector<std::string> machines = machines_of(*status, questions.pki_application);
  if (machines.empty()) return;
  CertificateCollector collector(questions, effects, facts);
  if (collector.ask(machines)) return;
  // One lost agent makes the whole batch time out without any document: then each is asked alone.
  for (const std::string& machine : machines) collector.ask({machine});
}

}  // namespace gatehouse::juju
