#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/schema.h"

// What InnoDB and the servers' collations make of a table that comes from elsewhere. Each function
// changes `table` and says what it loses by that.
namespace rowferry::mysql {

// Characters of a long text that an index looks at.
inline constexpr int kPrefix = 191;

// True for texts and bytes without a limit.
bool is_long(std::string_view native);

// Gives texts and bytes without a limit that are part of a key the length that it has room for. A
// longer value is refused when it comes, never cut.
std::vector<Loss> fit_keys(Table& table);

// Moves the longest texts out of a row that would be longer than these servers allow.
std::vector<Loss> fit_row(Table& table);

// Takes away what these servers refuse of checks, computed columns and foreign keys.
std::vector<Loss> fit_constraints(Table& table);

// Says where rows would not fit InnoDB's page, even with the long values elsewhere.
std::vector<Loss> fit_page(const Table& table);

// Replaces collations that `server` (mariadb, mysql, tidb) has not by the one that orders most
// alike.
std::vector<Loss> fit_collations(Table& table, const std::string& server, int version);

// Takes NOT NULL from generated columns, which MariaDB has no words for.
std::vector<Loss> fit_generated(Table& table);

// Leaves out what TiDB takes without a word and does not keep: descending parts, full-text indexes.
std::vector<Loss> fit_indexes_of_tidb(Table& table);

// Takes away what only TiDB has: clustered keys or others by choice, and numbers drawn at random.
std::vector<Loss> fit_beyond_tidb(Table& table);

// TiDB's AUTO_RANDOM(5), which draws its numbers instead of counting.
bool is_random(const Column& column);

// What becomes of a column that is_random() elsewhere, in words.
std::string counts_instead(const Column& column);

// Whether `server` ("mariadb", "mysql", "tidb") has the type.
bool knows_type(std::string_view server, std::string_view native);

}  // namespace rowferry::mysql
