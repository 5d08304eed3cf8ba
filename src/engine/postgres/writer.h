#pragma once

#include <memory>

#include "engine/engine.h"

namespace rowferry::postgres {

// Lands pages by COPY FROM STDIN, each in one transaction with its ledger row.
std::unique_ptr<Writer> open_writer(const Url& url, const EndOptions& options, const RunCard& run);

}  // namespace rowferry::postgres
