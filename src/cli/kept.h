// What a command leaves behind on purpose: a large bundle is a million small pieces, and taking it
// apart costs as much as planning it, while the end of the process gives all of it back at once.
#pragma once

#include <memory>
#include <utility>
#include <vector>

namespace gatehouse::cli {

/// Owns anything for as long as it lives itself; main's is never taken apart.
class Kept {
 public:
  template <class T>
  T& hold(T value) {
    auto owner = std::make_unique<Owner<T>>(std::move(value));
    T& held = owner->value;
    owners_.push_back(std::move(owner));
    return held;
  }

 private:
  struct AnyOwner {
    virtual ~AnyOwner() = default;
  };
  template <class T>
  struct Owner : AnyOwner {
    explicit Owner(T given) : value(std::move(given)) {}
    T value;
  };

  std::vector<std::unique_ptr<AnyOwner>> owners_;
};

}  // namespace gatehouse::cli
