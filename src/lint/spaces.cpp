#include "lint/spaces.h"

#include "base/text.h"

namespace gatehouse {

std::string constraint(std::string_view constraints, std::string_view key) {
  for (const std::string& word : words_of(constraints)) {
    const std::size_t equals = word.find('=');
    if (equals != std::string::npos && word.substr(0, equals) == key)
      return word.substr(equals + 1);
  }
  return "";
}

ConstraintSpaces constraint_spaces(std::string_view constraints) {
  ConstraintSpaces spaces;
  for (const std::string& name : split(constraint(constraints, "spaces"), ',')) {
    if (name.empty()) continue;
    if (name.front() == '^') {
      spaces.excluded.push_back(name.substr(1));
    } else {
      spaces.wanted.push_back(name);
    }
  }
  return spaces;
}

std::set<std::string> spaces_of(const BundleApplication& application) {
  std::set<std::string> spaces;
  for (const auto& [endpoint, space] : application.bindings) spaces.insert(space.value);
  for (std::string& space : constraint_spaces(application.constraints.value).wanted) {
    spaces.insert(std::move(space));
  }
  spaces.erase("");
  return spaces;
}

}  // namespace gatehouse
