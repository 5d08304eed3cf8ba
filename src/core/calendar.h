#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Text of dates, times and intervals in binary form; the way back stands in core/value.h. The
// calendar is the proleptic Gregorian one. The largest and the smallest value of a date or
// timestamp are infinity and -infinity, as in PostgreSQL.
namespace rowferry {

void append_date(std::string& out, std::int32_t days);
void append_time(std::string& out, std::int64_t micros);
// `zone` is printed behind the time, before "BC".
void append_timestamp(std::string& out, std::int64_t micros, std::string_view zone);
// PostgreSQL's IntervalStyle 'postgres': "1 year 2 mons 3 days 04:05:06.5".
void append_interval(std::string& out, std::string_view cell);

// Whether `micros`, which is no infinity, has more digits of a second than a type of this
// `precision` keeps (Type::precision: one more than the digits, 0 for all).
bool cuts_fraction(int precision, std::int64_t micros);

}  // namespace rowferry
