#pragma once

#include <cstdint>
#include <string_view>

#include "core/batch.h"

// The frame of PostgreSQL's binary COPY: a signature, two int32 (flags, length of an extension),
// then tuples, then an int16 of -1. Source: PostgreSQL's documentation of COPY, "Binary Format".
namespace rowferry::postgres {

inline constexpr std::string_view kSignature{"PGCOPY\n\377\r\n\0", 11};
inline constexpr std::size_t kHeaderBytes = 19;
inline constexpr std::string_view kHeader{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", kHeaderBytes};
inline constexpr std::string_view kTrailer{"\377\377", 2};

inline bool is_trailer(std::string_view row) {
  return row == kTrailer;
}

inline const char* format_name(RowFormat format) {
  return format == RowFormat::native_text ? "text" : "binary";
}

}  // namespace rowferry::postgres
