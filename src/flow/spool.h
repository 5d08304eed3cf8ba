#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "flow/row_index.h"

namespace rowferry {

// Rows put aside in a file that has no name, so that nothing stays behind however the process ends.
// It stands in the directory for temporary files (TMPDIR). Belongs to one thread at a time.
class Spool {
 public:
  // Throws Error{conflict, "spool.write"}, as add() does.
  Spool();

  void add(const FormedRow& row);
  std::int64_t bytes() const { return bytes_; }
  void clear();
  // Gives back each row in the order of their coming, valid during the call.
  void each(const std::function<void(const FormedRow&)>& take);

 private:
  using Sizes = std::array<std::uint32_t, 2>;  // of a row, and of it as it was read

  bool put(std::string_view bytes);

  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
  std::int64_t bytes_ = 0;
  std::string row_;
};

}  // namespace rowferry
