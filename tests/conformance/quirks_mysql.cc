#include "conformance/quirks.h"

#ifdef ROWFERRY_WITH_MYSQL

#include <mysql.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include "engine/mysql/address.h"

namespace rowferry::conformance {

namespace {

// The server that tests make their databases on; empty: none.
std::string server_in(const char* variable) {
  const char* url = std::getenv(variable);
  return url == nullptr ? "" : url;
}

class MysqlClient final : public Client {
 public:
  explicit MysqlClient(const std::string& text) : connection_(mysql_init(nullptr), mysql_close) {
    const Url url = parse_url(text);
    const mysql::Address address = mysql::address_of(url);
    const std::string password(url.password.reveal());
    mysql_optionsv(connection_.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
    check(mysql_real_connect(connection_.get(), address.host.c_str(), address.user.c_str(),
                             password.c_str(), address.database.c_str(),
                             static_cast<unsigned>(address.port), nullptr,
                             CLIENT_MULTI_STATEMENTS) == nullptr,
          "connect");
    // The tests' servers have odd defaults on purpose.
    run("SET NAMES utf8mb4; SET autocommit = 1, completion_type = 'NO_CHAIN',"
        " sql_select_limit = 18446744073709551615, default_storage_engine = 'InnoDB',"
        " time_zone = '+00:00',"
        " lock_wait_timeout = 1, innodb_lock_wait_timeout = 1, sql_mode ="
        " 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_BACKSLASH_ESCAPES,ANSI_QUOTES';"
        "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    if (mariadb_connection(connection_.get()) != 0 && !is_tidb()) {
      run("SET check_constraint_checks = 1, idle_transaction_timeout = 0, max_statement_time = 0,"
          " explicit_defaults_for_timestamp = 1, sql_auto_is_null = 0, sql_quote_show_create = 1");
    }
  }

  void run(const std::string& sql) override {
    if (sql.empty()) return;
    check(mysql_real_query(connection_.get(), sql.data(), sql.size()) != 0, sql);
    for (int more = 0; more == 0; more = mysql_next_result(connection_.get())) {
      mysql_free_result(mysql_store_result(connection_.get()));
    }
    check(mysql_errno(connection_.get()) != 0, sql);
  }

  std::vector<Cells> query(const std::string& sql) override {
    check(mysql_real_query(connection_.get(), sql.data(), sql.size()) != 0, sql);
    const std::unique_ptr<MYSQL_RES, void (*)(MYSQL_RES*)> found(
        mysql_store_result(connection_.get()), mysql_free_result);
    std::vector<Cells> rows;
    while (MYSQL_ROW row = found ? mysql_fetch_row(found.get()) : nullptr) {
      const unsigned long* lengths = mysql_fetch_lengths(found.get());
      Cells& cells = rows.emplace_back();
      for (unsigned i = 0; i < mysql_num_fields(found.get()); ++i) {
        cells.push_back(row[i] == nullptr ? std::nullopt
                                          : std::optional(std::string(row[i], lengths[i])));
      }
    }
    return rows;
  }

 private:
  bool is_tidb() const {
    return std::string(mysql_get_server_info(connection_.get())).find("TiDB") != std::string::npos;
  }

  void check(bool failed, const std::string& what) const {
    if (failed) {
      throw std::runtime_error(mysql_error(connection_.get()) + (": " + what.substr(0, 500)));
    }
  }

  std::unique_ptr<MYSQL, void (*)(MYSQL*)> connection_;
};

class MysqlDatabase final : public Database {
 public:
  explicit MysqlDatabase(std::string server) : server_(std::move(server)) {
    static int count = 0;
    name_ = "conformance_" + std::to_string(getpid()) + "_" + std::to_string(++count);
    MysqlClient(server_).run("CREATE DATABASE " + name_ + " CHARACTER SET utf8mb4");
  }
  ~MysqlDatabase() override { MysqlClient(server_).run("DROP DATABASE " + name_); }

  Url url() const override { return parse_url(text()); }
  std::unique_ptr<Client> connect() override { return std::make_unique<MysqlClient>(text()); }

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
      return "double";
    case Kind::decimal:
      return "decimal(15,3)";
    case Kind::bytes:
      return "varbinary(200)";
    case Kind::uuid:  // MariaDB's own type takes those of known versions only
      return "char(36)";
    case Kind::timestamp:
      return "datetime(6)";
    default:
      return "varchar(200)";
  }
}

// `collation`: one in which texts differ when their bytes do.
auto create_with(const std::string& collation) {
  return [=](const std::string& table, const std::string& columns,
             const std::vector<std::string>& key) {
    return "CREATE TABLE " + table + " (" + columns +
           (key.empty() ? "" : ", PRIMARY KEY (" + joined(key) + ")") + ") COLLATE " + collation;
  };
}

constexpr std::int64_t kAround = 10;  // rows beside a page that looking for its ends may touch

// What EXPLAIN says of the query when that is not one range of the primary key.
std::string other_than_range(Client& client, const std::string& query) {
  const std::string plan = client.query("EXPLAIN FORMAT=JSON " + query).at(0).at(0).value();
  const auto says = [&](const std::string& text) { return plan.find(text) != std::string::npos; };
  const bool range = says("\"access_type\": \"range\"") && says("\"key\": \"PRIMARY\"");
  return range ? "" : plan;
}

// The plan, and the rows that the engine read for the query, as it counts them itself.
std::string beyond_range(Client& client, const std::string& table, const std::string& condition,
                         std::int64_t rows) {
  const std::string query = "SELECT * FROM " + table + " FORCE INDEX (PRIMARY) WHERE " + condition;
  const std::string plan = other_than_range(client, query);
  if (!plan.empty()) return plan;
  client.run("FLUSH STATUS");
  client.query(query);
  std::int64_t read = 0;
  std::string story;
  for (const Cells& line : client.query("SHOW SESSION STATUS LIKE 'Handler_read%'")) {
    story += line[0].value() + "=" + line[1].value() + " ";
    read += std::atoll(line[1]->c_str());
  }
  return read <= 2 * rows + kAround ? "" : story;
}

// TiDB counts the rows of each step of a plan.
std::string beyond_range_of_tidb(Client& client, const std::string& table,
                                 const std::string& condition, std::int64_t rows) {
  std::string story;
  std::int64_t most = 0;
  for (const Cells& step :
       client.query("EXPLAIN ANALYZE SELECT * FROM " + table + " WHERE " + condition)) {
    story += step.at(0).value() + " " + step.at(2).value() + "; ";
    most = std::max<std::int64_t>(most, std::atoll(step[2]->c_str()));
  }
  const bool whole = story.find("FullScan") != std::string::npos;
  return most <= rows + kAround && !whole ? "" : story;
}

// These servers know years from 1 to 9999, and no number that is none.
std::set<std::string> refused_forms(bool signed_zero) {
  std::set<std::string> forms = {"decimal NaN"};
  for (const std::string kind : {"float32 ", "float64 "}) {
    for (const char* value : {"NaN", "Infinity", "-Infinity"}) forms.insert(kind + value);
    if (!signed_zero) forms.insert(kind + "-0");
  }
  for (const char* value :
       {"infinity", "-infinity", "0001-12-31 BC", "0005-02-29 BC", "0044-03-15 BC", "4713-01-01 BC",
        "4714-11-24 BC", "12024-01-01", "5874897-12-31"}) {
    forms.insert(std::string("date ") + value);
  }
  for (const char* value :
       {"infinity", "-infinity", "0001-12-31 23:59:59.5 BC", "0044-03-15 12:30:00 BC",
        "4713-01-01 00:00:00 BC", "12024-01-01 00:00:00", "294276-12-31 23:59:59.999999"}) {
    forms.insert(std::string("timestamp ") + value);
  }
  for (const char* value : {"infinity", "-infinity", "0001-12-31 23:00:00+00 BC",
                            "0044-03-15 12:30:00+00 BC", "12024-01-01 00:00:00.25+00"}) {
    forms.insert(std::string("timestamptz ") + value);
  }
  return forms;
}

Quirks of_family(const std::string& name, const char* variable, const std::string& collation) {
  Quirks quirks;
  quirks.name = name;
  quirks.scheme = "mysql";
  const std::string server = server_in(variable);
  if (server.empty()) quirks.absent = std::string(variable) + " names no server";
  quirks.make = [=] { return std::make_unique<MysqlDatabase>(server); };
  quirks.native = native;
  quirks.literal = [](Kind kind, const std::string& text) {
    return kind == Kind::bytes ? "x'" + text + "'" : quoted(text);
  };
  quirks.storages = {{"whole", true, create_with(collation)}};
  quirks.collations = {"", " COLLATE utf8mb4_general_ci", " COLLATE utf8mb4_bin"};
  quirks.identity = "bigint NOT NULL AUTO_INCREMENT PRIMARY KEY";
  quirks.deferrals = false;
  quirks.restrict_differs = false;
  quirks.foreign_keys_make_indexes = true;
  quirks.keyless_pages = false;
  quirks.beyond_range = beyond_range;
  quirks.refused_forms = refused_forms(name == "mysql");
  return quirks;
}

// A document's numbers are floats to these servers.
void keep_meaning_of_documents(Quirks& quirks) {
  quirks.documents_anew = true;
  quirks.refused_forms.insert("json [1.50, -0, 1E400]");
}

}  // namespace

Quirks mariadb() {
  return of_family("mariadb", "ROWFERRY_TEST_MARIADB_SOURCE", "utf8mb4_nopad_bin");
}

Quirks mysql_8() {
  Quirks quirks = of_family("mysql", "ROWFERRY_TEST_MYSQL", "utf8mb4_0900_bin");
  keep_meaning_of_documents(quirks);
  return quirks;
}

// Its tables have a row id of their own.
Quirks tidb() {
  Quirks quirks = of_family("tidb", "ROWFERRY_TEST_TIDB", "utf8mb4_bin");
  keep_meaning_of_documents(quirks);
  quirks.descending_indexes = false;
  quirks.checks = false;
  quirks.run_checked_at_commit = true;
  quirks.next_value_at_once = false;
  quirks.numbers_in_chunks = true;
  quirks.idle_positions = false;
  quirks.keyless_pages = true;
  quirks.beyond_range = beyond_range_of_tidb;
  return quirks;
}

}  // namespace rowferry::conformance

#else

namespace rowferry::conformance {

namespace {

Quirks absent(const char* name) {
  Quirks quirks;
  quirks.name = name;
  quirks.absent = "this build has no MariaDB client";
  return quirks;
}

}  // namespace

Quirks mariadb() {
  return absent("mariadb");
}

Quirks mysql_8() {
  return absent("mysql");
}

Quirks tidb() {
  return absent("tidb");
}

}  // namespace rowferry::conformance

#endif
