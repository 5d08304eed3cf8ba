#include "workflow/collisions.h"

#include <unistd.h>

#include <algorithm>

#include "core/fingerprint.h"
#include "engine/engines.h"

namespace rowferry {

namespace {

constexpr std::size_t kRows = 500;  // weighed at a time

std::filesystem::path new_file() {
  static int number = 0;
  return std::filesystem::temp_directory_path() /
         ("rowferry-check-" + std::to_string(getpid()) + "-" + std::to_string(++number) + ".db");
}

}  // namespace

Collisions::Collisions(std::unique_ptr<Weigher> weigher, const TablePlan& plan,
                       const std::vector<StandingKey>& keys)
    : weigher_(std::move(weigher)),
      table_(plan.write.name),
      wanted_(plan.write.columns.size(), false) {
  for (const StandingKey& key : keys) {
    Watched watched{.key = key, .columns = {}};
    for (const StandingKey::Part& part : key.parts) {
      const auto& columns = plan.write.columns;
      const auto found = std::find_if(columns.begin(), columns.end(), [&](const ColumnWrite& one) {
        return one.name == part.column;
      });
      if (found == columns.end()) break;
      watched.columns.push_back(static_cast<std::size_t>(found - columns.begin()));
    }
    if (watched.columns.size() != key.parts.size()) continue;
    for (const std::size_t column : watched.columns) wanted_[column] = true;
    keys_.push_back(std::move(watched));
  }
  if (keys_.empty()) return;
  file_ = new_file();
  seen_ = open_local_session(file_);
  seen_->execute("PRAGMA journal_mode = OFF");
  seen_->execute("PRAGMA synchronous = OFF");
  seen_->execute("CREATE TABLE seen (weight TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID");
}

Collisions::~Collisions() {
  seen_.reset();
  std::error_code ignored;
  if (!file_.empty()) std::filesystem::remove(file_, ignored);
}

void Collisions::add(const std::vector<std::optional<std::string>>& row, const std::string& name) {
  rows_.push_back({row, name});
  if (rows_.size() >= kRows) look();
}

std::vector<Collision> Collisions::found() {
  look();
  return std::exchange(found_, {});
}

void Collisions::look() {
  for (const Watched& watched : keys_) look_at(watched);
  rows_.clear();
}

// A row with a NULL in the key shares it with none.
void Collisions::look_at(const Watched& watched) {
  std::vector<const Row*> rows;
  for (const Row& row : rows_) {
    const bool whole =
        std::all_of(watched.columns.begin(), watched.columns.end(),
                    [&](std::size_t column) { return row.cells[column].has_value(); });
    if (whole) rows.push_back(&row);
  }
  std::vector<std::string> weights(rows.size());
  for (std::size_t part = 0; part < watched.columns.size(); ++part) {
    std::vector<std::string> texts;
    texts.reserve(rows.size());
    for (const Row* row : rows) texts.push_back(*row->cells[watched.columns[part]]);
    if (watched.key.parts[part].folds) {
      texts = weigher_->weights(table_, watched.key.parts[part], texts);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) weights[i] += texts.at(i) + '\x1f';
  }
  seen_->execute("BEGIN");
  for (std::size_t i = 0; i < rows.size(); ++i) note(watched, weights[i], rows[i]->name);
  seen_->execute("COMMIT");
}

// Two fingerprints, so that no two weights share them by chance.
void Collisions::note(const Watched& watched, const std::string& weight, const std::string& name) {
  const std::string whole = watched.key.name + '\x1f' + weight;
  const std::string mark = fingerprint(whole) + fingerprint(weight + '\x1e' + whole);
  const sql::Rows added = seen_->query(
      "INSERT INTO seen (weight, name) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1",
      std::vector<std::string>{mark, name});
  if (!added.empty()) return;
  const sql::Rows former =
      seen_->query("SELECT name FROM seen WHERE weight = $1", std::vector<std::string>{mark});
  found_.push_back(
      {.key = watched.key.name, .row = name, .former = former.at(0).at(0).value_or("")});
}

}  // namespace rowferry
