#include "conformance/landing.h"

namespace rowferry::conformance {

void Landing::SetUp() {
  Suite::SetUp();
  if (IsSkipped()) return;
  database().run("CREATE TABLE t (id " + quirks().native(Kind::int64) +
                 " NOT NULL PRIMARY KEY, note " + quirks().native(Kind::text) +
                 " UNIQUE, CHECK (id <> 13))");
  table_ = write_of(describe("t"));
}

void Landing::land(Writer& writer, std::int64_t page, const std::vector<int>& ids) {
  writer.begin(table_, this->page(page));
  writer.append(batch(ids));
  writer.commit(0);
}

Batch Landing::batch(const std::vector<int>& ids) {
  Batch batch;
  for (const int id : ids) {
    batch.begin_row(2);
    store(batch.add_cell(8), std::int64_t{id});
    batch.add_cell("note " + std::to_string(id));
    batch.end_row();
  }
  return batch;
}

}  // namespace rowferry::conformance
