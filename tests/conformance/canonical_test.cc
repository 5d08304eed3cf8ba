// Values keep their canonical form on every engine, or are refused.
#include "core/canonical.h"

#include <algorithm>
#include <map>
#include <set>

#include "conformance/suite.h"
#include "conformance/vectors.h"
#include "core/convert.h"

namespace rowferry::conformance {
namespace {

TEST(Canonical, FormsAreThoseOfTheVectors) {
  ASSERT_GT(vectors().size(), 100U);
  for (const Vector& vector : vectors()) {
    EXPECT_EQ(canonical(vector.type, vector.cell), vector.text) << rowferry::describe(vector.type);
  }
}

TEST(Canonical, DocumentsHaveTheNormalFormsOfTheVectors) {
  ASSERT_GT(documents().size(), 10U);
  for (const auto& [json, normal] : documents()) {
    EXPECT_EQ(normal_document(json).value_or("(none)"), normal) << json;
  }
  for (const char* text : {"", "{", "[1,]", "nul", "{\"a\":1,}", "1 2"}) {
    EXPECT_FALSE(normal_document(text)) << text;
  }
}

class CanonicalForms : public Suite {
 protected:
  void SetUp() override {
    Suite::SetUp();
    if (IsSkipped()) return;
    ledger_ = engine().ledger(database().url(), options_);
    run_ = ledger_->claim({"job", "source", "a -> b"});
    writer_ = engine().writer(database().url(), options_, {"job", run_});
  }

  // The column that holds values of `type` which come from elsewhere.
  static Column neutral(const Type& type) {
    Column column;
    column.name = "v";
    column.native = "neutral";
    column.type = type;
    return column;
  }

  // Makes a table t_N (id, v) for each group of values.
  void make_tables(const std::vector<std::vector<Vector>>& groups) {
    ServerFacts elsewhere;
    elsewhere.flavour = "neutral";
    std::string sql;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const Column column = neutral(groups[i].front().type);
      sql += "CREATE TABLE t_" + std::to_string(i) + " (id " + quirks().native(Kind::int64) +
             " NOT NULL PRIMARY KEY, v " + dialect().to_native(column, elsewhere).text + ");";
    }
    database().run(sql);
    Schema schema =
        engine().catalog(database().url(), options_)->describe([](const TableName& name) {
          return name.table[0] == 't';
        });
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const auto found = std::find_if(
          schema.tables.begin(), schema.tables.end(),
          [&](const Table& table) { return table.name.table == "t_" + std::to_string(i); });
      tables_.push_back(*found);
    }
  }

  TableWrite write_for(const Table& table, const Type& type) {
    TableWrite write = write_of(table);
    write.columns[1].wire = dialect().wire(neutral(type), table.columns[1]).value();
    return write;
  }

  // Writes the values as one page, under their places as ids, without those that cannot land; the
  // ids of these.
  std::set<std::int64_t> write(const TableWrite& table, const std::vector<Vector>& values) {
    Batch batch;
    for (std::size_t i = 0; i < values.size(); ++i) {
      batch.begin_row(2);
      store(batch.add_cell(8), static_cast<std::int64_t>(i));
      batch.add_cell(values[i].cell);
      batch.end_row();
    }
    Rejects rejects;
    writer_->begin(table, {.part = "", .number = 1, .lower = {}, .upper = {}});
    writer_->append_fit(batch, rejects);
    writer_->commit(static_cast<std::int64_t>(rejects.rows.size()));
    std::set<std::int64_t> refused;
    for (const Reject& reject : rejects.rows) refused.insert(std::stoll(reject.row[0].value));
    return refused;
  }

  // The canonical forms that stand in the table, by id, as a reader of its own types tells them.
  static std::map<std::int64_t, std::string> forms(Reader& reader, const Table& table) {
    TableRead read = read_of(table);
    read.columns[1].amendment.strip_nul = true;  // what takes it out comes behind the reader
    Rejects unreadable;                          // of such, no form is known
    reader.open(read, {}, &unreadable);
    std::map<std::int64_t, std::string> found;
    Batch batch;
    while (reader.next(batch)) {
      std::string_view rows = batch.bytes();
      for (std::int64_t row = 0; row < batch.rows(); ++row) {
        const auto id = load<std::int64_t>(rows.data() + 6);
        const auto length = static_cast<std::size_t>(load<std::int32_t>(rows.data() + 14));
        found[id] = canonical(read.columns[1].type, rows.substr(18, length));
        rows.remove_prefix(18 + length);
      }
      batch.clear();
    }
    return found;
  }

  // What is compared of a form: of a document that the engine writes anew, what it means.
  std::string meant(const Vector& vector, const std::string& form) const {
    const bool anew = vector.type.kind == Kind::json && quirks().documents_anew;
    return anew ? normal_document(form).value_or(form) : form;
  }

  std::unique_ptr<Ledger> ledger_;
  std::int64_t run_ = 0;
  std::unique_ptr<Writer> writer_;
  std::vector<Table> tables_;
};

// What is to be found of a value in a column of `type`: its own form there.
std::string form_in(const Type& type, const Vector& vector) {
  if (type.kind == vector.type.kind) return canonical(type, vector.cell);
  const Conversion step = conversion(vector.type.kind, type, false, false);
  Batch batch;
  if (step.step == nullptr || step.step(step, vector.cell, batch) != nullptr) return vector.text;
  return canonical(type, batch.bytes().substr(4));
}

// The values by their types.
std::vector<std::vector<Vector>> groups() {
  std::vector<std::vector<Vector>> groups;
  for (const Vector& vector : vectors()) {
    if (vector.type.kind == Kind::dynamic) continue;
    const auto found = std::find_if(
        groups.begin(), groups.end(),
        [&](const std::vector<Vector>& group) { return group.front().type == vector.type; });
    (found == groups.end() ? groups.emplace_back() : *found).push_back(vector);
  }
  return groups;
}

TEST_P(CanonicalForms, AreKeptOrRefused) {
  const std::vector<std::vector<Vector>> groups = conformance::groups();
  make_tables(groups);
  std::vector<std::set<std::int64_t>> left_out;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    left_out.push_back(write(write_for(tables_[i], groups[i].front().type), groups[i]));
  }
  const auto snapshot = this->snapshot();
  const auto reader = snapshot->reader();
  std::set<std::string> refused;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto found = forms(*reader, tables_[i]);
    for (std::size_t at = 0; at < groups[i].size(); ++at) {
      const auto id = static_cast<std::int64_t>(at);
      const Vector& vector = groups[i][at];
      if (left_out[i].count(id) > 0) {
        refused.insert(std::string(rowferry::name_of(vector.type.kind)) + " " + vector.text);
      } else {
        EXPECT_EQ(found.count(id) > 0 ? meant(vector, found.at(id)) : "(unread)",
                  meant(vector, form_in(tables_[i].columns[1].type, vector)))
            << rowferry::describe(vector.type) << " as " << tables_[i].columns[1].native;
      }
    }
  }
  EXPECT_EQ(refused, quirks().refused_forms);
}

ROWFERRY_EVERY_ENGINE(CanonicalForms);

}  // namespace
}  // namespace rowferry::conformance
