#pragma once

#include <memory>

#include "engine/engine.h"

namespace rowferry::mysql {

// lag() is that of the server itself, where it is a replica: it cannot be asked for that of others.
// load() counts the sessions of clients; those of replication and the server's own are left out,
// and of a TiDB cluster only those of the server that is connected to are seen. Without a privilege
// they throw Error{auth}.
std::unique_ptr<Gauge> open_gauge(const Url& url, const EndOptions& options);

}  // namespace rowferry::mysql
