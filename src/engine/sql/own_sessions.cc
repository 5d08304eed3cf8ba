#include "engine/sql/own_sessions.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

namespace rowferry::sql {

namespace {

struct Known {
  std::mutex mutex;  // guards what follows
  std::map<std::string, std::multiset<std::string>> ids;
};

Known& known() {
  static Known known;
  return known;
}

void add_own(const std::string& server, std::set<std::string>& ids) {
  const std::lock_guard lock(known().mutex);
  const auto found = known().ids.find(server);
  if (found != known().ids.end()) ids.insert(found->second.begin(), found->second.end());
}

}  // namespace

OwnSession::OwnSession(std::string server, std::string id)
    : server_(std::move(server)), id_(std::move(id)) {
  const std::lock_guard lock(known().mutex);
  known().ids[server_].insert(id_);
}

OwnSession::~OwnSession() {
  const std::lock_guard lock(known().mutex);
  std::multiset<std::string>& ids = known().ids[server_];
  ids.erase(ids.find(id_));
  if (ids.empty()) known().ids.erase(server_);
}

std::int64_t count_others(const std::string& server,
                          const std::function<std::vector<std::string>()>& listed) {
  std::set<std::string> own;
  add_own(server, own);
  const std::vector<std::string> all = listed();
  add_own(server, own);
  return std::count_if(all.begin(), all.end(),
                       [&](const std::string& id) { return own.count(id) == 0; });
}

}  // namespace rowferry::sql
