#include "app/report.h"

#include <gtest/gtest.h>

#include "app/figures.h"
#include "app/meter.h"

namespace rowferry {
namespace {

TableReport table(const std::string& name, TableState state = TableState::done) {
  TableReport report;
  report.source = report.target = {"shop", name};
  report.state = state;
  report.rows = report.rows_moved = 1234567;
  report.bytes = 45600000;
  report.seconds = 12.3;
  return report;
}

CopyReport report_of(std::vector<TableReport> tables) {
  CopyReport report;
  report.job = "3f9a";
  report.tables = std::move(tables);
  report.seconds = 20;
  return report;
}

TEST(Report, HasALinePerTableAndATotal) {
  TableReport renamed = table("käufer");
  renamed.target = {"x", "buyers"};
  EXPECT_EQ(report_text(report_of({table("orders"), renamed}), true),
            "table                    state       rows    bytes  seconds   rows/s\n"
            "shop.orders              done   1,234,567  45.6 MB     12.3  100,371\n"
            "shop.käufer -> x.buyers  done   1,234,567  45.6 MB     12.3  100,371\n"
            "total: 2 tables, 2,469,134 rows, 91.2 MB in 20.0 s, 123,457 rows/s\n");
}

TEST(Report, SaysWhatFailedAndWhatIsNotCarried) {
  TableReport failed = table("orders", TableState::failed);
  failed.errors.push_back(Error(ErrorKind::data, "page.rejects", "2 rows cannot land")
                              .at("table shop.orders")
                              .hint("widen the column"));
  failed.rejects = 2;
  failed.reject_file = "/jobs/3f9a/orders";
  failed.not_carried = {{"table.note", "comment on column a"}};
  CopyReport report = report_of({failed});
  report.not_carried = {{"object.left_out", "view shop.daily"}};
  const std::string text = report_text(report, true);
  for (const char* part : {"(1 failed)",
                           "\nnot carried:\n  shop.orders: comment on column a\n"
                           "  view shop.daily\n",
                           "\nfailed:\n  table shop.orders: 2 rows cannot land\n"
                           "    hint: widen the column\n"
                           "  shop.orders: 2 rows in /jobs/3f9a/orders\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

TEST(Report, ExitStatus) {
  EXPECT_EQ(exit_of(report_of({table("a")})), Exit::done);
  EXPECT_EQ(exit_of(report_of({table("a", TableState::not_one_point)})), Exit::differs);
  EXPECT_EQ(
      exit_of(report_of({table("a", TableState::not_one_point), table("b", TableState::failed)})),
      Exit::failed);
  TableReport unclear = table("a", TableState::failed);
  unclear.errors.push_back(Error(ErrorKind::ambiguous, "page.commit", "nobody knows"));
  EXPECT_EQ(exit_of(report_of({unclear})), Exit::ambiguous);
  CopyReport stopped = report_of({table("a", TableState::unfinished)});
  EXPECT_EQ(exit_of(stopped), Exit::failed);
  stopped.interrupted = true;
  EXPECT_EQ(exit_of(stopped), Exit::interrupted);
  EXPECT_EQ(exit_of(ErrorKind::usage), Exit::usage);
  EXPECT_EQ(exit_of(ErrorKind::auth), Exit::failed);
}

TEST(Figures, AreForPeople) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(-1234567), "-1,234,567");
  EXPECT_EQ(with_commas(123), "123");
  EXPECT_EQ(human_bytes(999), "999 B");
  EXPECT_EQ(human_bytes(1000), "1.0 kB");
  EXPECT_EQ(human_bytes(999960), "1.0 MB");
  EXPECT_EQ(human_seconds(59.94), "59.9 s");
  EXPECT_EQ(human_seconds(3725), "1:02:05");
  EXPECT_EQ(human_rate(10, 0), "-");
  EXPECT_EQ(printable("a\x1b[2Jb\n"), "a\\x1b[2Jb\\x0a");
  EXPECT_EQ(printable("\xc3\xa4\xff\xc3 \xf0\x9f\x98\x80\xc2\x9b"),
            "\xc3\xa4\\xff\\xc3 \xf0\x9f\x98\x80\\xc2\\x9b");
}

TEST(Meter, SaysHowFastAndHowLongYet) {
  Meter::Time now;
  Meter meter(now);
  meter.expect(4, 900000, 0, 100000);
  EXPECT_EQ(meter.line(now), "100,000/1,000,000 rows 10%  tables 0/4");
  meter.page(90000, 9000000);
  meter.table_done();
  EXPECT_EQ(meter.line(now + std::chrono::seconds(9)),
            "190,000/1,000,000 rows 19%  10,000 rows/s  1.0 MB/s  ETA 1:21  tables 1/4");
}

TEST(Meter, DoesNotShowMoreThanAll) {
  Meter meter{Meter::Time()};
  meter.expect(1, 100, 0, 0);
  meter.page(150, 1);
  EXPECT_EQ(meter.line(Meter::Time()), "150 rows  tables 0/1");
}

}  // namespace
}  // namespace rowferry
