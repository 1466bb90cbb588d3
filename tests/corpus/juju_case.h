// One case of Juju's own answers: a bundle with its files, and what Juju 3.6.28 planned or refused.
// The layout is told in tests/fixtures/probes/README.md.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace gatehouse::corpus {

/// The folders of cases below a folder, by name; empty where the folder is absent.
std::vector<std::filesystem::path> cases_in(const std::filesystem::path& folder);

/// "" where our answer is Juju's, else what differs.
std::string difference(const std::filesystem::path& folder);

}  // namespace gatehouse::corpus
