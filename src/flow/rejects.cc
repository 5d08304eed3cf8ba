#include "flow/rejects.h"

#include <cctype>
#include <fstream>
#include <nlohmann/json.hpp>

namespace rowferry {

namespace {

// A table's name as a file name: what a file system may not like becomes '_'.
std::string file_name(const TableName& table) {
  std::string name = to_string(table);
  for (char& c : name) {
    if (c == '/' || c == '\0' || std::iscntrl(static_cast<unsigned char>(c)) != 0) c = '_';
  }
  return name.substr(0, 200) + ".jsonl";
}

}  // namespace

std::string write_rejects(const std::filesystem::path& dir, const TableName& table,
                          const std::vector<Reject>& rejects) {
  std::error_code failed;
  std::filesystem::create_directories(dir, failed);
  const std::filesystem::path path = dir / file_name(table);
  std::ofstream file(path, std::ios::trunc);
  for (const Reject& reject : rejects) {
    const nlohmann::json line = {
        {"key", reject.key}, {"column", reject.column}, {"reason", reject.reason}};
    file << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  }
  file.close();
  return file ? path.string() : "";
}

}  // namespace rowferry
