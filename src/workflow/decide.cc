#include <algorithm>
#include <map>

#include "engine/sql/ddl.h"
#include "workflow/planning.h"
#include "workflow/table_run.h"

namespace rowferry {

namespace {

Error table_error(const TableRun& run, ErrorKind kind, const char* code, const std::string& text) {
  return Error(kind, code, text).at("table " + to_string(run.plan->write.name));
}

class Decider {
 public:
  Decider(const Situation& situation, const Ends& ends, Catalog& target, Ledger& ledger)
      : situation_(situation), ends_(ends), target_(target), ledger_(ledger) {
    for (Begun& table : ledger.begun()) {
      const TableName name = table.table;
      begun_.emplace(name, std::move(table));
    }
  }

  void decide(TableRun& run) {
    if (!run.report.errors.empty()) return;
    const auto known = begun_.find(run.plan->write.name);
    if (known == begun_.end()) {
      decide_new(run);
    } else if (situation_.restart) {
      restart(run, known->second);
    } else {
      resume(run, known->second);
    }
  }

  // Throws when any table stands in the way: nothing has been changed yet, and nothing is.
  void check() const {
    if (in_the_way_.empty()) return;
    std::string names;
    for (const std::string& table : in_the_way_) names += (names.empty() ? "" : ", ") + table;
    throw Error(ErrorKind::conflict, "target.not_empty", "the target has rows already: " + names)
        .hint("say what to do with them: --existing append, truncate or drop");
  }

  Preparation preparation() { return std::move(preparation_); }

  // Whole tables of earlier runs, small ones first, up to the first that has changed since: from
  // there on the job is not of one point in time anyway.
  void prove_whole_ones() {
    std::stable_sort(whole_.begin(), whole_.end(), [](const Whole& a, const Whole& b) {
      return a.run->plan->read.table.bytes < b.run->plan->read.table.bytes;
    });
    for (const Whole& table : whole_) {
      if (!prove(*table.run, table.pages)) return;
    }
  }

 private:
  void decide_new(TableRun& run) {
    const TableName& name = run.plan->write.name;
    if (run.plan->exists) {
      if (const auto others = ledger_.others(name); !others.empty()) {
        run.report.errors.push_back(
            table_error(run, ErrorKind::conflict, "table.begun",
                        "another job has begun this table from the same source: " + others.front())
                .hint("the --where, --columns, --map or selection has changed since: run that job's"
                      " command again, or remove it with `rowferry cleanup " +
                      others.front() + "` first"));
        return;
      }
      decide_existing(run);
    }
    begin(run);
  }

  void decide_existing(TableRun& run) {
    const TableName& name = run.plan->write.name;
    const Existing existing = situation_.request.existing;
    if (existing == Existing::drop) {
      preparation_.drop.push_back(name);
      return;
    }
    if (is_empty(target_, *ends_.target_dialect, name)) return;
    if (existing == Existing::append) {
      const RowCount count = ledger_.count(name);
      run.rows_before = count.counted - count.landed;
    } else if (existing == Existing::truncate || holds_own_rows(name)) {
      preparation_.empty.push_back(name);
    } else {
      in_the_way_.push_back(to_string(name) + " (" + std::to_string(ledger_.count(name).counted) +
                            " rows)");
    }
  }

  // A finished job that starts over may empty what it filled, as long as nobody has added to it.
  bool holds_own_rows(const TableName& name) {
    const auto own = situation_.own_finished.find(to_string(name));
    return own != situation_.own_finished.end() && own->second == ledger_.count(name).counted;
  }

  // A table begun now has one gap a part: all of it.
  void begin(TableRun& run) {
    run.begun = true;
    run.positions = {situation_.position};
    preparation_.begin.push_back({.table = run.plan->write.name,
                                  .plan = run.plan->write.plan,
                                  .position = situation_.position,
                                  .rows_before = run.rows_before,
                                  .finished = false});
    for (const std::string& part : parts_of(run.plan->read.table)) {
      for (Gap& gap : gaps_between({}, part)) run.gaps.push_back(std::move(gap));
    }
  }

  void restart(TableRun& run, const Begun& known) {
    const TableName& name = run.plan->write.name;
    const bool append = situation_.request.existing == Existing::append;
    if (known.rows_before > 0 || known.finished || append) {
      if (!ledger_.landed(name).empty() || known.finished) {
        run.report.errors.push_back(
            table_error(run, ErrorKind::conflict, "restart.append",
                        "rows were appended to a table that had rows of its own, so they cannot be"
                        " taken back")
                .hint("leave --restart out to go on, or remove the rows yourself and run `rowferry"
                      " cleanup` first"));
        return;
      }
      run.rows_before = known.rows_before;
    } else if (run.plan->exists) {
      const Existing existing = situation_.request.existing;
      const RowCount count = ledger_.count(name);
      if (existing == Existing::refuse && count.counted > count.own) {
        in_the_way_.push_back(to_string(name) + " (" + std::to_string(count.counted) + " rows, " +
                              std::to_string(count.own) + " of them this job's)");
      }
      (existing == Existing::drop ? preparation_.drop : preparation_.empty).push_back(name);
    }
    preparation_.forget.push_back(name);
    begin(run);
  }

  void resume(TableRun& run, const Begun& known) {
    run.begun = true;
    run.rows_before = known.rows_before;
    if (!run.plan->exists) {
      run.report.errors.push_back(
          table_error(run, ErrorKind::conflict, "table.gone",
                      "the table was begun by this job and is not there any more")
              .hint("--restart begins it again"));
      return;
    }
    if (known.plan != run.plan->write.plan) {
      run.report.errors.push_back(
          table_error(run, ErrorKind::conflict, "plan.changed",
                      "the table was begun with other columns, types or conditions than it has now")
              .hint("undo the change to go on, or use --restart to begin again"));
      return;
    }
    std::vector<LandedPage> landed = ledger_.landed(run.plan->write.name);
    std::vector<Page> pages;
    for (const LandedPage& page : landed) {
      run.rows_landed += page.rows;
      run.left_out += page.rejected;
      if (page.rejected > 0) run.pages_without.push_back(page.page);
      run.positions.insert(page.position);
      pages.push_back(page.page);
    }
    run.resumed = !pages.empty();
    const RowCount count = ledger_.count(run.plan->write.name);
    if (pages.empty() && situation_.request.existing == Existing::append) {
      // Nothing of ours is there yet: what others hold now is what was there before.
      run.rows_before = count.counted - count.landed;
      preparation_.forget.push_back(run.plan->write.name);
      begin(run);
      return;
    }
    if (auto error = misfit(run, count, situation_.request)) {
      run.report.errors.push_back(std::move(*error));
      return;
    }
    for (const std::string& part : parts_of(run.plan->read.table)) {
      for (Gap& gap : gaps_between(pages, part)) run.gaps.push_back(std::move(gap));
    }
    if (run.gaps.empty()) {
      whole_.push_back({.run = &run, .pages = std::move(landed)});
    } else {
      prove(run, landed);
      go_on(run, count);
    }
  }

  // Where the source still has the landed rows, and no others in their pages, they are of the
  // snapshot now open as well: an idle table in a busy database is of one point in time.
  bool prove(TableRun& run, const std::vector<LandedPage>& landed) {
    std::map<std::string, std::pair<std::vector<Page>, std::int64_t>> by_position;
    for (const LandedPage& page : landed) {
      if (page.position == situation_.position) continue;
      auto& [pages, rows] = by_position[page.position];
      pages.push_back(page.page);
      rows += page.rows + page.rejected;
    }
    for (const auto& [position, seen] : by_position) {
      if (!situation_.pager.unchanged(run.plan->read, seen.first, seen.second, position)) {
        return false;
      }
    }
    run.positions = {situation_.position};
    return true;
  }

  // Pages read under another snapshot may be joined by new ones only where a row keeps its place in
  // the cut; else the table is loaded again.
  void go_on(TableRun& run, const RowCount& count) {
    const bool changed = !run.positions.empty() && run.positions != std::set{situation_.position};
    run.positions.insert(situation_.position);
    if (!changed || run.plan->read.cut.by == Cut::By::key) return;
    if (run.rows_before > 0 || count.counted != count.own) {
      run.report.errors.push_back(
          table_error(run, ErrorKind::conflict, "resume.moved",
                      "the source has changed since the table was begun, its rows have no key to go"
                      " on from, and the rows that were there before cannot be told apart")
              .hint("remove the appended rows, run `rowferry cleanup`, and copy the table again"));
      return;
    }
    preparation_.empty.push_back(run.plan->write.name);
    run.resumed = false;
    run.rows_landed = 0;
    run.left_out = 0;
    run.pages_without.clear();
    run.positions = {situation_.position};
    run.gaps.clear();
    for (const std::string& part : parts_of(run.plan->read.table)) {
      for (Gap& gap : gaps_between({}, part)) run.gaps.push_back(std::move(gap));
    }
  }

  // A table that earlier runs have loaded to its end.
  struct Whole {
    TableRun* run = nullptr;
    std::vector<LandedPage> pages;
  };

  const Situation& situation_;
  const Ends& ends_;
  Catalog& target_;
  Ledger& ledger_;
  std::map<TableName, Begun> begun_;
  std::vector<Whole> whole_;
  std::vector<std::string> in_the_way_;
  Preparation preparation_;
};

}  // namespace

// Rows appended by others are theirs to add; elsewhere the table holds this job's rows and no
// others.
std::optional<Error> misfit(const TableRun& run, const RowCount& count, const Request& request) {
  const bool append = request.existing == Existing::append;
  const std::int64_t expected = run.rows_before + (append ? count.landed : count.own);
  if (append ? count.counted >= expected : count.counted == expected) return std::nullopt;
  return Error(ErrorKind::conflict, "rows.count",
               "the table holds " + std::to_string(count.counted) + " rows, and should hold " +
                   std::to_string(expected) + " by what has landed")
      .at("table " + to_string(run.plan->write.name))
      .hint(
          "somebody else has changed it since the job began; --restart with --existing truncate"
          " loads it again");
}

bool is_empty(Catalog& catalog, const Dialect& dialect, const TableName& name) {
  return catalog.query("SELECT 1 FROM " + sql::table_name(dialect, name) + " LIMIT 1").empty();
}

std::vector<std::string> parts_of(const Table& table) {
  if (!table.partitioned) return {""};
  std::vector<std::string> parts;
  for (const Part& part : table.parts) parts.push_back(to_string(part.name));
  return parts;
}

Preparation decide(std::vector<TableRun>& tables, const Situation& situation, const Ends& ends,
                   Catalog& target, Ledger& ledger) {
  Decider decider(situation, ends, target, ledger);
  for (TableRun& run : tables) decider.decide(run);
  decider.check();
  decider.prove_whole_ones();
  return decider.preparation();
}

}  // namespace rowferry
