#include "engine/mysql/describer.h"

#include <algorithm>

#include "engine/mysql/cells.h"
#include "engine/mysql/dialect.h"
#include "engine/mysql/fit.h"

namespace rowferry::mysql {

namespace {

// ", 54" of "PK_AUTO_RANDOM_BITS=5, RANGE BITS=54"; 64 is what is not said.
std::string range_of(const std::string& sharding) {
  static constexpr std::string_view kRange = "RANGE BITS=";
  const std::size_t at = sharding.find(kRange);
  const int bits = at == std::string::npos ? 64 : std::atoi(sharding.c_str() + at + kRange.size());
  return bits == 64 ? "" : ", " + std::to_string(bits);
}

}  // namespace

// How TiDB lays its tables out, and which keys it draws at random.
void Describer::read_row_ids() {
  for (const sql::Row& row :
       connection_.query("SELECT table_name, tidb_pk_type, tidb_row_id_sharding_info"
                         " FROM information_schema.tables WHERE table_schema" +
                         here_)) {
    Table* table = find(row[0]);
    if (table == nullptr || !table->primary_key) continue;
    table->primary_key->method = text_of(row[1]);
    const std::string sharding = text_of(row[2]);
    static constexpr std::string_view kRandom = "PK_AUTO_RANDOM_BITS=";
    if (!sharding.starts_with(kRandom)) continue;
    Identity identity;
    identity.sequence.native = "AUTO_RANDOM(" +
                               std::to_string(std::atoi(sharding.c_str() + kRandom.size())) +
                               range_of(sharding) + ")";
    for (Column& column : table->columns) {
      if (column.name != table->primary_key->parts.at(0).column) continue;
      const std::string largest = connection_.value("SELECT MAX(" + quote(column.name) + ") FROM " +
                                                    qualified(table->name));
      identity.sequence.next = std::atoll(largest.c_str()) + 1;
      column.identity = identity;
      table->own_notes.push_back(counts_instead(column));
    }
  }
}

// information_schema knows nothing of numbers that were given rather than drawn.
void Describer::read_next_row_ids() {
  for (auto& [name, table] : tables_) {
    for (Column& column : table.columns) {
      if (!column.identity || is_random(column)) continue;
      std::int64_t& next = column.identity->sequence.next;
      for (const sql::Row& row :
           connection_.query("SHOW TABLE " + qualified(table.name) + " NEXT_ROW_ID")) {
        next = std::max(next, number_of(row[3]));
      }
    }
  }
}

void Describer::name_options_of_tidb() {
  for (auto& [name, table] : tables_) {
    const std::string shown = shown_table(table.name);
    for (const char* option : {"TTL=", "AUTO_ID_CACHE=", "SHARD_ROW_ID_BITS="}) {
      if (holds(shown, option)) table.notes.push_back("table option " + std::string(option));
    }
  }
}

void Describer::read_checks_of_tidb() {
  constexpr int kFirst = 70200;
  if (connection_.version() < kFirst) return;
  for (const sql::Row& row :
       connection_.query("SELECT table_name, constraint_name, check_clause"
                         " FROM information_schema.tidb_check_constraints WHERE constraint_schema" +
                         here_ + " ORDER BY 1, 2")) {
    Table* table = find(row[0]);
    if (table == nullptr) continue;
    table->checks.push_back({.name = text_of(row[1]), .expression = printed(row[2])});
  }
}

}  // namespace rowferry::mysql
