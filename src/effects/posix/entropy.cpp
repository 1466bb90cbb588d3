#include <cerrno>

#include <sys/random.h>

#include "effects/posix/descriptor.h"
#include "effects/posix/posix.h"

namespace gatehouse::posix {
namespace {

/// The kernel's generator; it waits until it is seeded, so that no weak byte is ever returned.
class KernelEntropy final : public Entropy {
 public:
  Result<std::string> bytes(std::size_t count) override {
    std::string bytes(count, '\0');
    std::size_t done = 0;
    while (done < count) {
      const ssize_t got = ::getrandom(bytes.data() + done, count - done, 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return fail(system_error(errno, "read random bytes from the kernel"));
      done += static_cast<std::size_t>(got);
    }
    return bytes;
  }
};

}  // namespace

std::unique_ptr<Entropy> make_entropy() {
  return std::make_unique<KernelEntropy>();
}

}  // namespace gatehouse::posix
