#include "engine/mysql/greeting.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <memory>
#include <string>

namespace rowferry::mysql {

namespace {

constexpr int kDefaultPort = 3306;
constexpr unsigned kClientSsl = 0x0800;

// A socket that closes itself.
class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

  // Reads `size` bytes, waiting a bounded time for each piece.
  bool read_all(char* to, std::size_t size, int seconds) const {
    while (size > 0) {
      pollfd wait{fd_, POLLIN, 0};
      if (poll(&wait, 1, seconds * 1000) != 1) return false;
      const ssize_t got = ::read(fd_, to, size);
      if (got <= 0) return false;
      to += got;
      size -= static_cast<std::size_t>(got);
    }
    return true;
  }

 private:
  int fd_;
};

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

int connect_to(const Address& address) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(address.port == 0 ? kDefaultPort : address.port);
  if (getaddrinfo(address.host.c_str(), port.c_str(), &wanted, &found) != 0) return -1;
  const std::unique_ptr<addrinfo, FreeAddresses> list(found);
  for (const addrinfo* one = list.get(); one != nullptr; one = one->ai_next) {
    const int fd = socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC, one->ai_protocol);
    if (fd < 0) continue;
    timeval limit{address.connect_seconds, 0};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(fd, one->ai_addr, one->ai_addrlen) == 0) return fd;
    close(fd);
  }
  return -1;
}

}  // namespace

bool offers_tls(const Address& address) {
  const Socket socket(connect_to(address));
  std::array<char, 4> header;
  if (socket.fd() < 0 || !socket.read_all(header.data(), header.size(), address.connect_seconds)) {
    return true;
  }
  const auto byte = [](char c) { return static_cast<unsigned char>(c); };
  const std::size_t size = byte(header[0]) | byte(header[1]) << 8U | byte(header[2]) << 16U;
  std::string packet(size, '\0');
  if (!socket.read_all(packet.data(), size, address.connect_seconds)) return true;
  // Version 10, the server's name and a NUL, connection id, 8 bytes of salt, a filler, then the
  // lower half of what the server can do. Anything else is an error packet.
  const std::size_t end = packet.find('\0', 1);
  const std::size_t at = end + 1 + 4 + 8 + 1;
  if (packet.empty() || packet[0] != 10 || end == std::string::npos || at + 2 > size) return true;
  return ((byte(packet[at]) | byte(packet[at + 1]) << 8U) & kClientSsl) != 0;
}

}  // namespace rowferry::mysql
