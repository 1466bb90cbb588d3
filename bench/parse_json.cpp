// What Boost.JSON alone costs: every file that is named is parsed and the document dropped. Prints the
// seconds of processor time that this took, reading the files left out.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <sys/resource.h>

#include <boost/json.hpp>

static double processor_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

int main(int count, char** arguments) {
  std::vector<std::string> texts;
  for (int at = 1; at < count; ++at) {
    std::ifstream file(arguments[at], std::ios::binary);
    texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  const double begin = processor_seconds();
  std::size_t pieces = 0;
  for (const std::string& text : texts) {
    const boost::json::value document = boost::json::parse(text);
    pieces += document.is_array() ? document.get_array().size() : 1;
  }
  const double end = processor_seconds();
  std::printf("%.6f\n", end - begin);
  return pieces == 0 ? 1 : 0;
}
