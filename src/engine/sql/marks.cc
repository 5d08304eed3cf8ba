#include "engine/sql/marks.h"

#include "engine/sql/ledger.h"

namespace rowferry::sql {

namespace {

Mark mark_of(const std::optional<std::string>& key, const std::optional<std::string>& time) {
  return {.key = to_bound(key.value_or("")), .time = time.value_or("")};
}

}  // namespace

std::vector<Marks> read_marks(Session& session, const MarksPlace& place, const std::string& sync) {
  const Rows rows = session.query("SELECT tbl, last_key, last_time, before_key, before_time FROM " +
                                      place.name + " WHERE sync = $1 ORDER BY tbl",
                                  std::vector<std::string>{sync});
  std::vector<Marks> marks;
  for (const Row& row : rows) {
    marks.push_back({.sync = sync,
                     .table = table_of(row[0].value_or("")),
                     .last = mark_of(row[1], row[2]),
                     .before = mark_of(row[3], row[4])});
  }
  return marks;
}

KeepMarks keep_marks(const std::string& place) {
  return {.remove = "DELETE FROM " + place + " WHERE sync = $1 AND tbl = $2",
          .insert = "INSERT INTO " + place +
                    " (sync, tbl, last_key, last_time, before_key, before_time, kept_at)"
                    " VALUES ($1, $2, $3, $4, $5, $6, CURRENT_TIMESTAMP)"};
}

std::vector<std::string> mark_values(const Marks& marks) {
  return {marks.sync,      key_of(marks.table),       to_text(marks.last.key),
          marks.last.time, to_text(marks.before.key), marks.before.time};
}

}  // namespace rowferry::sql
