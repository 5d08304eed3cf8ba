#include "engine/sql/own_sessions.h"

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

std::vector<std::string> own_sessions(const std::string& server) {
  const std::lock_guard lock(known().mutex);
  const auto found = known().ids.find(server);
  if (found == known().ids.end()) return {};
  return {found->second.begin(), found->second.end()};
}

}  // namespace rowferry::sql
