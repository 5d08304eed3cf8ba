#include "engine/sqlite/file.h"

#include <unistd.h>

#include <filesystem>

#include "core/error.h"

namespace rowferry::sqlite {

namespace fs = std::filesystem;

std::string path_of(const Url& url) {
  std::string path = url.rest;
  if (path.starts_with("//")) path.erase(0, 2);
  if (path.empty()) {
    throw Error(ErrorKind::usage, "sqlite.url", "'" + url.text() + "' names no file")
        .hint("write it as sqlite:shop.db");
  }
  return fs::absolute(path).lexically_normal().string();
}

std::string identity_of(const std::string& path) {
  std::error_code failed;
  const fs::path real = fs::weakly_canonical(path, failed);
  return "sqlite:" + (failed ? path : real.string());
}

namespace {

void check_directory(const fs::path& path) {
  const std::string parent = path.parent_path().string();
  std::error_code failed;
  if (!fs::is_directory(parent, failed)) {
    throw Error(ErrorKind::not_found, "sqlite.open", "there is no directory " + parent)
        .hint("make the directory, or check the path");
  }
  if (access(parent.c_str(), W_OK | X_OK) != 0) {
    throw Error(ErrorKind::auth, "sqlite.permission", "no right to write in " + parent);
  }
}

}  // namespace

void check_openable(const std::string& path, bool create) {
  std::error_code failed;
  if (!fs::exists(path, failed)) {
    if (create) return check_directory(path);
    throw Error(ErrorKind::not_found, "sqlite.open", "there is no file " + path)
        .hint("check the path; relative paths begin at " + fs::current_path(failed).string());
  }
  if (fs::is_directory(path, failed)) {
    throw Error(ErrorKind::not_found, "sqlite.open", path + " is a directory, not a database");
  }
  if (access(path.c_str(), R_OK) != 0) {
    throw Error(ErrorKind::auth, "sqlite.permission", "no right to read " + path);
  }
}

}  // namespace rowferry::sqlite
