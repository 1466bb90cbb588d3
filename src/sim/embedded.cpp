#include "sim/embedded.h"

#include <cstdlib>

extern "C" {
extern const char gatehouse_data_lab_bring_up_json_begin[];
extern const char gatehouse_data_lab_bring_up_json_end[];
extern const char gatehouse_data_lab_machine_json_begin[];
extern const char gatehouse_data_lab_machine_json_end[];
extern const char gatehouse_data_lab_subnet_json_begin[];
extern const char gatehouse_data_lab_subnet_json_end[];
extern const char gatehouse_data_lab_iprange_json_begin[];
extern const char gatehouse_data_lab_iprange_json_end[];
extern const char gatehouse_data_lab_address_json_begin[];
extern const char gatehouse_data_lab_address_json_end[];
extern const char gatehouse_data_lab_version_json_begin[];
extern const char gatehouse_data_lab_version_json_end[];
extern const char gatehouse_data_lab_whoami_json_begin[];
extern const char gatehouse_data_lab_whoami_json_end[];
extern const char gatehouse_data_lab_bond_json_begin[];
extern const char gatehouse_data_lab_bond_json_end[];
extern const char gatehouse_data_lab_broken_machine_json_begin[];
extern const char gatehouse_data_lab_broken_machine_json_end[];
extern const char gatehouse_data_lab_subnet_v6_json_begin[];
extern const char gatehouse_data_lab_subnet_v6_json_end[];
extern const char gatehouse_data_lab_racks_json_begin[];
extern const char gatehouse_data_lab_racks_json_end[];
extern const char gatehouse_data_charms_catalogue_json_begin[];
extern const char gatehouse_data_charms_catalogue_json_end[];
}

namespace gatehouse::sim {
namespace {

json::value parsed(const char* begin, const char* end) {
  Result<json::value> value = parse_json(std::string_view(begin, end));
  if (!value) std::abort();  // a file of the program itself cannot be read
  return std::move(*value);
}

}  // namespace

// Each is parsed once: a simulation asks thousands of times.
const json::value& recorded_shape(Shape shape) {
  switch (shape) {
    case Shape::machine: {
      static const json::value kShape =
          parsed(gatehouse_data_lab_machine_json_begin, gatehouse_data_lab_machine_json_end);
      return kShape;
    }
    case Shape::subnet: {
      static const json::value kShape =
          parsed(gatehouse_data_lab_subnet_json_begin, gatehouse_data_lab_subnet_json_end);
      return kShape;
    }
    case Shape::iprange: {
      static const json::value kShape =
          parsed(gatehouse_data_lab_iprange_json_begin, gatehouse_data_lab_iprange_json_end);
      return kShape;
    }
    case Shape::address: {
      static const json::value kShape =
          parsed(gatehouse_data_lab_address_json_begin, gatehouse_data_lab_address_json_end);
      return kShape;
    }
    case Shape::version: {
      static const json::value kShape =
          parsed(gatehouse_data_lab_version_json_begin, gatehouse_data_lab_version_json_end);
      return kShape;
    }
    case Shape::whoami: {
      static const json::value kShape =
          parsed(gatehouse_data_lab_whoami_json_begin, gatehouse_data_lab_whoami_json_end);
      return kShape;
    }
    case Shape::bond: {
      static const json::value kShape =
          parsed(gatehouse_data_lab_bond_json_begin, gatehouse_data_lab_bond_json_end);
      return kShape;
    }
    case Shape::broken_machine: {
      static const json::value kShape = parsed(gatehouse_data_lab_broken_machine_json_begin,
                                               gatehouse_data_lab_broken_machine_json_end);
      return kShape;
    }
    case Shape::subnet_v6: {
      static const json::value kShape =
          parsed(gatehouse_data_lab_subnet_v6_json_begin, gatehouse_data_lab_subnet_v6_json_end);
      return kShape;
    }
    case Shape::racks: {
      static const json::value kShape =
          parsed(gatehouse_data_lab_racks_json_begin, gatehouse_data_lab_racks_json_end);
      return kShape;
    }
  }
  std::abort();
}

const json::value& bring_up_scripts() {
  static const json::value kScripts =
      parsed(gatehouse_data_lab_bring_up_json_begin, gatehouse_data_lab_bring_up_json_end);
  return kScripts;
}

const json::value& charm_catalogue() {
  static const json::value kCatalogue =
      parsed(gatehouse_data_charms_catalogue_json_begin, gatehouse_data_charms_catalogue_json_end);
  return kCatalogue;
}

}  // namespace gatehouse::sim
