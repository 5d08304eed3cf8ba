#include "engine/sqlite/error.h"

#include <sqlite3.h>

#include "engine/sqlite/test_database.h"

namespace rowferry::sqlite {
namespace {

using ErrorOfSqlite = TestDatabase;

// Statements that are prepared in the old way are not prepared anew when the schema changes; those
// that are prepared in the present way fail like this when it changes again and again.
TEST_F(ErrorOfSqlite, TellsASchemaThatHasChangedFromAStatementThatIsWrong) {
  const Connection connection = open();
  connection.run("CREATE TABLE t (a)");
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare(connection.get(), "SELECT a FROM t", -1, &statement, nullptr);
  connection.run("ALTER TABLE t ADD COLUMN b");
  sqlite3_step(statement);
  const int code = sqlite3_finalize(statement);
  const Error changed = error_of(code, connection.get(), "read t");
  EXPECT_EQ(changed.code(), "sqlite.schema_changed");
  EXPECT_EQ(changed.kind(), ErrorKind::schema);
  EXPECT_EQ(changed.native(), "SQLITE_SCHEMA");
}

}  // namespace
}  // namespace rowferry::sqlite
