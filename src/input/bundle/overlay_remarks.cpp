#include "input/bundle/overlay_remarks.h"

#include <string>
#include <utility>

namespace gatehouse::bundle {

namespace {

class OverlayReview {
 public:
  OverlayReview(const Span& base, std::vector<OverlayRemark>& remarks)
      : base_(base), remarks_(remarks) {}

  void ignored_fields(const BundleData& so_far, const Part& overlay) {
    const BundleData& data = overlay.data;
    // It is merged, but a default-base comes before any series.
    const bool is_outdone = !so_far.default_base.value.empty();
    if (is_outdone && !data.series.value.empty()) ignored("series", data.series.span);
    ignored("default-base", data.default_base.span);
    ignored("bundle", data.type.span);
    for (const auto& [field, span] : data.unused) ignored(field, span);
  }

  void machines(const BundleData& so_far, const Part& overlay) {
    if (!so_far.machines || !overlay.data.machines) return;
    for (const auto& [id, machine] : *so_far.machines) {
      const auto kept = overlay.data.machines->find(id);
      const bool is_gone = kept == overlay.data.machines->end();
      const bool loses_constraints =
          !is_gone && !machine.constraints.value.empty() && kept->second.constraints.value.empty();
      if (!is_gone && !loses_constraints) continue;
      remarks_.push_back({OverlayRemarkKind::machine_lost,
                          "machines." + id + (is_gone ? "" : ".constraints"),
                          is_gone ? machine.span : machine.constraints.span,
                          is_gone ? overlay.span : kept->second.span, id});
    }
  }

  void application(const BundleApplication& before, const BundleApplication& given,
                   const std::string& name) {
    subject_ = name;
    values("options", before.options, given.options);
    values("bindings", before.bindings, given.bindings);
    values("storage", before.storage, given.storage);
    field("channel", before, given, before.channel != given.channel);
    field("charm", before, given, before.charm != given.charm);
    field("base", before, given, before.base != given.base);
    field("num_units", before, given, before.num_units != given.num_units);
    field("constraints", before, given, before.constraints.value != given.constraints.value);
  }

 private:
  void ignored(const std::string& field, const Span& span) {
    if (span) remarks_.push_back({OverlayRemarkKind::ignored_field, field, span, {}, field});
  }

  bool is_of_base(const Span& span) const {
    return span.source == base_.source && span.begin >= base_.begin && span.begin <= base_.end;
  }

  void lost(const std::string& path, const Span& before, const Span& given) {
    if (!before || is_of_base(before)) return;
    remarks_.push_back({OverlayRemarkKind::value_lost, "applications." + subject_ + "." + path,
                        before, given, subject_});
  }

  static const std::string& text_of(const OptionValue& value) { return value.text; }
  static const std::string& text_of(const Located<std::string>& value) { return value.value; }

  template <class Map>
  void values(const std::string& section, const Map& before, const Map& given) {
    for (const auto& [key, value] : given) {
      const auto found = before.find(key);
      if (found == before.end() || text_of(found->second) == text_of(value)) continue;
      lost(section + "." + key, found->second.span, value.span);
    }
  }

  void field(const std::string& name, const BundleApplication& before,
             const BundleApplication& given, bool differs) {
    const auto was = before.places.find(name);
    const auto is = given.places.find(name);
    if (!differs || was == before.places.end() || is == given.places.end()) return;
    lost(name, was->second, is->second);
  }

  const Span& base_;
  std::vector<OverlayRemark>& remarks_;
  std::string subject_;
};

}  // namespace

void add_overlay_remarks(const BundleData& so_far, const Part& overlay, const Span& base,
                         std::vector<OverlayRemark>& remarks) {
  if (!overlay.has_keys) return;
  OverlayReview review(base, remarks);
  review.ignored_fields(so_far, overlay);
  review.machines(so_far, overlay);
  for (const auto& [name, given] : overlay.data.applications) {
    const auto before = so_far.applications.find(name);
    if (!given || before == so_far.applications.end() || !before->second) continue;
    review.application(before->second->application, given->application, name);
  }
}

}  // namespace gatehouse::bundle
