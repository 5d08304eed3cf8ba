#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rowferry::mysql {

// What a user may do, as SHOW GRANTS words it. A value.
class Grants {
 public:
  // Takes one line of SHOW GRANTS, which may revoke a part of what is granted everywhere; what is
  // about no privileges (a role, a proxy) is passed over.
  void add(std::string_view line);

  // Whether `privilege` ("SELECT") is granted on `table` of `database`; on all of the database's
  // tables where `table` is empty. On some of its columns is enough.
  bool allow(const std::string& privilege, const std::string& database,
             const std::string& table) const;
  // Whether it is granted everywhere: the only way to have SUPER and the like.
  bool allow(const std::string& privilege) const { return allow(privilege, "", ""); }

 private:
  struct Grant {
    std::set<std::string> privileges;
    std::string database;  // a pattern; "*" for all
    std::string table;     // "*" for all
  };
  // Whether the privilege, granted everywhere, is not on that database.
  bool revokes(const std::string& privilege, const std::string& database) const;

  std::vector<Grant> grants_;
  std::vector<Grant> revoked_;
};

}  // namespace rowferry::mysql
