#include "workflow/probe.h"

#include <algorithm>
#include <array>
#include <limits>

#include "core/value.h"
#include "engine/sql/ddl.h"
#include "engine/sql/rejected.h"
#include "engine/sql/violations.h"
#include "flow/amend.h"
#include "workflow/table_run.h"

namespace rowferry {

namespace {

constexpr std::size_t kKeys = 5;  // that a finding shows

struct Advice {
  std::string_view code;
  std::string_view hint;
};

constexpr std::string_view kMend =
    "mend them at the source, or leave them out with --where; copy --max-rejects lists them and "
    "goes"
    " on";

constexpr std::array kAdvice = {
    Advice{"value.zero_date", "set them NULL at the source, or copy with --rule zero-date=null"},
    Advice{"value.nul",
           "take the NUL characters out at the source, or copy with --rule nul=strip or nul=bytes"},
    Advice{"value.utf8", "mend them at the source, or copy with --rule bad-utf8=bytes"},
    Advice{"value.length",
           "widen the target's column, shorten the values, or copy with --rule too-long=truncate"},
    Advice{"value.null", "let the target's column take NULL, or fill the values in at the source"},
};

std::string hint_for(std::string_view code) {
  const auto found = std::find_if(kAdvice.begin(), kAdvice.end(),
                                  [&](const Advice& one) { return one.code == code; });
  return std::string(found == kAdvice.end() ? kMend : found->hint);
}

std::vector<RejectedCell> cells_of(const TablePlan& plan, CellCursor cursor) {
  std::vector<RejectedCell> cells;
  cursor.row();
  for (std::size_t i = 0; i < plan.read.columns.size(); ++i) {
    const std::string& name = plan.read.columns[i].name;
    const std::string_view cell = cursor.cell();
    cells.push_back(cursor.null() ? sql::null_cell(name)
                                  : sql::cell_of(name, plan.write.columns[i].wire, cell));
  }
  return cells;
}

// Cells as text, where somebody wants them.
std::vector<std::optional<std::string>> texts_of(const TablePlan& plan, CellCursor cursor,
                                                 const std::vector<bool>& wanted) {
  std::vector<std::optional<std::string>> texts(wanted.size());
  cursor.row();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::string_view cell = cursor.cell();
    if (wanted[i] && !cursor.null()) texts[i] = to_text(plan.write.columns[i].wire, cell);
  }
  return texts;
}

}  // namespace

void TableProbe::run(const Plan& plan, CheckReport& report) {
  report_ = &report;
  progress_.phase("reading rows");
  for (const TablePlan& table : plan.tables) {
    if (!table.errors.empty()) continue;
    progress_.table_started(table.read.table.name);
    try {
      probe_table(table);
      for (const ForeignKey& key : table.read.table.foreign_keys) {
        look_for_orphans(plan, table, key);
      }
    } catch (const Error& error) {
      if (!ends_table_only(error.kind())) throw;
      report.findings.push_back(finding_of(error, Severity::blocker));
    }
    tell(table);
  }
}

void TableProbe::choose_checks(const TablePlan& plan) {
  checks_.clear();
  filled_.clear();
  for (const ColumnWrite& column : plan.write.columns) {
    const Column* made = find_column(plan.target, column.name);
    filled_.push_back(made != nullptr && !made->nullable);
    checks_.push_back(ends_.target_dialect->check(column));
  }
  collisions_.reset();
  const bool stays = plan.exists && request_.existing != Existing::drop;
  const bool cells = plan.read.format == RowFormat::cells;
  if (!stays || !cells || !ends_.to.weigher) return;
  auto weigher = ends_.to.weigher(ends_.target, ends_.target_options);
  const std::vector<StandingKey> keys = weigher->keys(plan.write.name);
  collisions_ = std::make_unique<Collisions>(std::move(weigher), plan, keys);
  if (collisions_->empty()) collisions_.reset();
}

// Page by page as a copy reads it, so that memory stays flat.
void TableProbe::probe_table(const TablePlan& plan) {
  choose_checks(plan);
  TableRead read = plan.read;
  std::vector<Page> pages;
  {
    const auto pager = snapshot_.pager();
    read.cut = pager->choose(read.table);
    for (const std::string& part : parts_of(read.table)) {
      for (const Gap& gap : gaps_between({}, part)) {
        for (Page& page : pager->cut(read, gap, ends_.page_size(request_.page_size))) {
          pages.push_back(std::move(page));
        }
      }
    }
  }
  if (read.format != RowFormat::cells) look_for_nulls(plan);
  AmendingReader reader(snapshot_.reader());  // as the copy's rows would be
  for (const Page& page : pages) read_page(plan, reader, read, page);
  if (!collisions_) return;
  for (const Collision& one : collisions_->found()) {
    add("key.collides", one.key, "are one value to the target's collation",
        one.row + " and " + one.former);
  }
}

void TableProbe::read_page(const TablePlan& plan, Reader& reader, const TableRead& read,
                           const Page& page) {
  if (request_.stop.stop_requested()) throw Error(ErrorKind::interrupted, "interrupted", "stopped");
  Rejects rejects{.most = std::numeric_limits<std::size_t>::max()};
  reader.open(read, page, &rejects);
  Batch batch;
  for (bool more = true; more;) {
    batch.clear();
    more = reader.next(batch);
    report_->rows_read += batch.rows() + static_cast<std::int64_t>(rejects.rows.size());
    for (Reject& reject : rejects.rows) {
      const std::string code = reject.code.empty() ? "value.range" : reject.code;
      add(code, reject.column, reject.reason, std::move(reject.key));
    }
    rejects.rows.clear();
    if (more && read.format == RowFormat::cells) look_at_cells(plan, batch);
  }
}

// Rows that pass unparsed show no cells: the server is asked.
void TableProbe::look_for_nulls(const TablePlan& plan) {
  const Dialect& dialect = *ends_.source_dialect;
  std::unique_ptr<Catalog> catalog;
  for (std::size_t i = 0; i < plan.read.columns.size(); ++i) {
    const Column* column = find_column(plan.read.table, plan.read.columns[i].name);
    if (!filled_[i] || column == nullptr || !column->nullable) continue;
    if (!catalog) catalog = snapshot_.catalog();
    std::vector<std::string> names;
    for (const int place : plan.write.key) {
      names.push_back(plan.read.columns[static_cast<std::size_t>(place)].name);
    }
    const std::string from = " FROM " + sql::table_name(dialect, plan.read.table.name) + " WHERE " +
                             dialect.quote(column->name) + " IS NULL" +
                             (plan.read.where.empty() ? "" : " AND (" + plan.read.where + "\n)");
    const std::string count = "SELECT count(*)" + from;
    const std::int64_t nulls = std::atoll(catalog->query(count).at(0).at(0).value_or("0").c_str());
    if (nulls == 0) continue;
    const auto rows = catalog->query("SELECT " + sql::column_list(dialect, names) + from +
                                     " LIMIT " + std::to_string(kKeys));
    Tally& tally = tallies_[{"value.null", column->name}];
    tally = {.reason = "NULL", .count = nulls, .keys = {}};
    for (const auto& row : rows) tally.keys.push_back(sql::named(names, row));
  }
}

void TableProbe::look_at_cells(const TablePlan& plan, const Batch& batch) {
  for (CellCursor cursor(batch.bytes()); !cursor.done();) {
    const CellCursor row = cursor;
    const auto name = [&] { return sql::key_text(cells_of(plan, row), plan.write.key); };
    cursor.row();
    for (std::size_t i = 0; i < checks_.size(); ++i) {
      const std::string_view cell = cursor.cell();
      if (cursor.null()) {
        if (filled_[i]) add("value.null", plan.read.columns[i].name, "NULL", name());
        continue;
      }
      if (!checks_[i]) continue;
      const auto unfit = checks_[i](cell);
      if (unfit) add(std::string(unfit->code), plan.read.columns[i].name, unfit->reason, name());
    }
    if (collisions_) collisions_->add(texts_of(plan, row, collisions_->wanted()), name());
  }
}

void TableProbe::add(const std::string& code, const std::string& column, std::string_view reason,
                     std::string key) {
  Tally& tally = tallies_[{code, column}];
  if (tally.count++ == 0) tally.reason = reason;
  if (tally.keys.size() < kKeys) tally.keys.push_back(std::move(key));
}

void TableProbe::tell(const TablePlan& plan) {
  const std::string table = "table " + to_string(plan.read.table.name);
  for (auto& [place, tally] : tallies_) {
    const auto& [code, column] = place;
    const bool key = code == "key.collides";
    Finding finding{.severity = Severity::blocker, .code = code};
    finding.where = table;
    finding.where.append(key ? ", key " : ", column ").append(column);
    finding.message =
        (key ? "rows of different texts " : "values that do not fit: ") + tally.reason;
    finding.hint = key ? "change the texts, or give the target's column a collation that tells them"
                         " apart"
                       : hint_for(code);
    finding.count = tally.count;
    finding.keys = std::move(tally.keys);
    report_->findings.push_back(std::move(finding));
  }
  tallies_.clear();
}

// Keys to tables outside the copy have been named already.
void TableProbe::look_for_orphans(const Plan& plan, const TablePlan& table, const ForeignKey& key) {
  const auto parent =
      std::find_if(plan.tables.begin(), plan.tables.end(),
                   [&](const TablePlan& one) { return one.read.table.name == key.to; });
  if (parent == plan.tables.end()) return;
  const bool same = ends_.source_dialect->facts().flavour == ends_.target_dialect->facts().flavour;
  if (!key.validated && same) return;  // it is carried as one of new rows only
  ForeignKey whole = key;
  if (whole.to_columns.empty() && parent->read.table.primary_key) {
    for (const IndexPart& part : parent->read.table.primary_key->parts) {
      whole.to_columns.push_back(part.column);
    }
  }
  const Table& child = table.read.table;
  const sql::Filters filters{.child = table.read.where, .parent = parent->read.where};
  const auto catalog = snapshot_.catalog();
  const auto rows = catalog->query(
      sql::orphans(*ends_.source_dialect, child, whole, static_cast<int>(kKeys), filters));
  if (rows.empty()) return;
  Finding finding{.severity = Severity::blocker, .code = "key.orphan"};
  finding.where = "table " + to_string(child.name) + ", foreign key " +
                  (key.name.empty() ? sql::joined(key.columns, ", ") : key.name);
  finding.message = "rows name a row of " + to_string(key.to) + " that is not there";
  finding.hint = "delete them or add what they name at the source, or leave them out with --where";
  finding.count = static_cast<std::int64_t>(rows.size());
  if (rows.size() == kKeys) {
    const auto count =
        catalog->query("SELECT count(*) FROM (" +
                       sql::orphans(*ends_.source_dialect, child, whole, 0, filters) + ") orphans");
    finding.count = std::atoll(count.at(0).at(0).value_or("0").c_str());
  }
  const std::vector<std::string> names = sql::shown_columns(child, whole.columns);
  for (const auto& row : rows) finding.keys.push_back(sql::named(names, row));
  report_->findings.push_back(std::move(finding));
}

}  // namespace rowferry
