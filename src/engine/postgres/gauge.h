#pragma once

#include <memory>

#include "engine/engine.h"

namespace rowferry::postgres {

// Asks the statistics views. Other users' sessions and replicas are seen by members of
// pg_read_all_stats (pg_monitor is one) only: without that lag() and load() throw Error{auth}.
std::unique_ptr<Gauge> open_gauge(const Url& url, const EndOptions& options);

}  // namespace rowferry::postgres
