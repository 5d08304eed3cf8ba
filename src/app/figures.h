#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Numbers and names as people read them. Pure functions.
namespace rowferry {

// "1,234,567".
std::string with_commas(std::int64_t number);
// "512 B", "16.8 MB": powers of 1000, one digit after the point.
std::string human_bytes(double bytes);
// "0.4 s", "12.3 s", "3:05", "2:03:05".
std::string human_seconds(double seconds);
// `count` per second; "-" when no time is known to have passed.
std::string human_rate(std::int64_t count, double seconds);
// `text` with control characters and bytes that are no UTF-8 as "\x1b", so that no name moves the
// cursor or breaks a line.
std::string printable(std::string_view text);
// "1 table", "2 tables".
std::string counted(std::int64_t count, std::string_view noun);

}  // namespace rowferry
