#include "core/digest.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace rowferry {
namespace {

std::string bytes_of(const std::string& digits) {
  std::string bytes;
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    bytes += static_cast<char>(std::stoi(digits.substr(at, 2), nullptr, 16));
  }
  return bytes;
}

TEST(Digest, IsThatOfTheVectors) {
  const auto path =
      std::filesystem::path(__FILE__).parent_path() / "../../tests/digest/vectors.json";
  std::ifstream file(path);
  const auto vectors = nlohmann::json::parse(file);
  ASSERT_GT(vectors.size(), 5U);
  for (const auto& vector : vectors) {
    Digest digest;
    for (const auto& image : vector["images"]) digest.add(bytes_of(image.get<std::string>()));
    EXPECT_EQ(digest.rows, vector["rows"].get<std::int64_t>()) << vector;
    EXPECT_EQ(std::to_string(digest.high), vector["high"].get<std::string>()) << vector;
    EXPECT_EQ(std::to_string(digest.low), vector["low"].get<std::string>()) << vector;
  }
}

TEST(Digest, DoesNotHangOnTheOrderOfRowsButOnTheirNumber) {
  Digest one;
  Digest other;
  for (const char* row : {"a", "b", "b"}) one.add(row);
  for (const char* row : {"b", "a", "b"}) other.add(row);
  EXPECT_EQ(one, other);
  other.add("b");
  EXPECT_NE(one, other);
  Digest sum;
  sum.add(one);
  sum.add(one);
  Digest twice;
  for (const char* row : {"a", "a", "b", "b", "b", "b"}) twice.add(row);
  EXPECT_EQ(sum, twice);
}

}  // namespace
}  // namespace rowferry
