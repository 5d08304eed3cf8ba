#include "flow/spool.h"

#include <unistd.h>

#include "flow/unnamed_file.h"

namespace rowferry {

Spool::Spool() {
  const int file = unnamed_file();
  if (file >= 0) file_.reset(fdopen(file, "w+"));
  if (!file_) throw spool_failure();
}

void Spool::add(const FormedRow& row) {
  const Sizes sizes{static_cast<std::uint32_t>(row.row.size()),
                    static_cast<std::uint32_t>(row.read.size())};
  const bool written =
      std::fwrite(sizes.data(), sizeof sizes, 1, file_.get()) == 1 && put(row.row) && put(row.read);
  if (!written) throw spool_failure();
  bytes_ += static_cast<std::int64_t>(sizeof sizes) + sizes[0] + sizes[1];
}

bool Spool::put(std::string_view bytes) {
  return std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size();
}

void Spool::clear() {
  std::rewind(file_.get());
  if (ftruncate(fileno(file_.get()), 0) != 0) throw spool_failure();
  bytes_ = 0;
}

void Spool::each(const std::function<void(const FormedRow&)>& take) {
  if (std::fflush(file_.get()) != 0 || std::fseek(file_.get(), 0, SEEK_SET) != 0)
    throw spool_failure();
  Sizes sizes{};
  for (std::int64_t read = 0; read < bytes_;
       read += static_cast<std::int64_t>(sizeof sizes) + sizes[0] + sizes[1]) {
    if (std::fread(sizes.data(), sizeof sizes, 1, file_.get()) != 1) throw spool_failure();
    row_.resize(std::size_t{sizes[0]} + sizes[1]);
    if (std::fread(row_.data(), 1, row_.size(), file_.get()) != row_.size()) throw spool_failure();
    const std::string_view bytes = row_;
    take({.row = bytes.substr(0, sizes[0]), .read = bytes.substr(sizes[0])});
  }
}

}  // namespace rowferry
