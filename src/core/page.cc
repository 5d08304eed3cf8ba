#include "core/page.h"

#include <algorithm>
#include <charconv>

#include "core/error.h"

namespace rowferry {

namespace {

void append_quoted(std::string& out, const std::string& value) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

[[noreturn]] void not_a_bound(std::string_view text) {
  throw Error(ErrorKind::internal, "page.bound", "not a page bound: " + std::string(text));
}

// Reads one string of to_text's form at `at`, which stands on the opening quote; moves past it.
std::string read_quoted(std::string_view text, std::size_t& at) {
  std::string value;
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] != '\\') {
      value += text[at];
    } else if (at + 1 < text.size() && text[at + 1] != 'u') {
      value += text[++at];
    } else if (at + 5 < text.size()) {
      unsigned code = 0;
      const char* digits = text.data() + at + 2;
      if (std::from_chars(digits, digits + 4, code, 16).ptr != digits + 4) not_a_bound(text);
      value += static_cast<char>(code);
      at += 5;
    }
  }
  if (at >= text.size()) not_a_bound(text);
  ++at;
  return value;
}

}  // namespace

std::string to_text(const Bound& bound) {
  if (bound.empty()) return "";
  std::string out = "[";
  for (const std::string& value : bound) {
    if (out.size() > 1) out += ',';
    append_quoted(out, value);
  }
  return out + "]";
}

Bound to_bound(std::string_view text) {
  Bound bound;
  if (text.empty()) return bound;
  if (text.front() != '[' || text.back() != ']') not_a_bound(text);
  std::size_t at = 1;
  while (at < text.size() - 1) {
    if (text[at] == '"') {
      bound.push_back(read_quoted(text, at));
    } else if (text[at] == ',') {
      ++at;
    } else {
      not_a_bound(text);
    }
  }
  return bound;
}

std::string describe(const Cut& cut) {
  if (cut.by == Cut::By::whole) return "one page";
  std::string text = cut.by == Cut::By::key ? "key (" : "physical (";
  for (const std::string& column : cut.columns) {
    if (text.back() != '(') text += ", ";
    text += column;
  }
  return text + ")";
}

std::vector<Gap> gaps_between(std::vector<Page> landed, const std::string& part) {
  std::erase_if(landed, [&](const Page& page) { return page.part != part; });
  std::sort(landed.begin(), landed.end(),
            [](const Page& a, const Page& b) { return a.number < b.number; });
  std::vector<Gap> gaps;
  Gap open{.part = part, .lower = {}, .upper = {}, .after = 0, .before = 0};
  bool reached_end = false;
  for (const Page& page : landed) {
    // Only the very first page is open below, only the last open above.
    const bool touches = page.lower == open.lower && (page.lower.empty() == (open.after == 0));
    if (!touches) {
      open.upper = page.lower;
      open.before = page.number;
      gaps.push_back(open);
    }
    open.lower = page.upper;
    open.after = page.number;
    open.upper.clear();
    open.before = 0;
    reached_end = page.upper.empty();
  }
  if (!reached_end) gaps.push_back(open);
  return gaps;
}

std::vector<std::int64_t> number_pages(const Gap& gap, std::size_t count) {
  const auto pages = static_cast<std::int64_t>(count);
  std::int64_t step = kPageStride;
  if (gap.before != 0) step = std::min(step, (gap.before - gap.after) / (pages + 1));
  if (step < 1) {
    throw Error(ErrorKind::internal, "page.numbers", "no page numbers left in a gap");
  }
  std::vector<std::int64_t> numbers;
  for (std::int64_t page = 1; page <= pages; ++page) numbers.push_back(gap.after + page * step);
  return numbers;
}

std::vector<Page> pages_between(const Gap& gap, std::vector<Bound> bounds) {
  if (gap.before != 0) {
    const auto room =
        static_cast<std::size_t>(std::max<std::int64_t>(gap.before - gap.after - 2, 0));
    if (bounds.size() > room) bounds.resize(room);
  }
  const std::vector<std::int64_t> numbers = number_pages(gap, bounds.size() + 1);
  std::vector<Page> pages;
  Bound lower = gap.lower;
  bounds.push_back(gap.upper);
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    pages.push_back({.part = gap.part, .number = numbers[i], .lower = lower, .upper = bounds[i]});
    lower = bounds[i];
  }
  return pages;
}

}  // namespace rowferry
