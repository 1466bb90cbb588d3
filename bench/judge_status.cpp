// usage: judge_status parse|judge FILE RUNS
//        judge_status watch FILE SAMPLES
//
// parse: a bare Boost.JSON parse of the document. judge: decode it, judge the gates about settling
// and explain why it is not settled. Both print the median processor time of a round in
// milliseconds. watch: so many samples of the model, a hundred units changing at each, decoded,
// folded into the history, judged, explained and kept as a difference, in one process; prints the
// processor time of all in seconds and the bytes of the differences.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "clients/juju/decode_status.h"
#include "engine/model_samples.h"
#include "engine/waiting_events.h"
#include "gates/why_not_yet.h"

// As the program's own (src/cli/main.cpp); read where jemalloc is linked.
extern const char* malloc_conf;
const char* malloc_conf = "narenas:1,dirty_decay_ms:10000,muzzy_decay_ms:0";

namespace {

using namespace gatehouse;

double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "judge_status: %s\n", why.c_str());
  std::exit(2);
}

std::string read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file || text.empty()) stop(std::string("cannot read ") + path);
  return text;
}

ModelStatus decode(const std::string& text) {
  auto status = juju::decode_status(text);
  if (!status) stop(to_string(status.error()));
  return std::move(*status);
}

// The plan whose model this is, so that every gate has all it needs.
Plan plan_of(const ModelStatus& status) {
  Plan plan;
  for (const auto& [name, application] : status.applications) {
    plan.applications.push_back({name, name, "", ""});
  }
  for (const auto& [name, unit] : status.units) {
    if (unit.principal.empty()) plan.units.push_back({name, unit.application, unit.machine});
  }
  for (const auto& [id, machine] : status.machines) {
    if (machine.is_container()) {
      plan.containers.push_back({id, "lxd", id.substr(0, id.find('/'))});
    } else {
      plan.machines.push_back({id, "", ""});
    }
  }
  return plan;
}

struct Judged {
  std::vector<Verdict> verdicts;
  NotYet why;
};

Judged judge_model(const Inputs& inputs, const Plan& plan, const Facts& facts) {
  const Case c{inputs, &plan, facts};
  Judged judged;
  for (const char* id : {"machines_started", "never_messages", "no_unit_error", "unit_states"}) {
    judged.verdicts.push_back(judge(*find_gate(id), c));
  }
  judged.why = why_not_yet(c);
  return judged;
}

Inputs site_inputs() {
  Inputs inputs;
  inputs.site.settled.otherwise.workload = "active";
  inputs.site.settled.otherwise.agent = "idle";
  inputs.site.settled.otherwise.message = "*Unit is ready*";
  inputs.site.settled.otherwise.never = "*Missing required certificate*";
  inputs.site.settled.error_grace = std::chrono::minutes(10);
  return inputs;
}

template <class Round>
void print_median(std::size_t runs, Round round) {
  std::vector<double> times;
  round();
  for (std::size_t at = 0; at < runs; ++at) {
    const double began = processor_seconds();
    round();
    times.push_back(processor_seconds() - began);
  }
  std::sort(times.begin(), times.end());
  std::printf("%.4f\n", times[times.size() / 2] * 1e3);
}

void parse_bare(const std::string& text, std::size_t runs) {
  print_median(runs, [&] {
    const boost::json::value value = boost::json::parse(text);
    if (!value.is_object()) stop("no object");
  });
}

void judge_rounds(const std::string& text, std::size_t runs) {
  const Inputs inputs = site_inputs();
  const Plan plan = plan_of(decode(text));
  print_median(runs, [&] {
    Facts facts;
    facts.model_status = Observation<ModelStatus>::seen(decode(text), {});
    const Judged judged = judge_model(inputs, plan, facts);
    for (const Verdict& verdict : judged.verdicts) {
      if (verdict.gate != "never_messages" && verdict.ruling != Ruling::pass) {
        stop("the generated model is not settled: " + verdict.gate);
      }
    }
  });
}

// The same text with some units' messages changed, another hundred at each sample.
void change(std::string& text, std::size_t sample) {
  static constexpr std::string_view kFrom = "\"current\":\"active\",\"message\":\"";
  constexpr std::size_t kChanges = 100, kStride = 997;
  static std::vector<std::size_t> places;
  if (places.empty()) {
    for (std::size_t at = text.find(kFrom); at != text.npos; at = text.find(kFrom, at + 1)) {
      places.push_back(at + kFrom.size());
    }
  }
  for (std::size_t at = 0; at < kChanges; ++at) {
    char& first = text[places[(sample * kStride + at * 31) % places.size()]];
    first = first == 'U' ? 'u' : 'U';
  }
}

void watch(std::string text, std::size_t samples) {
  const Inputs inputs = site_inputs();
  const Plan plan = plan_of(decode(text));
  Facts facts;
  ModelHistory recorded;
  WaitingEvents waiting;
  std::size_t bytes = 0, told = 0;
  const double began = processor_seconds();
  for (std::size_t at = 0; at < samples; ++at) {
    change(text, at);
    const Moment now(std::chrono::seconds(15) * static_cast<std::int64_t>(at));
    facts.model_status = Observation<ModelStatus>::seen(decode(text), {});
    const ModelStatus& status = *facts.model_status.value();
    facts.history = with_sample(std::move(facts.history), status, now);
    const SampleDifference changed = difference(recorded, status);
    recorded = with_difference(std::move(recorded), changed, now);
    bytes += json::serialize(sample_body(changed, recorded, status)).size();
    const Judged judged = judge_model(inputs, plan, facts);
    for (const Verdict& verdict : judged.verdicts) told += verdict.checks.size();
    const auto body = waiting.changes(judged.why, std::chrono::seconds(15 * at));
    if (body) bytes += json::serialize(*body).size();
  }
  std::printf("%.3f %zu %zu\n", processor_seconds() - began, bytes, told);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) stop("usage: judge_status parse|judge|watch FILE RUNS");
  const std::string mode = argv[1];
  const std::string text = read_file(argv[2]);
  const std::size_t count = std::strtoul(argv[3], nullptr, 10);
  if (count == 0) stop("RUNS is a number above 0");
  if (mode == "parse") {
    parse_bare(text, count);
  } else if (mode == "judge") {
    judge_rounds(text, count);
  } else if (mode == "watch") {
    watch(text, count);
  } else {
    stop("no mode " + mode);
  }
  return 0;
}
