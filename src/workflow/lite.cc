#include "workflow/lite.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/fingerprint.h"
#include "engine/sql/mark_words.h"
#include "flow/look_up.h"
#include "workflow/comparison.h"
#include "workflow/pattern.h"

namespace rowferry {

namespace {

constexpr std::array<std::string_view, 5> kUsual = {"modified_time", "modified_at", "modified_date",
                                                    "updated_at", "last_modified"};
constexpr std::size_t kKeys = 20'000;   // of rows that were modified, asked for at a time
constexpr std::size_t kTogether = 200;  // rows that are looked up in one query

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

const Column* named(const Table& table, std::string_view name) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [&](const Column& one) { return same_name(one.name, name); });
  return found == table.columns.end() ? nullptr : &*found;
}

Error no_time(const Table& table, const std::string& name, const std::string& why) {
  return Error(ErrorKind::schema, "lite.modified", "the column of --modified " + why + ": " + name)
      .at("table " + to_string(table.name))
      .hint("name a column that keeps a date, or a date and time: --modified TABLE=COLUMN");
}

// What the user named for the table: by the table first, then for all that have it.
std::optional<Column> asked_for(const Table& table, const SyncWish& wish, const Dialect& dialect) {
  for (const bool general : {false, true}) {
    for (const auto& [pattern, name] : wish.modified) {
      if (pattern.empty() != general) continue;
      if (!general && !Pattern(pattern).matches(table.name)) continue;
      const Column* column = named(table, name);
      if (column == nullptr && general) continue;
      if (column == nullptr) throw no_time(table, name, "is not there");
      if (!dialect.clock(*column)) throw no_time(table, name, "keeps no time");
      return *column;
    }
  }
  return std::nullopt;
}

std::optional<Column> modified_column(const Table& table, const SyncWish& wish,
                                      const Dialect& dialect) {
  std::optional<Column> asked = asked_for(table, wish, dialect);
  if (asked) return asked;
  for (const std::string_view name : kUsual) {
    const Column* column = named(table, name);
    if (column != nullptr && dialect.clock(*column)) return *column;
  }
  return std::nullopt;
}

// The key as the target's columns.
Cut check_key(const Ends& ends, const ComparedTable& compared, const MendedTable& mended) {
  const Table& table = compared.source.read.table;
  const bool words =
      ends.source_dialect->marks() != nullptr && ends.target_dialect->marks() != nullptr;
  const auto shared = shared_key(compared, *ends.source_dialect, *ends.target_dialect);
  if (words && shared && !mended.key.empty()) return *shared;
  std::string why = "its key has no order that both sides share";
  if (compared.key.empty()) {
    why = "it has no key";
  } else if (mended.key.empty()) {
    why = "the target has no unique key of the same columns";
  }
  throw Error(ErrorKind::schema, "lite.key", "--lite cannot look at this table: " + why)
      .at("table " + to_string(table.name))
      .hint(
          "leave the table out (--exclude), and compare it whole: the same command without"
          " --lite");
}

Bound highest_key(const Dialect& dialect, const TableRead& read, Catalog& source) {
  const auto rows = source.query(sql::select_highest(dialect, read.table, read.cut));
  Bound key;
  if (rows.empty()) return key;
  for (const auto& cell : rows[0]) key.push_back(cell.value_or(""));
  return key;
}

std::string latest_time(const Dialect& dialect, const Table& table, const Column& modified,
                        Catalog& source) {
  const auto rows = source.query(sql::select_latest(dialect, table, modified));
  return rows.empty() ? "" : rows[0][0].value_or("");
}

// What has another answer to one of these has other marks.
std::string sync_of(const Ends& ends, const SyncWish& wish, const TableRead& read,
                    const std::string& plan, const std::optional<Column>& modified) {
  std::string text = ends.source_dialect->facts().identity + '\x1f' +
                     ends.target_dialect->facts().identity + '\x1f' + plan + '\x1f' +
                     describe(read.cut);
  if (modified) text += '\x1f' + modified->name + '\x1e' + modified->native;
  if (!wish.inserts) text += "\x1fno-insert";
  if (!wish.updates) text += "\x1fno-update";
  return fingerprint(text);
}

}  // namespace

Marks LiteTable::marks(const TableName& target) const {
  return {.sync = sync, .table = target, .last = reached, .before = last};
}

LiteTable plan_lite(const Ends& ends, const SyncWish& wish, const ComparedTable& compared,
                    const MendedTable& mended, const std::string& plan, Catalog& source,
                    Ledger& ledger) {
  const TableRead& read = compared.source.read;
  const Dialect& dialect = *ends.source_dialect;
  LiteTable lite;
  lite.there = check_key(ends, compared, mended);
  lite.modified = modified_column(read.table, wish, dialect);
  lite.sync = sync_of(ends, wish, read, plan, lite.modified);
  for (const Marks& kept : ledger.marks(lite.sync)) {
    if (kept.table != mended.rows.name) continue;
    lite.start = kept.before;
    lite.last = kept.last;
  }
  lite.reached.key = highest_key(dialect, read, source);
  if (lite.modified) lite.reached.time = latest_time(dialect, read.table, *lite.modified, source);
  return lite;
}

void narrow(const LiteTable& lite, ComparedTable& compared) {
  if (lite.start.key.empty()) return;
  compared.ranges = true;
  compared.target.read.cut = lite.there;
  for (Gap& gap : compared.source.gaps) gap.lower = lite.start.key;
}

void check_modified(const SyncWish& wish, const Plan& plan) {
  if (!wish.lite && !wish.modified.empty()) {
    throw Error(ErrorKind::usage, "lite.modified", "--modified is for --lite only");
  }
  for (const auto& [pattern, name] : wish.modified) {
    const bool there =
        std::any_of(plan.tables.begin(), plan.tables.end(), [&](const TablePlan& one) {
          const Table& table = one.read.table;
          return pattern.empty() ? named(table, name) != nullptr
                                 : Pattern(pattern).matches(table.name);
        });
    if (there) continue;
    const std::string what = pattern.empty() ? "no table has the column of --modified: " + name
                                             : "--modified names no table: " + pattern;
    throw Error(ErrorKind::usage, "lite.modified", what)
        .hint("--modified COLUMN, or --modified TABLE=COLUMN for some tables");
  }
}

void look_up_modified(const Ends& ends, const LiteTable& lite, const ComparedTable& table,
                      Snapshot& source, Snapshot& target, const LookSettings& settings,
                      const std::function<void(const Difference&)>& take, Compared& compared) {
  // Without a mark's key all rows have been compared.
  if (!lite.modified || lite.start.key.empty()) return;
  const TableRead& read = table.source.read;
  const Dialect& from = *ends.source_dialect;
  const Dialect& to = *ends.target_dialect;
  const std::string since = sql::changed_since(from, *lite.modified, lite.start.time);
  const std::string wanted = read.where.empty() ? "" : "(" + read.where + "\n) AND ";
  Page range{.part = "", .number = 0, .lower = {}, .upper = lite.start.key};
  for (bool more = true; more;) {
    std::vector<Bound> keys;
    with_retries(settings.retry, settings.stop, settings.note, [&](int) {
      keys.clear();
      const std::string sql = sql::select_keys(from, read, range, since, kKeys + 1);
      for (const auto& row : source.catalog()->query(sql)) {
        keys.emplace_back();
        for (const auto& cell : row) keys.back().push_back(cell.value_or(""));
      }
    });
    more = keys.size() > kKeys;
    if (more) {
      range.lower = keys.back();
      keys.pop_back();
    }
    LookUp look(table, source, target,
                settings.throttle);  // sessions are few: it has them for these keys only
    for (auto next = keys.begin(); next != keys.end();) {
      if (settings.stop.stop_requested()) throw interrupted();
      const auto count = std::min<std::ptrdiff_t>(kTogether, keys.end() - next);
      const std::vector<Bound> some(next, next + count);
      const std::string here = wanted + "(" + sql::has_key(from, read.table, read.cut, some) + ")";
      const std::string there =
          sql::has_key(to, table.target.read.table, table.target.read.cut, some);
      with_retries(settings.retry, settings.stop, settings.note,
                   [&](int) { look.compare(here, there, settings.stop, take, compared); });
      next += count;
    }
  }
}

std::string describe(const LiteTable& lite) {
  if (lite.start.key.empty()) return "all rows, without deletes";
  return lite.modified ? "new keys, " + lite.modified->name : "new keys";
}

std::string not_proven() {
  return "--lite looked for new and changed rows past the marks of earlier runs, not for deleted"
         " rows; a full run (the same command without --lite) compares every row, so it also finds"
         " rows that were deleted at the source, changed without a new time, written under a lower"
         " key, or changed at the target";
}

std::vector<Loss> notes_of(const LiteTable& lite) {
  std::vector<Loss> notes;
  if (!lite.modified) {
    notes.push_back({"lite.unchanged",
                     "no column says when a row was changed: only new keys were looked for, not"
                     " changed rows"});
  }
  if (lite.start.key.empty()) {
    notes.push_back(
        {"lite.first", "all rows were looked at: there are no marks of two earlier runs"});
  }
  return notes;
}

}  // namespace rowferry
