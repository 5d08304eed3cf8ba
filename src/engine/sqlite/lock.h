#pragma once

#include <string>

#include "engine/sql/ledger.h"

namespace rowferry::sqlite {

// A lock on the file "<target>-rowferry-<job>" beside the target; the kernel gives it back when the
// process dies, and the file goes with it otherwise.
class JobLock final : public sql::JobLock {
 public:
  // Throws Error{conflict, "job.running"} with the holder's process number.
  JobLock(const std::string& target, const std::string& job);
  JobLock(const JobLock&) = delete;
  JobLock& operator=(const JobLock&) = delete;
  ~JobLock() override;

 private:
  bool take();

  std::string path_;
  int file_ = -1;
};

}  // namespace rowferry::sqlite
