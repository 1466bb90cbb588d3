#include "clients/juju/name_probe.h"

#include <gtest/gtest.h>

namespace gatehouse::juju {
namespace {

using Texts = std::vector<std::string>;

TEST(NameProbe, AsksForEachNameAndForTheResolvers) {
  const Texts names = {"api.snapcraft.io"};
  EXPECT_EQ(name_probe(names),
            "if getent hosts api.snapcraft.io >/dev/null 2>&1; then echo 'name api.snapcraft.io "
            "ok'; else echo 'name api.snapcraft.io fail'; fi; resolvectl dns 2>/dev/null || "
            "resolvectl status 2>/dev/null || true");
}

TEST(NameProbe, QuotesANameThatIsNone) {
  const Texts names = {"a; rm -rf ~"};
  EXPECT_NE(name_probe(names).find("getent hosts 'a; rm -rf ~' >"), std::string::npos);
}

TEST(NameProbe, ReadsNamesAndResolvers) {
  const std::pair<const char*, Texts> cases[] = {
      {"Global:\nLink 2 (eth0): 10.12.8.1 10.12.8.10\n", {"10.12.8.1", "10.12.8.10"}},
      {"Global: 10.0.0.1#dns.example\nLink 2 (eth0): 10.0.0.2:53\n", {"10.0.0.1", "10.0.0.2"}},
      {"Link 3 (br-ex): fd00:12:8::1 fe80::1%eth0\n", {"fd00:12:8::1", "fe80::1%eth0"}},
      {"Global\n  Current DNS Server: 10.0.0.1\n  DNS Servers: 10.0.0.1\n              10.0.0.2\n"
       "  DNS Domain: maas\n",
       {"10.0.0.1", "10.0.0.2"}},
      {"resolver 10.0.0.7\n", {"10.0.0.7"}},
      {"         DNS Servers: 10.12.8.10 10.12.8.1\n", {"10.12.8.10", "10.12.8.1"}},
      {"words: 10.0.0.1\n10.0.0.2\n", {}},
  };
  for (const auto& [out, resolvers] : cases) {
    EXPECT_EQ(read_name_probe(out).resolvers, resolvers) << out;
  }
  const ProbeAnswer answer =
      read_name_probe("name a.b ok\nname c.d fail\nname e\nname f maybe\nnoise\n");
  EXPECT_EQ(answer.resolved, (std::map<std::string, bool>{{"a.b", true}, {"c.d", false}}));
}

}  // namespace
}  // namespace gatehouse::juju
