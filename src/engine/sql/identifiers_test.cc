#include "engine/sql/identifiers.h"

#include <gtest/gtest.h>

namespace rowferry::sql {
namespace {

const std::map<std::string, std::string> kNames = {{"UnitPrice", "unit_price"}, {"Len", "len"}};

TEST(Identifiers, AreReplacedInTheirQuotes) {
  EXPECT_EQ(with_names("(\"UnitPrice\" > `UnitPrice`)", kNames, false, true),
            "(\"unit_price\" > `unit_price`)");
  EXPECT_EQ(with_names("[UnitPrice] > 0", kNames, false, true), "\"unit_price\" > 0");
}

TEST(Identifiers, WithoutQuotesAreFoundWhateverTheirCase) {
  EXPECT_EQ(with_names("unitprice > 0", kNames, false, true), "\"unit_price\" > 0");
  EXPECT_EQ(with_names("unitprice > 0", kNames, false, false), "unitprice > 0");
}

TEST(Identifiers, InStringsFunctionsAndCastsStay) {
  EXPECT_EQ(with_names("len(\"Len\") > 'Len'::len", kNames, false, true),
            "len(\"len\") > 'Len'::len");
  EXPECT_EQ(with_names("'it''s UnitPrice' = \"UnitPrice\"", kNames, false, true),
            "'it''s UnitPrice' = \"unit_price\"");
  EXPECT_EQ(with_names(R"('\' UnitPrice' = `UnitPrice`)", kNames, true, true),
            R"('\' UnitPrice' = `unit_price`)");
}

TEST(Identifiers, ThatAreNotClosedEndTheText) {
  EXPECT_EQ(with_names("'open", kNames, false, true), "'open");
  EXPECT_EQ(with_names("\"UnitPrice", kNames, false, true), "\"UnitPrice");
}

}  // namespace
}  // namespace rowferry::sql
