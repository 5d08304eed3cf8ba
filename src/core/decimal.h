#pragma once

#include <string>
#include <string_view>

namespace rowferry {

// The text of a decimal cell as PostgreSQL prints it. The way back is add_decimal in core/value.h.
//
// The wire form is that of PostgreSQL's numeric_send (utils/adt/numeric.c): uint16 ndigits, int16
// weight, uint16 sign, uint16 dscale, then ndigits digits of base 10000. The value is the sum of
// digit[i] * 10000^(weight - i); dscale is the number of decimal digits shown after the point.
void append_decimal(std::string& out, std::string_view cell);

}  // namespace rowferry
