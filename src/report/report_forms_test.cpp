// The report's other forms, on a run whose names and messages are hostile.
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/html_parts.h"
#include "report/markup.h"
#include "report/run_view.h"

namespace gatehouse {

namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kHostile =
    "</td><script>alert(\"1\")</script>\x1b[31m'& | # \xe2\x80\xaeover";

Event event(std::string_view kind, json::object body) {
  static std::int64_t sequence = 0;
  Event made;
  made.run = kHostile;
  made.sequence = ++sequence;
  made.at = Moment(std::chrono::seconds(1'795'374'250 + 60 * sequence));
  made.kind = std::string(kind);
  made.body = std::move(body);
  made.hash = "cafe";
  return made;
}

json::object sample(int active, int waiting) {
  return {{"counts", json::object{{"active", active}, {kHostile, waiting}}},
          {"machines_started", 1},
          {"machines_in_all", 2}};
}

json::object hostile_as_built() {
  const json::object unit{{"unit", kHostile},
                          {"machine", "0/lxd/10"},
                          {"workload", kHostile},
                          {"address", kHostile},
                          {"message", kHostile}};
  const json::object second{{"unit", "vault/0"}, {"machine", "0/lxd/9"}, {"workload", "active"}};
  return {
      {"model", json::object{{"name", kHostile}}},
      {"machines",
       json::array{json::object{{"bundle", "8"},
                                {"juju", "0"},
                                {"hostname", kHostile},
                                {"addresses", json::object{{kHostile, json::array{kHostile}}}}}}},
      {"applications", json::array{json::object{{"application", kHostile},
                                                {"channel", kHostile},
                                                {"units", json::array{unit, second}}}}},
      {"vips",
       json::array{json::object{{"application", kHostile}, {"addresses", json::array{kHostile}}}}},
      {"certificates", json::array{json::object{{"role", kHostile}, {"subject", kHostile}}}},
      {"next", json::object{{"waiting", json::array{unit}}}}};
}

RunView hostile_view() {
  const json::object check{{"subject", kHostile},
                           {"expected", kHostile},
                           {"observed", kHostile},
                           {"ruling", "fail"},
                           {"help", kHostile},
                           {"evidence", json::object{{"locator", kHostile}, {"digest", kHostile}}}};
  const json::object finding{
      {"severity", kHostile}, {"message", kHostile}, {"code", kHostile}, {"accepted", kHostile}};
  return fold(
      {event("run_started", {{"site", kHostile},
                             {"phase", kHostile},
                             {"lab", kHostile},
                             {"inputs", json::array{json::object{{"path", kHostile}}}}}),
       event("step_started", {{"step", "s"}, {"title", kHostile}, {"source", kHostile}}),
       event("intent", {{"step", "s"}, {"effect", kHostile}, {"argv", json::array{kHostile}}}),
       event(
           "landed",
           {{"step", "s"}, {"landed", kHostile}, {"identity", json::object{{kHostile, kHostile}}}}),
       event("sample", sample(0, 3)), event("sample", sample(2, 1)),
       event("verdict", {{"step", "s"},
                         {"gate", kHostile},
                         {"purpose", kHostile},
                         {"ruling", "fail"},
                         {"waived", kHostile},
                         {"checks", json::array{check}},
                         {"findings", json::array{finding}}}),
       event("gate_not_declared", {{"step", "s"}, {"gate", kHostile}}),
       event("step_finished", {{"step", "s"}, {"end", kHostile}, {"reason", kHostile}}),
       event("as_built", hostile_as_built()),
       event("run_finished", {{"end", kHostile}, {"reason", kHostile}, {"help", kHostile}})});
}

TEST(ReportForms, no_form_lets_a_control_character_or_a_turned_line_through) {
  const RunView view = hostile_view();
  for (const std::string& form :
       {to_text(view), to_html(view), to_markdown(view), to_junit(view)}) {
    ASSERT_FALSE(form.empty());
    for (const char c : form) {
      ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << form;
    }
  }
  EXPECT_THAT(to_text(view), Not(HasSubstr("\xe2\x80\xae")));
  EXPECT_THAT(to_html(view), Not(HasSubstr("\xe2\x80\xae")));
}

TEST(ReportForms, html_escapes_every_foreign_text_and_loads_nothing) {
  const std::string page = to_html(hostile_view());
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("</td><script"))) << "a cell ends where we end it";
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;"));
  for (const char* loading : {"src=", "href=", "url(", "@import"}) {
    EXPECT_THAT(page, Not(HasSubstr(loading)));
  }
  EXPECT_THAT(page, HasSubstr("Content-Security-Policy"));
}

// A strict reader of what we write: elements that we use and no others, each closed where it
// belongs, every attribute in quotes, entities that we know. Gives what is wrong; "" where nothing
// is.
class PageReader {
 public:
  explicit PageReader(std::string_view page) : rest_(page) {}
  std::string problem() {
    take_past("<!DOCTYPE html>\n");
    while (!rest_.empty() && problem_.empty()) {
      if (rest_.starts_with("<style>")) {
        take_past("</style>");
      } else if (rest_.front() == '<') {
        tag();
      } else if (rest_.front() == '&') {
        entity();
      } else if (rest_.front() == '>') {
        problem_ = "a bare > in text";
      } else {
        rest_.remove_prefix(1);
      }
    }
    if (problem_.empty() && !open_.empty()) problem_ = open_.back() + " is not closed";
    return problem_;
  }
  std::size_t elements() const { return elements_; }

 private:
  void take_past(std::string_view end) {
    const auto at = rest_.find(end);
    rest_.remove_prefix(at == rest_.npos ? rest_.size() : at + end.size());
  }
  void entity() {
    for (const std::string_view known : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"}) {
      if (!rest_.starts_with(known)) continue;
      rest_.remove_prefix(known.size());
      return;
    }
    problem_ = "an entity that we never write: " + std::string(rest_.substr(0, 20));
  }
  void tag() {
    const bool is_end = rest_.starts_with("</");
    rest_.remove_prefix(is_end ? 2 : 1);
    const std::string name(rest_.substr(0, rest_.find_first_of(" />")));
    rest_.remove_prefix(name.size());
    static const std::set<std::string> kKnown{
        "html", "head",  "meta", "title", "body", "h1",   "h2",      "h3",      "p",
        "br",   "table", "tr",   "th",    "td",   "ul",   "li",      "details", "summary",
        "code", "span",  "svg",  "g",     "rect", "text", "polyline"};
    if (!kKnown.contains(name)) problem_ = "an element that we never write: " + name;
    bool is_empty = name == "meta" || name == "br";
    while (problem_.empty() && !rest_.starts_with('>')) {
      if (rest_.starts_with("/>")) {
        is_empty = true;
        rest_.remove_prefix(1);
      } else {
        attribute();
      }
    }
    if (!rest_.empty()) rest_.remove_prefix(1);
    ++elements_;
    if (is_end) {
      if (open_.empty() || open_.back() != name) problem_ = name + " is closed and was not open";
      if (!open_.empty()) open_.pop_back();
    } else if (!is_empty) {
      open_.push_back(name);
    }
  }
  void attribute() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n"), rest_.size()));
    if (rest_.starts_with('>') || rest_.starts_with("/>")) return;
    const std::string name(rest_.substr(0, rest_.find_first_of("= />")));
    if (name.starts_with("on") || name == "src" || name == "href" || name == "style") {
      problem_ = "attribute " + name;
    }
    rest_.remove_prefix(name.size());
    if (!rest_.starts_with("=\"")) {
      if (name != "open") problem_ = "attribute " + name + " without a quoted value";
      return;
    }
    const auto end = rest_.find('"', 2);
    const std::string_view value = rest_.substr(2, end - 2);
    if (value.find('<') != value.npos) problem_ = "a < in attribute " + name;
    rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 1);
  }

  std::string_view rest_;
  std::vector<std::string> open_;
  std::string problem_;
  std::size_t elements_ = 0;
};

TEST(ReportForms, html_of_hostile_names_is_one_well_formed_page) {
  const std::string page = to_html(hostile_view());
  PageReader reader(page);
  EXPECT_EQ(reader.problem(), "");
  EXPECT_GT(reader.elements(), 100U);
  // The reader itself finds what it is for.
  for (const char* broken : {"<p>", "<p></td></p>", "<script></script>", "<p onclick=\"x\"></p>",
                             "<p a=b></p>", "<p>&bad;</p>", "<p>></p>", "<p title=\"<\"></p>"}) {
    const std::string text = std::string("<!DOCTYPE html>\n") + broken;
    EXPECT_NE(PageReader(text).problem(), "") << broken;
  }
}

TEST(ReportForms, html_shows_placement_settling_and_waivers) {
  const std::string page = to_html(hostile_view());
  EXPECT_THAT(page, HasSubstr("aria-label=\"Placement of units on machines\""));
  EXPECT_THAT(page, HasSubstr("aria-label=\"Units by workload status over time\""));
  EXPECT_THAT(page, HasSubstr("class=\"waived\""));
  EXPECT_THAT(page, HasSubstr("LAB "));
  // Containers stand in the order of their numbers.
  EXPECT_LT(page.find(">0/lxd/9<"), page.find(">0/lxd/10<"));
}

TEST(ReportForms, a_run_without_a_model_has_no_pictures) {
  EXPECT_EQ(placement_svg({}), "");
  EXPECT_EQ(timeline_svg({}), "");
  EXPECT_EQ(timeline_svg({SampleView{}}), "") << "one sample is no history";
}

TEST(ReportForms, markdown_escapes_what_would_be_a_mark) {
  EXPECT_EQ(markdown_text("a|b*c_[d](e)<f>&`g`"),
            "a\\|b\\*c\\_\\[d\\]\\(e\\)&lt;f&gt;&amp;\\`g\\`");
  EXPECT_THAT(to_markdown(hostile_view()), Not(HasSubstr("<script")));
}

TEST(ReportForms, junit_has_a_case_for_each_check_with_its_waiver) {
  const std::string text = to_junit(hostile_view());
  EXPECT_THAT(text, HasSubstr("<testsuite"));
  EXPECT_THAT(text, HasSubstr("waived: "));
  EXPECT_THAT(text, Not(HasSubstr("<script")));
}

}  // namespace

}  // namespace gatehouse
