// A std::map that takes the room of a pointer while nothing is in it. Of the maps that an
// application of a bundle can have, most are empty in most. The iterators of an empty one are those
// of a map that all empty ones share, so none outlives the first value that is put in.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <map>
#include <utility>

#include "base/boxed.h"

namespace gatehouse {

template <class Key, class Value>
class SparseMap {
 public:
  using Map = std::map<Key, Value>;
  using key_type = Key;
  using mapped_type = Value;
  using value_type = typename Map::value_type;
  using iterator = typename Map::iterator;
  using const_iterator = typename Map::const_iterator;

  SparseMap() = default;
  SparseMap(std::initializer_list<value_type> values) {
    if (values.size() != 0) filled() = values;
  }

  iterator begin() { return map_ ? map_->begin() : none().begin(); }
  iterator end() { return map_ ? map_->end() : none().end(); }
  const_iterator begin() const { return map_ ? map_->begin() : none().begin(); }
  const_iterator end() const { return map_ ? map_->end() : none().end(); }
  std::size_t size() const { return map_ ? map_->size() : 0; }
  bool empty() const { return size() == 0; }

  iterator find(const Key& key) { return map_ ? map_->find(key) : end(); }
  const_iterator find(const Key& key) const { return map_ ? map_->find(key) : end(); }
  bool contains(const Key& key) const { return map_ && map_->contains(key); }
  /// Throws std::out_of_range as std::map does.
  Value& at(const Key& key) { return map_ ? map_->at(key) : none().at(key); }
  const Value& at(const Key& key) const { return map_ ? map_->at(key) : none().at(key); }

  Value& operator[](const Key& key) { return filled()[key]; }
  std::pair<iterator, bool> try_emplace(const Key& key) { return filled().try_emplace(key); }
  iterator erase(iterator place) { return map_->erase(place); }
  std::size_t erase(const Key& key) { return map_ ? map_->erase(key) : 0; }
  void clear() { map_ = {}; }

 private:
  Map& filled() { return map_ ? *map_ : map_.emplace(); }
  /// Never filled: where the iterators of an empty one point to.
  static Map& none() {
    static Map none;
    return none;
  }

  Boxed<Map> map_;
};

}  // namespace gatehouse
