#include "engine/mysql/grants.h"

#include <gtest/gtest.h>

namespace rowferry::mysql {
namespace {

Grants grants_of(std::initializer_list<const char*> lines) {
  Grants grants;
  for (const char* line : lines) grants.add(line);
  return grants;
}

TEST(GrantsTest, HoldEverywhereInADatabaseOrOnATable) {
  const Grants grants = grants_of({"GRANT SUPER, RELOAD ON *.* TO `ann`@`%`",
                                   "GRANT SELECT, SHOW VIEW ON `shop`.* TO `ann`@`%`",
                                   "GRANT INSERT ON `shop`.`or``ders` TO `ann`@`%`"});
  EXPECT_TRUE(grants.allow("SUPER"));
  EXPECT_TRUE(grants.allow("SELECT", "shop", ""));
  EXPECT_TRUE(grants.allow("SHOW VIEW", "shop", "orders"));
  EXPECT_FALSE(grants.allow("SELECT"));
  EXPECT_FALSE(grants.allow("SELECT", "other", ""));
  EXPECT_TRUE(grants.allow("INSERT", "shop", "or`ders"));
  EXPECT_FALSE(grants.allow("INSERT", "shop", ""));
}

TEST(GrantsTest, MayBeRevokedInPart) {
  const Grants grants = grants_of({"GRANT SELECT, INSERT ON *.* TO `ann`@`%`",
                                   "GRANT INSERT ON `shop`.`t` TO `ann`@`%`",
                                   "REVOKE SELECT, INSERT ON `shop`.* FROM `ann`@`%`"});
  EXPECT_TRUE(grants.allow("SELECT"));
  EXPECT_TRUE(grants.allow("SELECT", "other", ""));
  EXPECT_FALSE(grants.allow("SELECT", "shop", "t"));
  EXPECT_TRUE(grants.allow("INSERT", "shop", "t"));
  EXPECT_FALSE(grants.allow("INSERT", "shop", ""));
}

TEST(GrantsTest, KnowTheSignsOfPatterns) {
  const Grants grants =
      grants_of({"GRANT ALL PRIVILEGES ON `shop\\_%`.* TO `ann`@`%` WITH GRANT OPTION"});
  EXPECT_TRUE(grants.allow("DROP", "shop_1", ""));
  EXPECT_FALSE(grants.allow("DROP", "shopx1", ""));
}

TEST(GrantsTest, TakePrivilegesOnSomeColumnsAndPassOverRolesAndProxies) {
  const Grants grants = grants_of({"GRANT SELECT (`a`, `b`), INSERT ON `shop`.`t` TO `ann`@`%`",
                                   "GRANT PROXY ON ''@'%' TO 'root'@'localhost'",
                                   "GRANT `writers`@`%` TO `ann`@`%`"});
  EXPECT_TRUE(grants.allow("SELECT", "shop", "t"));
  EXPECT_FALSE(grants.allow("SELECT", "shop", ""));
  EXPECT_FALSE(grants.allow("PROXY"));
  EXPECT_TRUE(grants.allow("INSERT", "shop", "t"));
}

}  // namespace
}  // namespace rowferry::mysql
