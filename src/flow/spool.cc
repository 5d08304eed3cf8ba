#include "flow/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "core/error.h"

namespace rowferry {

namespace {

std::string directory() {
  const char* named = std::getenv("TMPDIR");
  return named != nullptr && *named != '\0' ? named : "/tmp";
}

Error failure() {
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

}  // namespace

Spool::Spool() {
  const int file = unnamed_file();
  if (file >= 0) file_.reset(fdopen(file, "w+"));
  if (!file_) throw failure();
}

void Spool::add(std::string_view row) {
  const auto size = static_cast<std::uint32_t>(row.size());
  const bool written = std::fwrite(&size, sizeof size, 1, file_.get()) == 1 &&
                       std::fwrite(row.data(), 1, row.size(), file_.get()) == row.size();
  if (!written) throw failure();
  bytes_ += static_cast<std::int64_t>(sizeof size + row.size());
}

void Spool::clear() {
  std::rewind(file_.get());
  if (ftruncate(fileno(file_.get()), 0) != 0) throw failure();
  bytes_ = 0;
}

void Spool::each(const std::function<void(std::string_view)>& take) {
  if (std::fflush(file_.get()) != 0 || std::fseek(file_.get(), 0, SEEK_SET) != 0) throw failure();
  std::uint32_t size = 0;
  for (std::int64_t read = 0; read < bytes_;
       read += static_cast<std::int64_t>(sizeof size + size)) {
    if (std::fread(&size, sizeof size, 1, file_.get()) != 1) throw failure();
    row_.resize(size);
    if (std::fread(row_.data(), 1, size, file_.get()) != size) throw failure();
    take(row_);
  }
}

}  // namespace rowferry
