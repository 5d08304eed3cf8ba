#include "workflow/altering.h"

#include <strings.h>

#include <algorithm>

#include "engine/sql/ddl.h"
#include "flow/retry.h"

namespace rowferry {

namespace {

// The alterations of one table.
class Altering {
 public:
  Altering(const TablePlan& paired, const Table& there, const Dialect& dialect,
           const sql::AlterWords& words, bool folds_case, std::vector<Alteration>& out)
      : paired_(paired),
        there_(there),
        dialect_(dialect),
        words_(words),
        folds_case_(folds_case),
        out_(out) {}

  void column(const Column& wanted) {
    const Column* standing = counterpart(wanted.name);
    if (standing == nullptr) {
      add(wanted);
    } else if (!standing->generated && !words_.holds(*standing, wanted)) {
      widen(*standing, wanted);
    }
  }

 private:
  const Column* counterpart(const std::string& name) const {
    for (const bool folded : {false, true}) {
      if (folded && !folds_case_) break;
      for (const Column& column : there_.columns) {
        const bool same =
            folded ? strcasecmp(column.name.c_str(), name.c_str()) == 0 : column.name == name;
        if (same) return &column;
      }
    }
    return nullptr;
  }

  // Rows that stand there have no value of the source's yet.
  void add(const Column& wanted) {
    Column made = wanted;
    std::string note;
    if (made.identity) {
      made.identity.reset();
      note = "numbering by the server is left out";
    }
    if (!made.nullable && !made.default_value && !made.generated) {
      made.nullable = true;
      note += std::string(note.empty() ? "" : "; ") + "NOT NULL is left out, as rows stand there";
    }
    Table bare = there_;
    bare.primary_key.reset();
    out_.push_back({.table = there_.name,
                    .column = made.name,
                    .sql = "ALTER TABLE " + sql::table_name(dialect_, there_.name) +
                           " ADD COLUMN " + dialect_.define(made, bare),
                    .note = note});
  }

  void widen(const Column& standing, const Column& wanted) {
    const std::string types =
        standing.native + " does not take all that " + wanted.native + " does";
    if (words_.holds(wanted, standing)) {
      std::string sql = words_.retype(there_, standing, wanted);
      std::string note = sql.empty() ? types + ", and this kind of target changes no column's type"
                                     : std::string();
      out_.push_back({there_.name, standing.name, std::move(sql), std::move(note)});
      return;
    }
    const auto& misfits = paired_.compared_only;
    if (std::find(misfits.begin(), misfits.end(), standing.name) == misfits.end()) return;
    out_.push_back(
        {there_.name, standing.name, "", types + ", nor the other way round: change it by hand"});
  }

  const TablePlan& paired_;
  const Table& there_;
  const Dialect& dialect_;
  const sql::AlterWords& words_;
  bool folds_case_;
  std::vector<Alteration>& out_;
};

template <typename Tables, typename Name>
auto find_named(const Tables& tables, const TableName& wanted, const Name& name) {
  return std::find_if(tables.begin(), tables.end(),
                      [&](const auto& table) { return name(table) == wanted; });
}

}  // namespace

std::vector<Alteration> alterations(const Plan& made, const Plan& paired, const Schema& there,
                                    const Dialect& dialect, const sql::AlterWords& words,
                                    bool folds_case) {
  std::vector<Alteration> found;
  for (const TablePlan& table : made.tables) {
    const TableName& name = table.write.name;
    const auto standing = find_named(there.tables, name, [](const Table& t) { return t.name; });
    const auto pair =
        find_named(paired.tables, name, [](const TablePlan& t) { return t.write.name; });
    if (standing == there.tables.end() || pair == paired.tables.end()) continue;
    Altering altering(*pair, *standing, dialect, words, folds_case, found);
    for (const Column& column : table.target.columns) altering.column(column);
  }
  return found;
}

namespace {

// Why the server refused it; empty when it did not.
std::string refusal_of(const std::string& sql, const Ends& ends) {
  try {
    ends.to.catalog(ends.target, ends.target_options)->execute(sql);
    return "";
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::auth && !ends_table_only(error.kind())) throw;
    return error.message();
  }
}

}  // namespace

bool run_alterations(const std::vector<Alteration>& wanted, const Ends& ends,
                     const std::stop_token& stop, bool dry_run, Progress& progress,
                     std::map<TableName, Altered>& altered) {
  bool any = false;
  for (const Alteration& one : wanted) {
    if (stop.stop_requested()) throw interrupted();
    Altered& table = altered[one.table];
    const std::string name = "column " + one.column + ": ";
    const std::string refusal = one.sql.empty() ? one.note
                                : dry_run       ? ""
                                                : refusal_of(one.sql, ends);
    if (!refusal.empty()) {
      table.notes.push_back({"column.not_altered", name + "not altered: " + refusal});
      continue;
    }
    progress.note((dry_run ? "would run: " : "ran: ") + one.sql);
    table.statements.push_back(one.sql);
    if (!one.note.empty()) table.notes.push_back({"column.altered", name + one.note});
    any = !dry_run || any;
  }
  return any;
}

}  // namespace rowferry
