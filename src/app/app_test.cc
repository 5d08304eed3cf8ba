#include "app/app.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/engines.h"

namespace rowferry {
namespace {

using ::testing::HasSubstr;
using ::testing::internal::CaptureStderr;
using ::testing::internal::CaptureStdout;
using ::testing::internal::GetCapturedStderr;
using ::testing::internal::GetCapturedStdout;

// Standard output of a copy from one file to another by engines that `change` has been at.
std::string copied_by(const std::function<void(Engine&)>& change) {
  std::vector<Engine> engines = built_in_engines();
  for (Engine& engine : engines) change(engine);
  std::vector<std::string> words = {"rowferry",    "copy",     "sqlite:none.db",
                                    "sqlite:b.db", "--output", "json"};
  std::vector<char*> arguments;
  arguments.reserve(words.size());
  for (std::string& word : words) arguments.push_back(word.data());
  CaptureStdout();
  CaptureStderr();
  run_app(static_cast<int>(arguments.size()), arguments.data(), engines);
  GetCapturedStderr();
  return GetCapturedStdout();
}

TEST(App, TakesNoEngineWithoutSnapshotsForASource) {
  EXPECT_THAT(copied_by([](Engine& engine) { engine.snapshot = nullptr; }),
              HasSubstr(R"("code":"engine.source")"));
}

TEST(App, TakesNoEngineWithoutWriterOrLedgerForATarget) {
  const std::string code = R"("code":"engine.target")";
  EXPECT_THAT(copied_by([](Engine& engine) { engine.writer = nullptr; }), HasSubstr(code));
  EXPECT_THAT(copied_by([](Engine& engine) { engine.ledger = nullptr; }), HasSubstr(code));
}

}  // namespace
}  // namespace rowferry
