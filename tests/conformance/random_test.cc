// Random tables against the model: whatever has landed, the rest is cut again and nothing is lost.
//
//   ROWFERRY_TEST_SEED=…  repeats a run        ROWFERRY_TEST_ALL=1  takes many more rounds
#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "conformance/suite.h"

namespace rowferry::conformance {
namespace {

std::uint64_t first_seed() {
  const char* text = std::getenv("ROWFERRY_TEST_SEED");
  return text == nullptr ? std::random_device{}() : std::strtoull(text, nullptr, 10);
}

int rounds() {
  return std::getenv("ROWFERRY_TEST_ALL") == nullptr ? 12 : 300;
}

PageSize random_size(Random& random) {
  if (random() % 2) return {.rows = static_cast<std::int64_t>(1 + random() % 400)};
  return {.bytes = static_cast<std::int64_t>(1) << (10 + random() % 8)};
}

class RandomTables : public Suite {
 protected:
  // Pages that land one plan after the other, each a random part of what was still open.
  std::vector<Page> land(Pager& pager, const TableRead& read, Random& random) {
    std::vector<Page> landed;
    for (auto restarts = random() % 4; restarts > 0; --restarts) {
      const auto one_in = 1 + random() % 4;
      for (Page& page : cut(pager, read, random_size(random), landed)) {
        if (random() % one_in == 0) landed.push_back(std::move(page));
      }
    }
    const std::vector<Page> rest = cut(pager, read, random_size(random), landed);
    landed.insert(landed.end(), rest.begin(), rest.end());
    std::shuffle(landed.begin(), landed.end(), random);
    return landed;
  }

  void round(std::uint64_t seed) {
    Random random(seed);
    Shape shape = random_shape(quirks(), random);
    const Storage* storage = &quirks().storages[random() % quirks().storages.size()];
    if (shape.keys == 0 && !storage->keyless) storage = quirks().storages.data();
    Model model(quirks(), std::move(shape), "t" + std::to_string(seed));
    database().run(model.create(*storage));
    const int rows =
        random() % 5 == 0 ? static_cast<int>(random() % 3) : static_cast<int>(random() % 4000);
    database().run(model.insert(random, rows));
    const auto snapshot = this->snapshot();
    TableRead read = read_of(described(*snapshot->catalog(), name_of(model.table())));
    read.cut = snapshot->pager()->choose(read.table);
    const std::vector<Page> pages = land(*snapshot->pager(), read, random);
    expect_tiled(read.table, pages);
    EXPECT_EQ(difference(model.rows(), read_pages(*snapshot, read, pages)), "");
  }
};

TEST_P(RandomTables, ArriveWholeWhateverHasLanded) {
  const std::uint64_t seed = first_seed();
  std::cout << "ROWFERRY_TEST_SEED=" << seed << "\n";
  for (int i = 0; i < rounds() && !HasFailure(); ++i) {
    SCOPED_TRACE("ROWFERRY_TEST_SEED=" + std::to_string(seed + static_cast<unsigned>(i)));
    round(seed + static_cast<unsigned>(i));
  }
}

ROWFERRY_EVERY_ENGINE(RandomTables);

}  // namespace
}  // namespace rowferry::conformance
