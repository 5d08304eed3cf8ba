#include "engine/mysql/connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "engine/mysql/error.h"
#include "engine/mysql/greeting.h"
#include "engine/mysql/option_files.h"

namespace rowferry::mysql {

namespace {

const char* or_null(const std::string& text) {
  return text.empty() ? nullptr : text.c_str();
}

void turn_on(MYSQL* mysql, mysql_option option) {
  const my_bool on = 1;
  mysql_optionsv(mysql, option, &on);
}

void set_options(MYSQL* mysql, const Address& address) {
  const auto seconds = static_cast<unsigned>(address.connect_seconds);
  const unsigned local = 1;
  mysql_optionsv(mysql, MYSQL_READ_DEFAULT_GROUP, "rowferry");
  mysql_optionsv(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  mysql_optionsv(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
  mysql_optionsv(mysql, MYSQL_OPT_LOCAL_INFILE, &local);
  turn_on(mysql, MYSQL_REPORT_DATA_TRUNCATION);
}

void set_tls(MYSQL* mysql, const Address& address) {
  if (address.tls == Tls::disabled) return;
  if (address.tls != Tls::unasked || !address.ca.empty() || !address.certificate.empty()) {
    mysql_ssl_set(mysql, or_null(address.key), or_null(address.certificate), or_null(address.ca),
                  nullptr, nullptr);
  }
  if (address.tls == Tls::unasked) return;
  turn_on(mysql, MYSQL_OPT_SSL_ENFORCE);
  const bool verify = address.tls != Tls::required;
  if (verify) turn_on(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT);
}

// Who names keys wants them used.
Tls tls_of_keys(const Address& address) {
  if (!address.ca.empty()) return Tls::verify_ca;
  return address.certificate.empty() && address.key.empty() ? Tls::unasked : Tls::required;
}

Error no_tls() {
  return Error(ErrorKind::auth, "mysql.tls",
               "the server offers no TLS, which is asked for; no password was sent")
      .hint(
          "turn TLS on at the server, or leave ssl- options out of the URL and the client's files");
}

// `localhost` means the socket to these servers' clients, but not with a port.
bool by_network(const Address& address) {
  const bool local = address.host.empty() || (address.host == "localhost" && address.port == 0);
  return address.socket.empty() && !local;
}

bool insists_on_tls(const Address& address) {
  return address.tls != Tls::disabled && address.tls != Tls::unasked;
}

// "8.0.11-TiDB-v8.3.0" as 80300.
int tidb_version(const std::string& info) {
  const std::size_t at = info.find("TiDB-v");
  int major = 0;
  int minor = 0;
  int patch = 0;
  if (at == std::string::npos) return 0;
  if (std::sscanf(info.c_str() + at, "TiDB-v%d.%d.%d", &major, &minor, &patch) < 2) return 0;
  return major * 10000 + minor * 100 + patch;
}

const char* settings_of(Product product) {
  switch (product) {
    case Product::mariadb:
      return "SET max_statement_time = 0, sql_auto_is_null = 0, idle_transaction_timeout = 0,"
             " idle_readonly_transaction_timeout = 0, idle_write_transaction_timeout = 0,"
             " check_constraint_checks = 1, system_versioning_asof = DEFAULT,"
             " div_precision_increment = 4";
    case Product::mysql:
      return "SET max_execution_time = 0, information_schema_stats_expiry = 0,"
             " div_precision_increment = 4";
    case Product::tidb:
      break;
  }
  return "SET max_execution_time = 0, allow_auto_random_explicit_insert = 1";
}

constexpr const char* kWho =
    "SELECT CONNECTION_ID(), CONCAT(@@hostname, ':', @@port, ' ', @@datadir, ' ', @@server_id)";
constexpr const char* kWhoOfTidb = "SELECT CONNECTION_ID(), CONCAT(@@hostname, ':', @@port)";

}  // namespace

Connection::Connection(const Url& url, const EndOptions& options)
    : address_(address_of(url)), stop_(options.stop), mysql_(mysql_init(nullptr)) {
  if (!mysql_) throw std::bad_alloc();
  connect(url);
  const std::string info = mysql_get_server_info(raw());
  version_ = static_cast<int>(mysql_get_server_version(raw()));
  if (info.find("TiDB") != std::string::npos) {
    product_ = Product::tidb;
    version_ = tidb_version(info);
  } else if (mariadb_connection(raw()) != 0) {
    product_ = Product::mariadb;
  }
  pin(options.lock_seconds);
}

Connection::~Connection() {
  cut_.reset();  // before the socket is closed
}

void Connection::connect(const Url& url) {
  const bool network = by_network(address_);
  if (address_.tls == Tls::unasked) address_.tls = tls_of_files();
  if (address_.tls == Tls::unasked) address_.tls = tls_of_keys(address_);
  const bool insists = insists_on_tls(address_);
  if (insists && network && !offers_tls(address_)) throw no_tls();
  set_options(raw(), address_);
  if (network) {
    const unsigned tcp = MYSQL_PROTOCOL_TCP;
    mysql_optionsv(raw(), MYSQL_OPT_PROTOCOL, &tcp);
    set_tls(raw(), address_);
  }
  const std::string password(url.password.reveal());
  const MYSQL* opened = mysql_real_connect(
      raw(), address_.host.empty() ? "localhost" : address_.host.c_str(), or_null(address_.user),
      url.password.empty() ? nullptr : password.c_str(), address_.database.c_str(),
      static_cast<unsigned>(address_.port), or_null(address_.socket), CLIENT_MULTI_STATEMENTS);
  if (opened == nullptr) {
    const std::string place = address_.socket.empty()
                                  ? address_.host + ":" + std::to_string(address_.port)
                                  : address_.socket;
    throw classified(mysql_errno(raw()), mysql_error(raw())).at(place);
  }
  const bool local =
      mysql_get_host_info(raw()) != nullptr &&
      std::string_view(mysql_get_host_info(raw())).find("via UNIX") != std::string_view::npos;
  if (insists && !local && mysql_get_ssl_cipher(raw()) == nullptr) throw no_tls();
  const my_socket fd = mysql_get_socket(raw());
  cut_.emplace(stop_, [fd] { shutdown(fd, SHUT_RDWR); });
}

void Connection::pin(int lock_seconds) {
  const std::string seconds = std::to_string(lock_seconds);
  run("SET NAMES utf8mb4; SET time_zone = '+00:00';"
      "SET sql_mode = 'STRICT_ALL_TABLES,STRICT_TRANS_TABLES,NO_AUTO_VALUE_ON_ZERO,"
      "NO_ENGINE_SUBSTITUTION,ALLOW_INVALID_DATES';"
      "SET autocommit = 1, foreign_key_checks = 0, sql_safe_updates = 0, sql_big_selects = 1,"
      " sql_quote_show_create = 1, sql_select_limit = 18446744073709551615, completion_type = "
      "'NO_CHAIN',"
      " wait_timeout = 31536000, net_write_timeout = 86400, net_read_timeout = 86400,"
      " lock_wait_timeout = " +
      seconds + ", innodb_lock_wait_timeout = " + seconds +
      "; SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
  // Who we are comes with what is set last, without a round trip of its own.
  const sql::Row who = last_row(std::string(settings_of(product_)) + "; " +
                                (product_ == Product::tidb ? kWhoOfTidb : kWho));
  own_.emplace("mysql " + who.at(1).value_or(""), who.at(0).value_or(""));
}

void Connection::run(std::string_view sql) {
  last_row(sql);
}

// The last row of the last of these statements that has any.
sql::Row Connection::last_row(std::string_view sql) {
  if (mysql_real_query(raw(), sql.data(), sql.size()) != 0) throw failure();
  sql::Row last;
  for (int more = 0; more == 0; more = mysql_next_result(raw())) {
    take_rows([&](const sql::Row& row) { last = row; });
  }
  if (mysql_errno(raw()) != 0) throw failure();
  return last;
}

sql::Rows Connection::query(std::string_view sql) {
  sql::Rows rows;
  each(sql, [&](const sql::Row& row) { rows.push_back(row); });
  return rows;
}

void Connection::each(std::string_view sql, const std::function<void(const sql::Row&)>& take) {
  if (mysql_real_query(raw(), sql.data(), sql.size()) != 0) throw failure();
  take_rows(take);
}

void Connection::take_rows(const std::function<void(const sql::Row&)>& take) {
  const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> found(mysql_use_result(raw()),
                                                                       mysql_free_result);
  if (!found) {
    if (mysql_errno(raw()) != 0) throw failure();
    return;
  }
  sql::Row taken(mysql_num_fields(found.get()));
  while (MYSQL_ROW row = mysql_fetch_row(found.get())) {
    const unsigned long* lengths = mysql_fetch_lengths(found.get());
    for (std::size_t i = 0; i < taken.size(); ++i) {
      if (row[i] == nullptr) {
        taken[i].reset();
      } else {
        taken[i].emplace(row[i], lengths[i]);
      }
    }
    take(taken);
  }
  if (mysql_errno(raw()) != 0) throw failure();
}

std::string Connection::value(std::string_view sql) {
  const sql::Rows rows = query(sql);
  return rows.empty() ? "" : rows[0][0].value_or("");
}

Error Connection::failure(MYSQL_STMT* statement) {
  const unsigned number = statement == nullptr ? mysql_errno(raw()) : mysql_stmt_errno(statement);
  const char* text = statement == nullptr ? mysql_error(raw()) : mysql_stmt_error(statement);
  Error error = classified(number, text);
  if (error.code() != "connection.lost") return error;
  lost_ = true;
  if (stop_.stop_requested()) return Error(ErrorKind::interrupted, "mysql.canceled", "stopped");
  return error.at("server " + (address_.socket.empty()
                                   ? address_.host + ":" + std::to_string(address_.port)
                                   : address_.socket));
}

std::string name_of_server(Connection& connection) {
  if (connection.product() == Product::mysql) return connection.value("SELECT @@server_uuid");
  std::string place = connection.value("SELECT CONCAT(@@hostname, ':', @@port)");
  if (connection.product() == Product::tidb) return place;
  // Made of the machine's address and the port; older servers have none.
  const sql::Rows uid = connection.query("SHOW VARIABLES LIKE 'server_uid'");
  const std::string data = connection.value("SELECT @@datadir");
  return place + data + (uid.empty() ? "" : " " + uid[0].at(1).value_or(""));
}

}  // namespace rowferry::mysql
