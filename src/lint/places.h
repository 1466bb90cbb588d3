// Where a finding points: the reader keeps the place of most values, and these find the word that
// stands beside one of them. Each falls back to the place it was given.
#pragma once

#include <string>
#include <string_view>

#include "input/bundle/bundle.h"

namespace gatehouse::lint_places {

/// The key in front of a value: `public` of `public: provider-public`.
Span key_of(std::string_view key, const Span& value);

/// What the file says there, to the end of the first line; "" on a line too long to go along.
std::string_view written_at(const Span& span);

/// One end of a relation within its list.
Span end_of(const BundleRelation& relation, const std::string& end);

/// A field that the application gives, else the application's name.
Span field_of(const BundleApplication& application, const std::string& field);

bool is_secret(const Span& span);

}  // namespace gatehouse::lint_places
