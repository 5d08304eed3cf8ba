#pragma once

#include <string>
#include <string_view>

namespace rowferry {

// Text that must not be printed, logged or stored: there is no operator<<, and the memory is
// overwritten when the last owner lets go. `reveal` is called only where a client library is handed
// the value.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text) : text_(text) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) = default;
  Secret& operator=(const Secret&) = default;
  Secret& operator=(Secret&&) = default;
  ~Secret();

  bool empty() const { return text_.empty(); }
  const std::string& reveal() const { return text_; }

 private:
  std::string text_;
};

}  // namespace rowferry
