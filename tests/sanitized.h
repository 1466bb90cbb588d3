// Whether this build has the address sanitizer: in it everything takes some times longer, and what
// was freed is kept for a while.
#pragma once

namespace gatehouse {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kIsSanitized = true;
#elif defined(__has_feature)
inline constexpr bool kIsSanitized = __has_feature(address_sanitizer);
#else
inline constexpr bool kIsSanitized = false;
#endif

}  // namespace gatehouse
