#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/batch.h"
#include "core/error.h"
#include "core/page.h"
#include "core/schema.h"
#include "core/url.h"
#include "engine/finding.h"
#include "engine/plan.h"

// The contract between rowferry and a kind of database. An engine is a row of data (Engine, below):
// a scheme and factories; a null factory means the engine cannot. Everything that owns a connection
// belongs to one thread at a time. Every method may throw Error; kinds are named only where a
// caller decides on them. No method retries: that is flow's.
namespace rowferry {

namespace sql {
class AlterWords;
class MarkWords;
class ScriptWords;
}  // namespace sql

// All that text and types depend on, read once at connect.
struct ServerFacts {
  std::string flavour;   // "postgres", "sqlite": what expressions and native types are written in
  int version = 0;       // major * 10000 + minor * 100 + patch, as far as the server has them
  std::string product;   // "PostgreSQL 15.8": for people
  std::string identity;  // the same for every way of reaching the same database
  std::string default_schema;  // where unqualified tables live; empty: the engine has no schemas
  std::map<std::string, std::string> settings;
};

// Turns names, types and ranges into text. A value: no connection, safe from every thread.
class Dialect {
 public:
  virtual ~Dialect() = default;
  virtual const ServerFacts& facts() const = 0;
  virtual const DdlRules& rules() const = 0;
  virtual std::string quote(std::string_view identifier) const = 0;
  virtual std::string literal(std::string_view text) const = 0;
  // Whether `word` can be a name in quotes only.
  virtual bool reserves(std::string_view /*word*/) const { return false; }
  // The neutral type of a native one. Throws Error{schema} for a type that cannot be moved at all.
  virtual Type to_type(const std::string& native) const = 0;
  // How this engine holds `column` of another one, and what is lost by that.
  virtual NativeType to_native(const Column& column, const ServerFacts& source) const = 0;
  // A type that a person wrote as the server's catalog spells it.
  virtual std::string spelled(const std::string& type) const { return type; }
  // The labels of an enum that stand in the column's own type, in order.
  virtual std::vector<std::string> labels(const Column&) const { return {}; }
  // A type of a column that takes these labels only; empty where a type of the schema's is needed
  // for that, or none can be.
  virtual std::string enum_of(const std::vector<std::string>& /*labels*/) const { return ""; }
  // Fits a table on its way here to what the server has: columns to what its keys and rows can
  // hold, collations to those there are. Says what is lost by that.
  virtual std::vector<Loss> fit(Table&, const ServerFacts& /*source*/) const { return {}; }
  // The kind that cells travel in from `source` into the existing column `target`; none: cannot.
  virtual std::optional<Kind> wire(const Column& source, const Column& target) const = 0;
  // An expression of any engine in this one's words; none: meaning not proven the same.
  virtual std::optional<std::string> translate(const Expression& expression) const = 0;
  // The definition of one column in CREATE TABLE.
  virtual std::string define(const Column& column, const Table& table) const = 0;
  // Statements that make `table` and all that belongs to it, by stage.
  virtual std::vector<Statement> create(const Table& table) const = 0;
  // Statements for types and sequences of `schema` that no table owns, of this dialect's flavour;
  // each may be run when the thing is there already.
  virtual std::vector<Statement> prepare(const Schema&) const { return {}; }
  // Drops tables, those that refer to each other too, and nothing else.
  virtual std::string drop(const std::vector<TableName>& tables) const = 0;
  // A condition that an ordinary index serves as one range.
  virtual std::string range(const Table& table, const Cut& cut, const Bound& lower,
                            const Bound& upper) const = 0;
  // Whether a column pads values to its length, or trims them to it.
  virtual bool pads(const Column& column) const { return column.type.fixed; }
  // What this engine refuses of the values that come into `column` as cells. Chosen once a column.
  virtual CellCheck check(const ColumnWrite& /*column*/) const { return {}; }
  // The format in which rows pass unparsed from the columns of a table of the same flavour into
  // those of this dialect's, pair by pair; none where that is not proven exact.
  virtual std::optional<RowFormat> native_rows(const Table& source, const Table& target) const = 0;
  // The column as a digest of `way` is taken over it: where both ends hold values of one native
  // type
  // (`form` none), or in the canonical text of `form`. None: not proven to be the same for the same
  // values, so that rows are read instead.
  virtual std::optional<std::string> image(const Column& /*column*/, const Type* /*form*/,
                                           DigestWay /*way*/) const {
    return std::nullopt;
  }
  // The server's clock, as an expression of the column's type; none where the column keeps no time.
  virtual std::optional<std::string> clock(const Column& /*column*/) const { return std::nullopt; }
  // What quick syncs ask of a server, in its words; none: they cannot be. Lives as long as this.
  virtual const sql::MarkWords* marks() const { return nullptr; }
  // The kind whose form the column's cells have in RowFormat::native; bytes where it is none.
  virtual Kind native_kind(const Column& column) const = 0;
};

// Reads system tables and runs DDL.
class Catalog {
 public:
  virtual ~Catalog() = default;
  // All tables that `wanted` takes, whole, in a bounded number of queries.
  virtual Schema describe(const std::function<bool(const TableName&)>& wanted) = 0;
  // Tables elsewhere on the server, which describe() does not know, whose foreign keys refer to
  // tables that it does: names and keys only.
  virtual std::vector<Table> outsiders() { return {}; }
  // Runs statements separated by semicolons in one transaction. Waits for locks a bounded time.
  virtual void execute(std::string_view sql) = 0;
  // Throws Error{conflict} when a table that is not one of these refers to one of them and the
  // server would drop it all the same.
  virtual void check_drop(const std::vector<TableName>&) {}
  // Whether DDL that execute() ran before a statement that fails is undone.
  virtual bool undoes_ddl() const { return true; }
  // Rows of any query, as text.
  virtual std::vector<std::vector<std::optional<std::string>>> query(std::string_view sql) = 0;
};

// Reads pages of rows. A reader that throws is of no further use.
class Reader {
 public:
  virtual ~Reader() = default;
  // Begins a page. With `rejects`, which must live as long as the page is read, rows that cannot be
  // encoded are put there instead of thrown, until it is full.
  virtual void open(const TableRead& table, const Page& page, Rejects* rejects) = 0;
  // Fills `batch` (cleared by the caller) with the next rows; false when the page has no more.
  virtual bool next(Batch& batch) = 0;
};

// Cuts tables into pages.
class Pager {
 public:
  virtual ~Pager() = default;
  // What pages of the table are best cut by for loading.
  virtual Cut choose(const Table& table) = 0;
  // Pages that tile `gap` exactly, at least one. The server orders the bounds. Repeatable, but for
  // where the bounds fall.
  virtual std::vector<Page> cut(const TableRead& table, const Gap& gap, const PageSize& size) = 0;
  // Whether `pages`, in which a view at `position` had `rows` rows, hold those very rows and no
  // others. Proven by the server, at the cost of reading them there; false where that cannot be.
  virtual bool unchanged(const TableRead& /*table*/, const std::vector<Page>& /*pages*/,
                         std::int64_t /*rows*/, const std::string& /*position*/) {
    return false;
  }
};

// Digests pages where their rows are. After a throw it is of no further use.
class Digester {
 public:
  virtual ~Digester() = default;
  // A digest for each page, in their order, in one round trip. Throws Error{schema} where rows that
  // the snapshot has seen are gone.
  virtual std::vector<PageDigest> pages(const DigestRead& table,
                                        const std::vector<Page>& pages) = 0;
  // One for each row of a page, in the order of the cut, in one round trip. Not for many rows.
  virtual std::vector<RowDigest> rows(const DigestRead& table, const Page& page) = 0;
};

// One view of the source that all readers share. Lives until destroyed or lost; a lost one makes
// reader() throw Error{transient, "snapshot.lost"}.
class Snapshot {
 public:
  virtual ~Snapshot() = default;
  // Where the future after this view begins. Opaque; equal text means that nothing changed between.
  virtual std::string position() const = 0;
  // In words, why there are fewer readers than asked for, or no single point; empty otherwise.
  virtual std::string limits() const = 0;
  // Whether all readers see one state.
  virtual bool exact() const { return true; }
  virtual int readers() const = 0;
  virtual std::unique_ptr<Catalog> catalog() = 0;
  virtual std::unique_ptr<Pager> pager() = 0;
  // Another session on the same view. Safe from every thread.
  virtual std::unique_ptr<Reader> reader() = 0;
  // None where the rows have to be read for that. Safe from every thread.
  virtual std::unique_ptr<Digester> digester() { return nullptr; }
};

// Lands pages, each in one transaction with its ledger row. After a throw, the page is rolled back
// and begin may be called again, unless the kind is transient or ambiguous: then the writer is of
// no further use.
class Writer {
 public:
  virtual ~Writer() = default;
  // Checks that the run is still the job's and claims the page's ledger row first of all, so that a
  // retry waits for a half-dead commit. Throws Error{conflict, "ledger.stale_run"}.
  virtual void begin(const TableWrite& table, const Page& page) = 0;
  virtual void append(const Batch& batch) = 0;
  // In place of append() for all batches of a page: appends the rows that can land and lists the
  // others, each with its place in the batch, until `rejects` is full: then the page must not be
  // committed.
  virtual void append_fit(const Batch& batch, Rejects& rejects) = 0;
  // Compares rows sent with rows taken, and notes that `rejected` rows of the page were left out;
  // throws Error{ambiguous} when the connection went away between asking and answer.
  virtual void commit(std::int64_t rejected) = 0;
  virtual void rollback() = 0;
  // Whether the page's ledger row is there.
  virtual bool landed(const TableWrite& table, const Page& page) = 0;
};

// Changes rows of standing tables, a transaction at a time, as any client of the server would: its
// keys hold, and triggers fire where a session cannot put them aside. After a throw the transaction
// is rolled back and begin() may be called again, unless the kind is transient or ambiguous: then
// the mender is of no further use.
class Mender {
 public:
  enum class Step {
    insert,
    update,  // the given columns of rows that are there, found by their key, sign for sign
    adopt,   // inserts, or takes over a row whose key the server takes for the same
    remove,  // found by their key, or as a whole, sign for sign
    park,    // values that no row has into the unique keys' columns, so that others can take theirs
    vacate,  // the same for rows that are to be removed, and cannot be yet
  };

  virtual ~Mender() = default;
  virtual void begin() = 0;
  // Takes the step for each row (of `table.standing` to remove or vacate, of `table.rows` else), in
  // one statement where the server takes all; those that it refuses are listed, and nothing of them
  // is done. A row that is not there is passed over.
  // How many rows it changed.
  virtual std::int64_t apply(Step step, const MendedTable& table, const std::vector<int>& columns,
                             const Batch& rows, std::vector<Refused>& refused) = 0;
  // Keeps marks of a table in place of earlier ones, in the transaction.
  virtual void remember(const Marks&) {}
  virtual void commit() = 0;
  virtual void rollback() = 0;
};

// Keeps others from the same work at a target, on any machine, for as long as it lives.
class Hold {
 public:
  virtual ~Hold() = default;
  // False when it was lost with its session: others may be at work by now.
  virtual bool holds() = 0;
};

// What the target knows of jobs: the judge of what has landed. Tables are those of the target.
class Ledger {
 public:
  virtual ~Ledger() = default;
  // Takes the job's lock, makes the ledger where it is missing and raises the run number, after
  // which no page of an earlier run can commit. Throws Error{conflict, "job.running"}.
  virtual std::int64_t claim(const JobCard& card) = 0;
  // The tables this job has begun.
  virtual std::vector<Begun> begun() = 0;
  // Notes that tables are begun, all or none. A table is begun once.
  virtual void begin(const std::vector<Begun>& tables) = 0;
  virtual std::vector<LandedPage> landed(const TableName& table) = 0;
  // Rows that the table holds, and rows that the ledgers say landed, seen at one moment.
  virtual RowCount count(const TableName& table) = 0;
  // Jobs from the same source, other than this one, that the ledger knows of the table: begun, or
  // appended to it and finished.
  virtual std::vector<std::string> others(const TableName& table) = 0;
  // Forgets what landed in the tables, then empties them, in one transaction where the engine can.
  virtual void empty(const std::vector<TableName>& tables) = 0;
  // Forgets what the job landed in `table`, or removes all rows of this job but the one a table
  // that `keep` asks for.
  virtual void forget(const TableName& table) = 0;
  virtual void finish(bool keep) = 0;
  // The tables that jobs have begun and not finished. Needs no claim, and makes nothing.
  virtual std::vector<Unfinished> unfinished() = 0;
  // The marks that syncs have kept under this name. Needs no claim, and makes nothing.
  virtual std::vector<Marks> marks(const std::string& /*sync*/) { return {}; }
  // What `job` left here, a line each; with `remove`, takes it away. Needs no claim; throws
  // Error{conflict, "job.running"} rather than remove what a live job needs.
  virtual std::vector<std::string> left(const std::string& job, bool remove) = 0;
};

// Says which texts an existing table takes for one. Changes nothing.
class Weigher {
 public:
  virtual ~Weigher() = default;
  // The table's unique keys that fold some column.
  virtual std::vector<StandingKey> keys(const TableName& table) = 0;
  // A weight for each text: equal where that column takes the texts for one.
  virtual std::vector<std::string> weights(const TableName& table, const StandingKey::Part& part,
                                           const std::vector<std::string>& texts) = 0;
};

// Says how busy a server is. Changes nothing.
class Gauge {
 public:
  virtual ~Gauge() = default;
  // Seconds that the slowest replica known to the server is behind, or the server itself where it
  // is a replica; none where there is neither, or it cannot be known.
  virtual std::optional<double> lag() = 0;
  // Sessions that are at work at this moment, this one not counted.
  virtual std::int64_t load() = 0;
};

// How to open an end.
struct EndOptions {
  std::stop_token stop;   // stops waits on the server
  int readers = 1;        // sessions that a snapshot must be able to give out at one time
  int spares = 1;         // and further ones for retries, where they cannot be opened later
  int lock_seconds = 30;  // the longest wait for a lock
  // Several readers even where they may see different states of the source.
  bool allow_inconsistent = false;
  // The tables that a snapshot is about; none: all.
  std::function<bool(const TableName&)> wanted = {};
};

struct Engine {
  std::vector<std::string> schemes;
  std::string example;  // a URL, for help texts
  std::function<ServerFacts(const Url&, const EndOptions&, bool create)> probe;
  std::function<std::unique_ptr<Dialect>(const ServerFacts&)> dialect;
  std::function<std::unique_ptr<Catalog>(const Url&, const EndOptions&)> catalog;
  std::function<std::unique_ptr<Snapshot>(const Url&, const EndOptions&)> snapshot;
  std::function<std::unique_ptr<Writer>(const Url&, const EndOptions&, const RunCard&)> writer;
  std::function<std::unique_ptr<Ledger>(const Url&, const EndOptions&)> ledger;
  std::function<std::unique_ptr<Mender>(const Url&, const EndOptions&)> mender;
  // None when somebody else holds one of these names.
  std::function<std::unique_ptr<Hold>(const Url&, const EndOptions&,
                                      const std::vector<std::string>& names)>
      hold;
  // What stands in the way of a role, or is worth knowing about it, asked of the server itself.
  // Changes nothing.
  std::function<std::vector<Finding>(const Url&, const EndOptions&, const Inspection&)> inspect;
  std::function<std::unique_ptr<Weigher>(const Url&, const EndOptions&)> weigher;
  std::function<std::unique_ptr<Gauge>(const Url&, const EndOptions&)> gauge = {};
  // What scripts for a server say, and how columns are altered there. Pure text.
  std::function<std::unique_ptr<sql::ScriptWords>(const ServerFacts&)> script = {};
  std::function<std::unique_ptr<sql::AlterWords>(const ServerFacts&)> alter = {};
  int writers = 0;  // how many writers one target takes at a time; 0: as many as wanted
};

}  // namespace rowferry
