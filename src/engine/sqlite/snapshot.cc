#include "engine/sqlite/snapshot.h"

#include <sys/stat.h>

#include <array>

#include "engine/sqlite/catalog.h"
#include "engine/sqlite/pager.h"
#include "engine/sqlite/reader.h"

namespace rowferry::sqlite {

namespace {

std::string file_state(const std::string& path) {
  struct stat state {};
  if (stat(path.c_str(), &state) != 0) return "file=?";
  const auto mtime =
      static_cast<std::int64_t>(state.st_mtim.tv_sec) * 1'000'000'000 + state.st_mtim.tv_nsec;
  return "file=" + std::to_string(state.st_dev) + ":" + std::to_string(state.st_ino) +
         " size=" + std::to_string(state.st_size) + " changed=" + std::to_string(mtime);
}

// Bytes 24 to 27 of the header (sqlite.org/fileformat2.html#file_change_counter).
std::uint32_t change_counter(const Connection& connection) {
  std::array<unsigned char, 4> counter{};
  RawFile::main(connection).read(24, counter.data(), 4);
  return load32(counter.data());
}

// Begins a transaction that sees the file as it is now. The pragma reads the first page only, where
// a SELECT would have each session read the whole schema.
void begin_view(const Connection& connection) {
  connection.run("BEGIN; PRAGMA schema_version");
}

}  // namespace

std::shared_ptr<const Wal> wal_of(const Connection& connection) {
  return std::make_shared<const Wal>(read_wal(RawFile::wal(connection)));
}

std::string position_of(const Connection& connection, const Wal& wal) {
  std::string text =
      file_state(connection.path()) + " counter=" + std::to_string(change_counter(connection));
  if (wal.frames == 0) return text;
  return text + " wal=" + std::to_string(wal.salt1) + ":" + std::to_string(wal.salt2) + ":" +
         std::to_string(wal.frames);
}

SqliteSnapshot::SqliteSnapshot(const std::string& path, const EndOptions& options)
    : path_(path), options_(options) {
  static constexpr int kExtras = 2;
  const Connection gate(path, Access::source, options);
  const bool writable = !gate.read_only();
  readers_ = writable ? options.readers : 1;
  if (!writable && options.readers > 1) {
    limits_ = path +
              " cannot be written to, so that other sessions could not be proven to see "
              "the same state: one reader";
  }
  // SQLite counts taking the write lock as writing; nothing is written under it.
  gate.run(writable ? "PRAGMA query_only = OFF; BEGIN IMMEDIATE" : "BEGIN");
  gate.run("PRAGMA schema_version");
  pin(*readers_pool_, readers_ + (writable ? options.spares : 0));
  pin(*extras_, kExtras);
  wal_ = wal_of(gate);
  position_ = position_of(gate, *wal_);
  gate.run("ROLLBACK");
}

void SqliteSnapshot::pin(Pool& pool, int sessions) {
  for (int i = 0; i < sessions; ++i) {
    auto session = std::make_unique<Connection>(path_, Access::source, options_);
    begin_view(*session);
    pool.add(std::move(session));
  }
}

std::unique_ptr<Catalog> SqliteSnapshot::catalog() {
  return std::make_unique<SqliteCatalog>(Lease(extras_), wal_);
}

std::unique_ptr<Pager> SqliteSnapshot::pager() {
  return std::make_unique<SqlitePager>(Lease(extras_), wal_);
}

std::unique_ptr<Reader> SqliteSnapshot::reader() {
  return std::make_unique<SqliteReader>(Lease(readers_pool_));
}

}  // namespace rowferry::sqlite
