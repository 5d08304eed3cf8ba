#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

namespace rowferry {

// Counts what a run moves and says how fast and for how long yet. A value: the caller brings the
// time and the lock.
class Meter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Meter(Time start) : start_(start) {}

  void expect(std::int64_t tables, std::int64_t rows, std::int64_t bytes, std::int64_t landed_rows);
  void page(std::int64_t rows, std::int64_t bytes);
  void table_done() { ++tables_done_; }

  std::int64_t tables() const { return tables_; }
  std::int64_t rows() const { return rows_; }
  double seconds(Time now) const;

  // "1,200/5,000 rows 24%  310 rows/s  41.2 MB/s  ETA 0:12  tables 3/17". Speeds are those of the
  // last ten seconds; to be called several times within them.
  std::string line(Time now);

 private:
  struct Sample {
    Time time;
    std::int64_t rows;
    std::int64_t bytes;
  };
  void sample(Time now);
  std::string speeds(Time now) const;

  Time start_;
  std::int64_t tables_ = 0;
  std::int64_t tables_done_ = 0;
  std::int64_t expected_rows_ = 0;
  std::int64_t landed_rows_ = 0;  // by earlier runs
  std::int64_t rows_ = 0;
  std::int64_t bytes_ = 0;
  std::deque<Sample> samples_;
};

}  // namespace rowferry
