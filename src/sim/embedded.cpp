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

json::value recorded_shape(Shape shape) {
  switch (shape) {
    case Shape::machine:
      return parsed(gatehouse_data_lab_machine_json_begin, gatehouse_data_lab_machine_json_end);
    case Shape::subnet:
      return parsed(gatehouse_data_lab_subnet_json_begin, gatehouse_data_lab_subnet_json_end);
    case Shape::iprange:
      return parsed(gatehouse_data_lab_iprange_json_begin, gatehouse_data_lab_iprange_json_end);
    case Shape::address:
      return parsed(gatehouse_data_lab_address_json_begin, gatehouse_data_lab_address_json_end);
    case Shape::version:
      return parsed(gatehouse_data_lab_version_json_begin, gatehouse_data_lab_version_json_end);
    case Shape::whoami:
      return parsed(gatehouse_data_lab_whoami_json_begin, gatehouse_data_lab_whoami_json_end);
    case Shape::bond:
      return parsed(gatehouse_data_lab_bond_json_begin, gatehouse_data_lab_bond_json_end);
    case Shape::broken_machine:
      return parsed(gatehouse_data_lab_broken_machine_json_begin,
                    gatehouse_data_lab_broken_machine_json_end);
    case Shape::subnet_v6:
      return parsed(gatehouse_data_lab_subnet_v6_json_begin, gatehouse_data_lab_subnet_v6_json_end);
    case Shape::racks:
      return parsed(gatehouse_data_lab_racks_json_begin, gatehouse_data_lab_racks_json_end);
  }
  std::abort();
}

json::value bring_up_scripts() {
  return parsed(gatehouse_data_lab_bring_up_json_begin, gatehouse_data_lab_bring_up_json_end);
}

json::value charm_catalogue() {
  return parsed(gatehouse_data_charms_catalogue_json_begin,
                gatehouse_data_charms_catalogue_json_end);
}

}  // namespace gatehouse::sim
