#include "app/option_values.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <numeric>

#include "core/error.h"

namespace rowferry {

namespace {

[[noreturn]] void refuse(std::string_view text, const std::string& expected) {
  throw Error(ErrorKind::usage, "option.value", "'" + std::string(text) + "' is not " + expected);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Bytes of a unit; 0 for no unit that is known.
std::int64_t unit_bytes(const std::string& unit) {
  static constexpr std::pair<std::string_view, std::int64_t> kUnits[] = {
      {"b", 1},         {"kb", 1'000},    {"mb", 1'000'000}, {"gb", 1'000'000'000},
      {"kib", 1 << 10}, {"mib", 1 << 20}, {"gib", 1 << 30}};
  for (const auto& [name, bytes] : kUnits) {
    if (name == unit) return bytes;
  }
  return 0;
}

// A number of bytes where it has a unit; 0 where it cannot be read.
struct Amount {
  std::int64_t number = 0;
  bool bytes = false;
};

Amount parse_amount(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string unit = lower(trimmed({end, text.data() + text.size()}));
  const std::int64_t each = unit.empty() ? 1 : unit_bytes(unit);
  const bool sound = failure == std::errc() && number > 0 && each > 0 &&
                     number <= std::numeric_limits<std::int64_t>::max() / each;
  if (!sound) return {};
  return {.number = number * each, .bytes = !unit.empty()};
}

// Number of insertions, deletions and replacements between two words (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

bool parse_switch(std::string_view text) {
  const std::string word = lower(text);
  if (word == "true" || word == "yes" || word == "on" || word == "1") return true;
  if (word == "false" || word == "no" || word == "off" || word == "0") return false;
  refuse(text, "true or false");
}

int parse_number(std::string_view text, int least, int most) {
  int number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size() || number < least ||
      number > most) {
    refuse(text, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return number;
}

PageSize parse_page_size(std::string_view text) {
  const Amount amount = parse_amount(text);
  if (amount.number == 0) {
    refuse(text, "a page size: write rows (50000) or bytes with a unit (16MB, 64KiB)");
  }
  PageSize size;
  (amount.bytes ? size.bytes : size.rows) = amount.number;
  return size;
}

std::int64_t parse_rate(std::string_view text) {
  const Amount amount = parse_amount(text);
  if (amount.number == 0 || !amount.bytes) {
    refuse(text, "a number of bytes a second: write it with a unit (20MB, 512KiB)");
  }
  return amount.number;
}

std::chrono::seconds parse_duration(std::string_view text) {
  static constexpr std::pair<std::string_view, int> kUnits[] = {
      {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
  constexpr std::int64_t kMost = std::int64_t{100'000} * 86400;
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  for (const auto& [name, seconds] : kUnits) {
    const bool sound = failure == std::errc() && number >= 0 && number <= kMost / seconds;
    if (sound && unit == name) return std::chrono::seconds(number * seconds);
  }
  refuse(text, "a time with a unit: 30s, 5m, 2h, 7d");
}

std::pair<std::string, std::string> parse_pair(std::string_view text) {
  const bool expression = text.starts_with('/');
  const std::size_t slash = expression ? text.find("/=", 1) : std::string_view::npos;
  const std::size_t equals = slash != std::string_view::npos ? slash + 1 : text.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size()) {
    refuse(text, "of the form LEFT=RIGHT");
  }
  return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

std::vector<std::string> parse_list(std::string_view text) {
  std::vector<std::string> names;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    const std::string_view name = trimmed(text.substr(from, comma - from));
    if (name.empty()) refuse(text, "a list of names separated by commas");
    names.emplace_back(name);
    from = comma + 1;
  }
  return names;
}

std::vector<std::int64_t> parse_zoom(std::string_view text) {
  std::vector<std::int64_t> rows;
  for (const std::string& part : parse_list(text)) {
    const int number = parse_number(part, 1, std::numeric_limits<int>::max());
    if (!rows.empty() && number >= rows.back()) {
      refuse(text, "a list of page sizes in rows, each smaller than the one before: 1000,1");
    }
    rows.push_back(number);
  }
  return rows;
}

double parse_share(std::string_view text) {
  double number = 0;
  const bool share = text.ends_with('%');
  const std::string_view digits = trimmed(text.substr(0, text.size() - (share ? 1 : 0)));
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool sound = share && failure == std::errc() && end == digits.data() + digits.size() &&
                     number > 0 && number <= 100;
  if (!sound) refuse(text, "a share above 0% and up to 100%, as in 5%");
  return number / 100;
}

std::size_t parse_choice(std::string_view text, const std::vector<std::string_view>& names) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  std::string list;
  for (const std::string_view name : names) {
    if (!list.empty()) list += name == names.back() ? " or " : ", ";
    list += name;
  }
  refuse(text, "one of " + list);
}

std::string nearest(std::string_view word, const std::vector<std::string>& names) {
  std::string best;
  std::size_t least = std::min<std::size_t>(3, std::max<std::size_t>(word.size() / 2, 1) + 1);
  for (const std::string& name : names) {
    const std::size_t steps = distance(word, name);
    if (steps < least) {
      least = steps;
      best = name;
    }
  }
  return best;
}

}  // namespace rowferry
