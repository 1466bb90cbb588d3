#include "cli/bundle_vips.h"

#include "base/text.h"
#include "cli/read_inputs.h"

namespace gatehouse::cli {

namespace {

constexpr std::string_view kVipOption = "vip";  // hacluster's convention, of every OpenStack charm.
constexpr std::size_t kBundleBytesMax = std::size_t{256} << 20;

}  // namespace

Result<std::vector<std::string>> vips_of_bundle(const std::string& bundle,
                                                const std::string& application, Context& context) {
  FileStore& files = context.effects.files;
  SourceMap sources;
  const BundleFiles access =
      bundle_files_in(context.environment.working_directory, files, kBundleBytesMax);
  BundleRequest request;
  request.bundle = bundle;
  const LoadedBundle loaded = load_bundle(sources, access, request);
  if (!loaded.bundle) {
    return fail(ErrorKind::invalid_input, loaded.refusal, "gatehouse bundle check " + bundle);
  }
  const BundleApplication* found = loaded.bundle->find(application);
  const OptionValue* vip = nullptr;
  if (found && found->options.contains(std::string(kVipOption))) {
    vip = &found->options.at(std::string(kVipOption));
  }
  if (!vip) {
    return fail(ErrorKind::not_found, bundle + ": application " + application + " sets no vip");
  }
  return words_of(vip->text);
}

}  // namespace gatehouse::cli
