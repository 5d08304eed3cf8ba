// What the target knows of jobs.
#include <chrono>
#include <thread>

#include "conformance/landing.h"

namespace rowferry::conformance {
namespace {

class Ledgers : public Landing {
 protected:
  Begun begun(const std::string& table, std::int64_t rows_before = 0) {
    return {.table = name_of(table), .plan = "p", .position = "at 'x'", .rows_before = rows_before};
  }

  static std::vector<std::string> names(const std::vector<Begun>& tables) {
    std::vector<std::string> out;
    for (const Begun& table : tables) out.push_back(table.table.table);
    return out;
  }
};

using Names = std::vector<std::string>;

TEST_P(Ledgers, RaiseTheRunWithEveryClaim) {
  EXPECT_EQ(ledger()->claim(card()), 1);
  EXPECT_EQ(ledger()->claim(card()), 2);
  EXPECT_EQ(ledger()->claim(card("other")), 1);
  const auto again = ledger();
  EXPECT_EQ(again->claim(card()), 3);
  EXPECT_EQ(again->claim(card()), 4);
}

TEST_P(Ledgers, RefuseASecondClaimWhileTheFirstLives) {
  auto first = ledger();
  first->claim(card());
  const auto second = ledger();
  EXPECT_EQ(code_of([&] { second->claim(card()); }), "job.running");
  EXPECT_EQ(second->claim(card("other")), 1);
  first.reset();
  EXPECT_EQ(second->claim(card()), 2);
}

TEST_P(Ledgers, TakeTheJobOfAProcessWhoseEndTheServerIsYetToNotice) {
  auto first = ledger();
  first->claim(card());
  const auto second = ledger();
  const std::jthread end([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
    first.reset();
  });
  EXPECT_EQ(second->claim(card()), 2);
}

TEST_P(Ledgers, RememberWhatIsBegunAllOrNone) {
  const auto ledger = this->ledger();
  ledger->claim(card());
  EXPECT_TRUE(ledger->begun().empty());
  ledger->begin({begun("t", 7), begun("b")});
  ledger->begin({});
  const std::vector<Begun> tables = ledger->begun();
  ASSERT_EQ(names(tables), (Names{"b", "t"}));
  EXPECT_EQ(tables[1].table, name_of("t"));
  EXPECT_EQ(tables[1].plan, "p");
  EXPECT_EQ(tables[1].position, "at 'x'");
  EXPECT_EQ(tables[1].rows_before, 7);
  EXPECT_FALSE(tables[1].finished);
  EXPECT_NE(code_of([&] { ledger->begin({begun("c"), begun("t")}); }), "");
  EXPECT_EQ(names(ledger->begun()), (Names{"b", "t"}));
}

TEST_P(Ledgers, OutliveTheProcess) {
  std::int64_t run = 0;
  {
    const auto ledger = this->ledger();
    run = ledger->claim(card());
    ledger->begin({begun("t")});
    land(*writer(run), 1, {1, 2});
  }
  const auto ledger = this->ledger();
  ledger->claim(card());
  EXPECT_EQ(names(ledger->begun()), (Names{"t"}));
  EXPECT_EQ(ledger->landed(table_.name).at(0).rows, 2);
}

TEST_P(Ledgers, ListLandedPagesByPartAndNumber) {
  const auto ledger = this->ledger();
  const auto writer = this->writer(ledger->claim(card()));
  for (const auto& [part, number] :
       std::vector<std::pair<std::string, std::int64_t>>{{"b", 1}, {"a", 1L << 40}, {"a", 0}}) {
    writer->begin(table_, {.part = part, .number = number, .lower = {}, .upper = {}});
    writer->commit(0);
  }
  const std::vector<LandedPage> landed = ledger->landed(table_.name);
  ASSERT_EQ(landed.size(), 3U);
  EXPECT_EQ(landed[0].page.part, "a");
  EXPECT_EQ(landed[0].page.number, 0);
  EXPECT_EQ(landed[1].page.number, 1L << 40);
  EXPECT_EQ(landed[2].page.part, "b");
  EXPECT_TRUE(ledger->landed(name_of("other")).empty());
}

TEST_P(Ledgers, CountRowsAndWhatAllJobsLanded) {
  database().run("INSERT INTO t VALUES (100, 'before')");
  const auto first = ledger();
  const auto second = ledger();
  const std::int64_t run = first->claim(card());
  const std::int64_t other_run = second->claim(card("other"));
  first->begin({begun("t", 1)});
  land(*writer(run), 1, {1, 2});
  land(*writer(other_run, "other"), 1, {3});
  EXPECT_EQ(first->count(table_.name).counted, 4);
  EXPECT_EQ(first->count(table_.name).landed, 3);
  EXPECT_EQ(first->landed(table_.name).size(), 1U);
}

TEST_P(Ledgers, NameOtherJobsThatHaveBegunTheTable) {
  const auto first = ledger();
  const auto second = ledger();
  first->claim(card());
  second->claim(card("other"));
  EXPECT_TRUE(first->others(table_.name).empty());
  first->begin({begun("t")});
  EXPECT_TRUE(first->others(table_.name).empty());
  second->begin({begun("t")});
  EXPECT_EQ(first->others(table_.name), (Names{"other"}));
  EXPECT_TRUE(first->others(name_of("b")).empty());
  second->finish(true);  // its rows stay, so that another selection would double them
  EXPECT_EQ(first->others(table_.name), (Names{"other"}));
}

TEST_P(Ledgers, EmptyTablesAndForgetWhatLandedThere) {
  database().run("CREATE TABLE u (id " + quirks().native(Kind::int64) + ")");
  database().run("INSERT INTO u VALUES (1)");
  const auto ledger = this->ledger();
  const std::int64_t run = ledger->claim(card());
  ledger->begin({begun("t")});
  land(*writer(run), 1, {1, 2});
  ledger->empty({table_.name, name_of("u")});
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(database().value("SELECT count(*) FROM u"), "0");
  EXPECT_TRUE(ledger->landed(table_.name).empty());
  EXPECT_EQ(names(ledger->begun()), (Names{"t"}));
  land(*writer(run), 1, {1, 2});
  ledger->empty({});
  EXPECT_EQ(rows(), 2);
}

TEST_P(Ledgers, KeepPagesOfATableThatCouldNotBeEmptied) {
  const auto ledger = this->ledger();
  const std::int64_t run = ledger->claim(card());
  land(*writer(run), 1, {1, 2});
  EXPECT_NE(code_of([&] { ledger->empty({table_.name, name_of("missing")}); }), "");
  EXPECT_EQ(rows(), 2);
  EXPECT_EQ(ledger->landed(table_.name).size(), 1U);
}

TEST_P(Ledgers, ForgetOneTableOfThisJob) {
  const auto first = ledger();
  const auto second = ledger();
  const std::int64_t run = first->claim(card());
  const std::int64_t other_run = second->claim(card("other"));
  first->begin({begun("t"), begun("b")});
  land(*writer(run), 1, {1, 2});
  land(*writer(other_run, "other"), 1, {3});
  first->forget(table_.name);
  EXPECT_TRUE(first->landed(table_.name).empty());
  EXPECT_EQ(names(first->begun()), (Names{"b"}));
  EXPECT_EQ(second->landed(table_.name).size(), 1U);
  EXPECT_EQ(rows(), 3);
}

TEST_P(Ledgers, FinishByRemovingOnlyThisJob) {
  const auto other = ledger();
  const std::int64_t other_run = other->claim(card("other"));
  land(*writer(other_run, "other"), 1, {3});
  {
    const auto ledger = this->ledger();
    const std::int64_t run = ledger->claim(card());
    ledger->begin({begun("t")});
    land(*writer(run), 1, {1, 2});
    ledger->finish(false);
  }
  EXPECT_EQ(other->landed(table_.name).size(), 1U);
  const auto again = ledger();
  EXPECT_EQ(again->claim(card()), 1);
  EXPECT_TRUE(again->begun().empty());
  EXPECT_TRUE(again->landed(table_.name).empty());
  EXPECT_EQ(again->count(table_.name).landed, 1);
  other->finish(false);
  EXPECT_EQ(again->count(table_.name).landed, 0);
}

TEST_P(Ledgers, FinishAndStartAnewWhenNobodyIsLeft) {
  {
    const auto ledger = this->ledger();
    const std::int64_t run = ledger->claim(card());
    land(*writer(run), 1, {1});
    ledger->finish(false);
  }
  const auto ledger = this->ledger();
  EXPECT_EQ(ledger->claim(card()), 1);
  EXPECT_TRUE(ledger->landed(table_.name).empty());
  EXPECT_EQ(rows(), 1);
}

TEST_P(Ledgers, KeepOneRowATableOfAFinishedJob) {
  {
    const auto ledger = this->ledger();
    const std::int64_t run = ledger->claim(card());
    ledger->begin({begun("t", 5)});
    land(*writer(run), 1, {1, 2});
    land(*writer(run), 2, {3});
    ledger->finish(true);
  }
  const auto ledger = this->ledger();
  EXPECT_EQ(ledger->claim(card()), 2);
  const std::vector<Begun> tables = ledger->begun();
  ASSERT_EQ(names(tables), (Names{"t"}));
  EXPECT_TRUE(tables[0].finished);
  EXPECT_TRUE(ledger->landed(table_.name).empty());
  EXPECT_EQ(ledger->count(table_.name).landed, 3);
  EXPECT_EQ(ledger->count(table_.name).counted, 3);
}

TEST_P(Ledgers, SayAndRemoveWhatAJobLeft) {
  {
    const auto ledger = this->ledger();
    const std::int64_t run = ledger->claim(card());
    ledger->begin({begun("t")});
    land(*writer(run), 1, {1});
  }
  EXPECT_TRUE(ledger()->left("unknown", false).empty());
  EXPECT_EQ(ledger()->left("job", false).size(), 1U);
  EXPECT_EQ(ledger()->left("job", true).size(), 1U);
  EXPECT_TRUE(ledger()->left("job", true).empty());
  EXPECT_EQ(ledger()->claim(card()), 1);
  EXPECT_EQ(rows(), 1);
}

TEST_P(Ledgers, RemoveNothingThatALiveJobNeeds) {
  const auto live = ledger();
  const std::int64_t run = live->claim(card());
  live->begin({begun("t")});
  EXPECT_EQ(kind_of([&] { ledger()->left("job", true); }), ErrorKind::conflict);
  EXPECT_EQ(names(live->begun()), (Names{"t"}));
  land(*writer(run), 1, {1});
}

ROWFERRY_EVERY_ENGINE(Ledgers);

}  // namespace
}  // namespace rowferry::conformance
