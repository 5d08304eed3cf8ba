#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace rowferry::sql {

// A session that this process has open at a server: known as its own while this lives, so that who
// asks the server how busy it is can leave it out. Safe from every thread.
class OwnSession {
 public:
  // `server`: one text for all sessions at a server, however it is reached, and for no other
  // server's. `id`: the number by which the server lists the session.
  OwnSession(std::string server, std::string id);
  OwnSession(const OwnSession&) = delete;
  OwnSession& operator=(const OwnSession&) = delete;
  ~OwnSession();

  const std::string& server() const { return server_; }

 private:
  std::string server_;
  std::string id_;
};

// How many of the sessions at `server` that `listed` comes back with are not this process's own.
// Those that were opened or closed while the server was asked are known as own, too.
std::int64_t count_others(const std::string& server,
                          const std::function<std::vector<std::string>()>& listed);

}  // namespace rowferry::sql
