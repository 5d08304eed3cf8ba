#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/sqlite/session.h"

namespace rowferry::sqlite {

// An open file of SQLite's, read through SQLite's own descriptor: opening and closing another one
// would drop the process's POSIX locks on it (sqlite.org/howtocorrupt.html#_posix_advisory_locks).
// Valid while its connection is open and, for the WAL, within a transaction. One thread at a time.
class RawFile {
 public:
  static RawFile main(const Connection& connection);
  static RawFile wal(const Connection& connection);

  // False when the file is not there or ends before.
  bool read(std::int64_t offset, unsigned char* to, int length) const;
  std::int64_t size() const;

 private:
  explicit RawFile(sqlite3_file* file) : file_(file) {}
  sqlite3_file* file_;
};

// What is committed in a write-ahead log (sqlite.org/fileformat2.html#walformat).
struct Wal {
  std::uint32_t salt1 = 0;
  std::uint32_t salt2 = 0;
  std::int64_t frames = 0;                             // up to the last commit
  std::unordered_map<std::uint32_t, std::int64_t> at;  // offset of each page's last frame
};

// Reads the log as far as checksums and salts hold. Nothing that is there by accident counts.
Wal read_wal(const RawFile& file);

// The pages of a database file as one transaction sees them, with the log over the file. A page
// that another process is writing just now may be torn: use the bytes for estimates only.
class PageFile {
 public:
  // `wal` belongs to the view of the connection's open transaction.
  PageFile(const Connection& connection, std::shared_ptr<const Wal> wal);

  // Bytes of a page, how many of them hold content, and how many pages there are.
  std::size_t page_size() const { return page_size_; }
  std::size_t usable() const { return usable_; }
  std::size_t pages() const { return pages_; }
  // Page `number`, the first being 1, into `page`, which is made page_size() long.
  bool read(std::uint32_t number, std::vector<unsigned char>& page) const;

 private:
  bool read_frame(std::uint32_t number, std::vector<unsigned char>& page) const;

  RawFile file_;
  RawFile log_;
  std::shared_ptr<const Wal> wal_;
  std::size_t page_size_ = 0;
  std::size_t usable_ = 0;
  std::size_t pages_ = 0;
};

// Big-endian integers of the file format.
std::uint32_t load16(const unsigned char* at);
std::uint32_t load32(const unsigned char* at);

}  // namespace rowferry::sqlite
