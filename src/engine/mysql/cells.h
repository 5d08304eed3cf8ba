#pragma once

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

// Small words for what these servers' catalogs answer.
namespace rowferry::mysql {

inline std::string text_of(const std::optional<std::string>& cell) {
  return cell.value_or("");
}

inline std::int64_t number_of(const std::optional<std::string>& cell) {
  return cell ? std::atoll(cell->c_str()) : 0;
}

inline bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

inline std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace rowferry::mysql
