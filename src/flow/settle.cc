#include "flow/settle.h"

#include <string>
#include <utility>

namespace rowferry {

namespace {

using What = Difference::What;

// What a row is known again by. Where no key names rows, one that is too many on one side has
// nothing to do with an equal one that is too many on the other.
Digest name_of(std::size_t table, const ComparedTable& compared, const Difference& difference) {
  Digest name = difference.name;
  std::string kind = std::to_string(table);
  if (difference.what == What::unreadable) {
    kind += "u" + difference.key;
  } else if (compared.key.empty()) {
    kind += difference.what == What::only_source ? "s" : "t";
  }
  name.add(kind);
  return name;
}

std::uint32_t content_of(const Difference& difference) {
  return static_cast<std::uint32_t>(spread(difference.source));
}

std::int64_t unsettled(const Compared& compared) {
  return compared.differences() - compared.unreadable;
}

// One comparison of two looks.
class Settling {
 public:
  Settling(const std::vector<ComparedTable>& tables, const TakeDifference& take,
           std::vector<Compared>& compared)
      : tables_(tables), take_(take), compared_(compared) {}

  void first(const Look& look) {
    try {
      look(
          tables_, [this](std::size_t i, const Difference& difference) { keep(i, difference); },
          compared_);
    } catch (...) {
      put_off();
      throw;
    }
    put_off();
  }

  bool settled() const { return places_.empty(); }

  void second(const Look& look) {
    std::vector<ComparedTable> again;
    for (const std::size_t place : places_) again.push_back(narrowed(place));
    told_.assign(places_.size(), {});
    std::vector<Compared> compared;
    try {
      look(
          again, [this](std::size_t i, const Difference& difference) { tell(i, difference); },
          compared);
    } catch (...) {
      merge(compared);
      throw;
    }
    merge(compared);
  }

 private:
  void keep(std::size_t table, const Difference& difference) {
    seen_.add(name_of(table, tables_[table], difference), content_of(difference));
    if (difference.what == What::unreadable) take_(table, difference);
  }

  // Tables that a second look is due for have not ended yet, and nothing is known to differ.
  void put_off() {
    for (std::size_t i = 0; i < compared_.size(); ++i) {
      Compared& compared = compared_[i];
      if (unsettled(compared) == 0) continue;
      if (compared.ended) {
        places_.push_back(i);
        first_.push_back(unsettled(compared));
      }
      compared.ended = false;
      compared.only_source = compared.only_target = compared.changed = 0;
    }
  }

  ComparedTable narrowed(std::size_t place) const {
    ComparedTable table = tables_[place];
    const std::vector<Page>& pages = compared_[place].pages;
    if (!table.ranges || pages.empty()) return table;
    table.source.gaps.clear();
    for (const Page& page : pages) {
      table.source.gaps.push_back({.part = page.part, .lower = page.lower, .upper = page.upper});
    }
    return table;
  }

  void tell(std::size_t index, const Difference& difference) {
    const std::size_t place = places_[index];
    const auto before = seen_.take(name_of(place, tables_[place], difference));
    Compared& told = told_[index];
    if (difference.what == What::unreadable) {
      if (before) return;
      ++told.unreadable;
    } else if (!before) {
      ++told.in_flight;
      return;
    } else {
      count(told, difference.what);
      if (*before != content_of(difference)) ++told.moving;
    }
    take_(place, difference);
  }

  static void count(Compared& told, What what) {
    if (what == What::only_source) ++told.only_source;
    if (what == What::only_target) ++told.only_target;
    if (what == What::changed) ++told.changed;
  }

  void merge(const std::vector<Compared>& second) {
    for (std::size_t i = 0; i < second.size(); ++i) {
      Compared& all = compared_[places_[i]];
      const Compared& told = told_[i];
      all.only_source = told.only_source;
      all.only_target = told.only_target;
      all.changed = told.changed;
      all.unreadable += told.unreadable;
      all.left_alone = second[i].left_alone;
      all.in_flight = told.in_flight;
      if (second[i].ended) all.in_flight += first_[i] - unsettled(told);
      all.moving = told.moving;
      all.bytes += second[i].bytes;
      all.seconds += second[i].seconds;
      all.fetch_seconds += second[i].fetch_seconds;
      all.ended = second[i].ended;
      all.error = second[i].error;
      all.pages = second[i].pages;
    }
  }

  const std::vector<ComparedTable>& tables_;
  const TakeDifference& take_;
  std::vector<Compared>& compared_;
  SeenRows seen_;                    // of the first look
  std::vector<std::size_t> places_;  // of the tables that are looked at again
  std::vector<std::int64_t> first_;  // and how many rows of each differed
  std::vector<Compared> told_;       // what the second look told of each
};

}  // namespace

void compare_settled(const std::vector<ComparedTable>& tables, const Look& look,
                     const std::function<void()>& renew, const TakeDifference& take,
                     std::vector<Compared>& compared) {
  Settling settling(tables, take, compared);
  settling.first(look);
  if (settling.settled()) return;
  renew();
  settling.second(look);
}

bool Movement::moved(std::size_t table, const ComparedTable& compared,
                     const Difference& difference) {
  if (difference.what == What::unreadable) return false;
  const Digest name = name_of(table, compared, difference);
  now_->add(name, content_of(difference));
  if (!before_) return false;
  const auto before = before_->take(name);
  return !before || *before != content_of(difference);
}

void Movement::next() {
  before_ = std::exchange(now_, std::make_unique<SeenRows>());
}

}  // namespace rowferry
