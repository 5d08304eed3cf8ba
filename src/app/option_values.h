#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/page.h"

// Values of options from text. All throw Error{usage, "option.value"}.
namespace rowferry {

// "true", "yes", "on", "1" and their opposites.
bool parse_switch(std::string_view text);
// A whole number from `least` to `most`.
int parse_number(std::string_view text, int least, int most);
// "50000" rows; "16MB", "64 KiB" bytes.
PageSize parse_page_size(std::string_view text);
// "20MB", "512 KiB": bytes.
std::int64_t parse_rate(std::string_view text);
// "30s", "5m", "2h", "7d".
std::chrono::seconds parse_duration(std::string_view text);
// "left=right", both not empty. A left side "/regular expression/" may hold '=' itself.
std::pair<std::string, std::string> parse_pair(std::string_view text);
// "a, b,c" without the spaces around names.
std::vector<std::string> parse_list(std::string_view text);
// "1000,100,1": numbers of rows, each smaller than the one before.
std::vector<std::int64_t> parse_zoom(std::string_view text);
// "5%", "0.1%": a share above 0, up to 1.
double parse_share(std::string_view text);
// The place of `text` in `names`.
std::size_t parse_choice(std::string_view text, const std::vector<std::string_view>& names);

// The one of `names` that `word` is most likely a misspelling of; empty when none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& names);

}  // namespace rowferry
