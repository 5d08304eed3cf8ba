#include "engine/sqlite/page_file.h"

#include <array>
#include <bit>
#include <cstring>

namespace rowferry::sqlite {

namespace {

constexpr int kLogHeader = 32;
constexpr int kFrameHeader = 24;

sqlite3_file* file_of(const Connection& connection, int which) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(connection.get(), "main", which, &file);
  return file;
}

std::size_t number_of(const Connection& connection, const char* pragma) {
  Prepared value = connection.prepare(pragma);
  return value.step() ? static_cast<std::size_t>(value.integer(0)) : 0;
}

}  // namespace

std::uint32_t load16(const unsigned char* at) {
  return static_cast<std::uint32_t>(at[0] << 8 | at[1]);
}

std::uint32_t load32(const unsigned char* at) {
  return load16(at) << 16 | load16(at + 2);
}

RawFile RawFile::main(const Connection& connection) {
  return RawFile(file_of(connection, SQLITE_FCNTL_FILE_POINTER));
}

RawFile RawFile::wal(const Connection& connection) {
  return RawFile(file_of(connection, SQLITE_FCNTL_JOURNAL_POINTER));
}

bool RawFile::read(std::int64_t offset, unsigned char* to, int length) const {
  if (file_ == nullptr || file_->pMethods == nullptr) return false;
  return file_->pMethods->xRead(file_, to, length, offset) == SQLITE_OK;
}

std::int64_t RawFile::size() const {
  sqlite3_int64 size = 0;
  if (file_ == nullptr || file_->pMethods == nullptr) return 0;
  return file_->pMethods->xFileSize(file_, &size) == SQLITE_OK ? size : 0;
}

namespace {

// The running checksum of a log, over 32-bit words in the order that the log's magic names.
class Checksum {
 public:
  explicit Checksum(bool big_endian)
      : swap_(big_endian != (std::endian::native == std::endian::big)) {}

  void add(const unsigned char* bytes, std::size_t length) {
    for (std::size_t at = 0; at + 8 <= length; at += 8) {
      s0_ += word(bytes + at) + s1_;
      s1_ += word(bytes + at + 4) + s0_;
    }
  }
  bool is(const unsigned char* stored) const {
    return s0_ == load32(stored) && s1_ == load32(stored + 4);
  }

 private:
  std::uint32_t word(const unsigned char* at) const {
    std::uint32_t value = 0;
    std::memcpy(&value, at, sizeof value);
    return swap_ ? __builtin_bswap32(value) : value;
  }

  bool swap_;
  std::uint32_t s0_ = 0;
  std::uint32_t s1_ = 0;
};

bool same_salts(const unsigned char* at, const Wal& wal) {
  return load32(at) == wal.salt1 && load32(at + 4) == wal.salt2;
}

void read_frames(const RawFile& file, std::size_t page_size, Checksum sum, Wal& wal) {
  std::vector<unsigned char> frame(kFrameHeader + page_size);
  std::vector<std::pair<std::uint32_t, std::int64_t>> pending;  // not committed yet
  std::int64_t offset = kLogHeader;
  while (file.read(offset, frame.data(), static_cast<int>(frame.size()))) {
    if (!same_salts(&frame[8], wal)) break;
    sum.add(frame.data(), 8);
    sum.add(&frame[kFrameHeader], page_size);
    if (!sum.is(&frame[16])) break;
    pending.emplace_back(load32(frame.data()), offset);
    offset += static_cast<std::int64_t>(frame.size());
    if (load32(&frame[4]) == 0) continue;
    wal.frames += static_cast<std::int64_t>(pending.size());
    for (const auto& [page, at] : pending) wal.at[page] = at;
    pending.clear();
  }
}

}  // namespace

Wal read_wal(const RawFile& file) {
  static constexpr std::uint32_t kMagic = 0x377f0682;  // the lowest bit: big-endian checksums
  Wal wal;
  std::array<unsigned char, kLogHeader> header{};
  if (!file.read(0, header.data(), kLogHeader)) return wal;
  const std::uint32_t magic = load32(header.data());
  if ((magic & ~1U) != kMagic) return wal;
  Checksum sum((magic & 1U) != 0);
  sum.add(header.data(), 24);
  if (!sum.is(&header[24])) return wal;
  wal.salt1 = load32(&header[16]);
  wal.salt2 = load32(&header[20]);
  read_frames(file, load32(&header[8]), sum, wal);
  return wal;
}

PageFile::PageFile(const Connection& connection, std::shared_ptr<const Wal> wal)
    : file_(RawFile::main(connection)), log_(RawFile::wal(connection)), wal_(std::move(wal)) {
  page_size_ = number_of(connection, "PRAGMA page_size");
  pages_ = number_of(connection, "PRAGMA page_count");
  usable_ = page_size_;
  std::vector<unsigned char> first;
  if (read(1, first)) usable_ -= first[20];  // bytes reserved at the end of each page
}

bool PageFile::read(std::uint32_t number, std::vector<unsigned char>& page) const {
  page.resize(page_size_);
  if (number == 0 || page.empty()) return false;
  if (read_frame(number, page)) return true;
  const auto offset = static_cast<std::int64_t>(number - 1) * static_cast<std::int64_t>(page_size_);
  return file_.read(offset, page.data(), static_cast<int>(page_size_));
}

// The log may have been begun anew since it was read: then its pages are in the file.
bool PageFile::read_frame(std::uint32_t number, std::vector<unsigned char>& page) const {
  const auto found = wal_->at.find(number);
  if (found == wal_->at.end()) return false;
  std::array<unsigned char, kFrameHeader> header{};
  if (!log_.read(found->second, header.data(), kFrameHeader)) return false;
  if (load32(header.data()) != number || !same_salts(&header[8], *wal_)) return false;
  return log_.read(found->second + kFrameHeader, page.data(), static_cast<int>(page_size_));
}

}  // namespace rowferry::sqlite
