#include "conformance/vectors.h"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace rowferry::conformance {

namespace {

nlohmann::json file() {
  const auto path = std::filesystem::path(__FILE__).parent_path() / "../canonical/vectors.json";
  return nlohmann::json::parse(std::ifstream(path));
}

Kind kind_of(const std::string& name) {
  for (int kind = 0;; ++kind) {
    if (name_of(static_cast<Kind>(kind)) == name) return static_cast<Kind>(kind);
  }
}

std::string bytes_of(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

}  // namespace

std::vector<Vector> vectors() {
  const nlohmann::json whole = file();
  std::vector<Vector> out;
  for (const auto& entry : whole.at("values")) {
    const auto& type = entry.at("type");
    out.push_back({.type = {.kind = kind_of(type.at("kind")),
                            .length = type.value("length", 0),
                            .precision = type.value("precision", 0),
                            .scale = type.value("scale", 0),
                            .fixed = type.value("fixed", false)},
                   .cell = bytes_of(entry.at("cell")),
                   .text = entry.at("text")});
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> documents() {
  std::vector<std::pair<std::string, std::string>> out;
  const nlohmann::json whole = file();
  for (const auto& entry : whole.at("documents")) {
    out.emplace_back(entry.at("json"), entry.at("normal"));
  }
  return out;
}

}  // namespace rowferry::conformance
