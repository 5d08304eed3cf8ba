#include "flow/build.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <span>
#include <thread>

#include "flow/retry.h"

namespace rowferry {

namespace {

constexpr std::size_t kTogether = 50;  // CREATE TABLEs in one transaction

bool goes_on(ErrorKind kind) {
  return ends_table_only(kind) || kind == ErrorKind::auth;
}

using Piece = std::span<const Statement>;

// How the statements of a stage may run beside each other.
struct Arrangement {
  std::vector<Piece> pieces;  // each run by one thread, in order
  bool one_transaction = false;
  bool parallel = true;
};

std::vector<Piece> in_pieces(Piece all, const std::function<bool(Piece, const Statement&)>& ends) {
  std::vector<Piece> pieces;
  for (std::size_t start = 0; start < all.size();) {
    std::size_t end = start + 1;
    while (end < all.size() && !ends(all.subspan(start, end - start), all[end])) ++end;
    pieces.push_back(all.subspan(start, end - start));
    start = end;
  }
  return pieces;
}

Arrangement arrange(Piece all) {
  const auto alone = [](Piece, const Statement&) { return true; };
  const auto many = [](Piece piece, const Statement&) { return piece.size() >= kTogether; };
  const auto by_table = [](Piece piece, const Statement& next) {
    return piece.front().table != next.table;
  };
  switch (all.front().stage) {
    case Statement::Stage::types:         // each may need the one before
    case Statement::Stage::foreign_keys:  // each locks two tables, for a moment
      return {.pieces = in_pieces(all, alone), .parallel = false};
    case Statement::Stage::indexes:
      return {.pieces = in_pieces(all, alone)};
    case Statement::Stage::keys:  // two of one table would wait for each other's lock
    case Statement::Stage::validation:
      return {.pieces = in_pieces(all, by_table)};
    case Statement::Stage::tables:  // quick, so that round trips and commits count
    case Statement::Stage::finish:
    case Statement::Stage::next_values:
      break;
  }
  return {.pieces = in_pieces(all, many), .one_transaction = true};
}

// One stage: threads take pieces until there are none.
class Stage {
 public:
  Stage(Arrangement arrangement, const std::vector<Unbuilt>& before,
        const std::function<std::unique_ptr<Catalog>()>& open, const std::stop_token& stop,
        const std::function<void(const Statement&)>& built)
      : arrangement_(std::move(arrangement)),
        before_(before),
        open_(open),
        stop_(stop),
        built_(built) {}

  std::vector<Unbuilt> run(int jobs) {
    const int most = arrangement_.parallel ? jobs : 1;
    const int useful = std::min(most, static_cast<int>(arrangement_.pieces.size()));
    {
      std::vector<std::jthread> threads;
      for (int i = 0; i < std::max(1, useful); ++i) threads.emplace_back([this] { work(); });
    }
    if (first_) std::rethrow_exception(first_);
    if (stop_.stop_requested()) throw interrupted();
    return std::move(unbuilt_);
  }

 private:
  void work() {
    try {
      std::unique_ptr<Catalog> catalog = open_();
      for (;;) {
        const std::size_t piece = next_.fetch_add(1);
        if (piece >= arrangement_.pieces.size() || stop_.stop_requested() || failed_) return;
        run_piece(catalog, arrangement_.pieces[piece]);
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!first_) first_ = std::current_exception();
      failed_ = true;
    }
  }

  void run_piece(std::unique_ptr<Catalog>& catalog, Piece piece) {
    const bool together = arrangement_.one_transaction && catalog->undoes_ddl();
    if (piece.size() > 1 && together && run_whole(*catalog, piece)) return;
    for (const Statement& statement : piece) run_one(catalog, statement);
  }

  // All of a piece in one transaction; false when some of it fails, so that each is tried alone.
  bool run_whole(Catalog& catalog, Piece piece) {
    std::string all;
    for (const Statement& statement : piece) all += statement.sql + ";\n";
    try {
      catalog.execute(all);
    } catch (const Error& error) {
      if (!goes_on(error.kind())) throw;
      return false;
    }
    for (const Statement& statement : piece) built_(statement);
    return true;
  }

  // Whether what the statement goes on with could not be made: nothing to validate or take over.
  bool is_without_base(const Statement& statement) const {
    return !statement.name.empty() &&
           std::any_of(before_.begin(), before_.end(), [&](const Unbuilt& failed) {
             return failed.statement.name == statement.name &&
                    failed.statement.table == statement.table;
           });
  }

  void run_one(std::unique_ptr<Catalog>& catalog, const Statement& statement) {
    if (is_without_base(statement)) return;
    try {
      with_retries(
          {}, stop_, [](std::string_view) {},
          [&](int attempt) {
            if (attempt > 0) catalog = open_();
            catalog->execute(statement.sql);
          });
      built_(statement);
    } catch (Error& error) {
      const std::string table = to_string(statement.table);
      std::string place = table.empty() ? "" : "table " + table;
      if (!statement.name.empty()) place += (place.empty() ? "" : ", ") + statement.name;
      error.at(place);
      if (!goes_on(error.kind())) throw;
      const std::lock_guard lock(mutex_);
      unbuilt_.push_back({statement, error});
    }
  }

  const Arrangement arrangement_;
  const std::vector<Unbuilt>& before_;
  const std::function<std::unique_ptr<Catalog>()>& open_;
  const std::stop_token& stop_;
  const std::function<void(const Statement&)>& built_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  std::vector<Unbuilt> unbuilt_;
  std::exception_ptr first_;
};

}  // namespace

std::vector<Unbuilt> build(const std::vector<Statement>& statements,
                           const std::function<std::unique_ptr<Catalog>()>& open, int jobs,
                           const std::stop_token& stop,
                           const std::function<void(const Statement&)>& built) {
  std::vector<Unbuilt> unbuilt;
  const std::span<const Statement> all(statements);
  for (std::size_t start = 0; start < all.size();) {
    std::size_t end = start;
    while (end < all.size() && all[end].stage == all[start].stage) ++end;
    Stage stage(arrange(all.subspan(start, end - start)), unbuilt, open, stop, built);
    for (Unbuilt& failure : stage.run(jobs)) unbuilt.push_back(std::move(failure));
    start = end;
  }
  return unbuilt;
}

}  // namespace rowferry
