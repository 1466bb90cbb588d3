// Keeps the newest facts of a run and asks for what is missing or too old. It looks a key up in the
// tables of the clients and never names a peer.
#pragma once

#include <map>
#include <span>

#include "facts/questions.h"

namespace gatehouse {

class FactCollector {
 public:
  FactCollector(std::span<const FactSource* const> sources, const Questions& questions,
                Effects& effects);

  /// Asks for those keys whose answers are older than `age_max` or than the last effect.
  const Facts& refresh(std::span<const FactKey> keys, Milliseconds age_max);
  /// After an effect nothing seen before it may permit another.
  void forget_before_effect();
  const Facts& facts() const { return facts_; }
  /// What earlier samples of the same run told, and what a settled state must be newer than.
  void keep_history(ModelHistory history) { facts_.history = std::move(history); }
  void require_newer_than(Moment began) { facts_.history.newer_than = began; }
  /// What is asked; a copy of its own, for some of it follows from what was seen.
  Questions& questions() { return questions_; }

 private:
  std::span<const FactSource* const> sources_;
  Questions questions_;
  Effects& effects_;
  Facts facts_;
  std::map<FactKey, Milliseconds> asked_;  ///< by the monotonic clock
};

}  // namespace gatehouse
