#include "conformance/quirks.h"

namespace rowferry::conformance {

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

std::string joined(const std::vector<std::string>& parts, const std::string& separator) {
  std::string text;
  for (const std::string& part : parts) text += (&part == parts.data() ? "" : separator) + part;
  return text;
}

}  // namespace rowferry::conformance
