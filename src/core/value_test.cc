#include "core/value.h"

#include <gtest/gtest.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <random>

#include "core/bytes.h"

namespace rowferry {
namespace {

std::string unhex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return out;
}

// The only cell of a batch made by one add_decimal; "refused" when there is none.
std::string decimal(std::string_view text, const Type& limit = {}) {
  Batch batch;
  if (!add_decimal(batch, text, limit)) {
    EXPECT_TRUE(batch.bytes().empty()) << text;
    return "refused";
  }
  return std::string(CellCursor(batch.bytes()).cell());
}

std::string decimal(std::int64_t value, const Type& limit = {}) {
  Batch batch;
  if (!add_decimal(batch, value, limit)) return "refused";
  return std::string(CellCursor(batch.bytes()).cell());
}

std::string decimal(double value, const Type& limit) {
  Batch batch;
  if (!add_decimal(batch, value, limit)) return "refused";
  return std::string(CellCursor(batch.bytes()).cell());
}

Type numeric(int precision, int scale) {
  return {.kind = Kind::decimal, .precision = precision, .scale = scale};
}

std::string printed(std::string_view text, const Type& limit = {}) {
  const std::string cell = decimal(text, limit);
  return cell == "refused" ? cell : to_text(Kind::decimal, cell);
}

template <typename Int>
std::string cell_of(Int value) {
  std::string cell(sizeof value, '\0');
  store(cell.data(), value);
  return cell;
}

std::string interval(std::int64_t micros, std::int32_t days, std::int32_t months) {
  return to_text(Kind::interval, cell_of(micros) + cell_of(days) + cell_of(months));
}

// Bytes of numeric_send, taken from PostgreSQL 15.
TEST(Decimal, HasTheServersBytes) {
  EXPECT_EQ(decimal("0"), unhex("0000000000000000"));
  EXPECT_EQ(decimal("-0.00"), unhex("0000000000000002"));
  EXPECT_EQ(decimal("1"), unhex("00010000000000000001"));
  EXPECT_EQ(decimal("-12.50"), unhex("0002000040000002000c1388"));
  EXPECT_EQ(decimal("10000"), unhex("00010001000000000001"));
  EXPECT_EQ(decimal("1e20"), unhex("00010005000000000001"));
  EXPECT_EQ(decimal("0.0001"), unhex("0001ffff000000040001"));
  EXPECT_EQ(decimal("0.00001"), unhex("0001fffe0000000503e8"));
  EXPECT_EQ(decimal("NaN"), unhex("00000000c0000000"));
  EXPECT_EQ(decimal("Infinity"), unhex("00000000d0000020"));
  EXPECT_EQ(decimal("-Infinity"), unhex("00000000f0000020"));
}

TEST(Decimal, PrintsAsTheServerDoes) {
  EXPECT_EQ(printed("-12.50"), "-12.50");
  EXPECT_EQ(printed("+007.10"), "7.10");
  EXPECT_EQ(printed(".5"), "0.5");
  EXPECT_EQ(printed("5."), "5");
  EXPECT_EQ(printed("1.50e1"), "15.0");
  EXPECT_EQ(printed("1.5E-3"), "0.0015");
  EXPECT_EQ(printed("-0"), "0");
  EXPECT_EQ(printed("123456789012345678901234567890.00000000001"),
            "123456789012345678901234567890.00000000001");
  EXPECT_EQ(printed("nan"), "NaN");
  EXPECT_EQ(printed("-inf"), "-Infinity");
}

TEST(Decimal, TakesTheLargestAndRefusesWhatIsLarger) {
  const std::string digits(131072, '9');
  EXPECT_EQ(printed(digits), digits);
  EXPECT_EQ(printed(digits + "0"), "refused");
  const std::string small = "0." + std::string(16382, '0') + "1";
  EXPECT_EQ(printed(small), small);
  EXPECT_EQ(printed("1e-16384"), "refused");
  EXPECT_EQ(printed("1e999999999999"), "refused");
}

TEST(Decimal, RefusesWhatIsNoNumber) {
  for (const char* text : {"", "-", "+", ".", "e5", "1e", "1e+", "1e+-5", "1e--5", "1.2.3", " 1",
                           "1 ", "0x10", "1_000", "--1", "-nan", "nanx", "infinit"}) {
    EXPECT_EQ(printed(text), "refused") << text;
  }
}

TEST(Decimal, NeverRounds) {
  EXPECT_EQ(printed("12.5", numeric(10, 2)), "12.50");
  EXPECT_EQ(printed("12.500", numeric(10, 2)), "12.50");
  EXPECT_EQ(printed("12.505", numeric(10, 2)), "refused");
  EXPECT_EQ(printed("99999999.99", numeric(10, 2)), "99999999.99");
  EXPECT_EQ(printed("100000000", numeric(10, 2)), "refused");
  EXPECT_EQ(printed("0.00123", numeric(3, 5)), "0.00123");
  EXPECT_EQ(printed("0.01", numeric(3, 5)), "refused");
  EXPECT_EQ(printed("12000", numeric(3, -3)), "12000");
  EXPECT_EQ(printed("12500", numeric(3, -3)), "refused");
  EXPECT_EQ(printed("NaN", numeric(10, 2)), "NaN");
  EXPECT_EQ(printed("Infinity", numeric(10, 2)), "refused");
}

TEST(Decimal, IntegersAreTheSameAsTheirText) {
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{9999}, std::int64_t{10000},
        std::int64_t{-100000000}, std::int64_t{1200000034}, kMin, kMax}) {
    const std::string text = std::to_string(value);
    for (const Type& limit : {Type{}, numeric(19, 0), numeric(30, 10), numeric(5, 1),
                              numeric(12, -2), numeric(3, 5), numeric(30, -25)}) {
      EXPECT_EQ(decimal(value, limit), decimal(text, limit)) << text << " " << describe(limit);
    }
  }
}

TEST(Decimal, DoublesAreTheSameAsTheirShortestText) {
  std::mt19937_64 random(20240229);
  std::vector<double> values = {
      0.0,    -0.0,      0.1,   -0.3,      0.05,          1e15, 999999999999999.0, 1e22, 1e-300,
      5e-324, 1.0 / 3.0, 2.675, 0.1 + 0.2, 123456789.015, -1e-4};
  for (int i = 0; i < 20000; ++i) {
    const auto whole = static_cast<std::int64_t>(random() >> (1 + random() % 63));
    const double value =
        static_cast<double>(whole) / std::pow(10.0, static_cast<double>(random() % 20));
    values.push_back(i % 2 == 0 ? value : std::nextafter(-value, 0.0));
  }
  for (const double value : values) {
    std::array<char, 40> digits;
    const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                    std::chars_format::scientific)
                          .ptr;
    const std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.data()));
    for (const Type& limit :
         {Type{}, numeric(12, 2), numeric(15, 15), numeric(9, 4), numeric(30, 10), numeric(5, 0),
          numeric(3, 5), numeric(12, -2), numeric(40, 18)}) {
      EXPECT_EQ(decimal(value, limit), decimal(text, limit)) << text << " " << describe(limit);
    }
  }
}

TEST(Date, GoesBothWays) {
  for (const auto& [days, text] : std::initializer_list<std::pair<std::int32_t, const char*>>{
           {0, "2000-01-01"},
           {-1, "1999-12-31"},
           {8825, "2024-02-29"},
           {-730119, "0001-01-01"},
           {-730120, "0001-12-31 BC"},
           {-2451545, "4714-11-24 BC"},
           {2145031948, "5874897-12-31"},
           {std::numeric_limits<std::int32_t>::max(), "infinity"},
           {std::numeric_limits<std::int32_t>::min(), "-infinity"}}) {
    EXPECT_EQ(to_text(Kind::date, cell_of(days)), text);
    EXPECT_EQ(parse_date(text), days) << text;
  }
}

TEST(Date, RefusesDaysThatAreNone) {
  for (const char* text :
       {"", "2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "0000-00-00",
        "0000-01-01", "24-01-01", "2024-1-1", "2024-01-01 ", "2024-01-01 AD", "-2024-01-01",
        "5874898-01-01", "4714-11-23 BC", "2024-01-01 00:00:00", "20240101", "Infinity"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
}

TEST(Time, GoesBothWays) {
  for (const char* text : {"00:00:00", "04:05:06.5", "23:59:59.999999", "24:00:00"}) {
    const auto micros = parse_time(text);
    ASSERT_TRUE(micros) << text;
    EXPECT_EQ(to_text(Kind::time, cell_of(*micros)), text);
  }
  EXPECT_EQ(parse_time("13:45"), 49500 * std::int64_t{1000000});
  EXPECT_EQ(parse_time("00:00:00.1234560000"), 123456);
}

TEST(Time, RefusesWhatWouldLoseDigits) {
  for (const char* text : {"00:00:00.1234567", "24:00:01", "25:00:00", "12:60:00", "12:00:60",
                           "1:00", "12", "12:00:", "12:00:00.", "-01:00:00", "12:00Z"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
}

TEST(Timestamp, GoesBothWays) {
  for (const char* text :
       {"2000-01-01 00:00:00", "1999-12-31 23:59:59.999999", "0044-03-15 12:00:00 BC",
        "4714-11-24 00:00:00 BC", "294276-12-31 23:59:59.999999", "infinity", "-infinity"}) {
    const auto micros = parse_timestamp(text);
    ASSERT_TRUE(micros) << text;
    EXPECT_EQ(to_text(Kind::timestamp, cell_of(*micros)), text);
  }
  EXPECT_EQ(parse_timestamp("2024-02-29T12:30"), parse_timestamp("2024-02-29 12:30:00"));
}

TEST(Timestamp, RefusesZonesAndWhatIsOutOfRange) {
  for (const char* text : {"2024-01-01 00:00:00Z", "2024-01-01 00:00:00+00", "2024-01-01",
                           "2024-01-01 24:00:00", "294277-01-01 00:00:00", "2024-01-01  00:00:00",
                           "4714-11-23 23:59:59 BC", "2023-02-29 00:00:00"}) {
    EXPECT_FALSE(parse_timestamp(text)) << text;
  }
}

TEST(TimestampTz, TurnsZonesToUtc) {
  const auto noon = parse_timestamp("2024-02-29 12:00:00");
  for (const char* text : {"2024-02-29 12:00:00", "2024-02-29T12:00Z", "2024-02-29 14:00:00+02",
                           "2024-02-29 08:30:00-03:30", "2024-03-01 00:00:00+12:00"}) {
    EXPECT_EQ(parse_timestamptz(text), noon) << text;
  }
  EXPECT_EQ(to_text(Kind::timestamptz, cell_of(*noon)), "2024-02-29 12:00:00+00");
  EXPECT_TRUE(parse_timestamptz("0044-03-15 12:00:00+00 BC"));
  EXPECT_FALSE(parse_timestamptz("2024-02-29 12:00:00+2"));
  EXPECT_FALSE(parse_timestamptz("2024-02-29 12:00:00+16"));
  EXPECT_FALSE(parse_timestamptz("294276-12-31 23:00:00-01"));
}

TEST(Interval, PrintsAsTheServerDoes) {
  EXPECT_EQ(interval(14706500000, 3, 14), "1 year 2 mons 3 days 04:05:06.5");
  EXPECT_EQ(interval(0, 0, 0), "00:00:00");
  EXPECT_EQ(interval(0, -1, 0), "-1 days");
  EXPECT_EQ(interval(0, 3, -12), "-1 years +3 days");
  EXPECT_EQ(interval(-1, 1, -1), "-1 mons +1 day -00:00:00.000001");
  EXPECT_EQ(interval(std::numeric_limits<std::int64_t>::min(), 0, 0), "-2562047788:00:54.775808");
}

TEST(Floats, PrintAsTheServerDoes) {
  const auto text = [](double value) {
    std::string out;
    append_double(out, value);
    return out;
  };
  EXPECT_EQ(text(0.1), "0.1");
  EXPECT_EQ(text(-0.0), "-0");
  EXPECT_EQ(text(1e20), "1e+20");
  EXPECT_EQ(text(1e14), "100000000000000");
  EXPECT_EQ(text(1e15), "1e+15");
  EXPECT_EQ(text(0.0001), "0.0001");
  EXPECT_EQ(text(0.00001), "1e-05");
  EXPECT_EQ(text(5e-324), "5e-324");
  EXPECT_EQ(text(1.7976931348623157e308), "1.7976931348623157e+308");
  EXPECT_EQ(text(std::numeric_limits<double>::quiet_NaN()), "NaN");
  EXPECT_EQ(text(-std::numeric_limits<double>::infinity()), "-Infinity");
  // 41990486034717340 would read back too, but lies halfway to the neighbour.
  EXPECT_EQ(text(41990486034717344.0), "4.1990486034717344e+16");
  std::string out;
  append_float(out, 95380576.0F);
  out += ' ';
  append_float(out, 999999.0F);
  out += ' ';
  append_float(out, 1e6F);
  EXPECT_EQ(out, "9.5380576e+07 999999 1e+06");
}

TEST(Uuid, GoesBothWays) {
  const std::string plain = "a0eebc999c0b4ef8bb6d6bb9bd380a11";
  const std::string text = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
  for (const std::string& form :
       {plain, text, "{" + text + "}", std::string("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11")}) {
    std::string cell(16, '\0');
    ASSERT_TRUE(parse_uuid(form, cell.data())) << form;
    EXPECT_EQ(cell, unhex(plain));
    EXPECT_EQ(to_text(Kind::uuid, cell), text);
  }
  char out[16];
  for (const char* form : {"", "{}", "a0eebc99", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1g",
                           "a0eebc999-c0b-4ef8-bb6d-6bb9bd380a11"}) {
    EXPECT_FALSE(parse_uuid(form, out)) << form;
  }
}

TEST(Text, OfTheOtherKinds) {
  EXPECT_EQ(to_text(Kind::boolean, unhex("01")), "true");
  EXPECT_EQ(to_text(Kind::int16, unhex("8000")), "-32768");
  EXPECT_EQ(to_text(Kind::bytes, unhex("00ff10")), "00ff10");
  EXPECT_EQ(to_text(Kind::bits, unhex("00000005b0")), "10110");
  EXPECT_EQ(to_text(Kind::json, "{\"a\": 1}"), "{\"a\": 1}");
  EXPECT_EQ(to_text(Kind::dynamic, "i" + cell_of(std::int64_t{-7})), "-7");
  EXPECT_EQ(to_text(Kind::dynamic, "r" + unhex("3fb999999999999a")), "0.1");
  EXPECT_EQ(to_text(Kind::dynamic, "tsome"), "some");
  EXPECT_EQ(to_text(Kind::dynamic, "b" + unhex("beef")), "beef");
}

}  // namespace
}  // namespace rowferry
