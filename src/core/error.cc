#include "core/error.h"

#include <array>

namespace rowferry {

std::string_view name_of(ErrorKind kind) {
  static constexpr std::array<std::string_view, 11> kNames = {
      "usage", "not_found", "unsupported", "schema",      "data",    "conflict",
      "auth",  "transient", "ambiguous",   "interrupted", "internal"};
  return kNames.at(static_cast<std::size_t>(kind));
}

Error& Error::native(std::string code) {
  native_ = std::move(code);
  return *this;
}

Error& Error::hint(std::string text) {
  hint_ = std::move(text);
  return *this;
}

Error& Error::at(std::string_view place) {
  if (where_ == place || where_.starts_with(std::string(place) + ", ")) return *this;
  if (where_.empty()) {
    where_ = place;
  } else {
    where_ = std::string(place) + ", " + where_;
  }
  return *this;
}

std::string Error::line() const {
  std::string text;
  if (!where_.empty()) text = where_ + ": ";
  text += message_;
  if (!native_.empty()) text += " [" + native_ + "]";
  return text;
}

bool ends_table_only(ErrorKind kind) {
  return kind == ErrorKind::data || kind == ErrorKind::schema || kind == ErrorKind::conflict;
}

}  // namespace rowferry
