#include "workflow/synced.h"

#include <algorithm>

#include "workflow/live.h"

namespace rowferry {

namespace {

// The differences that the user wanted gone.
std::int64_t unwanted(const Compared& compared, const SyncWish& wish) {
  return (wish.inserts ? compared.only_source : 0) + (wish.removes ? compared.only_target : 0) +
         (wish.updates ? compared.changed : 0);
}

void name_kept(SyncedTable& table, const Compared& last, const SyncWish& wish) {
  const auto note = [&](bool wanted, std::int64_t rows, const char* text) {
    if (wanted || rows == 0) return;
    table.notes.push_back(
        {"row.kept", std::to_string(rows) + (rows == 1 ? " row " : " rows ") + text});
  };
  note(wish.inserts, last.only_source, "only at the source: not inserted");
  note(wish.removes, last.only_target, "only at the target: not deleted");
  note(wish.updates, last.changed,
       last.changed == 1 ? "that differs: not updated" : "that differ: not updated");
}

Synced state_of(const SyncedTable& table, const SyncWish& wish, Copied copied, bool one_point) {
  if (!table.errors.empty()) return Synced::failed;
  const bool left_out = wish.dry_run || !wish.inserts;
  if (copied == Copied::done) return Synced::copied;
  if (copied == Copied::not_yet) return left_out ? Synced::differs : Synced::unfinished;
  if (!table.compared.ended) return Synced::unfinished;
  const bool lacks = std::any_of(table.notes.begin(), table.notes.end(),
                                 [](const Loss& note) { return note.code == "column.missing"; });
  const Compared& last = table.left.ended ? table.left : table.compared;
  // Pages whose only fault is a row that cannot be read are not compared a second time.
  const bool differs = lacks || unwanted(last, wish) + table.compared.unreadable > 0;
  if (differs) return Synced::differs;
  if (wish.lite) return is_done(table, wish) ? Synced::not_proven : Synced::unfinished;
  const Repaired& done = table.repaired;
  const bool touched = done.inserted + done.updated + done.removed > 0;
  // Changes of the last round were not looked at again.
  if (last.differences() == 0 && touched && !table.left.ended) return Synced::unfinished;
  if (last.left_alone > 0 || !one_point) return Synced::not_proven;
  if (last.differences() > 0) return Synced::kept;
  return touched ? Synced::repaired : Synced::identical;
}

}  // namespace

void conclude(SyncedTable& table, const SyncWish& wish, Copied copied, bool one_point) {
  name_live(table.left.ended ? table.left : table.compared, table.notes);
  if (!wish.dry_run) name_kept(table, table.left.ended ? table.left : table.compared, wish);
  if (copied == Copied::not_yet && (wish.dry_run || !wish.inserts)) {
    table.notes.push_back({"table.missing", "the target has no such table"});
  }
  table.state = state_of(table, wish, copied, one_point);
}

bool is_done(const SyncedTable& table, const SyncWish& wish) {
  const Repaired& done = table.repaired;
  const bool changed = done.inserted + done.updated + done.removed > 0;
  if (!table.errors.empty() || !table.compared.ended || (changed && !table.left.ended))
    return false;
  const Compared& last = table.left.ended ? table.left : table.compared;
  return unwanted(last, wish) + table.compared.unreadable + last.left_alone == 0;
}

std::string_view name_of(Synced synced) {
  switch (synced) {
    case Synced::identical:
      return "identical";
    case Synced::repaired:
      return "repaired";
    case Synced::not_proven:
      return "not_proven";
    case Synced::kept:
      return "kept";
    case Synced::copied:
      return "copied";
    case Synced::differs:
      return "differs";
    case Synced::failed:
      return "failed";
    case Synced::unfinished:
      return "unfinished";
  }
  return "";
}

}  // namespace rowferry
