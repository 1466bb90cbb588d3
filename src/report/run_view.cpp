#include "report/run_view.h"

#include <algorithm>
#include <set>

namespace gatehouse {

namespace {

StepView& step_of(RunView& view, const json::object& body) {
  const std::string id = string_or_empty(body, "step");
  for (StepView& step : view.steps) {
    if (step.id == id) return step;
  }
  view.steps.emplace_back().id = id;
  return view.steps.back();
}

json::array array_or_empty(const json::object& body, std::string_view key) {
  const json::array* array = find_array(body, key);
  return array ? *array : json::array();
}

void add_verdict(StepView& step, const Event& event) {
  VerdictView verdict{.gate = string_or_empty(event.body, "gate"),
                      .purpose = string_or_empty(event.body, "purpose"),
                      .ruling = string_or_empty(event.body, "ruling"),
                      .waived = string_or_empty(event.body, "waived"),
                      .checks = array_or_empty(event.body, "checks"),
                      .findings = array_or_empty(event.body, "findings"),
                      .at = event.at};
  const auto former = std::find_if(
      step.verdicts.begin(), step.verdicts.end(),
      [&](const VerdictView& v) { return v.gate == verdict.gate && v.purpose == verdict.purpose; });
  if (former == step.verdicts.end()) {
    step.verdicts.push_back(std::move(verdict));
  } else {
    *former = std::move(verdict);
  }
}

void add_intent(StepView& step, const json::object& body) {
  EffectView effect{.name = string_or_empty(body, "effect"),
                    .argv = {},
                    .exit_code = {},
                    .landed = {},
                    .identity = {}};
  for (const json::value& word : array_or_empty(body, "argv")) {
    if (word.is_string()) effect.argv.emplace_back(word.get_string());
  }
  step.effect = std::move(effect);
}

void add_to_effect(StepView& step, const json::object& body) {
  if (!step.effect) return;
  if (const auto code = find_integer(body, "exit_code")) step.effect->exit_code = code;
  if (const auto landed = find_string(body, "landed")) step.effect->landed = *landed;
  if (const json::object* identity = find_object(body, "identity")) {
    step.effect->identity = *identity;
  }
}

void add_sample(RunView& view, const Event& event) {
  SampleView sample;
  sample.at = event.at;
  sample.machines_started = find_integer(event.body, "machines_started").value_or(0);
  sample.machines_in_all = find_integer(event.body, "machines_in_all").value_or(0);
  if (const json::object* counts = find_object(event.body, "counts")) {
    for (const auto& member : *counts) {
      const std::string workload(member.key());
      if (const auto count = find_integer(*counts, workload)) sample.counts[workload] = *count;
    }
  }
  view.samples.push_back(std::move(sample));
}

void finish_step(StepView& step, const Event& event) {
  step.end = string_or_empty(event.body, "end");
  step.reason = string_or_empty(event.body, "reason");
  step.finished = event.at;
}

void finish_run(RunView& view, const Event& event) {
  view.end = string_or_empty(event.body, "end");
  view.reason = string_or_empty(event.body, "reason");
  view.help = string_or_empty(event.body, "help");
}

// `gone` are places in the list as it stood before; `added` follow at its end.
void add_waiting(StepView& step, const json::object& body) {
  std::set<std::int64_t> gone;
  for (const json::value& place : array_or_empty(body, "gone")) {
    if (place.is_int64()) gone.insert(place.get_int64());
  }
  for (auto place = gone.rbegin(); place != gone.rend(); ++place) {
    if (*place < 0 || static_cast<std::size_t>(*place) >= step.waiting.size()) continue;
    step.waiting.erase(step.waiting.begin() + *place);
  }
  for (const json::value& waiting : array_or_empty(body, "added")) step.waiting.push_back(waiting);
  step.beside.clear();
  for (const char* key : {"absent", "unexpected", "unread", "unobserved"}) {
    if (const json::value* value = find(body, key)) step.beside[key] = *value;
  }
}

// Known, and told by other means than the report.
bool is_passed_over(const std::string& kind) {
  static const std::set<std::string_view> kKinds{"child_started", "latched",    "child_output",
                                                 "child_quiet",   "unobserved", "name_lookups",
                                                 "adopted"};
  return kKinds.contains(kind);
}

void add_event(RunView& view, const Event& event) {
  const std::string& kind = event.kind;
  const json::object& body = event.body;
  if (kind == "run_started") {
    view.run = event.run;
    view.about = body;
    view.started = event.at;
  } else if (kind == "run_resumed") {
    ++view.resumed;
    view.end.clear();
  } else if (kind == "step_started") {
    StepView& step = step_of(view, body);
    step.title = string_or_empty(body, "title");
    step.source = string_or_empty(body, "source");
    step.started = event.at;
    step.end.clear();
  } else if (kind == "verdict") {
    add_verdict(step_of(view, body), event);
  } else if (kind == "gate_not_declared") {
    auto& list = step_of(view, body).not_declared;
    const std::string gate = string_or_empty(body, "gate");
    if (std::find(list.begin(), list.end(), gate) == list.end()) list.push_back(gate);
  } else if (kind == "intent") {
    add_intent(step_of(view, body), body);
  } else if (kind == "outcome" || kind == "landed" || kind == "reconciled") {
    add_to_effect(step_of(view, body), body);
  } else if (kind == "sample") {
    add_sample(view, event);
  } else if (kind == "settled") {
    StepView& step = step_of(view, body);
    step.settled_seconds = find_integer(body, "seconds");
    step.settle_result = string_or_empty(body, "result");
  } else if (kind == "waiting") {
    add_waiting(step_of(view, body), body);
  } else if (kind == "step_finished") {
    finish_step(step_of(view, body), event);
  } else if (kind == "as_built") {
    view.as_built = body;
  } else if (kind == "run_finished") {
    finish_run(view, event);
  } else if (!is_passed_over(kind)) {
    ++view.unread;
  }
}

}  // namespace

RunView fold(const std::vector<Event>& events) {
  RunView view;
  for (const Event& event : events) {
    add_event(view, event);
    view.finished = event.at;
    view.head = {.sequence = event.sequence, .hash = event.hash};
  }
  return view;
}

}  // namespace gatehouse
