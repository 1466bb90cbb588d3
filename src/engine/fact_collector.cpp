#include "engine/fact_collector.h"

#include <algorithm>

namespace gatehouse {

FactCollector::FactCollector(std::span<const FactSource* const> sources, const Questions& questions,
                             Effects& effects)
    : sources_(sources), questions_(questions), effects_(effects) {}

const Facts& FactCollector::refresh(std::span<const FactKey> keys, Milliseconds age_max) {
  const Milliseconds now = effects_.clock.monotonic();
  const auto is_stale = [&](FactKey key) {
    const auto asked = asked_.find(key);
    return asked == asked_.end() || now - asked->second > age_max;
  };
  for (const FactSource* source : sources_) {
    std::vector<FactKey> wanted;
    for (const FactKey key : source->keys) {
      const bool is_asked = std::find(keys.begin(), keys.end(), key) != keys.end();
      if (is_asked && is_stale(key)) wanted.push_back(key);
    }
    if (wanted.empty()) continue;
    facts_.at = effects_.clock.now();
    source->collect(wanted, questions_, effects_, facts_);
    for (const FactKey key : wanted) asked_[key] = now;
  }
  return facts_;
}

void FactCollector::forget_before_effect() {
  asked_.clear();
}

}  // namespace gatehouse
