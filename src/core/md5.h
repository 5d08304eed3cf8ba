#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace rowferry {

// MD5 (RFC 1321), which every server computes too: it tells accidents apart and is no proof against
// somebody who makes collisions on purpose. Belongs to one thread.
class Md5 {
 public:
  // Throws Error{unsupported, "digest.md5"} where the system's policy forbids MD5.
  Md5();

  void add(std::string_view bytes);
  // The digest of all that was added, in 32 lower-case hexadecimal digits; begins anew.
  std::string take();

 private:
  struct Free {
    void operator()(void* context) const;
  };
  void begin();

  std::unique_ptr<void, Free> context_;
};

}  // namespace rowferry
