#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/type.h"
#include "core/url.h"

// What the conformance tests know of an engine besides the contract.
namespace rowferry::conformance {

using Cells = std::vector<std::optional<std::string>>;

// One connection made with the client library itself, not with the code under test. Throws
// std::runtime_error for what the server refuses; waits for locks a second at most.
class Client {
 public:
  virtual ~Client() = default;
  // Runs statements separated by semicolons.
  virtual void run(const std::string& sql) = 0;
  virtual std::vector<Cells> query(const std::string& sql) = 0;
};

// An empty database that goes away with this object.
class Database {
 public:
  virtual ~Database() = default;
  virtual Url url() const = 0;
  virtual std::unique_ptr<Client> connect() = 0;

  void run(const std::string& sql) { connect()->run(sql); }
  std::string value(const std::string& sql) { return connect()->query(sql).at(0).at(0).value(); }
};

// A way to keep rows that decides what pages are cut by.
struct Storage {
  std::string name;
  bool keyless;  // can hold a table without a primary key
  // CREATE TABLE, given the table, its column definitions and the names of its key.
  std::function<std::string(const std::string& table, const std::string& columns,
                            const std::vector<std::string>& key)>
      create;
};

struct Quirks {
  std::string name;    // of the tests
  std::string scheme;  // finds the engine
  std::string absent;  // why there is nothing to test here; empty when there is
  std::function<std::unique_ptr<Database>()> make;
  std::function<std::string(Kind)> native;  // the type of a column that holds the kind
  std::function<std::string(Kind, const std::string& text)> literal;
  std::vector<Storage> storages;
  std::vector<std::string> collations;  // what may stand behind the type of a text column
  std::string identity;                 // the definition of a key that the server numbers from 1
  bool unique_constraints = true;       // stay constraints when they are created again
  bool deferrals = true;                // foreign keys can be checked at the end of a transaction
  bool restrict_differs = true;         // from NO ACTION
  bool foreign_keys_make_indexes = false;
  bool descending_indexes = true;
  bool checks = true;
  bool run_checked_at_commit = false;   // not when a page begins
  bool next_value_at_once = true;       // the catalog tells a next value as soon as it is set
  bool numbers_in_chunks = false;       // a next value may be larger than it needs to be
  bool idle_positions = true;           // an idle source has one position
  bool keyless_pages = true;            // tables without a key are cut
  bool documents_anew = false;          // JSON is kept as what it means, not as its text
  bool many_writers = true;             // transactions of several connections write at one time
  bool snapshot_stops_writers = false;  // while a snapshot lives, nobody commits
  // The pager can prove that rows still stand. Statements before proofs are tested, which fill a
  // table `quiet`, and statements that change its values or their places without writing its rows.
  bool proves_unchanged = false;
  std::string before_proofs = "SELECT 1";
  std::vector<std::string> quiet_changes;
  // Makes a table `printed` whose values print what may change elsewhere.
  std::string unprovable = "CREATE TABLE printed (id int PRIMARY KEY)";
  // Values of the vectors that the engine cannot hold: kind and canonical form.
  std::set<std::string> refused_forms;
  // Reads `condition` of `table` as a page is read; says what shows that more than the page's
  // `rows` were touched, or nothing.
  std::function<std::string(Client&, const std::string& table, const std::string& condition,
                            std::int64_t rows)>
      beyond_range;
};

Quirks sqlite_rollback();
Quirks sqlite_wal();
Quirks mariadb();
Quirks mysql_8();
Quirks postgres();
Quirks postgres_18();
Quirks tidb();

// 'text', with quotes doubled.
std::string quoted(const std::string& text);
std::string joined(const std::vector<std::string>& parts, const std::string& separator = ", ");

}  // namespace rowferry::conformance
