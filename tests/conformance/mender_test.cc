// Rows change as they are asked to, or not at all, and nobody else's do.
#include "conformance/landing.h"

namespace rowferry::conformance {
namespace {

using Step = Mender::Step;

class Menders : public Landing {
 protected:
  void SetUp() override {
    Landing::SetUp();
    if (IsSkipped()) return;
    database().run("INSERT INTO t (id, note) VALUES (1, 'a'), (2, 'b'), (3, 'c')");
    mended_.rows = table_;
    mended_.standing = table_;
    mended_.key = {0};
    mended_.written = {true, true};
    mended_.nullable = {false, true};
    Index unique;
    unique.name = "note";
    unique.unique = true;
    unique.parts.emplace_back().column = "note";
    mended_.unique = {unique};
    mender_ = engine().mender(database().url(), options_);
  }

  static Batch rows_of(const std::vector<std::pair<int, std::string>>& rows) {
    Batch batch;
    for (const auto& [id, note] : rows) {
      batch.begin_row(2);
      store(batch.add_cell(8), std::int64_t{id});
      batch.add_cell(note);
      batch.end_row();
    }
    return batch;
  }

  // In a transaction of its own; the places of rows that are refused.
  std::vector<std::size_t> apply(Step step, const std::vector<std::pair<int, std::string>>& rows,
                                 const std::vector<int>& columns = {1}) {
    std::vector<Refused> refused;
    mender_->begin();
    mender_->apply(step, mended_, columns, rows_of(rows), refused);
    mender_->commit();
    std::vector<std::size_t> places;
    for (const Refused& row : refused) places.push_back(row.place);
    return places;
  }

  std::string note(int id) {
    return database().value("SELECT note FROM t WHERE id = " + std::to_string(id));
  }

  MendedTable mended_;
  std::unique_ptr<Mender> mender_;
};

using Places = std::vector<std::size_t>;

TEST_P(Menders, InsertUpdateAndRemoveRows) {
  EXPECT_EQ(apply(Step::insert, {{4, "d"}, {5, "e"}}), Places{});
  EXPECT_EQ(apply(Step::update, {{1, "A"}, {4, "D"}}), Places{});
  EXPECT_EQ(apply(Step::remove, {{2, "whatever"}, {5, "e"}}), Places{});
  EXPECT_EQ(rows(), 3);
  EXPECT_EQ(note(1) + note(3) + note(4), "AcD");
}

TEST_P(Menders, PassOverRowsThatAreNotThere) {
  EXPECT_EQ(apply(Step::update, {{77, "x"}}), Places{});
  EXPECT_EQ(apply(Step::remove, {{77, "x"}}), Places{});
  EXPECT_EQ(rows(), 3);
}

TEST_P(Menders, ListWhatIsRefusedAndDoTheRest) {
  EXPECT_EQ(apply(Step::insert, {{4, "d"}, {13, "m"}, {5, "e"}, {1, "z"}, {6, "a"}, {7, "g"}}),
            (Places{1, 3, 4}));
  EXPECT_EQ(rows(), 6);
  EXPECT_EQ(note(4) + note(5) + note(7), "deg");
}

TEST_P(Menders, DoNothingThatIsRolledBack) {
  std::vector<Refused> refused;
  mender_->begin();
  mender_->apply(Step::remove, mended_, {}, rows_of({{1, "a"}, {2, "b"}}), refused);
  mender_->rollback();
  EXPECT_EQ(rows(), 3);
  EXPECT_EQ(apply(Step::remove, {{1, "a"}}), Places{});
  EXPECT_EQ(rows(), 2);
}

TEST_P(Menders, DoNothingWhenTheyGoAway) {
  std::vector<Refused> refused;
  mender_->begin();
  mender_->apply(Step::remove, mended_, {}, rows_of({{1, "a"}, {2, "b"}}), refused);
  mender_.reset();
  EXPECT_EQ(rows(), 3);
}

TEST_P(Menders, LetRowsChangePlacesAfterParkingThem) {
  EXPECT_FALSE(apply(Step::update, {{1, "b"}, {2, "c"}, {3, "a"}}).empty());
  std::vector<Refused> refused;
  const Batch turned = rows_of({{1, "b"}, {2, "c"}, {3, "a"}});
  mender_->begin();
  mender_->apply(Step::park, mended_, {1}, turned, refused);
  mender_->apply(Step::update, mended_, {1}, turned, refused);
  mender_->commit();
  EXPECT_TRUE(refused.empty());
  EXPECT_EQ(note(1) + note(2) + note(3), "bca");
}

TEST_P(Menders, AdoptRowsThatAreThereAndInsertTheOthers) {
  EXPECT_EQ(apply(Step::adopt, {{3, "C"}, {4, "d"}}), Places{});
  EXPECT_EQ(rows(), 4);
  EXPECT_EQ(note(3) + note(4), "Cd");
}

TEST_P(Menders, RemoveRowsThatNoKeyNamesAsOftenAsAsked) {
  database().run("CREATE TABLE k (id " + quirks().native(Kind::int64) + ", note " +
                 quirks().native(Kind::text) + ")");
  database().run(
      "INSERT INTO k (id, note) VALUES (1, 'a'), (1, 'a'), (1, 'a'), (1, 'A'), (2, NULL)");
  mended_.rows = mended_.standing = write_of(describe("k"));
  mended_.key.clear();
  mended_.unique.clear();
  EXPECT_EQ(apply(Step::remove, {{1, "a"}, {1, "a"}, {3, "a"}}), Places{});
  EXPECT_EQ(database().value("SELECT count(*) FROM k WHERE id = 1"), "2");
  EXPECT_EQ(apply(Step::remove, {{1, "a"}}), Places{});
  EXPECT_EQ(database().value("SELECT min(note) FROM k WHERE id = 1"), "A");
}

TEST_P(Menders, HoldNamesForOneAtATime) {
  const auto first = engine().hold(database().url(), options_, {"a", "b"});
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(engine().hold(database().url(), options_, {"b", "c"}), nullptr);
}

TEST_P(Menders, LetGoOfNamesWhenTheyGoAway) {
  engine().hold(database().url(), options_, {"a"}).reset();
  EXPECT_NE(engine().hold(database().url(), options_, {"a"}), nullptr);
}

ROWFERRY_EVERY_ENGINE(Menders);

}  // namespace
}  // namespace rowferry::conformance
