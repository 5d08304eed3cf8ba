#pragma once

#include <string_view>

namespace rowferry {

// Reads what core's append_text writes for an interval ("1 year 2 mons -3 days +04:05:06.5",
// "infinity") into the 16 bytes of Kind::interval at `out`. False for all other text.
bool parse_interval(std::string_view text, char* out);

}  // namespace rowferry
