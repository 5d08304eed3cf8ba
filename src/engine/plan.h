#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/batch.h"
#include "core/page.h"
#include "core/schema.h"

// The values that pass between workflows and engines.
namespace rowferry {

// Where a server wants the pieces of a table, and what it allows for names.
struct DdlRules {
  bool primary_key_inline = true;
  bool unique_inline = false;
  bool checks = true;  // keeps check constraints
  bool checks_inline = true;
  // Names are unique in the schema, not in the table.
  bool check_names_by_schema = false;
  bool foreign_key_names_by_schema = false;
  bool foreign_keys_inline = false;
  bool foreign_keys_plain = false;     // not DEFERRABLE, MATCH FULL or SET DEFAULT
  bool foreign_keys_unproven = false;  // adding one does not look at the rows
  bool folds_case = false;             // names that differ by case only are one name
  bool one_schema = false;             // all tables of a job are in the default one
  bool lowers_tables = false;          // keeps names of tables in lower case
  std::size_t name_bytes = 0;          // longest identifier; 0 = no limit
  bool name_in_characters = false;     // name_bytes counts those instead
  std::size_t columns = 0;             // most columns of a table; 0 = no limit
  bool comments = true;                // keeps comments on tables and columns
  bool sequences = true;               // has sequences of their own
  bool user_types = true;              // has enum types of their own
  bool index_methods = false;          // has more than ordered trees
  bool index_names_by_schema = true;   // an index name is unique in its schema, not in its table
  bool virtual_generated = false;      // computes generated columns on reading too
  bool generated_of_generated = true;  // and from each other
  bool identity_needs_key = false;     // only the single-column primary key can number itself
  bool indexes_need_plain = false;     // no INCLUDE, NULLS FIRST or NULLS NOT DISTINCT
  bool partial_indexes = true;
  bool expression_indexes = true;
  std::int64_t page_bytes = 0;  // most bytes of a page, being a transaction; 0 = no limit
  bool triggers_fire = true;    // those of a table that a client changes
  // Values are not bound to the declared type, so the reader checks each against the target's.
  bool values_checked = false;
  bool nul_in_texts = false;  // texts hold NUL
  // Sessions that are not strict may have cut values to what their columns hold.
  bool cuts_values = false;
  // Texts are compared by collations that take several for one, where none ending with _bin is
  // named.
  bool folds_texts = false;
  // Whole numbers are computed in their own width, and fail beyond it; what is true is no number.
  bool typed_operators = false;
};

struct NativeType {
  std::string text;
  std::string loss;  // what the column loses by it, empty when nothing
};

// One step of DDL. Statements of a stage are independent of each other, but for `table`.
struct Statement {
  enum class Stage {
    types,
    tables,
    indexes,
    keys,          // constraints that take an index over, and checks
    foreign_keys,  // added without looking at the rows where the server can
    validation,    // of those foreign keys
    finish,        // comments, ownership
    next_values,   // of identity columns and sequences
  };
  Stage stage = Stage::tables;
  TableName table;
  std::string name;     // of the index or constraint; empty for the table itself
  std::string sql;      // without a semicolon at the end
  bool stands = false;  // the target has it already
};

// What rules that the user gave change about the values of a column.
struct Amendment {
  bool zero_date_null = false;  // dates that no calendar has become NULL
  bool strip_nul = false;       // NUL is taken out of texts
  bool truncate = false;        // texts and bytes are cut to the target's length
  bool as_bytes = false;        // texts travel as bytes, whatever these are
  bool convert = false;         // cells become those of the target's kind

  friend bool operator==(const Amendment&, const Amendment&) = default;
};

struct ColumnRead {
  std::string name;
  std::string native;
  Type type;               // as the source has it
  Kind wire = Kind::text;  // as the reader's cells carry it
  Type target;             // limits that the target sets
  bool nul_taken = false;  // the target's texts hold NUL
  Amendment amendment = {};
};

// What a reader and a pager need to know of a source table.
struct TableRead {
  Table table;
  std::vector<ColumnRead> columns;
  std::string where;  // a condition in the source's words, or empty
  RowFormat format = RowFormat::cells;
  Cut cut;
  bool ordered = false;  // rows of a page come in the order of the cut
};

// How the rows of a page become its digest inside a server: docs/formats/digest.md.
enum class DigestWay {
  scan,  // sums of the rows' hashes, in words that servers of one kind share: of many pages by one
         // scan, which costs less than one for each
  sum,   // the same, of each page for itself
  ordered,  // MD5 of the rows' images in the order of the cut
};

// What a digester needs to know of a table.
struct DigestRead {
  TableRead read;
  DigestWay way = DigestWay::ordered;
  std::vector<std::string> images;  // of Dialect::image, by column
};

// What the rows of a page come to, or one of them; equal for equal rows, and only for these.
struct PageDigest {
  std::int64_t rows = 0;
  std::string digest;

  friend bool operator==(const PageDigest&, const PageDigest&) = default;
};

struct RowDigest {
  Bound key;  // a bound of the cut, under which the row is the first
  std::string digest;
};

struct ColumnWrite {
  std::string name;
  std::string native;
  Type type;
  Kind wire = Kind::text;
  bool numbered = false;  // the target gives out a number where there is none
};

// What a writer needs to know of a target table.
struct TableWrite {
  TableName name;
  std::vector<ColumnWrite> columns;
  std::vector<int> key;  // positions in `columns` that name a row in messages
  RowFormat format = RowFormat::cells;
  // Foreign keys of the table stand and are proven after the load: rows may come in any order.
  bool keys_proven_later = false;
  std::string plan;      // fingerprint, kept with each page
  std::string position;  // of the snapshot that is read
};

// A foreign key of another table, or of the same one, that changes rows there when those that they
// refer to are removed.
struct Cascade {
  TableName from;
  std::vector<std::string> columns;
  std::vector<std::string> to_columns;
};

// What has to be known of a standing table to change rows of it.
struct MendedTable {
  TableWrite rows;             // of the source, as they are handed over
  TableWrite standing;         // of the table itself, as they are handed over to be removed
  std::vector<int> key;        // places of the columns that name a row; none: all of them do
  std::vector<bool> written;   // by place: the server does not compute it
  std::vector<bool> nullable;  // by place
  std::vector<int> own_will;   // places of what the server sets when a row changes, unless told to
  std::vector<Index> unique;   // its unique keys
  std::vector<Cascade> cascades;
  bool partitioned = false;
};

// A row that a server refused to change, by its place among those handed over.
struct Refused {
  std::size_t place = 0;
  std::string code;  // "row.constraint"
  std::string reason;
};

// A cell of a row that cannot land.
struct RejectedCell {
  enum class Form { null, text, bytes };
  std::string name;
  Form form = Form::null;
  std::string value;
};

// A row that cannot land.
struct Reject {
  std::string key;     // the row's key as text
  std::string column;  // where it is known
  std::string reason;
  std::vector<RejectedCell> row = {};  // without cells that could not be read at all
  std::string code = {};               // of the reason, where it is known: "value.utf8"
  std::size_t place = 0;               // in the batch that a writer was given, from 0
};

// Rows that cannot land, as far as anybody wants to know of them.
struct Rejects {
  std::size_t most = 1000;
  std::vector<Reject> rows = {};

  bool full() const { return rows.size() >= most; }
};

struct JobCard {
  std::string job;
  std::string source;  // identity of the other end
  std::string label;   // for people: what is copied where
};

struct RunCard {
  std::string job;
  std::int64_t run = 0;
};

// A table as the ledger knows it, before and beside its pages.
struct Begun {
  TableName table;
  std::string plan;
  std::string position;
  std::int64_t rows_before = 0;
  bool finished = false;
};

// A table that a job has begun to load, and not finished.
struct Unfinished {
  std::string job;
  TableName table;
};

struct LandedPage {
  Page page;
  std::string plan;
  std::string position;
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::int64_t rejected = 0;  // rows of it that did not land with it
};

// How far quick runs have looked at a table: up to a key, and up to a time at the source.
struct Mark {
  Bound key;
  std::string time;

  friend bool operator==(const Mark&, const Mark&) = default;
};

// The marks of one table: of the last run, and of the one before it.
struct Marks {
  std::string sync;  // what is kept in step with what, as a hash
  TableName table;
  Mark last;
  Mark before;
};

struct RowCount {
  std::int64_t counted = 0;
  std::int64_t landed = 0;  // by all jobs
  std::int64_t own = 0;     // by this one
};

}  // namespace rowferry
