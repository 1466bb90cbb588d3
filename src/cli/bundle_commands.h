// `gatehouse bundle plan|check|where`: no site, no network. Files are read here and handed down.
#pragma once

#include <string>
#include <vector>

#include "cli/context.h"
#include "effects/files.h"
#include "output/result.h"
#include "plan/plan.h"

namespace gatehouse::cli {

struct BundlePlanOptions {
  std::string bundle;
  std::vector<std::string> overlays;
  bool trust = false;
  std::string format = "text";  ///< text, json or dry-run
};

/// What Juju would do; 2 where Juju refuses, with its words on standard error.
int run_bundle_plan(const BundlePlanOptions& options, Context& context);

/// Says so where the plan is too long for JSON.
bool refuses_json(const Plan& plan, Console& console);

struct BundleCheckOptions {
  std::string bundle;
  std::vector<std::string> overlays;
  OutputFormat format = OutputFormat::text;
  bool strict = false;  ///< warnings count
};

/// What Juju would refuse and what it only remarks on: 1 for an error in it, 2 where the bundle or
/// an overlay cannot be opened.
int run_bundle_check(const BundleCheckOptions& options, FileStore& files, Console& console);

struct BundleWhereOptions {
  std::string bundle;
  std::vector<std::string> overlays;
  std::string path;  ///< "applications.octavia.options.vip"
  bool json = false;
};

/// Which file and line supplied the value, and what it replaced; 1 where nothing did.
int run_bundle_where(const BundleWhereOptions& options, FileStore& files, Console& console);

}  // namespace gatehouse::cli
