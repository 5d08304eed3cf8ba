#include "engine/sqlite/inspect.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <filesystem>

#include "engine/sql/facts_found.h"

namespace rowferry::sqlite {

namespace {

// SQLite makes a journal beside the file.
void look_at_rights(const std::string& path, const std::string& directory,
                    std::vector<Finding>& found) {
  const bool there = access(path.c_str(), F_OK) == 0;
  if (there && access(path.c_str(), W_OK) != 0) {
    found.push_back(sql::privilege_missing("the right to write to " + path, "chmod u+w " + path));
  }
  if (there && access(directory.c_str(), W_OK | X_OK) != 0) {
    found.push_back(sql::privilege_missing(
        "the right to write in " + directory + ", for the journal", "chmod u+wx " + directory));
  }
}

void look_at_space(const std::string& directory, std::int64_t bytes, std::vector<Finding>& found) {
  struct statvfs disk {};
  if (::statvfs(directory.c_str(), &disk) != 0) return;
  const auto free =
      static_cast<std::int64_t>(disk.f_bavail) * static_cast<std::int64_t>(disk.f_frsize);
  found.push_back(sql::space_found(free, bytes, directory));
}

}  // namespace

std::vector<Finding> inspect(const std::string& path, const Inspection& about) {
  std::vector<Finding> found;
  if (!about.target) {
    struct stat file {};
    if (::stat(path.c_str(), &file) == 0) {
      found.push_back(sql::note("file.size", "file: " + sql::megabytes(file.st_size)));
    }
    return found;
  }
  const std::string directory = std::filesystem::path(path).parent_path().string();
  look_at_rights(path, directory, found);
  look_at_space(directory, about.bytes, found);
  return found;
}

}  // namespace rowferry::sqlite
