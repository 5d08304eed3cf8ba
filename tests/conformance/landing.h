#pragma once

#include "conformance/suite.h"

namespace rowferry::conformance {

// A table on the target, its ledger, and pages to land in it.
class Landing : public Suite {
 protected:
  void SetUp() override;

  std::unique_ptr<Ledger> ledger() { return engine().ledger(database().url(), options_); }
  std::unique_ptr<Writer> writer(std::int64_t run, const std::string& job = "job") {
    return engine().writer(database().url(), options_, {job, run});
  }
  std::int64_t rows() { return std::stoll(database().value("SELECT count(*) FROM t")); }
  // Lands rows with these ids as one page.
  void land(Writer& writer, std::int64_t page, const std::vector<int>& ids);

  static JobCard card(const std::string& job = "job") { return {job, "source", "a -> b"}; }
  static Page page(std::int64_t number) {
    return {.part = "", .number = number, .lower = {"it's \"1\""}, .upper = {"2", ""}};
  }
  static Batch batch(const std::vector<int>& ids);

  TableWrite table_;  // t(id, note): no id 13, no note twice
};

}  // namespace rowferry::conformance
