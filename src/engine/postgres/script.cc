#include "engine/postgres/script.h"

#include <cmath>

#include "core/bytes.h"
#include "core/value.h"
#include "engine/postgres/check.h"
#include "engine/postgres/dialect.h"
#include "engine/postgres/mender.h"
#include "engine/postgres/types.h"
#include "engine/sql/ddl.h"

namespace rowferry::postgres {

namespace {

bool is_control(char c) {
  return static_cast<unsigned char>(c) < ' ' || c == 0x7f;
}

// On one line, whatever the text holds.
std::string quoted(std::string_view text) {
  bool plain = true;
  for (const char c : text) plain = plain && !is_control(c);
  if (plain) return literal(text);
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out = "E'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += c;
    if (is_control(c)) {
      const auto byte = static_cast<unsigned char>(c);
      out += c == '\n' ? "\\n" : c == '\r' ? "\\r" : c == '\t' ? "\\t" : "\\x";
      if (c == '\n' || c == '\r' || c == '\t') continue;
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
      continue;
    }
    out += c;
  }
  return out + "'";
}

bool is_number(std::string_view text) {
  return text.find_first_not_of("0123456789.-") == std::string_view::npos;
}

// Prints the cells of one column.
struct CellPrinter {
  Kind kind = Kind::text;
  bool number = false;      // the column takes digits without quotes
  std::string compared_as;  // the type that a text is made, so that it is the column's value
  CellCheck check = {};
  std::string name = {};

  std::string plain(std::string_view cell) const {
    if (check) {
      if (const auto unfit = check(cell)) {
        throw Error(ErrorKind::data, std::string(unfit->code),
                    "column " + name + ": " + std::string(unfit->reason));
      }
    }
    if (kind == Kind::bytes) return "\\x" + to_text(kind, cell);
    return to_text(kind, cell);
  }
  std::string stored(const std::string& text) const {
    if (kind == Kind::boolean || (number && is_number(text))) return text;
    return quoted(text);
  }
  std::string sought(const std::string& text) const {
    return compared_as.empty() ? stored(text) : quoted(text) + "::" + compared_as;
  }
};

const std::string kOwn = "pg_catalog.";

// A length in a cast would cut a value.
std::string compared_as(const ColumnWrite& column) {
  const std::string base = parse_native(column.native).base;
  switch (column.type.kind) {
    case Kind::boolean:
    case Kind::int16:
    case Kind::int32:
      return "";
    case Kind::int64:
      return base == "bigint" ? "" : column.native;
    default:
      break;
  }
  const bool array = column.native.ends_with("[]");
  if (!array && (base == "text" || base == "character varying")) return kOwn + "text";
  if (!array && base == "character") return kOwn + "bpchar";
  return column.native;
}

CellPrinter printer_for(const ColumnWrite& column, Kind kind, bool checked) {
  CellPrinter printer{
      .kind = kind, .number = false, .compared_as = compared_as(column), .name = column.name};
  switch (column.type.kind) {
    case Kind::int16:
    case Kind::int32:
    case Kind::int64:
    case Kind::decimal:
      printer.number = sends_kind(column.native);
      break;
    default:
      break;
  }
  if (checked) printer.check = check_for(column);
  return printer;
}

class Printer final : public sql::RowPrinter {
 public:
  explicit Printer(const sql::PrintedShape& shape) {
    const bool checked = shape.format == RowFormat::cells;
    for (std::size_t i = 0; i < shape.rows.columns.size(); ++i) {
      columns_.push_back(printer_for(shape.rows.columns[i], shape.kinds[i], checked));
    }
  }

  sql::PrintedRow print(std::string_view row) override {
    sql::PrintedRow printed;
    CellCursor cursor(row);
    cursor.row();
    for (const CellPrinter& column : columns_) {
      const std::string_view cell = cursor.cell();
      if (cursor.null()) {
        printed.stored.emplace_back("NULL");
        printed.sought.push_back(column.compared_as.empty() ? "NULL"
                                                            : "NULL::" + column.compared_as);
        continue;
      }
      const std::string text = column.plain(cell);
      printed.stored.push_back(column.stored(text));
      printed.sought.push_back(column.sought(text));
    }
    return printed;
  }

 private:
  std::vector<CellPrinter> columns_;
};

class Words final : public sql::ScriptWords {
 public:
  std::vector<std::string> head() const override {
    return {"\\set ON_ERROR_STOP on",
            "\\set AUTOCOMMIT on",
            "SET client_encoding = 'UTF8';",
            "SET client_min_messages = 'warning';",
            "SET TimeZone = 'UTC';",
            "SET DateStyle = 'ISO, YMD';",
            "SET IntervalStyle = 'postgres';",
            "SET extra_float_digits = 3;",
            "SET bytea_output = 'hex';",
            "SET lc_monetary = 'C';",
            "SET array_nulls = on;",
            "SET standard_conforming_strings = on;",
            "SET xmloption = 'content';",
            "SET search_path = '';",
            "SET row_security = off;",
            "SET check_function_bodies = off;",
            "SET transform_null_equals = off;",
            "SET quote_all_identifiers = off;"};
  }
  std::string begin() const override {
    return "BEGIN ISOLATION LEVEL READ COMMITTED;\nSET CONSTRAINTS ALL IMMEDIATE";
  }
  std::unique_ptr<sql::RowPrinter> printer(const sql::PrintedShape& shape) const override {
    return std::make_unique<Printer>(shape);
  }
  sql::MendWords words(const MendedTable& table) const override { return mend_words(table); }

  std::string remove_one(const MendedTable& table, const sql::PrintedRow& row) const override {
    const std::string only = table.partitioned ? "" : "ONLY ";
    const std::string name = sql::table_name(PostgresDialect({}), table.rows.name);
    std::vector<std::string> ours;
    std::vector<std::string> wanted;
    for (std::size_t i = 0; i < table.standing.columns.size(); ++i) {
      const ColumnWrite& column = table.standing.columns[i];
      ours.push_back("x." + quote(column.name));
      wanted.push_back(row.sought[i] == "NULL" ? "NULL::" + column.native : row.sought[i]);
    }
    return "DELETE FROM " + only + name +
           " AS t WHERE (t.tableoid, t.ctid) = (SELECT x.tableoid, x.ctid FROM " + only + name +
           " AS x WHERE ROW(" + sql::joined(ours, ", ") +
           ")::pg_catalog.text COLLATE \"C\" = ROW(" + sql::joined(wanted, ", ") +
           ")::pg_catalog.text COLLATE \"C\" LIMIT 1)";
  }
};

}  // namespace

std::unique_ptr<sql::ScriptWords> script_words(const ServerFacts&) {
  return std::make_unique<Words>();
}

}  // namespace rowferry::postgres
