#include "app/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <mutex>

#include "core/error.h"

namespace rowferry {

namespace {

constexpr const char* kFileLogger = "file";

// Hands lines to the terminal, which knows whether a status line is in the way.
class ShownSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit ShownSink(std::function<void(std::string_view)> show) : show_(std::move(show)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const auto level = spdlog::level::to_string_view(message.level);
    std::string line(level.data(), level.size());
    line += ": ";
    line.append(message.payload.data(), message.payload.size());
    show_(line);
  }
  void flush_() override {}

  std::function<void(std::string_view)> show_;
};

spdlog::level::level_enum shown_level(const Log::Options& options) {
  if (options.verbose) return spdlog::level::debug;
  return options.quiet ? spdlog::level::err : spdlog::level::warn;
}

spdlog::sink_ptr open_file(const std::filesystem::path& path) {
  try {
    auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path.string());
    sink->set_formatter(std::make_unique<spdlog::pattern_formatter>(
        "%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc));
    return sink;
  } catch (const spdlog::spdlog_ex& failure) {
    throw Error(ErrorKind::usage, "log.open", std::string("--log-file: ") + failure.what());
  }
}

}  // namespace

Log::Log(const Options& options, std::function<void(std::string_view)> show) {
  auto shown = std::make_shared<ShownSink>(std::move(show));
  shown->set_level(shown_level(options));
  std::vector<spdlog::sink_ptr> sinks = {shown};
  if (!options.file.empty()) {
    sinks.push_back(open_file(options.file));
    auto file = std::make_shared<spdlog::logger>(kFileLogger, sinks.back());
    file->flush_on(spdlog::level::info);
    spdlog::register_logger(std::move(file));
  }
  auto logger = std::make_shared<spdlog::logger>("rowferry", sinks.begin(), sinks.end());
  logger->set_level(spdlog::level::debug);
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

Log::~Log() {
  spdlog::drop(kFileLogger);
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("silent"));
}

void log_to_file(std::string_view line) {
  if (const auto logger = spdlog::get(kFileLogger)) {
    logger->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
  }
}

}  // namespace rowferry
