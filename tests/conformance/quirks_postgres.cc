#include "conformance/quirks.h"

#ifdef ROWFERRY_WITH_POSTGRES

#include <libpq-fe.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace rowferry::conformance {

namespace {

// The server that tests make their databases on; empty: none.
std::string server_in(const char* variable) {
  const char* url = std::getenv(variable);
  return url == nullptr ? "" : url;
}

class PostgresClient final : public Client {
 public:
  explicit PostgresClient(const std::string& url)
      : connection_(PQconnectdb(url.c_str()), PQfinish) {
    PQsetNoticeProcessor(
        connection_.get(), [](void*, const char*) {}, nullptr);
    // The tests' servers have odd defaults on purpose.
    run("SET lock_timeout = '1s'; SET search_path = public; SET client_encoding = 'UTF8';"
        "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres';"
        "SET extra_float_digits = 1; SET bytea_output = 'hex';"
        "SET standard_conforming_strings = on; SET quote_all_identifiers = off;"
        "SET array_nulls = on; SET xmloption = 'content'; SET transform_null_equals = off;"
        "SET default_transaction_isolation = 'read committed'; SET statement_timeout = 0;"
        "SET idle_in_transaction_session_timeout = 0; SET idle_session_timeout = 0");
  }

  void run(const std::string& sql) override { result_of(sql); }

  std::vector<Cells> query(const std::string& sql) override {
    const Result result = result_of(sql);
    std::vector<Cells> rows;
    for (int i = 0; i < PQntuples(result.get()); ++i) {
      Cells& row = rows.emplace_back();
      for (int j = 0; j < PQnfields(result.get()); ++j) {
        const bool null = PQgetisnull(result.get(), i, j) != 0;
        row.push_back(null ? std::nullopt
                           : std::optional<std::string>(PQgetvalue(result.get(), i, j)));
      }
    }
    return rows;
  }

 private:
  using Result = std::unique_ptr<PGresult, void (*)(PGresult*)>;

  Result result_of(const std::string& sql) {
    Result result(PQexec(connection_.get(), sql.c_str()), PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) {
      throw std::runtime_error(PQerrorMessage(connection_.get()) + sql.substr(0, 500));
    }
    return result;
  }

  std::unique_ptr<PGconn, void (*)(PGconn*)> connection_;
};

class PostgresDatabase final : public Database {
 public:
  explicit PostgresDatabase(std::string server) : server_(std::move(server)) {
    static int count = 0;
    name_ = "conformance_" + std::to_string(getpid()) + "_" + std::to_string(++count);
    PostgresClient(server_).run("CREATE DATABASE " + name_);
  }
  ~PostgresDatabase() override {
    PostgresClient(server_).run("DROP DATABASE " + name_ + " WITH (FORCE)");
  }

  Url url() const override { return parse_url(text()); }
  std::unique_ptr<Client> connect() override { return std::make_unique<PostgresClient>(text()); }

 private:
  std::string text() const { return server_.substr(0, server_.rfind('/') + 1) + name_; }

  std::string server_;
  std::string name_;
};

std::string native(Kind kind) {
  switch (kind) {
    case Kind::int64:
      return "bigint";
    case Kind::float64:
      return "double precision";
    case Kind::decimal:
      return "numeric(15,3)";
    case Kind::bytes:
      return "bytea";
    case Kind::uuid:
      return "uuid";
    case Kind::timestamp:
      return "timestamp";
    default:
      return "text";
  }
}

std::string create(const std::string& table, const std::string& columns,
                   const std::vector<std::string>& key) {
  return "CREATE TABLE " + table + " (" + columns +
         (key.empty() ? "" : ", PRIMARY KEY (" + joined(key) + ")") + ")";
}

// Three leaves, which take rows by a hash of the key, or of the first column.
std::string create_partitioned(const std::string& table, const std::string& columns,
                               const std::vector<std::string>& key) {
  const std::string by = key.empty() ? columns.substr(0, columns.find(' ')) : joined(key);
  std::string sql = create(table, columns, key) + " PARTITION BY HASH (" + by + ")";
  for (int i = 0; i < 3; ++i) {
    const std::string number = std::to_string(i);
    sql += "; CREATE TABLE " + table + "_" + number + " PARTITION OF " + table +
           " FOR VALUES WITH (MODULUS 3, REMAINDER " + number + ")";
  }
  return sql;
}

std::string beyond_range(Client& client, const std::string& table, const std::string& condition,
                         std::int64_t) {
  client.run("SET enable_seqscan = off");
  std::string plan;
  for (const Cells& line : client.query("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF)"
                                        " SELECT * FROM ONLY " +
                                        table + " WHERE " + condition)) {
    plan += line[0].value() + "\n";
  }
  const auto says = [&](const char* words) { return plan.find(words) != std::string::npos; };
  const bool range = says("Index Cond: ") || says("TID Cond: ");
  return range && !says("Filter: ") && !says("Seq Scan") ? "" : plan;
}

Quirks of_version(const std::string& name, const char* variable) {
  Quirks quirks;
  quirks.name = name;
  quirks.scheme = "postgres";
  const std::string server = server_in(variable);
  if (server.empty()) quirks.absent = std::string(variable) + " names no server";
  quirks.make = [=] { return std::make_unique<PostgresDatabase>(server); };
  quirks.native = native;
  quirks.literal = [](Kind kind, const std::string& text) {
    return quoted(kind == Kind::bytes ? "\\x" + text : text);
  };
  quirks.storages = {{"whole", true, create}, {"partitioned", true, create_partitioned}};
  quirks.collations = {"", " COLLATE \"C\"", " COLLATE \"und-x-icu\""};
  quirks.identity = "bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY";
  quirks.beyond_range = beyond_range;
  quirks.refused_forms = {std::string("text \0", 6), std::string("text a\0b", 8)};
  quirks.proves_unchanged = true;
  quirks.before_proofs =
      "CREATE TYPE mood AS ENUM ('glad', 'sad');"
      " CREATE TABLE quiet (c int, d int, m mood); ALTER TABLE quiet ADD e int DEFAULT 1;"
      " INSERT INTO quiet SELECT i, i, 'glad' FROM generate_series(1, 2000) i;"
      " CREATE INDEX quiet_c ON quiet (c DESC); CREATE SCHEMA aside;"
      " CREATE TABLE aside.quiet (LIKE quiet); INSERT INTO aside.quiet SELECT * FROM quiet";
  quirks.unprovable = "CREATE TABLE printed (id int PRIMARY KEY, r regclass, w heap)";
  quirks.quiet_changes = {
      "ALTER TABLE quiet DROP e; ALTER TABLE quiet ADD e int DEFAULT 2",
      "ALTER TYPE mood RENAME VALUE 'glad' TO 'merry'",
      "CLUSTER quiet USING quiet_c",
      "VACUUM FULL quiet",
      "TRUNCATE quiet; INSERT INTO quiet SELECT * FROM aside.quiet",
      "ALTER TABLE quiet RENAME TO was; ALTER TABLE aside.quiet SET SCHEMA public",
      "ALTER SCHEMA public RENAME TO was; CREATE SCHEMA public;"
      " CREATE TABLE quiet AS SELECT * FROM was.quiet"};
  return quirks;
}

}  // namespace

Quirks postgres() {
  return of_version("postgres", "ROWFERRY_TEST_POSTGRES_SOURCE");
}

Quirks postgres_18() {
  return of_version("postgres_18", "ROWFERRY_TEST_POSTGRES18");
}

}  // namespace rowferry::conformance

#else

namespace rowferry::conformance {

namespace {

Quirks absent(const char* name) {
  Quirks quirks;
  quirks.name = name;
  quirks.absent = "this build has no PostgreSQL";
  return quirks;
}

}  // namespace

Quirks postgres() {
  return absent("postgres");
}

Quirks postgres_18() {
  return absent("postgres_18");
}

}  // namespace rowferry::conformance

#endif
