#include "engine/mysql/halves.h"

#include <algorithm>

#include "engine/mysql/dialect.h"
#include "engine/mysql/pager.h"
#include "engine/sql/ddl.h"

namespace rowferry::mysql {

namespace {

// Wide enough for signed and unsigned 64-bit keys and their distances.
__extension__ using Whole = __int128;

std::string printed(Whole value) {
  const bool negative = value < 0;
  std::string digits;
  for (Whole rest = negative ? -value : value; rest > 0 || digits.empty(); rest /= 10) {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  }
  return negative ? "-" + digits : digits;
}

Whole parsed(const std::string& text) {
  Whole value = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') value = value * 10 + (c - '0');
  }
  return text.starts_with('-') ? -value : value;
}

bool is_whole(const TableRead& table, std::size_t column) {
  if (column >= table.cut.columns.size()) return false;
  const Type& type = find_column(table.table, table.cut.columns[column])->type;
  return type.kind == Kind::int16 || type.kind == Kind::int32 || type.kind == Kind::int64 ||
         (type.kind == Kind::decimal && type.scale == 0);
}

// [low, high) of a column.
struct Range {
  Whole low;
  Whole high;
};

constexpr Whole kMostRanges = 256;  // in one statement

// A range of one column under fixed values of those before it.
struct Piece {
  std::string from;  // a condition that it and all that follows under the same prefix fulfil
  std::int64_t rows = 0;
  Bound bound;  // known already where the column is the only one
};

// One gap being cut.
class Halving {
 public:
  Halving(Connection& connection, const TableRead& table, const Gap& gap, std::int64_t rows)
      : connection_(connection), table_(table), rows_(rows) {
    range_ = MysqlDialect({}).range(table.table, table.cut, gap.lower, gap.upper);
  }

  // Pieces that neighbours make full end where the next one begins.
  std::vector<Bound> bounds(const Bound& lower, std::int64_t most) {
    split_column(0, "");
    std::vector<Bound> found;
    std::int64_t before = 0;  // rows since the last bound
    for (const Piece& piece : pieces_) {
      const bool full = before + piece.rows > rows_;
      before = full ? piece.rows : before + piece.rows;
      if (!full || static_cast<std::int64_t>(found.size()) >= most) continue;
      Bound bound = piece.bound.empty() ? first_row(piece.from) : piece.bound;
      if (!bound.empty() && bound != (found.empty() ? lower : found.back())) {
        found.push_back(std::move(bound));
      }
    }
    return found;
  }

 private:
  std::string name(std::size_t column) const { return quote(table_.cut.columns[column]); }

  // WHERE the gap, and `condition`.
  std::string where(const std::string& condition) const {
    if (range_.empty()) return condition.empty() ? "" : " WHERE " + condition;
    return " WHERE " + range_ + (condition.empty() ? "" : " AND " + condition);
  }

  void split_column(std::size_t column, const std::string& prefix) {
    const std::string edge = "(SELECT CAST(" + name(column) + " AS CHAR) FROM " + by_index(table_) +
                             where(prefix) + " ORDER BY " + name(column);
    const sql::Rows found =
        connection_.query(edge + " LIMIT 1) UNION ALL " + edge + " DESC LIMIT 1)");
    if (found.size() < 2) return;
    const Range all{parsed(found[0][0].value_or("")), parsed(found[1][0].value_or("")) + 1};
    split(column, prefix, all, estimates(column, prefix, {all})[0]);
  }

  // Where a range is too large it is cut into equal ones, which are estimated together.
  void split(std::size_t column, const std::string& prefix, const Range& range, std::int64_t rows) {
    const Whole width = range.high - range.low;
    if (rows > rows_ && width > 1) {
      const Whole wanted = std::clamp<Whole>(2 * (rows / rows_), 2, kMostRanges);
      const Whole parts = std::min(wanted, width);
      std::vector<Range> ranges;
      for (Whole i = 0; i < parts; ++i) {
        ranges.push_back({range.low + width * i / parts, range.low + width * (i + 1) / parts});
      }
      const std::vector<std::int64_t> each = estimates(column, prefix, ranges);
      for (std::size_t i = 0; i < ranges.size(); ++i) split(column, prefix, ranges[i], each[i]);
      return;
    }
    const std::string also = prefix.empty() ? "" : prefix + " AND ";
    if (rows > 2 * rows_ && column + 1 < table_.cut.columns.size()) {
      return split_group(column + 1, also + name(column) + " = " + printed(range.low));
    }
    pieces_.push_back(
        {.from = also + name(column) + " >= " + printed(range.low), .rows = rows, .bound = {}});
    if (table_.cut.columns.size() == 1) pieces_.back().bound = {printed(range.low)};
  }

  // Many rows under one prefix: the next column divides them, by counting where it is no number.
  void split_group(std::size_t column, const std::string& prefix) {
    if (is_whole(table_, column)) return split_column(column, prefix);
    for (Bound bound = first_row(prefix); !bound.empty();) {
      pieces_.push_back({.from = "", .rows = rows_, .bound = bound});
      bound = first_row(
          prefix + " AND " + MysqlDialect({}).range(table_.table, table_.cut, bound, {}), rows_);
    }
  }

  // The server's estimates of the rows in these ranges, all asked for at once.
  std::vector<std::int64_t> estimates(std::size_t column, const std::string& prefix,
                                      const std::vector<Range>& ranges) {
    std::string text = "EXPLAIN ";
    for (const Range& range : ranges) {
      text += (&range == &ranges.front() ? "SELECT 1 FROM " : " UNION ALL SELECT 1 FROM ") +
              by_index(table_) + " WHERE " + (prefix.empty() ? "" : prefix + " AND ") +
              name(column) + " >= " + printed(range.low) + " AND " + name(column) + " < " +
              printed(range.high);
    }
    // MySQL has a column more than MariaDB before the rows.
    const std::size_t at = connection_.product() == Product::mariadb ? 8 : 9;
    std::vector<std::int64_t> rows;
    for (const sql::Row& line : connection_.query(text)) {
      if (line[1].value_or("") == "UNION RESULT") continue;
      rows.push_back(line.at(at) ? std::atoll(line[at]->c_str()) : 0);
    }
    rows.resize(ranges.size());
    return rows;
  }

  // The key of the first row of the gap that fulfils `condition`, or of one that comes `after`.
  Bound first_row(const std::string& condition, std::int64_t after = 0) {
    std::vector<std::string> literals;
    for (const std::string& column : table_.cut.columns) {
      literals.push_back(as_literal(*find_column(table_.table, column)));
    }
    const sql::Rows found = connection_.query(
        "SELECT " + sql::joined(literals, ", ") + " FROM " + by_index(table_) + where(condition) +
        " ORDER BY " + sql::column_list(MysqlDialect({}), table_.cut.columns) + " LIMIT 1 OFFSET " +
        std::to_string(after));
    Bound bound;
    if (found.empty()) return bound;
    for (const auto& cell : found[0]) bound.push_back(cell.value_or(""));
    return bound;
  }

  Connection& connection_;
  const TableRead& table_;
  const std::int64_t rows_;
  std::string range_;
  std::vector<Piece> pieces_;
};

}  // namespace

bool can_halve(const Connection& connection, const TableRead& table) {
  return connection.product() != Product::tidb && is_whole(table, 0);
}

std::vector<Bound> halve(Connection& connection, const TableRead& table, const Gap& gap,
                         std::int64_t rows, std::int64_t most) {
  return Halving(connection, table, gap, rows).bounds(gap.lower, most);
}

}  // namespace rowferry::mysql
