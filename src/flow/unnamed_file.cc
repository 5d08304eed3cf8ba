#include "flow/unnamed_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

namespace rowferry {

namespace {

std::string directory() {
  const char* named = std::getenv("TMPDIR");
  return named != nullptr && *named != '\0' ? named : "/tmp";
}

}  // namespace

Error spool_failure() {
  return Error(ErrorKind::conflict, "spool.write",
               "cannot put rows aside: " + std::string(std::strerror(errno)))
      .at(directory())
      .hint("free space there, or name another directory in the variable TMPDIR");
}

int unnamed_file() {
  const std::string dir = directory();
  const int file = open(dir.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) return file;
  std::string name = dir + "/rowferry-XXXXXX";  // where the file system has no unnamed ones
  const int named = mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) unlink(name.c_str());
  return named;
}

}  // namespace rowferry
