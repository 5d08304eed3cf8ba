#include "engine/postgres/unchanged.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "engine/postgres/dialect.h"
#include "engine/postgres/types.h"
#include "engine/sql/ddl.h"
#include "engine/sql/expression.h"

namespace rowferry::postgres {

namespace {

// xmin:xmax:… of pg_snapshot's text form, the last word of a position.
struct Window {
  std::uint64_t oldest_running = 0;
  std::uint64_t next = 0;
};

Window window_of(std::string_view position) {
  Window window;
  position.remove_prefix(std::min(position.size(), position.rfind(' ') + 1));
  const char* end = position.data() + position.size();
  const auto first = std::from_chars(position.data(), end, window.oldest_running);
  if (first.ptr != end) std::from_chars(first.ptr + 1, end, window.next);
  return window;
}

// All before the transactions: which server, and since when it runs.
std::string_view server_of(std::string_view position) {
  return position.substr(0, position.rfind(' '));
}

// True when the condition has a word that means another thing at another time or to another user,
// in a literal (PostgreSQL takes 'now' for a time) or outside.
bool has_a_moving_word(const std::string& text) {
  static const std::set<std::string> kMoving = {"now",
                                                "today",
                                                "tomorrow",
                                                "yesterday",
                                                "current_date",
                                                "current_time",
                                                "localtime",
                                                "current_timestamp",
                                                "localtimestamp",
                                                "current_user",
                                                "session_user",
                                                "system_user",
                                                "user",
                                                "current_role",
                                                "current_schema",
                                                "current_catalog"};
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const auto c = static_cast<unsigned char>(i < text.size() ? text[i] : ' ');
    if (std::isalnum(c) != 0 || c == '_') {
      word += static_cast<char>(std::tolower(c));
      continue;
    }
    if (kMoving.count(word) > 0) return true;
    word.clear();
  }
  return false;
}

// A condition that takes the same rows at any time: nothing but columns, constants and comparisons.
bool stands_still(const std::string& where) {
  if (where.empty()) return true;
  const PostgresDialect dialect({});
  return !has_a_moving_word(where) &&
         sql::portable({.text = where, .flavour = "postgres"}, dialect).has_value();
}

// Pages that touch, as one.
std::vector<Page> joined(std::vector<Page> pages) {
  std::sort(pages.begin(), pages.end(), [](const Page& a, const Page& b) {
    return a.part != b.part ? a.part < b.part : a.number < b.number;
  });
  std::vector<Page> ranges;
  for (Page& page : pages) {
    const bool touches = !ranges.empty() && ranges.back().part == page.part &&
                         !page.lower.empty() && ranges.back().upper == page.lower;
    if (touches) {
      ranges.back().upper = std::move(page.upper);
    } else {
      ranges.push_back(std::move(page));
    }
  }
  return ranges;
}

}  // namespace

Unchanged::Unchanged(Connection& connection, const std::string& then, const std::string& now)
    : connection_(connection) {
  const Window before = window_of(then);
  const Window after = window_of(now);
  // Another server or another start may have given the same numbers to other transactions, and
  // age() reaches over half of the circle of numbers only.
  constexpr std::uint64_t kHalf = std::uint64_t{1} << 31;
  const bool comparable = server_of(then) == server_of(now) && before.oldest_running >= 3 &&
                          after.next >= before.oldest_running &&
                          after.next - before.oldest_running < kHalf;
  if (!comparable) return;
  // Subtransactions are not listed in a snapshot: whatever began since the oldest that ran counts.
  horizon_ = std::to_string(before.oldest_running & 0xFFFFFFFFU);
}

std::string Unchanged::young(const std::string& xmin) const {
  return "pg_catalog.age(" + xmin + ") <= pg_catalog.age('" + horizon_ + "'::pg_catalog.xid)";
}

void Unchanged::read_catalog() {
  catalog_read_ = true;
  const auto any_young = [&](const std::string& from) {
    return "EXISTS (SELECT FROM pg_catalog." + from + " AND " + young("x.xmin") + ")";
  };
  const Result result = connection_.run(
      "SELECT c.relkind, n.nspname, c.relname FROM pg_catalog.pg_class c"
      " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND (" +
      young("c.xmin") + " OR " + young("n.xmin") + " OR c.relam NOT IN (0, 2)" + " OR " +
      any_young("pg_attribute x WHERE x.attrelid = c.oid") + " OR " +
      any_young("pg_attrdef x WHERE x.adrelid = c.oid") +
      ") UNION ALL SELECT 'e', '', '' FROM pg_catalog.pg_enum x WHERE " + young("x.xmin"));
  const Result enums = connection_.run(
      "SELECT pg_catalog.format_type(oid, NULL) FROM pg_catalog.pg_type WHERE typtype = 'e'");
  for (int row = 0; row < PQntuples(enums.get()); ++row) {
    enums_.insert(PQgetvalue(enums.get(), row, 0));
  }
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    if (*PQgetvalue(result.get(), row, 0) == 'r') {
      changed_.insert(
          {.schema = PQgetvalue(result.get(), row, 1), .table = PQgetvalue(result.get(), row, 2)});
    } else {
      types_changed_ = true;
    }
  }
}

// A regclass prints a name that somebody may change, a composite value the columns its type has
// now: only built-in types that print what is stored, and enums, whose labels are looked at.
bool Unchanged::prints_the_same(const TableRead& table) const {
  return std::all_of(table.columns.begin(), table.columns.end(), [&](const ColumnRead& column) {
    return prints_what_it_stores(column.native) ||
           enums_.count(parse_native(column.native).base) > 0;
  });
}

bool Unchanged::holds(const TableRead& table, const std::vector<Page>& pages, std::int64_t rows) {
  if (horizon_.empty() || !stands_still(table.where)) return false;
  if (!catalog_read_) read_catalog();
  if (types_changed_ || !prints_the_same(table)) return false;
  const PostgresDialect dialect({});
  std::int64_t found = 0;
  for (const Page& range : joined(pages)) {
    const TableName name = stored_name(table.table, range.part);
    if (changed_.count(name) > 0) return false;
    std::string where = dialect.range(table.table, table.cut, range.lower, range.upper);
    if (!table.where.empty()) {
      where += (where.empty() ? "(" : " AND (") + table.where + "\n)";
    }
    const Result result = connection_.run(
        "SELECT count(*), count(*) FILTER (WHERE " + young("xmin") + ") FROM ONLY " +
        sql::table_name(dialect, name) + (where.empty() ? "" : " WHERE " + where));
    if (std::string_view(PQgetvalue(result.get(), 0, 1)) != "0") return false;
    found += std::atoll(PQgetvalue(result.get(), 0, 0));
  }
  return found == rows;
}

}  // namespace rowferry::postgres
