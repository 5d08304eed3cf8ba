#include "engine/sqlite/alter.h"

#include "engine/sqlite/types.h"

namespace rowferry::sqlite {

namespace {

// Columns differ in what they make of values only.
class Words final : public sql::AlterWords {
 public:
  bool holds(const Column& column, const Column& other) const override {
    const Affinity affinity = affinity_of(column.native);
    return affinity == Affinity::blob || affinity == affinity_of(other.native);
  }
  std::string retype(const Table&, const Column&, const Column&) const override { return ""; }
};

}  // namespace

std::unique_ptr<sql::AlterWords> alter_words(const ServerFacts&) {
  return std::make_unique<Words>();
}

}  // namespace rowferry::sqlite
