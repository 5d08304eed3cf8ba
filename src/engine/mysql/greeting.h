#pragma once

#include "engine/mysql/address.h"

namespace rowferry::mysql {

// Reads the greeting that a server sends to whoever connects, and hangs up: whether it offers TLS.
// The client library would go on in clear where it does not, even when told to insist. True when
// the greeting cannot be had: then connecting says why. Protocol: "Protocol::HandshakeV10" of
// MySQL's internals manual.
bool offers_tls(const Address& address);

}  // namespace rowferry::mysql
