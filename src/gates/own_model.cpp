#include "gates/own_model.h"

namespace gatehouse {

namespace {

// A local user is shown with and without the domain.
std::string_view bare_user(std::string_view user) {
  static constexpr std::string_view kLocal = "@local";
  if (user.ends_with(kLocal)) user.remove_suffix(kLocal.size());
  return user;
}

}  // namespace

bool may_be_ours(const JujuModel& model, const JujuController* controller) {
  if (model.owner.empty() || !controller || controller->user.empty()) return true;
  return bare_user(model.owner) == bare_user(controller->user);
}

}  // namespace gatehouse
