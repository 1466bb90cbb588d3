#include "tests/simulation/shell.h"

#include <cctype>
#include <optional>

#include <fmt/format.h>

namespace gatehouse::simulation {

namespace {

struct Word {
  std::string text;
  bool is_operator = false;
  bool is_quoted = false;
  bool is_all_arguments = false;  ///< "$@"
};

class Shell {
 public:
  Shell(const std::string& text, const std::vector<std::string>& arguments, const RunProgram& run)
      : text_(text), arguments_(arguments), run_(run) {}

  ProcessResult run() {
    next();
    while (!is_end() && problem_.empty()) list();
    if (!problem_.empty()) {
      result_.exit_code = 2;
      result_.err += "the simulated shell does not know: " + problem_ + "\n";
    }
    return std::move(result_);
  }

 private:
  bool is_end() const { return !word_; }
  bool is(std::string_view text) const { return word_ && !word_->is_quoted && word_->text == text; }

  // Commands joined by ; && || until one of the closing words.
  void list() {
    while (!is_end() && problem_.empty()) {
      if (is("then") || is("else") || is("fi") || is("done")) return;
      and_or();
      if (is(";")) next();
    }
  }

  void and_or() {
    command();
    while (problem_.empty() && (is("&&") || is("||"))) {
      const bool wants = is("&&") ? result_.exit_code == 0 : result_.exit_code != 0;
      next();
      const bool was_idle = is_idle_;
      is_idle_ = is_idle_ || !wants;
      command();
      is_idle_ = was_idle;
    }
  }

  void command() {
    if (is("if")) return condition();
    if (is("for")) return loop();
    simple();
  }

  void condition() {
    next();
    list();
    if (!expect("then")) return;
    const bool was_idle = is_idle_;
    const bool holds = result_.exit_code == 0;
    is_idle_ = was_idle || !holds;
    list();
    if (is("else")) {
      next();
      is_idle_ = was_idle || holds;
      list();
    }
    is_idle_ = was_idle;
    expect("fi");
  }

  // for NAME in WORDS; do LIST; done
  void loop() {
    next();
    const std::string name = word_ ? word_->text : "";
    next();
    if (!expect("in")) return;
    std::vector<std::string> items;
    for (; word_ && !word_->is_operator && problem_.empty(); next()) items.push_back(word_->text);
    if (!expect(";") || !is("do")) {
      if (problem_.empty()) problem_ = "no do where one belongs";
      return;
    }
    const std::size_t body = at_;
    const bool was_idle = is_idle_;
    is_idle_ = was_idle || items.empty();
    if (items.empty()) items.emplace_back();
    for (const std::string& item : items) {
      variables_[name] = item;
      at_ = body;
      next();
      list();
      if (!problem_.empty()) return;
    }
    is_idle_ = was_idle;
    expect("done");
  }

  bool expect(std::string_view text) {
    if (!is(text)) {
      problem_ = fmt::format("no {} where one belongs", text);
      return false;
    }
    next();
    return true;
  }

  void simple() {
    std::vector<std::string> argv;
    std::map<std::string, std::string> variables;
    bool drops_out = false, drops_err = false, joins = false;
    for (; word_ && !word_->is_operator && problem_.empty(); next()) {
      const std::string& text = word_->text;
      if (!word_->is_quoted && (text == ">/dev/null" || text == "1>/dev/null")) {
        drops_out = true;
      } else if (!word_->is_quoted && text == "2>/dev/null") {
        drops_err = true;
      } else if (!word_->is_quoted && text == "2>&1") {
        joins = true;
      } else if (word_->is_all_arguments) {
        if (!arguments_.empty()) argv.insert(argv.end(), arguments_.begin() + 1, arguments_.end());
      } else if (argv.empty() && !word_->is_quoted && text.find('=') != text.npos) {
        variables[text.substr(0, text.find('='))] = text.substr(text.find('=') + 1);
      } else {
        argv.push_back(text);
      }
    }
    if (is_idle_ || !problem_.empty()) return;
    if (!argv.empty() && argv.front() == "exec") argv.erase(argv.begin());
    ProcessResult result = perform(argv, variables);
    if (joins) {
      result.out += result.err;
      result.err.clear();
    }
    if (!drops_out) result_.out += result.out;
    if (!drops_err) result_.err += result.err;
    result_.exit_code = result.exit_code;
  }

  ProcessResult perform(const std::vector<std::string>& argv,
                        const std::map<std::string, std::string>& variables) {
    if (argv.empty() || argv.front() == "true" || argv.front() == ":") return {};
    if (argv.front() == "false") return {.exit_code = 1, .out = {}, .err = {}, .elapsed = {}};
    if (argv.front() == "echo") {
      std::string line;
      for (std::size_t i = 1; i < argv.size(); ++i) line += (i == 1 ? "" : " ") + argv[i];
      return {.exit_code = 0, .out = line + "\n", .err = {}, .elapsed = {}};
    }
    return run_(argv, variables);
  }

  // The next word, with quotes undone and variables put in.
  void next() {
    word_.reset();
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    if (at_ >= text_.size()) return;
    for (const std::string_view sign : {"&&", "||", ";", "\n"}) {
      if (text_.compare(at_, sign.size(), sign) != 0) continue;
      at_ += sign.size();
      word_ = Word{.text = sign == "\n" ? ";" : std::string(sign), .is_operator = true};
      return;
    }
    word_.emplace();
    while (at_ < text_.size() && problem_.empty()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == ';' || c == '\n') break;
      if ((c == '&' && !word_->text.ends_with('>')) || c == '|' || c == '(' || c == '`' ||
          c == '<') {
        problem_ = fmt::format("{} in {}", c, text_);
        return;
      }
      if (c == '\'') {
        single_quoted();
      } else if (c == '"') {
        double_quoted();
      } else if (c == '$') {
        variable();
      } else {
        if (c == '\\') ++at_;
        if (at_ < text_.size()) word_->text += text_[at_++];
      }
    }
  }

  void single_quoted() {
    const auto end = text_.find('\'', at_ + 1);
    if (end == text_.npos) {
      problem_ = "a quote without end";
      return;
    }
    word_->text += text_.substr(at_ + 1, end - at_ - 1);
    word_->is_quoted = true;
    at_ = end + 1;
  }

  void double_quoted() {
    word_->is_quoted = true;
    for (++at_; at_ < text_.size() && text_[at_] != '"' && problem_.empty();) {
      if (text_[at_] == '$') {
        variable();
      } else {
        if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
        word_->text += text_[at_++];
      }
    }
    ++at_;
  }

  void variable() {
    const std::string_view rest = std::string_view(text_).substr(at_);
    if (rest.starts_with("$?")) {
      // Read where the word is: the command before it has ended.
      word_->text += std::to_string(result_.exit_code);
    } else if (rest.starts_with("$@")) {
      word_->is_all_arguments = true;
    } else {
      named_variable();
      return;
    }
    at_ += 2;
  }

  void named_variable() {
    std::string name;
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_') break;
      name += c;
    }
    const auto value = variables_.find(name);
    if (value == variables_.end()) {
      problem_ = fmt::format("the variable {} in {}", name, text_);
    } else {
      word_->text += value->second;
    }
  }

  const std::string& text_;
  const std::vector<std::string>& arguments_;
  const RunProgram& run_;
  std::size_t at_ = 0;
  std::optional<Word> word_;
  std::map<std::string, std::string> variables_;
  bool is_idle_ = false;  ///< words are read and not done
  std::string problem_;
  ProcessResult result_;
};

}  // namespace

ProcessResult run_shell(const std::string& words, const std::vector<std::string>& arguments,
                        const RunProgram& run) {
  return Shell(words, arguments, run).run();
}

}  // namespace gatehouse::simulation
