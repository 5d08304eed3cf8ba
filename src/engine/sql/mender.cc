#include "engine/sql/mender.h"

#include <algorithm>

#include "core/batch.h"
#include "engine/sql/marks.h"

namespace rowferry::sql {

namespace {

const TableWrite& shape_of(Mender::Step step, const MendedTable& table) {
  const bool standing = step == Mender::Step::remove || step == Mender::Step::vacate;
  return standing ? table.standing : table.rows;
}

}  // namespace

template <typename Work>
void SqlMender::or_roll_back(const Work& work) {
  try {
    work();
  } catch (const Error&) {
    try {
      rollback();
    } catch (const Error&) {
      // The connection is gone, and with it the transaction; the first error says why.
    }
    throw;
  }
}

void SqlMender::begin() {
  in_transaction_ = true;
  or_roll_back([&] { stage_->execute(stage_->begin()); });
}

void SqlMender::rollback() {
  if (!in_transaction_ || stage_->lost()) return;
  in_transaction_ = false;
  stage_->execute("ROLLBACK");
}

void SqlMender::commit() {
  or_roll_back([&] { stage_->commit(); });
  in_transaction_ = false;
}

void SqlMender::remember(const Marks& marks) {
  or_roll_back([&] {
    const KeepMarks keep = keep_marks(stage_->marks());
    const std::vector<std::string> values = mark_values(marks);
    stage_->put(keep.remove, {values[0], values[1]});
    stage_->put(keep.insert, values);
  });
}

std::int64_t SqlMender::apply(Step step, const MendedTable& table, const std::vector<int>& columns,
                              const Batch& rows, std::vector<Refused>& refused) {
  std::vector<std::string_view> all;
  all.reserve(static_cast<std::size_t>(rows.rows()));
  for (CellCursor cursor(rows.bytes()); !cursor.done();) all.push_back(cursor.skip_row());
  const Task task{.step = step, .table = table, .columns = columns, .format = rows.format};
  std::int64_t changed = 0;
  or_roll_back([&] {
    if (load(task, all)) {
      changed = rows.rows();
      return;
    }
    stage_->make(shape_of(step, table));
    changed = apply(task, all, 0, refused);
  });
  return changed;
}

// What the server refuses of many rows that are loaded nobody knows: then they go the longer way.
bool SqlMender::load(const Task& task, std::span<const std::string_view> rows) {
  const std::vector<bool>& written = task.table.written;
  const bool whole = std::find(written.begin(), written.end(), false) == written.end();
  if (task.step != Step::insert || !whole || rows.empty()) return false;
  stage_->execute("SAVEPOINT rowferry_load");
  bool loaded = false;
  try {
    loaded = stage_->load(task.table, task.format, rows);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data && error.kind() != ErrorKind::schema) throw;
    stage_->execute("ROLLBACK TO SAVEPOINT rowferry_load");
  }
  stage_->execute("RELEASE SAVEPOINT rowferry_load");
  return loaded;
}

// What the server refuses of many rows is found by halving. A step that every row is needed for is
// taken for all or none.
std::int64_t SqlMender::apply(const Task& task, std::span<const std::string_view> rows,
                              std::size_t first, std::vector<Refused>& refused) {
  if (rows.empty()) return 0;
  stage_->execute("SAVEPOINT rowferry_mend");
  try {
    const std::int64_t changed = run(task, rows);
    stage_->execute("RELEASE SAVEPOINT rowferry_mend");
    return changed;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data && error.kind() != ErrorKind::schema) throw;
    stage_->execute("ROLLBACK TO SAVEPOINT rowferry_mend");
    if (rows.size() == 1) {
      refused.push_back({.place = first, .code = error.code(), .reason = error.message()});
      return 0;
    }
  }
  const std::size_t half = rows.size() / 2;
  return apply(task, rows.first(half), first, refused) +
         apply(task, rows.subspan(half), first + half, refused);
}

std::int64_t SqlMender::run(const Task& task, std::span<const std::string_view> rows) {
  const bool removes = task.step == Step::remove;
  if (removes && task.table.key.empty()) {
    return stage_->remove_whole(task.table, task.format, rows);
  }
  stage_->fill(shape_of(task.step, task.table), task.format, rows);
  const MendWords words = stage_->words(task.table);
  const bool adopts = task.step == Step::adopt;
  if (adopts) stage_->rename(take_over_keys(words, task.table));
  const std::string sql = mend_text(words, task.step, task.table, task.columns);
  const std::int64_t changed = sql.empty() ? 0 : stage_->change(sql);
  if (adopts) stage_->change(insert_missing(words, task.table));
  if (removes && !task.table.cascades.empty()) return changed + remove_rest(task.table, words, sql);
  return adopts ? static_cast<std::int64_t>(rows.size()) : changed;
}

// A row that others of the same table refer to goes after them; one that rows refer to which stay
// does not.
std::int64_t SqlMender::remove_rest(const MendedTable& table, const MendWords& words,
                                    const std::string& sql) {
  std::int64_t all = 0;
  for (std::int64_t changed = -1; changed != 0; all += changed) changed = stage_->change(sql);
  if (!stage_->any(select_kept(words, table))) return all;
  throw Error(ErrorKind::data, "row.referenced",
              "rows of another table refer to it that would be changed by its going");
}

}  // namespace rowferry::sql
