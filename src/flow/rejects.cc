#include "flow/rejects.h"

#include <fcntl.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "core/error.h"
#include "core/utf8.h"

namespace rowferry {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostAtOnce = 1 << 20;  // bytes of lines put together before they are written

Error cannot_write(const std::filesystem::path& path, const char* why) {
  return Error(ErrorKind::conflict, "rejects.write",
               "cannot write the file of rows that could not land: " + std::string(why))
      .at(path.string())
      .hint("make room, or name another directory with --dir");
}

// A file that grows at its end.
class Appender {
 public:
  explicit Appender(std::filesystem::path path) : path_(std::move(path)) {
    file_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file_ < 0) throw cannot_write(path_, std::strerror(errno));
  }
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;
  ~Appender() { close(file_); }

  void write_all(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = write(file_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) throw cannot_write(path_, std::strerror(errno));
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  void sync() {
    if (fsync(file_) != 0) throw cannot_write(path_, std::strerror(errno));
  }

 private:
  std::filesystem::path path_;
  int file_;
};

std::string hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

Json value_of(const RejectedCell& cell) {
  if (cell.form == RejectedCell::Form::null) return nullptr;
  const bool text = cell.form == RejectedCell::Form::text;
  if (text && fault_of(cell.value, true) == TextFault::none) return cell.value;
  return {{"hex", hex(cell.value)}};
}

std::string line_of(const TableName& table, const Reject& reject, const std::optional<Page>& page) {
  Json line = {{"v", 1}, {"table", to_string(table)}, {"part", nullptr}, {"page", nullptr}};
  if (page) {
    line["part"] = page->part;
    line["page"] = page->number;
  }
  line["key"] = reject.key;
  line["column"] = reject.column;
  line["reason"] = reject.reason;
  line["row"] = Json::object();
  for (const RejectedCell& cell : reject.row) line["row"][cell.name] = value_of(cell);
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

// A table's name as a file name: what a file system may not like becomes '_'.
std::string file_name(const TableName& table) {
  std::string name = to_string(table);
  for (char& c : name) {
    if (c == '/' || c == '\0' || std::iscntrl(static_cast<unsigned char>(c)) != 0) c = '_';
  }
  return name.substr(0, 200) + ".jsonl";
}

// A line that a run had begun to write when it died is of a page that did not land.
bool is_kept(const std::string& line, const std::set<std::pair<std::string, std::int64_t>>& pages) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("page") || !json["page"].is_number_integer())
    return false;
  return pages.count({json.value("part", ""), json["page"].get<std::int64_t>()}) > 0;
}

}  // namespace

std::filesystem::path reject_file(const std::filesystem::path& dir, const TableName& table) {
  return dir / file_name(table);
}

void add_rejects(const std::filesystem::path& dir, const TableName& table,
                 const std::vector<Reject>& rejects, const std::optional<Page>& page) {
  std::error_code failed;
  std::filesystem::create_directories(dir, failed);
  Appender file(reject_file(dir, table));
  std::string lines;
  for (const Reject& reject : rejects) {
    lines += line_of(table, reject, page);
    if (lines.size() < kMostAtOnce) continue;
    file.write_all(lines);
    lines.clear();
  }
  file.write_all(lines);
  file.sync();
}

void keep_rejects(const std::filesystem::path& dir, const TableName& table,
                  const std::vector<Page>& landed) {
  const std::filesystem::path path = reject_file(dir, table);
  if (!std::filesystem::exists(path)) return;
  std::set<std::pair<std::string, std::int64_t>> pages;
  for (const Page& page : landed) pages.emplace(page.part, page.number);
  const std::filesystem::path fresh = path.string() + ".new";
  std::error_code failed;
  std::filesystem::remove(fresh, failed);
  bool any = false;
  {
    Appender file(fresh);
    std::ifstream old(path);
    for (std::string line; std::getline(old, line);) {
      if (!is_kept(line, pages)) continue;
      file.write_all(line + "\n");
      any = true;
    }
    file.sync();
  }
  if (any) {
    std::filesystem::rename(fresh, path, failed);
    if (failed) throw cannot_write(path, failed.message().c_str());
    return;
  }
  std::filesystem::remove(fresh, failed);
  std::filesystem::remove(path, failed);
}

}  // namespace rowferry
