#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "flow/compare.h"
#include "workflow/ends.h"

namespace rowferry {

// What a comparison sees of both ends: a view of each, opened and closed as the verb needs it. For
// one thread.
class Views {
 public:
  Views(const Request& request, const Ends& ends, const Surroundings& surroundings)
      : request_(request), ends_(ends), surroundings_(surroundings) {}

  // A new view, in the place of the old one.
  void open_source();
  void open_target();
  // Opens what is closed.
  void open();
  void close_source() { source_.reset(); }
  void close_target() { target_.reset(); }
  void close();

  // nullptr when it is closed.
  Snapshot* source() const { return source_.get(); }
  Snapshot* target() const { return target_.get(); }

  // Why one of the views that were opened does not hold the rows of one moment; empty when all do.
  const std::string& source_limits() const { return source_limits_; }
  const std::string& target_limits() const { return target_limits_; }

  // As the request has them. Both views are open.
  CompareSettings settings() const;

  // Compares the tables; with --settle what differs is looked at once more, under newer views.
  // Throws what compare() and compare_settled() do.
  void compare(const std::vector<ComparedTable>& tables, const CompareSettings& settings,
               const TakeDifference& take, std::vector<Compared>& compared);

 private:
  std::unique_ptr<Snapshot> opened(const Engine& engine, const Url& url, EndOptions options);
  void renew();

  const Request& request_;
  const Ends& ends_;
  const Surroundings& surroundings_;
  std::unique_ptr<Snapshot> source_;
  std::unique_ptr<Snapshot> target_;
  std::optional<std::int64_t> now_;  // at the source, where somebody wants to know
  std::string source_limits_;
  std::string target_limits_;
  std::set<std::string> noted_;  // limits
};

// Says how much there is to be compared.
void expect(const std::vector<ComparedTable>& tables, Progress& progress);

}  // namespace rowferry
