#include "flow/comparing.h"

#include <algorithm>

#include "core/batch.h"
#include "core/image.h"
#include "engine/sql/rejected.h"

namespace rowferry {

Comparing::Comparing(const std::vector<ComparedTable>& tables, const CompareSettings& settings,
                     Progress& progress, const TakeDifference& take,
                     std::vector<Compared>& compared)
    : tables_(tables),
      settings_(settings),
      progress_(progress),
      take_(take),
      compared_(compared),
      began_(tables.size()),
      fetched_(tables.size()) {
  compared_.assign(tables.size(), {});
}

void Comparing::begin(std::size_t table) {
  {
    const std::lock_guard lock(mutex_);
    if (began_[table] != Clock::time_point{}) return;
    began_[table] = Clock::now();
  }
  progress_.table_started(tables_[table].source.read.table.name);
}

void Comparing::end(std::size_t table) {
  const std::lock_guard lock(mutex_);
  Compared& compared = compared_[table];
  compared.ended = !compared.error;
  const bool whole = compared.ended && compared.differences() == 0 && !tables_[table].ranges;
  if (whole && settings_.equal) settings_.equal(table, {}, compared.source_rows);
  compared.seconds = std::chrono::duration<double>(Clock::now() - began_[table]).count();
}

namespace {

// What rows of a table take, as far as its server knows: for the progress of rows that were
// digested where they are.
std::int64_t bytes_of(const ComparedTable& table, std::int64_t rows) {
  const Table& stored = table.source.read.table;
  return stored.rows > 0 ? 2 * rows * (stored.bytes / stored.rows) : 0;
}

}  // namespace

void Comparing::add(std::size_t table, std::int64_t source_rows, std::int64_t target_rows,
                    std::int64_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    Compared& compared = compared_[table];
    compared.source_rows += source_rows;
    compared.target_rows += target_rows;
    compared.bytes += bytes;
  }
  const std::int64_t moved = bytes > 0 ? bytes : bytes_of(tables_[table], source_rows);
  progress_.page_landed(tables_[table].source.read.table.name, source_rows, moved);
}

void Comparing::differ(std::size_t table, const Difference& difference,
                       const std::optional<CellSpan>& cells) {
  const std::lock_guard lock(mutex_);
  Compared& compared = compared_[table];
  if (settings_.now && is_young(tables_[table].ages, difference, *settings_.now)) {
    ++compared.left_alone;
    return;
  }
  if (cells) {
    compared.cells.resize(kCells);
    ++compared.cells[cells->first];
    progress_.cell_differs(tables_[table].source.read.table.name, cells->first);
  }
  switch (difference.what) {
    case Difference::What::only_source:
      ++compared.only_source;
      break;
    case Difference::What::only_target:
      ++compared.only_target;
      break;
    case Difference::What::changed:
      ++compared.changed;
      break;
    case Difference::What::unreadable:
      ++compared.unreadable;
      break;
  }
  take_(table, difference);
}

void Comparing::seen(std::size_t table, const std::optional<CellSpan>& cells) {
  if (cells) progress_.cells_compared(tables_[table].source.read.table.name, *cells);
}

void Comparing::pass_over(std::size_t table) {
  const std::lock_guard lock(mutex_);
  ++compared_[table].passed_over;
}

void Comparing::equal(std::size_t table, const Page& page, std::int64_t rows) {
  if (!settings_.equal) return;
  const std::lock_guard lock(mutex_);
  settings_.equal(table, page, rows);
}

void Comparing::sent(std::size_t table, std::int64_t statements) {
  const std::lock_guard lock(mutex_);
  compared_[table].statements += statements;
}

void Comparing::differs(std::size_t table, const Page& page) {
  if (!settings_.rows) return;
  const std::lock_guard lock(mutex_);
  compared_[table].pages.push_back(page);
}

void Comparing::fetch(std::size_t table, bool begins) {
  const std::lock_guard lock(mutex_);
  Fetched& fetched = fetched_[table];
  if (begins) {
    if (fetched.lanes++ == 0) fetched.began = Clock::now();
  } else if (--fetched.lanes == 0) {
    compared_[table].fetch_seconds +=
        std::chrono::duration<double>(Clock::now() - fetched.began).count();
  }
}

void Comparing::fail(std::size_t table, const Error& error) {
  const std::lock_guard lock(mutex_);
  if (!compared_[table].error) compared_[table].error = error;
}

const TableWrite& nothing() {
  static const TableWrite kNothing;
  return kNothing;
}

std::string name_row(const ComparedTable& table, std::string_view row) {
  std::vector<RejectedCell> cells;
  CellCursor cursor(row);
  cursor.row();
  for (std::size_t i = 0; i < table.kinds.size(); ++i) {
    const std::string& name = table.source.read.columns[i].name;
    const std::string_view cell = cursor.cell();
    if (cursor.null()) {
      cells.push_back(sql::null_cell(name));
    } else if (sound(table.kinds[i], cell)) {
      cells.push_back(sql::cell_of(name, table.kinds[i], cell));
    } else {
      cells.push_back(sql::bytes_cell(name, cell.substr(1)));
    }
  }
  return sql::key_text(cells, sql::naming_columns(table.key, cells.size()));
}

namespace {

Digest name_digest(const ComparedTable& table, std::string_view row) {
  std::string scratch;
  Digest name;
  name.add(key_image(row, table.key, scratch));
  return name;
}

}  // namespace

Difference only(const ComparedTable& table, Difference::What side, const FormedRow& row) {
  Difference difference{.what = side, .key = name_row(table, row.row), .columns = {}, .reason = ""};
  const bool ours = side == Difference::What::only_source;
  (ours ? difference.source : difference.target) = row.read;
  difference.name = name_digest(table, row.row);
  return difference;
}

Difference changed(const ComparedTable& table, const FormedRow& ours, const FormedRow& theirs) {
  Difference difference{.what = Difference::What::changed,
                        .key = name_row(table, ours.row),
                        .columns = {},
                        .reason = ""};
  CellCursor a(ours.row);
  CellCursor b(theirs.row);
  a.row();
  b.row();
  int place = 0;
  for (const ColumnRead& column : table.source.read.columns) {
    const std::string_view mine = a.cell();
    const std::string_view other = b.cell();
    if (a.null() != b.null() || mine != other) {
      difference.columns.push_back(column.name);
      difference.places.push_back(place);
    }
    ++place;
  }
  difference.name = name_digest(table, ours.row);
  difference.source = ours.read;
  difference.target = theirs.read;
  return difference;
}

Difference unreadable(const Reject& reject) {
  std::vector<std::string> columns;
  if (!reject.column.empty()) columns.push_back(reject.column);
  return {.what = Difference::What::unreadable,
          .key = reject.key,
          .columns = std::move(columns),
          .reason = reject.reason};
}

Error unsteady() {
  return Error(ErrorKind::conflict, "rows.count",
               "the rows differed when they were summed up, and not when they were read once more")
      .hint("a side changes while it is read: leave --allow-inconsistent out, or compare again");
}

}  // namespace rowferry
