#include "output/write.h"

namespace gatehouse {

std::string write(const CommandResult& result, OutputFormat format) {
  switch (format) {
    case OutputFormat::text:
      return write_text(result);
    case OutputFormat::json:
      return write_json(result);
    case OutputFormat::sarif:
      return write_sarif(result);
    case OutputFormat::junit:
      return write_junit(result);
  }
  return {};
}

}  // namespace gatehouse
