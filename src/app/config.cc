#include "app/config.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "core/error.h"

namespace rowferry {

namespace {

class Reading {
 public:
  explicit Reading(const std::filesystem::path& file) { config_.file = file; }

  Config take(const toml::table& root) {
    for (const auto& [key, node] : root) {
      if (key == "options") {
        options(table(node, "options"));
      } else if (key == "ends") {
        ends(table(node, "ends"));
      } else {
        fail(node, fmt::format("'{}' is neither [options] nor [ends]", key.str()));
      }
    }
    return std::move(config_);
  }

 private:
  [[noreturn]] void fail(const toml::node& node, const std::string& what) const {
    throw Error(ErrorKind::usage, "config.value", what)
        .at(fmt::format("{}:{}", config_.file.string(), node.source().begin.line));
  }

  const toml::table& table(const toml::node& node, std::string_view name) const {
    if (!node.is_table()) fail(node, fmt::format("'{}' must be a table", name));
    return *node.as_table();
  }

  std::string text(const toml::node& node, std::string_view name) const {
    if (const auto* value = node.as_string()) return value->get();
    if (const auto* value = node.as_integer()) return std::to_string(value->get());
    if (const auto* value = node.as_boolean()) return value->get() ? "true" : "false";
    fail(node, fmt::format("'{}' must be a string, a whole number or true or false", name));
  }

  std::string joined(const toml::array& array, std::string_view name) const {
    std::string out;
    for (const toml::node& node : array) out += (out.empty() ? "" : ",") + text(node, name);
    return out;
  }

  // An entry of [options.where] and its like; an array is a list behind the '='.
  std::string pair(std::string_view key, const toml::node& node, std::string_view name) const {
    const auto* array = node.as_array();
    return fmt::format("{}={}", key, array != nullptr ? joined(*array, name) : text(node, name));
  }

  void options(const toml::table& options) {
    for (const auto& [key, node] : options) {
      std::string name(key.str());
      std::replace(name.begin(), name.end(), '_', '-');
      auto& values = config_.options[name];
      if (const auto* array = node.as_array()) {
        for (const toml::node& each : *array) values.push_back(text(each, name));
      } else if (const auto* pairs = node.as_table()) {
        for (const auto& [left, right] : *pairs) values.push_back(pair(left.str(), right, name));
      } else {
        values.push_back(text(node, name));
      }
    }
  }

  void ends(const toml::table& ends) {
    for (const auto& [key, node] : ends)
      config_.ends[std::string(key.str())] = end(node, key.str());
  }

  NamedEnd end(const toml::node& node, std::string_view name) const {
    NamedEnd end;
    if (node.is_string()) {
      end.url = text(node, name);
      return end;
    }
    for (const auto& [key, value] : table(node, name)) {
      if (key == "url") {
        end.url = text(value, key.str());
      } else if (key == "password_file") {
        end.password_file = config_.file.parent_path() / text(value, key.str());
      } else if (key == "password_env") {
        end.password_env = text(value, key.str());
      } else {
        fail(value, fmt::format("end '{}': '{}' is none of url, password_file, password_env", name,
                                key.str()));
      }
    }
    if (end.url.empty()) fail(node, fmt::format("end '{}' has no url", name));
    return end;
  }

  Config config_;
};

}  // namespace

Config read_config(const std::filesystem::path& file) {
  std::error_code failure;
  if (!std::filesystem::is_regular_file(file, failure)) {
    throw Error(ErrorKind::usage, "config.open", "no configuration file '" + file.string() + "'");
  }
  try {
    return Reading(file).take(toml::parse_file(file.string()));
  } catch (const toml::parse_error& error) {
    throw Error(ErrorKind::usage, "config.syntax", std::string(error.description()))
        .at(fmt::format("{}:{}", file.string(), error.source().begin.line));
  }
}

}  // namespace rowferry
