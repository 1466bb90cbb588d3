#include <algorithm>

#include <fmt/format.h>

#include "gates/checks.h"
#include "gates/vips.h"

namespace gatehouse {

namespace {

constexpr unsigned kGroupAndOthers = 0077;

bool declares_secret_overlay(const Inputs& inputs) {
  const auto& overlays = inputs.site.overlays;
  return std::any_of(overlays.begin(), overlays.end(),
                     [](const SiteOverlay& overlay) { return overlay.is_secret; });
}

Check judge_mode(const std::string& path, const InputFile& file) {
  const bool is_closed = (file.mode & kGroupAndOthers) == 0;
  return Check{.subject = path + ": mode",
               .expected = "0600, or less",
               .observed = fmt::format("{:04o}", file.mode),
               .ruling = is_closed ? Ruling::pass : Ruling::fail,
               .help = is_closed ? "" : "run: chmod 600 " + path};
}

// Only the place of the first other character is told, never what it is.
Check judge_characters(const SiteOverlay& overlay, const Source& source) {
  const std::string subject = overlay.file + ": characters";
  for (std::uint32_t number = 1; number <= source.line_count(); ++number) {
    const std::string_view line = source.line(number);
    const auto other = std::find_if(line.begin(), line.end(),
                                    [](char c) { return static_cast<unsigned char>(c) > 0x7f; });
    if (other == line.end()) continue;
    return failed(subject, "ASCII only", fmt::format("line {} holds other characters", number),
                  "retype that line, or make the overlay anew");
  }
  return passed(subject, "ASCII only", "ASCII only");
}

void judge_overlay(const Case& c, const SiteOverlay& overlay, const InputFile* file,
                   std::vector<Check>& checks) {
  const std::string line = pki_create_line(c.inputs);
  const std::string help = line.empty() ? "" : "run: " + line;
  if (!file) {
    checks.push_back(
        placed(unknown(overlay.file, "a secret overlay", "was not looked at"), overlay.span));
    return;
  }
  if (!file->is_there) {
    checks.push_back(
        placed(failed(overlay.file, "a secret overlay", "no such file", help), overlay.span));
    return;
  }
  checks.push_back(placed(judge_mode(overlay.file, *file), overlay.span));
  if (!file->source) {
    checks.push_back(
        placed(unknown(overlay.file, "a plain file that can be read", "its text could not be read"),
               overlay.span));
    return;
  }
  checks.push_back(
      placed(passed(overlay.file, "a plain file that can be read", "there"), overlay.span));
  checks.push_back(placed(judge_characters(overlay, *file->source), overlay.span));
}

Verdict judge_secret_overlay(const Case& c) {
  std::vector<Check> checks;
  const auto& overlays = c.inputs.site.overlays;
  for (std::size_t i = 0; i < overlays.size(); ++i) {
    if (!overlays[i].is_secret) continue;
    const InputFile* file = i < c.inputs.overlays.size() ? &c.inputs.overlays[i] : nullptr;
    judge_overlay(c, overlays[i], file, checks);
  }
  // What an overlay includes holds the same secret.
  for (const InputFile& file : c.inputs.files) {
    const bool is_overlay =
        std::any_of(overlays.begin(), overlays.end(),
                    [&](const SiteOverlay& overlay) { return overlay.file == file.path; });
    if (file.is_secret && !is_overlay) checks.push_back(judge_mode(file.path, file));
  }
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate secret_overlay_gate;
const Gate secret_overlay_gate{
    .id = "secret_overlay",
    .question =
        "Is every secret overlay there, with what it includes closed to group and others, "
        "and plain ASCII?",
    .source = "phase 01, step 1.0, sanity block",
    .applies = declares_secret_overlay,
    .judge = judge_secret_overlay,
};

}  // namespace gatehouse
