// Each finding about a bundle, as it is drawn: with its line, its caret and its help.
// GATEHOUSE_GOLDEN=write rewrites what is expected.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "base/text.h"
#include "input/bundle/load_bundle.h"
#include "plan/plan.h"

namespace gatehouse {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

BundleFiles files_below(const fs::path& folder) {
  BundleFiles files;
  files.working_directory = folder.string();
  files.read = [](const std::string& path) -> Result<std::string> { return read(path); };
  files.kind = [](const std::string& path) {
    if (!fs::exists(path)) return PathKind::missing;
    return fs::is_directory(path) ? PathKind::folder : PathKind::file;
  };
  return files;
}

std::string findings_of(const fs::path& folder) {
  SourceMap sources;
  BundleRequest request;
  request.bundle = "bundle.yaml";
  if (fs::exists(folder / "secret-overlay.yaml")) {
    request.overlays.push_back({"secret-overlay.yaml", Sensitivity::secret});
  }
  const LoadedBundle loaded = load_bundle(sources, files_below(folder), request);
  std::string text;
  for (const Diagnostic& finding : loaded.findings) text += render(finding, Colour::off);
  if (!loaded.bundle) return text + "\n" + loaded.refusal + "\n";
  const auto planned = compute_plan(*loaded.bundle);
  const auto* refusal = std::get_if<PlanRefusal>(&planned);
  return text + "\n" + (refusal ? refusal->text : "planned") + "\n";
}

TEST(BundleFindings, each_is_drawn_as_expected) {
  const fs::path golden = GATEHOUSE_SOURCE_DIR "/tests/golden/diagnostics/bundle";
  const char* mode = std::getenv("GATEHOUSE_GOLDEN");
  std::size_t cases = 0;
  for (const auto& entry : fs::directory_iterator(golden)) {
    const fs::path expected = entry.path() / "expected.txt";
    const std::string shown =
        replace_all(findings_of(entry.path()), fs::canonical(golden).string(), "$GOLDEN");
    if (mode && std::string(mode) == "write") std::ofstream(expected) << shown;
    EXPECT_EQ(shown, read(expected)) << entry.path();
    ++cases;
  }
  EXPECT_GE(cases, 11U);
}

}  // namespace
}  // namespace gatehouse
