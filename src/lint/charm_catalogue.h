// Facts about charms: which endpoints, options, resources and storage a charm has, in the version
// that the catalogue knows and in others. From data/charms/catalogue.json, whose README tells how
// it was made and how far it can be trusted. What it does not list is judged by `standing_of`.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "input/bundle/bundle.h"

namespace gatehouse {

enum class EndpointRole { provides, needs, peers };

struct CharmEndpoint {
  EndpointRole role = EndpointRole::provides;
  std::string interface;
  bool is_container_scoped = false;  ///< the relation makes a subordinate unit beside the other
};

/// Names of one kind that a charm has.
struct CharmNames {
  std::set<std::string> listed;     ///< in the version that the catalogue knows
  std::set<std::string> elsewhere;  ///< only in other versions
};

struct CharmFacts {
  std::string name;
  std::string channel;       ///< that the facts stand for: "squid/stable"; "" where none is known
  bool is_complete = false;  ///< absence of a name proves something
  bool is_subordinate = false;
  std::map<std::string, CharmEndpoint> endpoints;  ///< with the juju-info that every charm provides
  std::map<std::string, std::vector<CharmEndpoint>> endpoints_elsewhere;
  CharmNames endpoint_names;
  CharmNames bindings;  ///< endpoints of any role, extra bindings, and "" for the default
  CharmNames options;
  CharmNames resources;
  CharmNames storage;
};

class CharmCatalogue {
 public:
  /// `malformed` where the text is not the catalogue's format.
  static Result<CharmCatalogue> parse(std::string_view text);
  /// The catalogue that the program carries; read at the first call, in a few milliseconds.
  static const CharmCatalogue& embedded();

  /// nullptr where the charm is not known, or is a local one: its facts lie in its own folder.
  const CharmFacts* find(const BundleApplication& application) const;
  const CharmFacts* find(const std::string& charm) const;
  std::size_t size() const { return charms_.size(); }

 private:
  std::map<std::string, CharmFacts> charms_;
};

/// What the catalogue can say of a name that an application uses.
enum class Standing {
  listed,     ///< the charm has it
  elsewhere,  ///< another version of the charm has it
  absent,     ///< the charm does not have it: complete facts of the same track
  doubtful,   ///< complete facts of another track lack it
  not_known,  ///< the facts are incomplete
};

Standing standing_of(const std::string& name, const CharmNames& names, const CharmFacts& facts,
                     const BundleApplication& application);

/// "squid" of "squid/stable", "latest" of "stable", "" of "".
std::string track_of(const std::string& channel);
bool is_same_track(const CharmFacts& facts, const BundleApplication& application);

}  // namespace gatehouse
