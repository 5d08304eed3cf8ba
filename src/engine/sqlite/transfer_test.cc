// Reader and writer against each other, and against what must not pass.
#include <cmath>
#include <limits>

#include "core/value.h"
#include "engine/sqlite/dialect.h"
#include "engine/sqlite/place.h"
#include "engine/sqlite/reader.h"
#include "engine/sqlite/test_database.h"
#include "engine/sqlite/writer.h"

namespace rowferry::sqlite {
namespace {

class TransferTest : public TestDatabase {
 protected:
  TransferTest() {
    const Connection target = open("target.db");
    for (const std::string& sql : ledger_place().create) target.run(sql);
    target.run("INSERT INTO _rowferry_run VALUES ('job', 3, '', '', '')");
  }

  std::string target_value(std::string_view sql) {
    const sql::Rows rows = open("target.db").query(sql);
    return rows.empty() ? "(none)" : rows[0][0].value_or("NULL");
  }

  TableRead read_of(const std::string& name, RowFormat format = RowFormat::cells) {
    TableRead read;
    read.table = table(name);
    read.format = format;
    for (const Column& column : read.table.columns) {
      read.columns.push_back({column.name, column.native, column.type, column.type.kind, {}});
    }
    return read;
  }

  static TableWrite write_of(const TableRead& read) {
    TableWrite write;
    write.name = read.table.name;
    write.format = read.format;
    for (const ColumnRead& column : read.columns) {
      write.columns.push_back({column.name, column.native, column.type, column.wire});
    }
    write.key = {0};
    return write;
  }

  std::unique_ptr<SqliteWriter> writer(std::int64_t run = 3) {
    return std::make_unique<SqliteWriter>(directory_ + "/target.db", options_, RunCard{"job", run});
  }

  // All rows of a table as one batch; with `rejects`, without those that do not fit.
  Batch batch_of(const TableRead& read, Rejects* rejects = nullptr) {
    SqliteReader reader{Lease(open())};
    reader.open(read, {}, rejects);
    Batch batch;
    reader.next(batch);
    return batch;
  }

  // Why the one value does not pass as `kind`; "" when it does, and then its text.
  std::string passes(const std::string& sql, Kind kind, const Type& target = {}) {
    run("DROP TABLE IF EXISTS one; CREATE TABLE one(v); INSERT INTO one VALUES (" + sql + ")");
    TableRead read = read_of("one");
    read.columns[0].wire = kind;
    read.columns[0].target = target;
    Rejects rejects;
    const Batch batch = batch_of(read, &rejects);
    if (!rejects.rows.empty()) return "refused: " + rejects.rows[0].reason;
    CellCursor cursor(batch.bytes());
    cursor.row();
    const std::string_view cell = cursor.cell();
    return cursor.null() ? "NULL" : to_text(kind, cell);
  }

  // One cell into a column; what is there then, with its class, or the error's code.
  std::string lands(const std::string& native, Kind kind, const std::string& cell) {
    open("target.db").run("DROP TABLE IF EXISTS one; CREATE TABLE one(v " + native + ")");
    TableWrite write;
    write.name.table = "one";
    write.columns.push_back({"v", native, {}, kind});
    Batch batch;
    batch.begin_row(1);
    batch.add_cell(cell);
    batch.end_row();
    const auto writer = this->writer();
    try {
      writer->begin(write, {"", ++page_, {}, {}});
      writer->append(batch);
      writer->commit(0);
    } catch (const Error& error) {
      return error.code();
    }
    return target_value("SELECT typeof(v) || ' ' || quote(v) FROM one");
  }

  static std::string decimal(std::string_view text) {
    Batch batch;
    EXPECT_TRUE(add_decimal(batch, text, {}));
    return std::string(batch.bytes().substr(4));
  }
  template <typename T>
  static std::string number(T value) {
    std::string cell(sizeof value, '\0');
    if constexpr (std::is_same_v<T, double>) {
      store_double(cell.data(), value);
    } else {
      store(cell.data(), value);
    }
    return cell;
  }

  std::int64_t page_ = 0;
};

TEST_F(TransferTest, CarriesEveryStorageClassAsItIs) {
  const std::string ddl =
      "CREATE TABLE t(id INTEGER PRIMARY KEY, i INT, r REAL, t TEXT, b BLOB, n NUMERIC, u);";
  run(ddl +
      "INSERT INTO t VALUES (1, 1, 2, 3, 4, 5, 6), (2, 'a', 'b', x'63', 'd', 'e', x''),"
      "(3, 9223372036854775807, 1e308, '', x'00', 0.1, ''), (4, 1.5, 9e999, 'a' || char(0) || 'b',"
      " NULL, -9e999, CAST(x'ff80' AS TEXT)), (-5, NULL, NULL, NULL, 1.5, '1e400', 3.0)");
  open("target.db").run(ddl);
  const TableRead read = read_of("t", RowFormat::native);
  const Batch batch = batch_of(read);
  EXPECT_EQ(batch.format, RowFormat::native);
  const auto writer = this->writer();
  const Page page{"", 1, {}, {}};
  EXPECT_FALSE(writer->landed(write_of(read), page));
  writer->begin(write_of(read), page);
  writer->append(batch);
  writer->commit(0);
  EXPECT_TRUE(writer->landed(write_of(read), page));
  const std::string all =
      "SELECT group_concat(id || typeof(i) || hex(i) || typeof(r) || quote(r) || typeof(t) ||"
      " hex(t) || typeof(b) || quote(b) || typeof(n) || quote(n) || typeof(u) || hex(u))"
      " FROM (SELECT * FROM t ORDER BY id)";
  EXPECT_EQ(value(all), target_value(all));
  EXPECT_EQ(target_value("SELECT row_count FROM _rowferry_page WHERE page = 1"), "5");
}

TEST_F(TransferTest, RefusesWhatACellCannotHoldExactly) {
  const std::string refused = "refused: ";
  EXPECT_EQ(passes("1", Kind::boolean), "true");
  EXPECT_EQ(passes("'F'", Kind::boolean), "false");
  EXPECT_EQ(passes("2", Kind::boolean).substr(0, 9), refused);
  EXPECT_EQ(passes("''", Kind::boolean).substr(0, 9), refused);
  EXPECT_EQ(passes("32767", Kind::int16), "32767");
  EXPECT_EQ(passes("32768", Kind::int16).substr(0, 9), refused);
  EXPECT_EQ(passes("'1'", Kind::int64).substr(0, 9), refused);
  EXPECT_EQ(passes("1.0", Kind::int64).substr(0, 9), refused);
  EXPECT_EQ(passes("0.5", Kind::float32), "0.5");
  EXPECT_EQ(passes("0.1", Kind::float32).substr(0, 9), refused);
  EXPECT_EQ(passes("1e300", Kind::float32).substr(0, 9), refused);
  EXPECT_EQ(passes("9007199254740993", Kind::float64).substr(0, 9), refused);
  EXPECT_EQ(passes("-5", Kind::float64), "-5");
  EXPECT_EQ(passes("x'01'", Kind::text).substr(0, 9), refused);
  EXPECT_EQ(passes("'a' || char(0)", Kind::text).substr(0, 9), refused);
  EXPECT_EQ(passes("CAST(x'c328' AS TEXT)", Kind::text).substr(0, 9), refused);
  EXPECT_EQ(passes("CAST(x'eda080' AS TEXT)", Kind::text).substr(0, 9), refused);
  EXPECT_EQ(passes("'12345678é€😀'", Kind::text), "12345678é€😀");
  EXPECT_EQ(passes("'é€😀'", Kind::text, {.kind = Kind::text, .length = 3}), "é€😀");
  EXPECT_EQ(passes("'é€😀x'", Kind::text, {.kind = Kind::text, .length = 3}).substr(0, 9), refused);
  EXPECT_EQ(passes("5", Kind::text), "5");
  EXPECT_EQ(passes("2.0", Kind::text), "2.0");
  EXPECT_EQ(passes("1e100", Kind::text), "1e+100");
  EXPECT_EQ(passes("'x'", Kind::bytes).substr(0, 9), refused);
  EXPECT_EQ(passes("x''", Kind::bytes), "");
}

TEST_F(TransferTest, ReadsNumbersAndMomentsInText) {
  const Type limit{.kind = Kind::decimal, .precision = 5, .scale = 2};
  EXPECT_EQ(passes("12.5", Kind::decimal, limit), "12.50");
  EXPECT_EQ(passes("12", Kind::decimal, limit), "12.00");
  EXPECT_EQ(passes("'-012.340'", Kind::decimal, limit), "-12.34");
  EXPECT_EQ(passes("0.125", Kind::decimal, limit).substr(0, 9), "refused: ");
  EXPECT_EQ(passes("1000", Kind::decimal, limit).substr(0, 9), "refused: ");
  EXPECT_EQ(passes("9e999", Kind::decimal, limit).substr(0, 9), "refused: ");
  EXPECT_EQ(passes("0.1", Kind::decimal), "0.1");
  EXPECT_EQ(passes("1e22", Kind::decimal), "10000000000000000000000");
  EXPECT_EQ(passes("'2024-02-29'", Kind::date), "2024-02-29");
  EXPECT_EQ(passes("'2023-02-29'", Kind::date).substr(0, 9), "refused: ");
  EXPECT_EQ(passes("20240229", Kind::date).substr(0, 9), "refused: ");
  EXPECT_EQ(passes("'2024-02-29T01:02:03.5'", Kind::timestamp), "2024-02-29 01:02:03.5");
  EXPECT_EQ(passes("'2024-02-29 01:02:03+02'", Kind::timestamptz), "2024-02-28 23:02:03+00");
  EXPECT_EQ(passes("'01:02'", Kind::time), "01:02:00");
  EXPECT_EQ(passes("'1 day'", Kind::interval), "1 day");
  EXPECT_EQ(passes("'10110'", Kind::bits), "10110");
  EXPECT_EQ(passes("'1012'", Kind::bits).substr(0, 9), "refused: ");
  EXPECT_EQ(passes("'00112233-4455-6677-8899-AABBCCDDEEFF'", Kind::uuid),
            "00112233-4455-6677-8899-aabbccddeeff");
  EXPECT_EQ(passes("x'00112233445566778899aabbccddeeff'", Kind::uuid),
            "00112233-4455-6677-8899-aabbccddeeff");
  EXPECT_EQ(passes("'{\"a\": 1.0}'", Kind::json), "{\"a\": 1.0}");
  EXPECT_EQ(passes("NULL", Kind::json), "NULL");
}

TEST_F(TransferTest, StoresNothingButWhatTheCellSays) {
  EXPECT_EQ(lands("BOOLEAN", Kind::boolean, "\1"), "integer 1");
  EXPECT_EQ(lands("BIGINT", Kind::int64, number(INT64_MIN)), "integer -9223372036854775808");
  EXPECT_EQ(lands("REAL", Kind::int64, number(INT64_MIN)), "value.precision");
  EXPECT_EQ(lands("DOUBLE PRECISION", Kind::float64, number(0.1)), "real 0.1");
  EXPECT_EQ(lands("DOUBLE PRECISION", Kind::float64, number(-0.0)), "value.negative_zero");
  EXPECT_EQ(lands("DOUBLE PRECISION", Kind::float64, number(std::nan(""))), "value.nan");
  EXPECT_EQ(lands("", Kind::float64, number(std::nan(""))), "value.nan");
  EXPECT_EQ(lands("", Kind::float64, number(-0.0)), "real 0.0");  // as SQLite prints it
  {
    const Connection target = open("target.db");
    Prepared stored = target.prepare("SELECT v FROM one");
    ASSERT_TRUE(stored.step());
    EXPECT_TRUE(std::signbit(sqlite3_column_double(stored.get(), 0)));
  }
  EXPECT_EQ(lands("TEXT", Kind::float64, number(0.1 + 0.2)), "text '0.30000000000000004'");
  EXPECT_EQ(lands("REAL", Kind::float64, number(std::numeric_limits<double>::infinity())),
            "real Inf");
  EXPECT_EQ(lands("DECIMAL(10,2)", Kind::decimal, decimal("12.50")), "real 12.5");
  EXPECT_EQ(lands("DECIMAL(10,2)", Kind::decimal, decimal("-12.00")), "integer -12");
  EXPECT_EQ(lands("DECIMAL(10,2)", Kind::decimal, decimal("NaN")), "text 'NaN'");
  EXPECT_EQ(lands("DECIMAL(10,2)", Kind::decimal, decimal("-Infinity")), "text '-Infinity'");
  EXPECT_EQ(lands("DECIMAL(20,2)", Kind::decimal, decimal("12345678901234.567")),
            "value.precision");
  EXPECT_EQ(lands("DECIMAL", Kind::decimal, decimal("1e-400")), "value.precision");
  EXPECT_EQ(lands("DECIMAL_TEXT(20,2)", Kind::decimal, decimal("12345678901234567.80")),
            "text '12345678901234567.80'");
  EXPECT_EQ(lands("TEXT", Kind::text, "007"), "text '007'");
  EXPECT_EQ(lands("NUMERIC", Kind::text, "007"), "value.affinity");
  EXPECT_EQ(lands("NUMERIC", Kind::text, " +1e5 "), "value.affinity");
  EXPECT_EQ(lands("NUMERIC", Kind::text, "1e5x"), "text '1e5x'");
  EXPECT_EQ(lands("TEXT", Kind::text, ""), "text ''");
  EXPECT_EQ(lands("BLOB", Kind::bytes, ""), "blob X''");
  EXPECT_EQ(lands("JSON_TEXT", Kind::json, "1.0"), "text '1.0'");
  EXPECT_EQ(lands("JSON", Kind::json, "1.0"), "value.affinity");
  EXPECT_EQ(lands("DATE", Kind::date, number(std::int32_t{0})), "text '2000-01-01'");
  EXPECT_EQ(lands("DATE", Kind::date, number(INT32_MAX)), "text 'infinity'");
  EXPECT_EQ(lands("TIMESTAMPTZ", Kind::timestamptz, number(std::int64_t{1})),
            "text '2000-01-01 00:00:00.000001+00'");
  EXPECT_EQ(lands("UUID", Kind::uuid, std::string(16, '\x11')),
            "text '11111111-1111-1111-1111-111111111111'");
}

// What SQLite's affinities do with the texts that looks_numeric lets pass.
TEST_F(TransferTest, KnowsWhichTextLooksLikeANumber) {
  for (const char* text : {"1",
                           " 1",
                           "1 ",
                           "-1",
                           "+1.5",
                           ".5",
                           "5.",
                           "1e5",
                           "1E-5",
                           "1e400",
                           "99999999999999999999",
                           "-.5e1",
                           "+-1",
                           "1e",
                           "e5",
                           ".",
                           "-",
                           "",
                           "0x10",
                           "inf",
                           "nan",
                           "1_0",
                           "1,0",
                           "2024-01-01",
                           "10:00:00",
                           "\v1"}) {
    const Connection target = open("target.db");
    target.run("DROP TABLE IF EXISTS one; CREATE TABLE one(v NUMERIC)");
    target.query("INSERT INTO one VALUES ($1)", std::vector<std::string>{text});
    const bool kept = *target.query("SELECT typeof(v) FROM one")[0][0] == "text";
    EXPECT_TRUE(kept || looks_numeric(text)) << text;
  }
}

TEST_F(TransferTest, NamesTheRowThatDoesNotFit) {
  run("CREATE TABLE t(v INT, id TEXT PRIMARY KEY); INSERT INTO t VALUES (1, 'a'), ('x', 'b')");
  TableRead read = read_of("t");
  read.columns.resize(1);
  SqliteReader reader{Lease(open())};
  reader.open(read, {}, nullptr);
  Batch batch;
  try {
    reader.next(batch);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_EQ(error.code(), "value.storage");
    EXPECT_EQ(error.where(), "table t, column v, row id=b");
  }
  Rejects rejects;
  EXPECT_EQ(batch_of(read, &rejects).rows(), 1);
  ASSERT_EQ(rejects.rows.size(), 1U);
  EXPECT_EQ(rejects.rows[0].key, "id=b");
}

TEST_F(TransferTest, RollsAPageBackThatBreaksAConstraint) {
  run("CREATE TABLE t(id INT, v); INSERT INTO t VALUES (1, 1), (2, NULL), (1, 3), (4, 4)");
  open("target.db")
      .run(
          "CREATE TABLE t(id INT UNIQUE ON CONFLICT REPLACE, v NOT NULL ON CONFLICT IGNORE);"
          "CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM t; END");
  const TableRead read = read_of("t", RowFormat::native);
  const Batch batch = batch_of(read);
  const auto writer = this->writer();
  const Page page{"", 1, {}, {}};
  writer->begin(write_of(read), page);
  try {
    writer->append(batch);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "row.constraint");
    EXPECT_EQ(error.native(), "SQLITE_CONSTRAINT_NOTNULL");
    EXPECT_EQ(error.where(), "table t, row id=2");
  }
  writer->rollback();
  EXPECT_FALSE(writer->landed(write_of(read), page));
  Rejects rejects;
  writer->begin(write_of(read), page);
  writer->append_fit(batch, rejects);
  writer->rollback();
  ASSERT_EQ(rejects.rows.size(), 2U);
  EXPECT_EQ(rejects.rows[0].key, "id=2");
  EXPECT_EQ(rejects.rows[1].key, "id=1");
  EXPECT_EQ(target_value("SELECT count(*) FROM t"), "0");
}

TEST_F(TransferTest, LetsAStaleRunCommitNothing) {
  run("CREATE TABLE t(id INT)");
  open("target.db").run("CREATE TABLE t(id INT)");
  const TableWrite write = write_of(read_of("t"));
  try {
    writer(2)->begin(write, {"", 1, {}, {}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "ledger.stale_run");
  }
  EXPECT_EQ(target_value("SELECT count(*) FROM _rowferry_page"), "0");
}

TEST_F(TransferTest, WaitsForALockNoLongerThanAsked) {
  open("target.db").run("CREATE TABLE t(id INT)");
  run("CREATE TABLE t(id INT)");
  const TableWrite write = write_of(read_of("t"));
  const Connection holder = open("target.db");
  holder.run("BEGIN IMMEDIATE");
  try {
    writer()->begin(write, {"", 1, {}, {}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::transient);
    EXPECT_EQ(error.code(), "sqlite.busy");
  }
}

}  // namespace
}  // namespace rowferry::sqlite
