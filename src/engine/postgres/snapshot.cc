#include "engine/postgres/snapshot.h"

#include "engine/postgres/catalog.h"
#include "engine/postgres/dialect.h"
#include "engine/postgres/digester.h"
#include "engine/postgres/pager.h"
#include "engine/postgres/reader.h"

namespace rowferry::postgres {

namespace {

constexpr const char* kBegin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

// The exported snapshot of one idle transaction: it needs no slot and no privilege but to connect.
class PostgresSnapshot final : public Snapshot {
 public:
  PostgresSnapshot(const Url& url, const EndOptions& options)
      : url_(url), options_(options), exporter_(url, options) {
    exporter_.run(kBegin);
    id_ = one("SELECT pg_catalog.pg_export_snapshot()");
    position_ = current_position();
  }

  std::string position() const override { return position_; }
  std::string limits() const override { return ""; }
  int readers() const override { return options_.readers; }
  std::unique_ptr<Catalog> catalog() override { return open_catalog(url_, options_, id_); }
  std::unique_ptr<Pager> pager() override { return open_pager(joined(), position_); }
  std::unique_ptr<Reader> reader() override { return open_reader(joined()); }
  std::unique_ptr<Digester> digester() override { return open_digester(joined()); }

 private:
  std::unique_ptr<Connection> joined() {
    auto connection = std::make_unique<Connection>(url_, options_);
    import_snapshot(*connection, id_);
    return connection;
  }

  std::string one(const std::string& sql) {
    const Result result = exporter_.run(sql);
    return PQgetvalue(result.get(), 0, 0);
  }

  // Transactions, not an LSN: that stands still after an asynchronous commit. The system identifier
  // and timeline tell a restored or promoted server, its start time a restarted one. A crash of one
  // session restarts all processes but the first, so that the oldest of the others tells that.
  std::string current_position() {
    const char* snapshot = exporter_.version() >= 130000 ? "pg_catalog.pg_current_snapshot()"
                                                         : "pg_catalog.txid_current_snapshot()";
    std::string server = "-";
    const bool may_ask = one("SELECT pg_catalog.has_function_privilege("
                             "'pg_catalog.pg_control_system()', 'execute')") == "t";
    if (may_ask) {
      server = one("SELECT system_identifier FROM pg_catalog.pg_control_system()") + "/" +
               one("SELECT timeline_id FROM pg_catalog.pg_control_checkpoint()");
    }
    return server + " " +
           one("SELECT extract(epoch FROM pg_catalog.pg_postmaster_start_time())::text") + " " +
           one("SELECT coalesce(min(pid), 0) FROM pg_catalog.pg_stat_activity WHERE datid IS NULL"
               " AND usesysid IS NULL") +
           " " + one(std::string("SELECT ") + snapshot + "::text");
  }

  Url url_;
  EndOptions options_;
  Connection exporter_;
  std::string id_;
  std::string position_;
};

}  // namespace

std::unique_ptr<Snapshot> open_snapshot(const Url& url, const EndOptions& options) {
  return std::make_unique<PostgresSnapshot>(url, options);
}

void import_snapshot(Connection& connection, const std::string& snapshot) {
  connection.run(kBegin);
  try {
    connection.run("SET TRANSACTION SNAPSHOT " + literal(snapshot));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
    throw Error(ErrorKind::transient, "snapshot.lost",
                "the snapshot is gone with the session or server that held it")
        .native(error.native());
  }
}

}  // namespace rowferry::postgres
