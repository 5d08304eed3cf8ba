#include "flow/script.h"

#include <algorithm>
#include <set>

#include "engine/sql/mend_text.h"

namespace rowferry {

namespace {

using Step = Mender::Step;
using Places = std::vector<int>;

constexpr std::int64_t kRows = 1000;          // of one transaction
constexpr std::size_t kBytes = 1 << 20;       // and so many of text at most
constexpr std::size_t kStatement = 64 << 10;  // of rows behind one INSERT
constexpr int kTogether = 100;

bool contains(const Places& places, int place) {
  return std::find(places.begin(), places.end(), place) != places.end();
}

Places both(const Places& a, const Places& b) {
  Places found;
  for (const int place : a) {
    if (contains(b, place)) found.push_back(place);
  }
  return found;
}

Places without(const Places& a, const Places& b) {
  Places left;
  for (const int place : a) {
    if (!contains(b, place)) left.push_back(place);
  }
  return left;
}

Places either(const Places& a, const Places& b) {
  std::set<int> all(a.begin(), a.end());
  all.insert(b.begin(), b.end());
  return {all.begin(), all.end()};
}

Places filled(const Places& places, std::string_view row) {
  Places found;
  CellCursor cursor(row);
  const int columns = cursor.row();
  for (int i = 0; i < columns; ++i) {
    cursor.cell();
    if (!cursor.null() && contains(places, i)) found.push_back(i);
  }
  return found;
}

// Transactions of bounded size, and what stands between them.
class Transactions {
 public:
  Transactions(const sql::ScriptWords& words, const ScriptSettings& settings)
      : words_(words), settings_(settings) {}

  void line(const std::string& text) { settings_.put(text + "\n"); }

  void add(const std::string& statement, std::int64_t rows = 1) {
    if (!open_) line(words_.begin() + ";");
    open_ = true;
    line(statement + ";");
    rows_ += rows;
    bytes_ += statement.size();
    if (!whole_ && (rows_ >= kRows || bytes_ >= kBytes)) end();
  }
  // From here to end() is one transaction, however large.
  void begin_whole() {
    end();
    whole_ = true;
  }
  void end() {
    if (open_) line("COMMIT;");
    open_ = whole_ = false;
    rows_ = 0;
    bytes_ = 0;
  }

 private:
  const sql::ScriptWords& words_;
  const ScriptSettings& settings_;
  bool open_ = false;
  bool whole_ = false;
  std::int64_t rows_ = 0;
  std::size_t bytes_ = 0;
};

// The part of a script that is about one table.
class TableScript {
 public:
  TableScript(const ScriptTable& table, std::size_t index, ChangeLog& changes,
              const sql::ScriptWords& words, const ScriptSettings& settings, Transactions& out)
      : table_(table),
        index_(index),
        changes_(changes),
        settings_(settings),
        out_(out),
        mended_(table.repair.mended),
        name_(to_string(mended_.rows.name)),
        text_(words, table.target, mended_, kinds_of(mended_.rows, table.repair.kinds),
              kinds_of(mended_.standing, table.repair.standing_kinds)) {
    for (const int place : sql::parked_columns(mended_)) {
      if (!contains(table.referred, place) && !text_.stays(place)) parked_.push_back(place);
    }
    for (const Index& key : mended_.unique) {
      for (const IndexPart& part : key.parts) add_unique(part.column);
    }
  }

  void inserts_and_updates() {
    look();
    if (updates_ + inserts_ > 0) heading("updates and inserts");
    warn();
    const bool parks = touching_ > 1 && !parked_.empty();
    const bool vacates = removes_ > 0 && touching_ + inserts_ > 0 && !parked_.empty();
    if (parks || vacates) {
      out_.begin_whole();
      if (vacates)
        each(Change::remove, [&](const Places&, std::string_view row) {
          step(Step::vacate, Change::remove, parked_, row);
        });
      if (parks)
        each_touching([&](const Places&, std::string_view row) {
          step(Step::park, Change::update, parked_, row);
        });
      if (parks)
        each_touching([&](const Places& columns, std::string_view row) {
          update(either(columns, parked_), row);
        });
      out_.end();
    }
    each(Change::update, [&](const Places& columns, std::string_view row) {
      if (!parks || !touches(columns)) update(columns, row);
    });
    if (inserts_ > 0) insert_all();
    out_.end();
    if (inserts_ == 0) return;
    for (const std::string& sql : table_.after) out_.line(sql + ";");
  }

  // What refers to rows that have all come now.
  void late() {
    if (table_.late.empty() || mended_.key.empty()) return;
    each(Change::update, [&](const Places& columns, std::string_view row) {
      const Places late = both(columns, table_.late);
      if (!late.empty()) step(Step::update, Change::update, late, row);
    });
    each(Change::insert, [&](const Places&, std::string_view row) {
      const Places late = filled(table_.late, row);
      if (!late.empty()) step(Step::update, Change::insert, late, row);
    });
    out_.end();
  }

  // Rows that go may refer to each other in any order.
  void cut_loose() {
    if (table_.late.empty() || mended_.key.empty()) return;
    each(Change::remove, [&](const Places&, std::string_view row) {
      const Places late = filled(table_.late, row);
      if (late.empty()) return;
      guarded(Change::remove, row, [&] {
        const std::string sql = text_.cut_loose(late, row);
        if (!sql.empty()) out_.add(sql);
      });
    });
    out_.end();
  }

  void removes() {
    if (changes_.count(index_, Change::remove) == 0) return;
    heading("deletes");
    if (!mended_.cascades.empty()) {
      say("rows of " + name_ + " that rows elsewhere would follow (ON DELETE) are left");
    }
    each(Change::remove, [&](const Places& columns, std::string_view row) {
      step(Step::remove, Change::remove, columns, row);
    });
    out_.end();
  }

 private:
  using Take = std::function<void(const Places&, std::string_view)>;

  static std::vector<Kind> kinds_of(const TableWrite& rows, const std::vector<Kind>& native) {
    if (rows.format != RowFormat::cells) return native;
    std::vector<Kind> kinds;
    for (const ColumnWrite& column : rows.columns) kinds.push_back(column.wire);
    return kinds;
  }

  void add_unique(const std::string& name) {
    for (std::size_t i = 0; i < mended_.rows.columns.size(); ++i) {
      const auto place = static_cast<int>(i);
      const bool is = mended_.rows.columns[i].name == name;
      if (is && !contains(mended_.key, place)) unique_.push_back(place);
    }
  }

  void heading(const char* what) {
    out_.end();
    out_.line("");
    out_.line(sql::comment(name_ + ": " + what));
  }

  void say(const std::string& text) {
    out_.end();
    out_.line(sql::comment(text));
    settings_.note(text);
  }

  void each(Change change, const Take& take) {
    changes_.each(index_, change, [&](const Places& columns, std::string_view row) {
      if (settings_.stop.stop_requested()) throw interrupted();
      take(columns, row);
    });
  }

  bool touches(const Places& columns) const { return !both(columns, unique_).empty(); }

  void each_touching(const Take& take) {
    each(Change::update, [&](const Places& columns, std::string_view row) {
      if (touches(columns)) take(columns, row);
    });
  }

  void look() {
    inserts_ = changes_.count(index_, Change::insert);
    updates_ = changes_.count(index_, Change::update);
    removes_ = changes_.count(index_, Change::remove);
    if (unique_.empty()) return;
    each_touching([&](const Places&, std::string_view) { ++touching_; });
  }

  // What may stop the script, and no order of its statements could help.
  void warn() {
    const bool comes = touching_ > 1 || (removes_ > 0 && touching_ + inserts_ > 0);
    for (const int place : comes ? sql::parked_columns(mended_) : Places{}) {
      if (contains(parked_, place)) continue;
      say("unique values of " + name_ + "." +
          mended_.rows.columns[static_cast<std::size_t>(place)].name +
          " cannot change places in a script: if some do, it ends there, and sync repairs them");
    }
    const bool any = updates_ > 1 || (removes_ > 0 && updates_ + inserts_ > 0);
    for (const std::string& key : any ? table_.hidden : std::vector<std::string>{}) {
      say("unique values of the key " + key + " of " + name_ +
          " cannot change places in a script: if some do, it ends there, and sync repairs them");
    }
    if (table_.tangled && updates_ + inserts_ + removes_ > 1) {
      say("rows of " + name_ +
          " refer to rows that may come later, and to nothing (NULL) they cannot: if the order is"
          " the wrong one, the script ends there, and sync repairs them");
    }
  }

  void update(const Places& columns, std::string_view row) {
    const Places now = without(columns, table_.late);
    if (!now.empty()) step(Step::update, Change::update, now, row);
  }

  void step(Step step, Change change, const Places& columns, std::string_view row) {
    guarded(change, row, [&] {
      for (const std::string& sql : text_.text(step, columns, row)) out_.add(sql);
    });
  }

  // A row that cannot be written stands as a comment at its place.
  void guarded(Change change, std::string_view row, const std::function<void()>& work) {
    try {
      work();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::data && error.kind() != ErrorKind::schema) throw;
      const std::string text = name_ + ": " + name_of_row(table_.repair, change, row) +
                               " is left out: " + error.message();
      out_.line(sql::comment(text));
      settings_.note(text);
    }
  }

  void insert_all() {
    const bool adopts = settings_.adopts && table_.folds && removes_ > 0 && !mended_.key.empty();
    if (adopts) {
      return each(Change::insert, [&](const Places&, std::string_view row) {
        guarded(Change::insert, row, [&] {
          for (const std::string& sql : text_.text(Step::adopt, {}, row, filled(table_.late, row)))
            out_.add(sql);
        });
      });
    }
    std::string statement;
    int rows = 0;
    const auto send = [&] {
      if (rows > 0) out_.add(statement, rows);
      statement.clear();
      rows = 0;
    };
    each(Change::insert, [&](const Places&, std::string_view row) {
      guarded(Change::insert, row, [&] {
        // Without a key nothing could find the row again.
        const std::string values =
            text_.insert_row(row, mended_.key.empty() ? Places{} : filled(table_.late, row));
        if (rows == kTogether || statement.size() + values.size() > kStatement) send();
        statement += (rows == 0 ? text_.insert_head() : std::string(",")) + "\n  " + values;
        ++rows;
      });
    });
    send();
  }

  const ScriptTable& table_;
  std::size_t index_;
  ChangeLog& changes_;
  const ScriptSettings& settings_;
  Transactions& out_;
  const MendedTable& mended_;
  std::string name_;
  sql::RowStatements text_;
  Places parked_;
  Places unique_;  // of unique keys, but for the key
  std::int64_t inserts_ = 0;
  std::int64_t updates_ = 0;
  std::int64_t removes_ = 0;
  std::int64_t touching_ = 0;  // updates of unique values
};

}  // namespace

void write_script(const std::vector<ScriptTable>& tables, ChangeLog& changes,
                  const sql::ScriptWords& words, const ScriptSettings& settings) {
  Transactions out(words, settings);
  const auto part = [&](std::size_t i) {
    return TableScript(tables[i], i, changes, words, settings, out);
  };
  for (std::size_t i = 0; i < tables.size(); ++i) part(i).inserts_and_updates();
  for (std::size_t i = 0; i < tables.size(); ++i) part(i).late();
  for (std::size_t i = 0; i < tables.size(); ++i) part(i).cut_loose();
  for (std::size_t i = tables.size(); i-- > 0;) part(i).removes();
}

}  // namespace rowferry
