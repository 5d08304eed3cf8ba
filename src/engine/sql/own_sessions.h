#pragma once

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

// The ids of all sessions that this process has open at `server`.
std::vector<std::string> own_sessions(const std::string& server);

}  // namespace rowferry::sql
