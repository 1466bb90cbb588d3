#include "cli/completion.h"

#include <map>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/text.h"

namespace gatehouse::cli {

namespace {

using Words = std::map<std::string, std::vector<std::string>>;

// "bundle plan" -> its subcommands and long flags; "" is the program itself.
void collect(const CLI::App& app, const std::string& path, Words& words) {
  std::vector<std::string>& own = words[path];
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
    own.push_back(child->get_name());
    collect(*child, path.empty() ? child->get_name() : path + " " + child->get_name(), words);
  }
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) own.push_back("--" + name);
  }
}

std::string bash_script(const Words& words) {
  std::string cases;
  for (const auto& [path, list] : words) {
    cases += fmt::format("    \"{}\") words=\"{}\" ;;\n", path, join(list, " "));
  }
  return "_gatehouse() {\n"
         "  local path= word words=\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case $word in -*|*/*|*.*) ;; *) path=\"${path:+$path }$word\" ;; esac\n"
         "  done\n"
         "  case \"$path\" in\n" +
         cases +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
         "  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "
         "\"${COMP_WORDS[COMP_CWORD]}\"))\n"
         "}\n"
         "complete -F _gatehouse gatehouse\n";
}

std::string fish_script(const Words& words) {
  std::string script;
  for (const auto& [path, list] : words) {
    const std::string condition =
        path.empty() ? "__fish_use_subcommand"
                     : "__fish_seen_subcommand_from " + path.substr(path.rfind(' ') + 1);
    script += fmt::format("complete -c gatehouse -n '{}' -a '{}'\n", condition, join(list, " "));
  }
  return script;
}

}  // namespace

std::string completion_for(const std::string& shell, const CLI::App& app) {
  Words words;
  collect(app, "", words);
  if (shell == "fish") return fish_script(words);
  const std::string script = bash_script(words);
  return shell == "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" + script : script;
}

}  // namespace gatehouse::cli
