#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace rowferry {

// Stores and loads integers and floats in network byte order, the order of every binary form here.

template <typename T>
constexpr T to_big_endian(T value) {
  if constexpr (std::endian::native == std::endian::big || sizeof(T) == 1) {
    return value;
  } else if constexpr (sizeof(T) == 2) {
    return static_cast<T>(__builtin_bswap16(static_cast<std::uint16_t>(value)));
  } else if constexpr (sizeof(T) == 4) {
    return static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
  } else {
    return static_cast<T>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
  }
}

template <typename T>
void store(char* to, T value) {
  value = to_big_endian(value);
  std::memcpy(to, &value, sizeof value);
}

template <typename T>
T load(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return to_big_endian(value);
}

inline void store_double(char* to, double value) {
  store(to, std::bit_cast<std::uint64_t>(value));
}
inline double load_double(const char* from) {
  return std::bit_cast<double>(load<std::uint64_t>(from));
}
inline float load_float(const char* from) {
  return std::bit_cast<float>(load<std::uint32_t>(from));
}

}  // namespace rowferry
