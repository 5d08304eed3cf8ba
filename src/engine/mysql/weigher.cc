#include "engine/mysql/weigher.h"

#include "engine/mysql/cells.h"
#include "engine/mysql/dialect.h"

namespace rowferry::mysql {

namespace {

// Whether spaces at the end of a text count.
bool pads(const std::string& collation) {
  return !holds(collation, "nopad") && !holds(collation, "_0900_") && collation != "binary";
}

// Texts of different bytes can be equal: all but those that compare the bytes and do not pad.
bool folds(const std::string& collation) {
  return !collation.empty() && (!collation.ends_with("_bin") || pads(collation));
}

// So that no query is longer than a server takes.
constexpr std::size_t kQueryBytes = 256 * 1024;

}  // namespace

std::vector<StandingKey> MysqlWeigher::keys(const TableName& table) {
  const sql::Rows rows = connection_.query(
      "SELECT s.index_name, s.column_name, s.sub_part, c.character_set_name, c.collation_name"
      " FROM information_schema.statistics s JOIN information_schema.columns c ON"
      " c.table_schema = s.table_schema AND c.table_name = s.table_name AND"
      " c.column_name = s.column_name WHERE s.non_unique = 0 AND s.table_schema = " +
      literal(table.schema) + " AND s.table_name = " + literal(table.table) +
      " ORDER BY s.index_name, s.seq_in_index");
  std::vector<StandingKey> keys;
  for (const sql::Row& row : rows) {
    const std::string name = text_of(row[0]);
    if (keys.empty() || keys.back().name != name) keys.push_back({.name = name, .parts = {}});
    const std::string collation = text_of(row[4]);
    keys.back().parts.push_back({.column = text_of(row[1]),
                                 .folds = folds(collation),
                                 .prefix = static_cast<int>(number_of(row[2]))});
    if (!folds(collation)) continue;
    collations_[{table, text_of(row[1])}] = {.charset = text_of(row[3]), .name = collation};
  }
  std::erase_if(keys, [](const StandingKey& key) {
    return std::none_of(key.parts.begin(), key.parts.end(),
                        [](const StandingKey::Part& part) { return part.folds; });
  });
  return keys;
}

std::vector<std::string> MysqlWeigher::weights(const TableName& table,
                                               const StandingKey::Part& part,
                                               const std::vector<std::string>& texts) {
  const Collation& collation = collations_.at({table, part.column});
  std::vector<std::string> weights(texts.size());
  std::string sql;
  const auto ask = [&] {
    if (sql.empty()) return;
    // TiDB gives the rows of a union in any order.
    for (const sql::Row& row : connection_.query(sql)) {
      weights.at(static_cast<std::size_t>(number_of(row[0]))) = text_of(row.at(1));
    }
    sql.clear();
  };
  const bool pad = pads(collation.name);
  const std::string before = std::string(pad ? "TRIM(TRAILING ' ' FROM " : "") +
                             (part.prefix > 0 ? "LEFT(" : "") + "CONVERT(";
  const std::string after = " USING " + collation.charset + ")" +
                            (part.prefix > 0 ? ", " + std::to_string(part.prefix) + ")" : "") +
                            (pad ? ")" : "") + " COLLATE " + collation.name;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!sql.empty()) sql += " UNION ALL ";
    sql.append("SELECT ").append(std::to_string(i)).append(", HEX(WEIGHT_STRING(");
    sql.append(before).append(literal(texts[i]));
    sql.append(after).append("))");
    if (sql.size() > kQueryBytes) ask();
  }
  ask();
  return weights;
}

}  // namespace rowferry::mysql
