#include "engine/postgres/inspect.h"

#include <algorithm>
#include <cstdlib>

#include "engine/postgres/dialect.h"
#include "engine/postgres/place.h"
#include "engine/postgres/session.h"
#include "engine/sql/ddl.h"
#include "engine/sql/facts_found.h"

namespace rowferry::postgres {

namespace {

std::string qualified(const TableName& name) {
  return quote(name.schema) + "." + quote(name.table);
}

// One end and what is found there; each method asks one kind of question.
class Inspector {
 public:
  Inspector(const Url& url, const EndOptions& options, const Inspection& about)
      : about_(about), session_(url, options) {
    user_ = value("SELECT pg_catalog.quote_ident(current_user)");
    superuser_ = is("SELECT pg_catalog.current_setting('is_superuser')::boolean");
  }

  std::vector<Finding> findings() {
    look_at_tls();
    look_at_clock();
    look_at_settings();
    if (about_.target) {
      look_at_writing();
      look_at_places();
      look_at_standing_tables();
    } else {
      look_at_read_tables();
    }
    return std::move(found_);
  }

 private:
  std::string value(const std::string& sql) {
    const sql::Rows rows = session_.query(sql);
    return rows.empty() ? "" : rows[0][0].value_or("");
  }
  bool is(const std::string& sql) { return value(sql) == "t"; }

  void lacks(const std::string& what, const std::string& grant, const std::string& where = "") {
    Finding finding = sql::privilege_missing(what, grant);
    finding.where = where;
    found_.push_back(std::move(finding));
  }

  void look_at_tls() {
    PGconn* raw = session_.connection().raw();
    sql::Protection now;
    const auto text = [](const char* found) { return std::string(found == nullptr ? "" : found); };
    now.local = sql::is_local(text(PQhost(raw)));
    if (PQsslInUse(raw) != 0) {
      now.protocol = text(PQsslAttribute(raw, "protocol"));
      now.cipher = text(PQsslAttribute(raw, "cipher"));
    }
    found_.push_back(sql::protection(now, "add ?sslmode=verify-full to the URL"));
  }

  void look_at_clock() {
    const double before = sql::now_seconds();
    const std::string server =
        value("SELECT extract(epoch FROM pg_catalog.clock_timestamp())::pg_catalog.float8");
    const double ours = (before + sql::now_seconds()) / 2;
    found_.push_back(sql::clock_found(std::atof(server.c_str()) - ours));
  }

  void look_at_settings() {
    found_.push_back(sql::note(
        "setting.time_zone",
        "time zone: " +
            value("SELECT reset_val FROM pg_catalog.pg_settings WHERE name = 'TimeZone'") +
            "; rowferry's sessions use UTC"));
    if (about_.target) return;
    const std::string level = value("SELECT pg_catalog.current_setting('wal_level')");
    const bool logical = level == "logical";
    found_.push_back(
        sql::note("setting.wal_level", "wal_level: " + level +
                                           (logical ? ", enough to follow changes"
                                                    : "; a copy needs no more, following"
                                                      " changes would need logical")));
  }

  void look_at_writing() {
    if (is("SELECT pg_catalog.pg_is_in_recovery()")) {
      found_.push_back(sql::read_only("it is a standby"));
    } else if (is("SELECT pg_catalog.current_setting('transaction_read_only')::boolean")) {
      found_.push_back(sql::read_only("default_transaction_read_only is on"));
    }
  }

  // Where the ledger, the schemas and the tables go.
  void look_at_places() {
    const std::string database = value("SELECT pg_catalog.quote_ident(current_database())");
    try {
      find_place(session_);
    } catch (const Error& error) {
      if (error.code() != "ledger.place") throw;
      lacks("a place for the ledger: CREATE on the database, or on schema public",
            "GRANT CREATE ON DATABASE " + database + " TO " + user_);
    }
    const bool makes = is("SELECT pg_catalog.has_database_privilege(current_database(), 'CREATE')");
    for (const std::string& schema : about_.schemas) look_at_schema(schema, database, makes);
  }

  void look_at_schema(const std::string& schema, const std::string& database, bool makes) {
    const std::string name = "'" + doubled(schema) + "'";
    const bool there =
        is("SELECT pg_catalog.count(*) > 0 FROM pg_catalog.pg_namespace"
           " WHERE nspname = " +
           name);
    if (!there && !makes) {
      lacks("CREATE on database " + database + ", to make schema " + schema,
            "GRANT CREATE ON DATABASE " + database + " TO " + user_);
    }
    if (!there || !about_.creates) return;
    for (const std::string privilege : {"USAGE", "CREATE"}) {
      std::string held = "SELECT pg_catalog.has_schema_privilege(";
      if (is(held.append(name).append(", '").append(privilege).append("')"))) continue;
      std::string grant = "GRANT ";
      grant.append(privilege).append(" ON SCHEMA ").append(quote(schema)).append(" TO ");
      lacks(std::string(privilege).append(" on schema ").append(schema), grant.append(user_));
    }
  }

  static std::string doubled(std::string text) {
    for (std::size_t at = 0; (at = text.find('\'', at)) != std::string::npos; at += 2) {
      text.insert(at, 1, '\'');
    }
    return text;
  }

  // Rows (table, privilege) that the tables lack, in one query.
  sql::Rows lacking(const std::vector<std::string>& privileges) {
    if (about_.tables.empty()) return {};
    std::vector<std::string> names;
    for (const TableName& table : about_.tables) {
      names.push_back("('" + doubled(table.schema) + "', '" + doubled(table.table) + "')");
    }
    std::vector<std::string> wanted;
    wanted.reserve(privileges.size());
    for (const std::string& one : privileges) wanted.push_back("('" + one + "')");
    return session_.query(
        "SELECT w.s, w.t, p.p, pg_catalog.has_schema_privilege(n.oid, 'USAGE') FROM (VALUES " +
        sql::joined(names, ", ") +
        ") w (s, t) JOIN pg_catalog.pg_namespace n ON n.nspname = w.s JOIN pg_catalog.pg_class c ON"
        " c.relnamespace = n.oid AND c.relname = w.t CROSS JOIN (VALUES " +
        sql::joined(wanted, ", ") +
        ") p (p) WHERE NOT (pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND CASE p.p WHEN"
        " 'OWNER' THEN pg_catalog.pg_has_role(c.relowner, 'USAGE') WHEN"
        " 'SELECT' THEN pg_catalog.has_any_column_privilege(c.oid, p.p) ELSE"
        " pg_catalog.has_table_privilege(c.oid, p.p) END) ORDER BY 1, 2, 3");
  }

  void name_lacking(const std::vector<std::string>& privileges) {
    std::string last_schema;
    for (const sql::Row& row : lacking(privileges)) {
      const TableName table{row[0].value_or(""), row[1].value_or("")};
      const std::string privilege = row[2].value_or("");
      if (row[3] != "t") {
        if (table.schema != last_schema) {
          lacks("USAGE on schema " + table.schema,
                "GRANT USAGE ON SCHEMA " + quote(table.schema) + " TO " + user_);
        }
        last_schema = table.schema;
      } else if (privilege == "OWNER") {
        lacks("the ownership of " + to_string(table) + ", to build keys on it or drop it",
              "ALTER TABLE " + qualified(table) + " OWNER TO " + user_,
              "table " + to_string(table));
      } else {
        lacks(privilege + " on " + to_string(table),
              "GRANT " + privilege + " ON " + qualified(table) + " TO " + user_,
              "table " + to_string(table));
      }
    }
  }

  void look_at_standing_tables() {
    std::vector<std::string> privileges = {"SELECT", "INSERT"};
    if (about_.creates) privileges.emplace_back("OWNER");
    if (about_.empties) privileges.emplace_back("TRUNCATE");
    name_lacking(privileges);
  }

  void look_at_read_tables() {
    name_lacking({"SELECT"});
    if (superuser_) return;
    const sql::Rows hidden = session_.query(
        "SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON"
        " n.oid = c.relnamespace WHERE c.relrowsecurity AND (c.relforcerowsecurity OR NOT"
        " pg_catalog.pg_has_role(c.relowner, 'USAGE')) AND NOT (SELECT r.rolbypassrls FROM"
        " pg_catalog.pg_roles r WHERE r.rolname = current_user)");
    for (const sql::Row& row : hidden) {
      const TableName table{row[0].value_or(""), row[1].value_or("")};
      if (std::find(about_.tables.begin(), about_.tables.end(), table) == about_.tables.end()) {
        continue;
      }
      lacks("BYPASSRLS: row security hides rows of " + to_string(table),
            "ALTER ROLE " + user_ + " BYPASSRLS", "table " + to_string(table));
    }
  }

  const Inspection& about_;
  Session session_;
  std::string user_;
  bool superuser_ = false;
  std::vector<Finding> found_;
};

}  // namespace

std::vector<Finding> inspect(const Url& url, const EndOptions& options, const Inspection& about) {
  return Inspector(url, options, about).findings();
}

}  // namespace rowferry::postgres
