#include "engine/mysql/grants.h"

#include <algorithm>

namespace rowferry::mysql {

namespace {

// "SELECT, INSERT (`a`, `b`), SHOW VIEW" apart. What is granted on some columns counts: whether
// they are all that is wanted shows when the table is read.
std::set<std::string> privileges_of(std::string_view text) {
  std::set<std::string> privileges;
  std::string one;
  int depth = 0;
  const auto keep = [&] {
    while (one.ends_with(' ')) one.pop_back();
    if (!one.empty()) privileges.insert(one);
    one.clear();
  };
  for (const char c : text) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (depth > 0 || c == ')') continue;
    if (c == ',') {
      keep();
    } else if (c != ' ' || !one.empty()) {
      one += c;
    }
  }
  keep();
  return privileges;
}

// A name in backticks, or *; moves `text` behind it.
std::string name_of(std::string_view& text) {
  if (!text.starts_with('`')) {
    const std::size_t end = std::min(text.find_first_of(". "), text.size());
    std::string name(text.substr(0, end));
    text.remove_prefix(end);
    return name;
  }
  std::string name;
  for (text.remove_prefix(1); !text.empty(); text.remove_prefix(1)) {
    if (text.front() != '`') {
      name += text.front();
    } else if (text.substr(1, 1) == "`") {
      name += '`';
      text.remove_prefix(1);
    } else {
      text.remove_prefix(1);
      break;
    }
  }
  return name;
}

// LIKE's signs, as grants on databases have them.
bool matches(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern.front() == '%') {
    for (std::size_t i = 0; i <= name.size(); ++i) {
      if (matches(pattern.substr(1), name.substr(i))) return true;
    }
    return false;
  }
  const bool escaped = pattern.front() == '\\' && pattern.size() > 1;
  if (escaped) pattern.remove_prefix(1);
  if (name.empty() || (pattern.front() != name.front() && (escaped || pattern.front() != '_'))) {
    return false;
  }
  return matches(pattern.substr(1), name.substr(1));
}

}  // namespace

void Grants::add(std::string_view line) {
  const std::size_t on = line.find(" ON ");
  const bool revoked = line.starts_with("REVOKE ");
  if ((!revoked && !line.starts_with("GRANT ")) || on == std::string_view::npos) return;
  const std::size_t list = line.find(' ') + 1;
  Grant grant;
  grant.privileges = privileges_of(line.substr(list, on - list));
  std::string_view place = line.substr(on + 4);
  if (place.starts_with("TABLE ")) place.remove_prefix(6);
  grant.database = name_of(place);
  if (!place.starts_with('.')) return;  // a procedure, or a proxy
  place.remove_prefix(1);
  grant.table = name_of(place);
  (revoked ? revoked_ : grants_).push_back(std::move(grant));
}

bool Grants::revokes(const std::string& privilege, const std::string& database) const {
  return std::any_of(revoked_.begin(), revoked_.end(), [&](const Grant& grant) {
    return grant.database == database &&
           (grant.privileges.count(privilege) > 0 || grant.privileges.count("ALL PRIVILEGES") > 0);
  });
}

bool Grants::allow(const std::string& privilege, const std::string& database,
                   const std::string& table) const {
  for (const Grant& grant : grants_) {
    const bool held =
        grant.privileges.count(privilege) > 0 || grant.privileges.count("ALL PRIVILEGES") > 0;
    if (!held) continue;
    if (grant.database == "*") {
      if (!revokes(privilege, database)) return true;
      continue;
    }
    if (database.empty() || !matches(grant.database, database)) continue;
    if (grant.table == "*" || (!table.empty() && grant.table == table)) return true;
  }
  return false;
}

}  // namespace rowferry::mysql
