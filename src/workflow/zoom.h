#pragma once

#include <string>

#include "flow/compare.h"
#include "workflow/digesting.h"
#include "workflow/request.h"

namespace rowferry {

// The pages that tables are cut into before anything differs: what --zoom or --page-size ask for,
// 2 MiB otherwise and at most.
PageSize first_pages(const Request& request);

// The time of one statement and its answer, of the slower side, in seconds: the best of a few.
double round_trip(Catalog& source, Catalog& target);

// How digests are to be taken.
DigestWish digest_wish(const Request& request, double round_trip);

// How far a page that differs is cut down before rows are transferred: as --zoom asks for, or by
// the width of rows and the round trip.
std::vector<std::int64_t> finer_pages(const Request& request, const ComparedTable& table,
                                      double round_trip);

// What was chosen for the table and why, for people.
std::string explain_zoom(const Request& request, const ComparedTable& table, double round_trip);

}  // namespace rowferry
