// Which model is looked at, and what is expected of it: the site's own, another one by the site's
// expectations, or one that nobody declared anything for.
#pragma once

#include <optional>
#include <string>

#include "cli/site_session.h"
#include "engine/fact_collector.h"

namespace gatehouse::cli {

class WatchedModel {
 public:
  explicit WatchedModel(Context& context) : context_(context), session_(context) {}

  /// `model`: "CONTROLLER:MODEL", or "" for the site's. The exit code where the command cannot go
  /// on.
  std::optional<int> open(const std::string& model);
  /// Before anything is recorded; as SiteSession::refuse_state.
  std::optional<int> refuse_state() const;
  /// Where nothing is declared: what it has now is what it is to have. Asks until it is seen.
  std::optional<int> expect_what_is_there();

  const Inputs& inputs() const { return inputs_ ? *inputs_ : session_.inputs(); }
  /// nullptr before expect_what_is_there of a model without a site.
  const Plan* plan() const { return plan_ ? &*plan_ : session_plan(); }
  Questions questions() const;
  std::string state_folder() const;
  std::string name() const;  ///< "CONTROLLER:MODEL"

 private:
  bool has_site_file() const;
  const Plan* session_plan() const { return has_site_ ? session_.plan() : nullptr; }

  Context& context_;
  SiteSession session_;
  bool has_site_ = false;
  std::optional<Inputs> inputs_;
  std::optional<Plan> plan_;
};

}  // namespace gatehouse::cli
