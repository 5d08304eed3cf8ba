#include "engine/sqlite/inspect.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <filesystem>

#include "engine/sql/facts_found.h"

namespace rowferry::sqlite {

namespace {

constexpr std::int64_t kMega = 1'000'000;

std::string megabytes(std::int64_t bytes) {
  return std::to_string((bytes + kMega - 1) / kMega) + " MB";
}

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
  if (free > bytes) {
    found.push_back(sql::note("space.free", "free space: " + megabytes(free)));
    return;
  }
  found.push_back({.severity = Severity::warning,
                   .code = "space.low",
                   .message = "there are " + megabytes(free) + " free in " + directory +
                              ", and the source has about " + megabytes(bytes),
                   .hint = "make room, or name a file on another disk"});
}

}  // namespace

std::vector<Finding> inspect(const std::string& path, const Inspection& about) {
  std::vector<Finding> found;
  if (!about.target) {
    struct stat file {};
    if (::stat(path.c_str(), &file) == 0) {
      found.push_back(sql::note("file.size", "file: " + megabytes(file.st_size)));
    }
    return found;
  }
  const std::string directory = std::filesystem::path(path).parent_path().string();
  look_at_rights(path, directory, found);
  look_at_space(directory, about.bytes, found);
  return found;
}

}  // namespace rowferry::sqlite
