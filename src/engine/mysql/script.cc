#include "engine/mysql/script.h"

#include "core/bytes.h"
#include "core/utf8.h"
#include "core/value.h"
#include "engine/mysql/check.h"
#include "engine/mysql/dialect.h"
#include "engine/mysql/field.h"
#include "engine/mysql/mender.h"
#include "engine/mysql/types.h"
#include "engine/sql/ddl.h"

namespace rowferry::mysql {

namespace {

bool is_real(Kind kind) {
  return kind == Kind::float32 || kind == Kind::float64;
}

bool is_quoted(std::string_view literal) {
  return literal.starts_with('\'');
}

// The clients end a statement at a NUL, and take CR LF for LF.
std::string on_one_line(std::string literal) {
  if (literal.find_first_of(std::string_view("\0\n\r\x1a", 4)) == std::string::npos) return literal;
  std::string out;
  for (const char c : literal) {
    switch (c) {
      case '\0':
        out += "\\0";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\x1a':
        out += "\\Z";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string without_quotes(const std::string& literal) {
  return is_quoted(literal) ? literal.substr(1, literal.size() - 2) : literal;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.-") == std::string_view::npos;
}

bool is_text(std::string_view literal) {
  return is_quoted(literal) || literal.starts_with("_utf8mb4 x'");
}

// Some servers keep texts that are no UTF-8 to others.
std::string readable(std::string literal) {
  if (!is_quoted(literal) || fault_of(literal, true) == TextFault::none) {
    return on_one_line(std::move(literal));
  }
  std::string text;
  const std::string inner = without_quotes(literal);
  for (std::size_t i = 0; i < inner.size(); ++i) {  // both are doubled
    text += inner[i];
    if (inner[i] == '\'' || inner[i] == '\\') ++i;
  }
  return "_utf8mb4 x'" + to_text(Kind::bytes, text) + "'";
}

// Prints the cells of one column.
class CellPrinter {
 public:
  CellPrinter(const ColumnWrite& column, const Column* target, RowFormat format, bool signed_zero)
      : field_(column, format,
               {.charset = target == nullptr ? "" : target->charset,
                .nullable = target == nullptr || target->nullable,
                .signed_zero = signed_zero,
                .halves = true}),
        native_(format == RowFormat::native),
        wire_(column.wire),
        kind_(column.type.kind) {
    if (!native_) check_ = check_for(column, signed_zero);
  }

  std::string stored(std::string_view cell) const {
    if (check_) {
      if (const auto unfit = check_(cell)) {
        throw Error(ErrorKind::data, std::string(unfit->code),
                    "column " + field_.name() + ": " + std::string(unfit->reason));
      }
    }
    std::string literal;
    field_.append_literal(literal, cell);
    const bool number = is_whole() && is_number(without_quotes(literal));
    return number ? without_quotes(literal) : readable(std::move(literal));
  }

  // Beside a text the servers compare numbers as doubles, and floats as they print.
  std::string sought(std::string_view cell, const std::string& stored) const {
    if (!rowferry::mysql::is_real(kind_) || !is_quoted(stored)) return stored;
    std::string digits = without_quotes(stored);
    if (!native_ && wire_ == Kind::float32) {
      digits.clear();
      append_double(digits, load_float(cell.data()));
    }
    return digits.find('e') == std::string::npos ? digits + "e0" : digits;
  }

 private:
  bool is_whole() const {
    return kind_ == Kind::int16 || kind_ == Kind::int32 || kind_ == Kind::int64 ||
           kind_ == Kind::decimal || kind_ == Kind::boolean;
  }

  Field field_;
  bool native_;
  Kind wire_;
  Kind kind_;
  CellCheck check_;
};

class Printer final : public sql::RowPrinter {
 public:
  Printer(const sql::PrintedShape& shape, bool signed_zero) {
    for (const ColumnWrite& column : shape.rows.columns) {
      columns_.emplace_back(column, find_column(shape.target, column.name), shape.format,
                            signed_zero);
    }
  }

  sql::PrintedRow print(std::string_view row) override {
    sql::PrintedRow printed;
    CellCursor cursor(row);
    cursor.row();
    for (const CellPrinter& column : columns_) {
      const std::string_view cell = cursor.cell();
      const bool null = cursor.null();
      printed.stored.push_back(null ? "NULL" : column.stored(cell));
      printed.sought.push_back(null ? "NULL" : column.sought(cell, printed.stored.back()));
    }
    return printed;
  }

 private:
  std::vector<CellPrinter> columns_;
};

// What must hold besides = for a column to hold the literal, sign for sign.
std::string sign_for_sign(const ColumnWrite& column, const std::string& ours,
                          const std::string& literal) {
  if (literal.starts_with("x'")) return "CAST(" + ours + " AS BINARY) = " + literal;
  const bool text = column.type.kind == Kind::text || column.type.kind == Kind::json;
  if (!text || !is_text(literal)) return "";
  return "CAST(CONVERT(" + ours + " USING utf8mb4) AS BINARY) = CAST(" + literal + " AS BINARY)";
}

// The same where the column may be NULL, and is no key.
std::string is_literal(const ColumnWrite& column, const std::string& literal) {
  const std::string ours = quote(column.name);
  if (literal == "NULL") return ours + " IS NULL";
  const std::string base = parse_native(column.native).base;
  if (literal.starts_with("x'")) return "HEX(" + ours + ") = UPPER('" + literal.substr(2) + ")";
  const std::string more = sign_for_sign(column, ours, literal);
  if (base == "json") return more;
  std::string same = ours + " = " + literal;
  if (!more.empty()) same += " AND " + more;
  if (is_real(column.type.kind) && std::atof(literal.c_str()) == 0) {
    same += " AND LEFT(" + ours + ", 1) " + (literal.starts_with('-') ? "=" : "<>") + " '-'";
  }
  return same;
}

class Words final : public sql::ScriptWords {
 public:
  explicit Words(const ServerFacts& facts) {
    const auto server = facts.settings.find("server");
    signed_zero_ = server != facts.settings.end() && server->second == "mysql";
  }

  std::vector<std::string> head() const override {
    return {"SET NAMES utf8mb4;", "SET time_zone = '+00:00';",
            "SET sql_mode = 'STRICT_ALL_TABLES,STRICT_TRANS_TABLES,NO_AUTO_VALUE_ON_ZERO,"
            "NO_ENGINE_SUBSTITUTION,ALLOW_INVALID_DATES';",
            "SET autocommit = 1, foreign_key_checks = 1, unique_checks = 1, sql_safe_updates = 0;",
            "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;"};
  }
  std::string begin() const override { return "START TRANSACTION"; }
  std::unique_ptr<sql::RowPrinter> printer(const sql::PrintedShape& shape) const override {
    return std::make_unique<Printer>(shape, signed_zero_);
  }
  sql::MendWords words(const MendedTable& table) const override {
    sql::MendWords words = mend_words(table);
    words.exactly = sign_for_sign;
    return words;
  }
  std::vector<std::string> renamed(std::string sql) const override {
    return {"SET foreign_key_checks = 0", std::move(sql), "SET foreign_key_checks = 1"};
  }
  // One by one: rows of these tables have no number.
  std::string remove_one(const MendedTable& table, const sql::PrintedRow& row) const override {
    std::vector<std::string> terms;
    for (std::size_t i = 0; i < table.standing.columns.size(); ++i) {
      terms.push_back(is_literal(table.standing.columns[i], row.sought[i]));
    }
    return "DELETE FROM " + qualified(table.rows.name) + " WHERE " + sql::joined(terms, " AND ") +
           " LIMIT 1";
  }

 private:
  bool signed_zero_ = false;
};

}  // namespace

std::unique_ptr<sql::ScriptWords> script_words(const ServerFacts& facts) {
  return std::make_unique<Words>(facts);
}

}  // namespace rowferry::mysql
