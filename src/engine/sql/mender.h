#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/engine.h"
#include "engine/sql/mend_text.h"

namespace rowferry::sql {

// What changing rows needs of one session of an SQL server. Throws as the mender does.
class Stage {
 public:
  virtual ~Stage() = default;
  virtual void execute(const std::string& sql) = 0;
  // Runs one statement; how many rows it changed.
  virtual std::int64_t change(const std::string& sql) = 0;
  // The same for a change of keys to what the server takes for the same: nothing that refers to
  // them comes to refer to another row, though the server may think so.
  virtual void rename(const std::string& sql) { change(sql); }
  // Whether a query has a row.
  virtual bool any(const std::string& sql) = 0;
  virtual MendWords words(const MendedTable& table) = 0;
  // Runs one statement with values bound to $1, $2, …
  virtual void put(const std::string& sql, const std::vector<std::string>& values) = 0;
  // The quoted name of the table that keeps marks, which is made where it is missing; the open
  // transaction goes on.
  virtual std::string marks() = 0;
  // Makes the temporary table, where it is not there: it has the columns of `shape`, of the types
  // that they have in the table itself, and no keys.
  virtual void make(const TableWrite& shape) = 0;
  // Makes it hold these rows and no others.
  virtual void fill(const TableWrite& shape, RowFormat format,
                    std::span<const std::string_view> rows) = 0;
  // Inserts the rows straight into the table, as a copy loads them; false where they have to go by
  // the temporary table.
  virtual bool load(const MendedTable& /*table*/, RowFormat /*format*/,
                    std::span<const std::string_view> /*rows*/) {
    return false;
  }
  // Removes a row that is the same in all columns for each of these; fills the temporary table.
  // How many it removed.
  virtual std::int64_t remove_whole(const MendedTable& table, RowFormat format,
                                    std::span<const std::string_view> rows) = 0;
  // The commit; throws Error{ambiguous} when the connection went away between asking and answer.
  virtual void commit() = 0;
  virtual bool lost() const = 0;
  virtual std::string begin() const { return "BEGIN"; }
};

// Changes rows by statements over a temporary table.
class SqlMender final : public Mender {
 public:
  explicit SqlMender(std::unique_ptr<Stage> stage) : stage_(std::move(stage)) {}

  void begin() override;
  std::int64_t apply(Step step, const MendedTable& table, const std::vector<int>& columns,
                     const Batch& rows, std::vector<Refused>& refused) override;
  void remember(const Marks& marks) override;
  void commit() override;
  void rollback() override;

 private:
  struct Task {
    Step step;
    const MendedTable& table;
    const std::vector<int>& columns;
    RowFormat format;
  };

  template <typename Work>
  void or_roll_back(const Work& work);
  bool load(const Task& task, std::span<const std::string_view> rows);
  std::int64_t apply(const Task& task, std::span<const std::string_view> rows, std::size_t first,
                     std::vector<Refused>& refused);
  std::int64_t run(const Task& task, std::span<const std::string_view> rows);

  std::int64_t remove_rest(const MendedTable& table, const MendWords& words,
                           const std::string& sql);

  std::unique_ptr<Stage> stage_;
  bool in_transaction_ = false;
};

}  // namespace rowferry::sql
