#include "engine/sqlite/check.h"

#include <memory>

#include "engine/sqlite/binder.h"
#include "engine/sqlite/error.h"

namespace rowferry::sqlite {

namespace {

// A parameter that leads nowhere: values are bound as the writer binds them, and never stored.
class Trial {
 public:
  explicit Trial(const ColumnWrite& column) {
    sqlite3* database = nullptr;
    const int opened = sqlite3_open(":memory:", &database);
    database_.reset(database);
    check(opened, database, "open a database in memory");
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(database, "SELECT ?1", -1, &statement, nullptr), database, "prepare");
    statement_.reset(statement);
    binder_ = binder_for(column, RowFormat::cells, statement, 1);
  }

  std::optional<Unfit> judge(std::string_view cell) {
    const Fit fit = binder_.bind(binder_, cell);
    if (fit == Fit::ok) return std::nullopt;
    const Refusal& refusal = refusal_of(fit);
    return Unfit{refusal.code, refusal.reason};
  }

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3, Close> database_;
  std::unique_ptr<sqlite3_stmt, Close> statement_;
  Binder binder_{};
};

}  // namespace

CellCheck check_for(const ColumnWrite& column) {
  return [trial = std::make_shared<Trial>(column)](std::string_view cell) {
    return trial->judge(cell);
  };
}

}  // namespace rowferry::sqlite
