#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "engine/sqlite/catalog.h"
#include "engine/sqlite/session.h"
#include "engine/sqlite/snapshot.h"

namespace rowferry::sqlite {

// A database file of its own for each test, in a directory that goes with it.
class TestDatabase : public ::testing::Test {
 protected:
  TestDatabase() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rowferry-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    path_ = directory_ + "/test.db";
  }
  ~TestDatabase() override { std::filesystem::remove_all(directory_); }

  Connection open(const std::string& name = "") const {
    return Connection(name.empty() ? path_ : directory_ + "/" + name, Access::create, options_);
  }
  void run(std::string_view sql) const { open().run(sql); }
  std::string value(std::string_view sql) const {
    const sql::Rows rows = open().query(sql);
    return rows.empty() ? "(none)" : rows[0][0].value_or("NULL");
  }
  Schema describe() const {
    return SqliteCatalog(open()).describe([](const TableName&) { return true; });
  }
  Table table(const std::string& name) const {
    Schema schema = describe();
    for (Table& one : schema.tables) {
      if (one.name.table == name) return one;
    }
    throw Error(ErrorKind::not_found, "test.table", "no table " + name);
  }

  std::string directory_;
  std::string path_;
  EndOptions options_{.stop = {}, .readers = 2, .spares = 1, .lock_seconds = 1};
};

}  // namespace rowferry::sqlite
