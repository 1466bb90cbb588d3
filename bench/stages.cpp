// usage: stages BUNDLE... [--benchmark_filter=... and the other flags of google-benchmark]
//
// What each stage of `bundle plan` costs inside one process, for each of the bundles: libyaml's
// bare events, the tree of nodes, the whole reader, the planner, its text. Run by script/bench.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <benchmark/benchmark.h>
#include <yaml.h>

#include "input/bundle/load_bundle.h"
#include "input/yaml/tree.h"
#include "plan/plan.h"

namespace {

using namespace gatehouse;

std::string read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

LoadedBundle load(SourceMap& sources, const std::string& text) {
  BundleFiles files;
  files.working_directory = "/bench";
  files.read = [&text](const std::string&) -> Result<std::string> { return text; };
  files.kind = [](const std::string& path) {
    return path == "/bench" ? PathKind::folder : PathKind::file;
  };
  BundleRequest request;
  request.bundle = "./bundle.yaml";
  return load_bundle(sources, files, request);
}

using Parser = std::unique_ptr<yaml_parser_t, decltype(&yaml_parser_delete)>;

void pass_events(benchmark::State& state, const std::string& text) {
  for ([[maybe_unused]] const auto round : state) {
    yaml_parser_t parser;
    yaml_event_t event;
    if (!yaml_parser_initialize(&parser)) return state.SkipWithError("libyaml");
    const Parser freed(&parser, yaml_parser_delete);
    yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
    for (bool is_done = false; !is_done;) {
      if (!yaml_parser_parse(&parser, &event)) return state.SkipWithError("not YAML");
      is_done = event.type == YAML_STREAM_END_EVENT;
      yaml_event_delete(&event);
    }
  }
}

void build_tree(benchmark::State& state, const std::string& text) {
  for ([[maybe_unused]] const auto round : state) {
    SourceMap sources;
    const yaml::File file = yaml::parse(sources.add("bundle.yaml", text));
    benchmark::DoNotOptimize(file.documents().data());
  }
}

void read_bundle(benchmark::State& state, const std::string& text) {
  for ([[maybe_unused]] const auto round : state) {
    SourceMap sources;
    const LoadedBundle loaded = load(sources, text);
    if (!loaded.bundle) return state.SkipWithError(loaded.refusal.c_str());
  }
}

void plan_bundle(benchmark::State& state, const std::string& text) {
  SourceMap sources;
  const LoadedBundle loaded = load(sources, text);
  if (!loaded.bundle) return state.SkipWithError(loaded.refusal.c_str());
  for ([[maybe_unused]] const auto round : state) {
    const auto planned = compute_plan(*loaded.bundle, PlanArguments::left_out);
    if (!std::holds_alternative<Plan>(planned)) return state.SkipWithError("no plan");
    benchmark::DoNotOptimize(std::get<Plan>(planned).changes.data());
  }
}

void write_text(benchmark::State& state, const std::string& text) {
  SourceMap sources;
  const LoadedBundle loaded = load(sources, text);
  if (!loaded.bundle) return state.SkipWithError(loaded.refusal.c_str());
  const auto planned = compute_plan(*loaded.bundle, PlanArguments::left_out);
  for ([[maybe_unused]] const auto round : state) {
    benchmark::DoNotOptimize(dry_run_text(std::get<Plan>(planned)).data());
  }
}

}  // namespace

int main(int count, char** arguments) {
  benchmark::Initialize(&count, arguments);
  if (count < 2) {
    std::fputs("usage: stages BUNDLE...\n", stderr);
    return 2;
  }
  std::vector<std::string> texts;
  for (int i = 1; i < count; ++i) texts.push_back(read_file(arguments[i]));
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string path = arguments[i + 1];
    const std::string name = path.substr(path.rfind('/') + 1);
    const auto add = [&](const char* stage, auto* run) {
      benchmark::RegisterBenchmark((stage + (" " + name)).c_str(), run, texts[i])
          ->Unit(benchmark::kMillisecond);
    };
    add("events", pass_events);
    add("tree", build_tree);
    add("read", read_bundle);
    add("plan", plan_bundle);
    add("text", write_text);
  }
  return benchmark::RunSpecifiedBenchmarks() == 0 ? 1 : 0;
}
