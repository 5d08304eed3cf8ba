// The normal form of JSON documents.
#include <charconv>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/canonical.h"

namespace rowferry {

namespace {

constexpr std::string_view kHex = "0123456789abcdef";

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    static constexpr std::string_view kSigns = "\"\\\b\f\n\r\t";
    static constexpr std::string_view kLetters = "\"\\bfnrt";
    const std::size_t known = kSigns.find(c);
    const auto byte = static_cast<unsigned char>(c);
    if (known != std::string_view::npos) {
      out += '\\';
      out += kLetters[known];
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    } else {
      out += c;
    }
  }
  out += '"';
}

// "-12.50e3" as "-125e2": digits without zeros at either end, and the power of ten.
std::string normal_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  std::int64_t power = 0;
  if (e < text.size()) {
    std::string_view exponent = text.substr(e + 1);
    if (exponent.starts_with('+')) exponent.remove_prefix(1);
    std::from_chars(exponent.data(), exponent.data() + exponent.size(), power);
  }
  std::string digits;
  bool behind = false;
  for (const char c : text.substr(0, e)) {
    if (c == '.') {
      behind = true;
    } else {
      digits += c;
      power -= behind ? 1 : 0;
    }
  }
  while (digits.ends_with('0')) {
    digits.pop_back();
    ++power;
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty()) return "0";
  if (power != 0) digits += "e" + std::to_string(power);
  return negative ? "-" + digits : digits;
}

// Puts values together as the parser names them.
class Normaliser final : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::string take() { return std::move(done_); }

  bool null() override { return value("null"); }
  bool boolean(bool yes) override { return value(yes ? "true" : "false"); }
  bool number_integer(number_integer_t number) override {
    return value(normal_number(std::to_string(number)));
  }
  bool number_unsigned(number_unsigned_t number) override {
    return value(normal_number(std::to_string(number)));
  }
  bool number_float(number_float_t, const string_t& text) override {
    return value(normal_number(text));
  }
  bool string(string_t& text) override {
    std::string quoted;
    append_quoted(quoted, text);
    return value(std::move(quoted));
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(true); }
  bool start_array(std::size_t) override { return open(false); }
  bool key(string_t& text) override {
    open_.back().key = text;
    return true;
  }
  bool end_object() override {
    std::string text = "{";
    for (const auto& [key, normal] : open_.back().members) {
      if (text.size() > 1) text += ',';
      append_quoted(text, key);
      text += ':' + normal;
    }
    return close(text + "}");
  }
  bool end_array() override { return close(open_.back().items.insert(0, "[") + "]"); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  struct Open {
    bool object = false;
    std::string key;
    std::map<std::string, std::string> members;
    std::string items;
  };

  bool open(bool object) {
    open_.push_back({.object = object, .key = "", .members = {}, .items = ""});
    return true;
  }

  bool close(std::string text) {
    open_.pop_back();
    return value(std::move(text));
  }

  bool value(std::string text) {
    if (open_.empty()) {
      done_ = std::move(text);
    } else if (open_.back().object) {
      open_.back().members[open_.back().key] = std::move(text);
    } else {
      std::string& items = open_.back().items;
      if (!items.empty()) items += ',';
      items += text;
    }
    return true;
  }

  std::vector<Open> open_;
  std::string done_;
};

}  // namespace

std::optional<std::string> normal_document(std::string_view json) {
  Normaliser normaliser;
  if (!nlohmann::json::sax_parse(json, &normaliser)) return std::nullopt;
  return normaliser.take();
}

}  // namespace rowferry
