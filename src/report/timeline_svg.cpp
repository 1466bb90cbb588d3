// Each workload status as a line of its own over the time of the wait, labelled at its end.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "report/html_parts.h"
#include "report/markup.h"

namespace gatehouse {

namespace {

constexpr int kWidth = 860;
constexpr int kHeight = 240;
constexpr int kLeft = 40;
constexpr int kTop = 10;
constexpr int kLegend = 150;
constexpr const char* kColours[] = {"#1a7f37", "#0969da", "#9a6700", "#cf222e",
                                    "#8250df", "#57606a", "#bf3989"};

struct Scale {
  Moment first;
  double milliseconds = 1;
  double most = 1;

  double x(Moment at) const {
    return kLeft + static_cast<double>((at - first).count()) / milliseconds * kWidth;
  }
  double y(std::int64_t count) const {
    return kTop + kHeight - static_cast<double>(count) / most * kHeight;
  }
};

Scale scale_of(const std::vector<SampleView>& samples) {
  Scale scale{.first = samples.front().at};
  scale.milliseconds =
      std::max<double>(1, static_cast<double>((samples.back().at - samples.front().at).count()));
  for (const SampleView& sample : samples) {
    for (const auto& [workload, count] : sample.counts) {
      scale.most = std::max(scale.most, static_cast<double>(count));
    }
  }
  return scale;
}

std::int64_t count_of(const SampleView& sample, const std::string& workload) {
  const auto found = sample.counts.find(workload);
  return found == sample.counts.end() ? 0 : found->second;
}

// A step line: a status holds until the next sample shows another.
std::string line_of(const std::vector<SampleView>& samples, const Scale& scale,
                    const std::string& workload, const char* colour) {
  std::string points;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double y = scale.y(count_of(samples[i], workload));
    if (i > 0) {
      points += fmt::format("{:.1f},{:.1f} ", scale.x(samples[i].at),
                            scale.y(count_of(samples[i - 1], workload)));
    }
    points += fmt::format("{:.1f},{:.1f} ", scale.x(samples[i].at), y);
  }
  return fmt::format("<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>\n",
                     points, colour);
}

std::string axes(const std::vector<SampleView>& samples, const Scale& scale) {
  const auto clock = [](Moment at) { return to_rfc3339(at).substr(11, 8); };
  return fmt::format(
      "<rect x=\"{0}\" y=\"{1}\" width=\"{2}\" height=\"{3}\" class=\"place\"/>\n"
      "<text x=\"{0}\" y=\"{4}\" class=\"id\">{5}</text>\n"
      "<text x=\"{6}\" y=\"{4}\" class=\"id\" text-anchor=\"end\">{7}</text>\n"
      "<text x=\"{8}\" y=\"{9}\" class=\"id\" text-anchor=\"end\">{10}</text>\n",
      kLeft, kTop, kWidth, kHeight, kTop + kHeight + 16, clock(samples.front().at), kLeft + kWidth,
      clock(samples.back().at), kLeft - 4, kTop + 12, static_cast<std::int64_t>(scale.most));
}

}  // namespace

std::string timeline_svg(const std::vector<SampleView>& samples) {
  if (samples.size() < 2) return {};
  std::set<std::string> workloads;
  for (const SampleView& sample : samples) {
    for (const auto& [workload, count] : sample.counts) workloads.insert(workload);
  }
  const Scale scale = scale_of(samples);
  std::string inside = axes(samples, scale);
  std::size_t number = 0;
  for (const std::string& workload : workloads) {
    const char* colour = kColours[number % std::size(kColours)];
    inside += line_of(samples, scale, workload, colour);
    inside += fmt::format("<text x=\"{}\" y=\"{}\" class=\"id\" fill=\"{}\">{} {}</text>\n",
                          kLeft + kWidth + 10, kTop + 14 + 16 * static_cast<int>(number), colour,
                          count_of(samples.back(), workload), html_text(workload));
    ++number;
  }
  return fmt::format(
      "<svg viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
      "aria-label=\"Units by workload status over time\" xmlns=\"http://www.w3.org/2000/svg\">\n{2}"
      "</svg>\n",
      kLeft + kWidth + kLegend, kTop + kHeight + 24, inside);
}

}  // namespace gatehouse
