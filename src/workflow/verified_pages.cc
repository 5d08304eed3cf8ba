#include "workflow/verified_pages.h"

#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>

#include "core/error.h"

namespace rowferry {

namespace {

using Json = nlohmann::json;

std::string now_text() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts);
  return {text, size};
}

}  // namespace

VerifiedPages::VerifiedPages(std::filesystem::path file, bool anew) : file_(std::move(file)) {
  if (anew) {
    remove();
  } else {
    read();
  }
}

void VerifiedPages::read() {
  std::ifstream in(file_);
  for (std::string line; std::getline(in, line);) {
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object()) continue;
    try {
      const Key key{{json.at("schema"), json.at("table")}, json.at("plan")};
      Earlier& earlier = earlier_[key];
      if (since_.empty()) since_ = json.at("at");
      earlier.rows += json.at("rows").get<std::int64_t>();
      if (json.at("whole").get<bool>()) {
        earlier.whole = true;
        continue;
      }
      earlier.pages.push_back({.part = json.at("part"),
                               .number = json.at("number"),
                               .lower = to_bound(json.at("lower").get<std::string>()),
                               .upper = to_bound(json.at("upper").get<std::string>())});
    } catch (const Json::exception&) {
      continue;
    } catch (const Error&) {
      continue;
    }
  }
}

VerifiedPages::Earlier VerifiedPages::earlier(const TableName& table,
                                              const std::string& plan) const {
  const auto found = earlier_.find({table, plan});
  return found == earlier_.end() ? Earlier{} : found->second;
}

void VerifiedPages::add(const TableName& table, const std::string& plan, const Page& page,
                        std::int64_t rows, bool whole) {
  if (!out_.is_open()) {
    std::error_code ignored;  // a directory that cannot be made shows when the file is opened
    std::filesystem::create_directories(file_.parent_path(), ignored);
    out_.open(file_, std::ios::app);
  }
  const Json json = {{"schema", table.schema},
                     {"table", table.table},
                     {"plan", plan},
                     {"at", now_text()},
                     {"part", page.part},
                     {"number", page.number},
                     {"lower", to_text(page.lower)},
                     {"upper", to_text(page.upper)},
                     {"rows", rows},
                     {"whole", whole}};
  // A line that a killed run left torn ends here.
  out_ << "\n" << json.dump(-1, ' ', false, Json::error_handler_t::replace) << std::flush;
  if (out_) return;
  throw Error(ErrorKind::conflict, "verify.state", "what has been compared cannot be written down")
      .at(file_.string())
      .hint("make room there, or name another directory with --dir");
}

void VerifiedPages::remove() {
  out_.close();
  std::error_code ignored;  // it was never written
  std::filesystem::remove(file_, ignored);
}

}  // namespace rowferry
