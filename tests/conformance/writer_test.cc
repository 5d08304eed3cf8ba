// A page lands whole, with its ledger row, or not at all.
#include "conformance/landing.h"

namespace rowferry::conformance {
namespace {

class Writers : public Landing {
 protected:
  void SetUp() override {
    Landing::SetUp();
    if (IsSkipped()) return;
    ledger_ = ledger();
    run_ = ledger_->claim(card());
  }

  // Lets go of the job and takes it again, as another process would.
  void claim_again() {
    ledger_.reset();
    ledger_ = ledger();
    run_ = ledger_->claim(card());
  }

  void expect_nothing_landed() {
    EXPECT_EQ(rows(), 0);
    EXPECT_TRUE(ledger_->landed(table_.name).empty());
    EXPECT_FALSE(writer(run_)->landed(table_, page(1)));
  }

  std::unique_ptr<Ledger> ledger_;
  std::int64_t run_ = 0;
};

TEST_P(Writers, LandRowsAndLedgerRowTogether) {
  const auto writer = this->writer(run_);
  EXPECT_FALSE(writer->landed(table_, page(1)));
  writer->begin(table_, page(1));
  writer->append(batch({1, 2}));
  writer->append(batch({3}));
  EXPECT_EQ(rows(), 0);
  EXPECT_TRUE(ledger_->landed(table_.name).empty());
  writer->commit(0);
  EXPECT_EQ(rows(), 3);
  EXPECT_TRUE(writer->landed(table_, page(1)));
  EXPECT_FALSE(writer->landed(table_, page(2)));
  const std::vector<LandedPage> landed = ledger_->landed(table_.name);
  ASSERT_EQ(landed.size(), 1U);
  EXPECT_EQ(landed[0].page, page(1));
  EXPECT_EQ(landed[0].rows, 3);
  EXPECT_GT(landed[0].bytes, 0);
  EXPECT_EQ(landed[0].plan, "plan");
  EXPECT_EQ(landed[0].position, "position");
}

TEST_P(Writers, LandNothingOnRollback) {
  const auto writer = this->writer(run_);
  writer->begin(table_, page(1));
  writer->append(batch({1, 2}));
  writer->rollback();
  expect_nothing_landed();
  land(*writer, 1, {1, 2});
  EXPECT_EQ(rows(), 2);
}

TEST_P(Writers, LandNothingWhenTheyGoAway) {
  auto writer = this->writer(run_);
  writer->begin(table_, page(1));
  writer->append(batch({1, 2}));
  writer.reset();
  expect_nothing_landed();
}

TEST_P(Writers, LandAnEmptyPage) {
  const auto writer = this->writer(run_);
  writer->begin(table_, page(1));
  writer->commit(0);
  EXPECT_TRUE(writer->landed(table_, page(1)));
  EXPECT_EQ(ledger_->landed(table_.name).at(0).rows, 0);
}

TEST_P(Writers, NeverLandAPageTwice) {
  const auto writer = this->writer(run_);
  land(*writer, 1, {1, 2});
  EXPECT_NE(code_of([&] { land(*writer, 1, {3, 4}); }), "");
  EXPECT_EQ(rows(), 2);
  EXPECT_EQ(ledger_->landed(table_.name).at(0).rows, 2);
}

TEST_P(Writers, WaitABoundedTimeForAnotherAttemptAtTheirPage) {
  const auto first = writer(run_);
  first->begin(table_, page(1));
  first->append(batch({1}));
  EXPECT_NE(code_of([&] { writer(run_)->begin(table_, page(1)); }), "");
  first->rollback();
  land(*writer(run_), 1, {1});
  EXPECT_EQ(rows(), 1);
}

TEST_P(Writers, LandSideBySide) {
  if (!quirks().many_writers) GTEST_SKIP() << "there is one writer at a time";
  const auto first = writer(run_);
  const auto second = writer(run_);
  first->begin(table_, page(1));
  second->begin(table_, page(2));
  first->append(batch({1}));
  second->append(batch({2}));
  second->commit(0);
  first->rollback();
  EXPECT_EQ(rows(), 1);
  EXPECT_EQ(ledger_->landed(table_.name).at(0).page.number, 2);
}

TEST_P(Writers, AreRefusedOnceANewerRunHasTheJob) {
  if (quirks().run_checked_at_commit) GTEST_SKIP() << "at the commit";
  const auto stale = writer(run_);
  land(*stale, 1, {1});
  claim_again();
  try {
    stale->begin(table_, page(2));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "ledger.stale_run");
    EXPECT_EQ(error.kind(), ErrorKind::conflict);
  }
  stale->rollback();
  EXPECT_EQ(ledger_->landed(table_.name).size(), 1U);
  land(*writer(run_), 2, {2});
  EXPECT_EQ(rows(), 2);
}

TEST_P(Writers, LandNothingWhenANewerRunTookTheJobMeanwhile) {
  if (!quirks().run_checked_at_commit) GTEST_SKIP() << "the newer run waits for the page";
  const auto late = writer(run_);
  late->begin(table_, page(1));
  late->append(batch({1}));
  claim_again();
  EXPECT_EQ(code_of([&] { late->commit(0); }), "ledger.stale_run");
  EXPECT_EQ(rows(), 0);
  EXPECT_TRUE(ledger_->landed(table_.name).empty());
}

TEST_P(Writers, HoldUpANewerRunOnlyABoundedTime) {
  if (quirks().run_checked_at_commit) GTEST_SKIP() << "it is not held up at all";
  const auto late = writer(run_);
  late->begin(table_, page(1));
  late->append(batch({1}));
  EXPECT_NE(code_of([&] { claim_again(); }), "");
  late->commit(0);
  claim_again();
  EXPECT_EQ(ledger_->landed(table_.name).size(), 1U);
  EXPECT_EQ(code_of([&] { late->begin(table_, page(2)); }), "ledger.stale_run");
}

TEST_P(Writers, RefuseADuplicateKeyAndLandNothing) {
  database().run("INSERT INTO t VALUES (5, 'there')");
  const auto writer = this->writer(run_);
  EXPECT_EQ(kind_of([&] { land(*writer, 1, {4, 5, 6}); }), ErrorKind::data);
  writer->rollback();
  EXPECT_EQ(rows(), 1);
  EXPECT_TRUE(ledger_->landed(table_.name).empty());
  land(*writer, 1, {4, 6});
  EXPECT_EQ(rows(), 3);
}

TEST_P(Writers, BeginAgainAfterAThrow) {
  database().run("INSERT INTO t VALUES (5, 'there')");
  const auto writer = this->writer(run_);
  EXPECT_EQ(kind_of([&] { land(*writer, 1, {5}); }), ErrorKind::data);
  // Nothing of the page is left open that others would wait for.
  land(*this->writer(run_), 1, {6});
  land(*writer, 2, {7});
  EXPECT_EQ(rows(), 3);
}

std::vector<std::string> keys_of(const Rejects& rejects) {
  std::vector<std::string> keys;
  for (const Reject& reject : rejects.rows) {
    keys.push_back(reject.key);
    EXPECT_NE(reject.reason, "");
  }
  return keys;
}

TEST_P(Writers, LandAPageWithoutExactlyTheRowsThatCannotLand) {
  database().run("INSERT INTO t VALUES (5, 'there')");
  const auto writer = this->writer(run_);
  Rejects rejects;
  writer->begin(table_, page(1));
  // In the table already, refused by the check, and twice among the rows.
  writer->append_fit(batch({1, 2, 5, 3, 13, 4, 2}), rejects);
  writer->append_fit(batch({6, 3, 7}), rejects);
  std::vector<std::string> wanted = {"id=5", "id=13", "id=2", "id=3"};
  if (!quirks().checks) std::erase(wanted, "id=13");
  EXPECT_EQ(keys_of(rejects), wanted);
  ASSERT_EQ(rejects.rows[0].row.size(), 2U);
  EXPECT_EQ(rejects.rows[0].row[0].value, "5");
  EXPECT_EQ(rejects.rows[0].row[1].name, "note");
  writer->commit(static_cast<std::int64_t>(wanted.size()));
  EXPECT_EQ(rows(), quirks().checks ? 7 : 8);
  const std::vector<LandedPage> landed = ledger_->landed(table_.name);
  ASSERT_EQ(landed.size(), 1U);
  EXPECT_EQ(landed[0].rows, 10 - static_cast<std::int64_t>(wanted.size()));
  EXPECT_EQ(landed[0].rejected, static_cast<std::int64_t>(wanted.size()));
}

TEST_P(Writers, LandNothingOfAPageThatIsTakenBackForItsRejects) {
  const auto writer = this->writer(run_);
  Rejects rejects{.most = 2};
  writer->begin(table_, page(1));
  writer->append_fit(batch({1, 2, 1, 2, 1, 2}), rejects);
  EXPECT_TRUE(rejects.full());
  EXPECT_EQ(keys_of(rejects).size(), 2U);
  writer->rollback();
  EXPECT_EQ(rows(), 0);
  EXPECT_FALSE(writer->landed(table_, page(1)));
  land(*writer, 1, {1, 2, 3, 4, 6, 7});
  EXPECT_EQ(rows(), 6);
}

TEST_P(Writers, RefuseANullWhereTheColumnTakesNone) {
  Batch batch;
  batch.begin_row(2);
  batch.add_null();
  batch.add_cell("note");
  batch.end_row();
  // A key that the server fills itself is no example.
  database().run("CREATE TABLE u (a " + quirks().native(Kind::text) + " NOT NULL, b " +
                 quirks().native(Kind::text) + ")");
  const TableWrite table = write_of(describe("u"));
  const auto writer = this->writer(run_);
  EXPECT_EQ(kind_of([&] {
              writer->begin(table, page(1));
              writer->append(batch);
              writer->commit(0);
            }),
            ErrorKind::data);
  EXPECT_EQ(database().value("SELECT count(*) FROM u"), "0");
}

ROWFERRY_EVERY_ENGINE(Writers);

}  // namespace
}  // namespace rowferry::conformance
