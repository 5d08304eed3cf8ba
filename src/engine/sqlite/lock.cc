#include "engine/sqlite/lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "core/error.h"

namespace rowferry::sqlite {

namespace {

std::string holder_of(int file) {
  std::array<char, 32> text{};
  const ssize_t length = pread(file, text.data(), text.size(), 0);
  std::string pid(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  while (!pid.empty() && pid.back() == '\n') pid.pop_back();
  return pid.empty() ? "another process" : "process " + pid;
}

bool same_file(int file, const std::string& path) {
  struct stat open {};
  struct stat named {};
  return fstat(file, &open) == 0 && stat(path.c_str(), &named) == 0 &&
         open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

// A name that any file system takes.
std::string safe(const std::string& job) {
  std::string out = job;
  for (char& c : out) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_') c = '_';
  }
  return out;
}

}  // namespace

JobLock::JobLock(const std::string& target, const std::string& job)
    : path_(target + "-rowferry-" + safe(job)) {
  while (!take()) {
  }
  const std::string pid = std::to_string(getpid()) + "\n";
  const bool written = ftruncate(file_, 0) == 0 &&
                       pwrite(file_, pid.data(), pid.size(), 0) == static_cast<ssize_t>(pid.size());
  (void)written;  // the lock holds without; only the message of others would be poorer
}

// False when the file was removed between opening and locking it.
bool JobLock::take() {
  file_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file_ < 0) {
    throw Error(ErrorKind::auth, "sqlite.permission",
                "cannot make the lock file " + path_ + ": " + std::strerror(errno));
  }
  if (flock(file_, LOCK_EX | LOCK_NB) != 0) {
    const std::string holder = holder_of(file_);
    close(file_);
    throw Error(ErrorKind::conflict, "job.running",
                holder + " is running this job against the same target")
        .hint("wait for it, or stop it; `rowferry status` shows the jobs of this machine");
  }
  if (same_file(file_, path_)) return true;
  close(file_);
  return false;
}

// Removed while still locked: who opened the same file in between finds it gone and begins anew.
JobLock::~JobLock() {
  if (same_file(file_, path_)) unlink(path_.c_str());
  close(file_);
}

}  // namespace rowferry::sqlite
