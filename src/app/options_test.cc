#include "app/options.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "app/option_values.h"
#include "core/error.h"

namespace rowferry {
namespace {

namespace fs = std::filesystem;

class OptionsTest : public ::testing::Test {
 protected:
  OptionsTest()
      : home_(fs::path(::testing::TempDir()) /
              ("options-" +
               std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()))) {
    fs::remove_all(home_);
    fs::create_directories(home_ / ".config/rowferry");
    variables_["HOME"] = home_.string();
  }
  ~OptionsTest() override { fs::remove_all(home_); }

  void config(const std::string& text) const {
    std::ofstream(home_ / ".config/rowferry/config.toml") << text;
  }

  Options parse(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "rowferry");
    return parse_options(arguments, [this](const char* name) -> const char* {
      const auto found = variables_.find(name);
      return found == variables_.end() ? nullptr : found->second.c_str();
    });
  }

  Options copy(std::vector<std::string> more) const {
    more.insert(more.begin(), {"copy", "sqlite:a.db", "sqlite:b.db"});
    return parse(std::move(more));
  }

  // The line of the usage error that `arguments` end in; "" when there is none.
  std::string refused(const std::vector<std::string>& arguments) const {
    try {
      parse(arguments);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage) << error.line();
      return error.line() + "|" + error.hint();
    }
    return "";
  }

  fs::path home_;
  std::map<std::string, std::string> variables_;
};

TEST_F(OptionsTest, Defaults) {
  const Options options = copy({});
  EXPECT_EQ(options.verb, Verb::copy);
  EXPECT_EQ(options.request.source.text(), "sqlite:a.db");
  EXPECT_EQ(options.request.target.text(), "sqlite:b.db");
  EXPECT_EQ(options.request.jobs, 2);
  EXPECT_EQ(options.request.retries, 3);
  EXPECT_EQ(options.request.lock_seconds, 30);
  EXPECT_EQ(options.request.existing, Existing::refuse);
  EXPECT_EQ(options.request.page_size.bytes, 16 << 20);
  EXPECT_EQ(options.request.dir, home_ / ".local/state/rowferry");
  EXPECT_EQ(options.output, Output::text);
}

TEST_F(OptionsTest, FillTheRequest) {
  const Options options = copy({"-t",
                                "sales.*",
                                "-t",
                                "/^x=[ab]$/",
                                "--exclude=*_tmp",
                                "--where",
                                "sales.orders=a = 'b'",
                                "--columns",
                                "t=a, b",
                                "--map",
                                "dbo.*=x.*",
                                "--existing",
                                "truncate",
                                "-j8",
                                "--page-size",
                                "500",
                                "--data-only",
                                "--restart",
                                "--lock-timeout",
                                "5",
                                "-v"});
  const Request& request = options.request;
  EXPECT_EQ(request.selection.tables, (std::vector<std::string>{"sales.*", "/^x=[ab]$/"}));
  EXPECT_EQ(request.selection.excludes, std::vector<std::string>{"*_tmp"});
  EXPECT_EQ(request.selection.where.at("sales.orders"), "a = 'b'");
  EXPECT_EQ(request.selection.columns.at("t"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(request.selection.maps.at(0).second, "x.*");
  EXPECT_EQ(request.existing, Existing::truncate);
  EXPECT_EQ(request.jobs, 8);
  EXPECT_EQ(request.page_size.rows, 500);
  EXPECT_EQ(request.lock_seconds, 5);
  EXPECT_TRUE(request.data_only && request.restart && options.verbose);
}

TEST_F(OptionsTest, TakeOneValueEachSoThatEndsMayFollow) {
  const Options options = parse({"copy", "-t", "a", "sqlite:a.db", "-t", "[b]", "sqlite:b.db"});
  EXPECT_EQ(options.request.selection.tables, (std::vector<std::string>{"a", "[b]"}));
  EXPECT_EQ(options.request.target.text(), "sqlite:b.db");
}

TEST_F(OptionsTest, CommandLineGoesBeforeEnvironmentBeforeFile) {
  config("[options]\njobs = 4\nretries = 7\nlock_timeout = 9\nexclude = ['a', 'b']\n");
  variables_["ROWFERRY_JOBS"] = "5";
  variables_["ROWFERRY_RETRIES"] = "8";
  const Options options = copy({"--jobs", "6"});
  EXPECT_EQ(options.request.jobs, 6);
  EXPECT_EQ(options.request.retries, 8);
  EXPECT_EQ(options.request.lock_seconds, 9);
  EXPECT_EQ(options.request.selection.excludes, (std::vector<std::string>{"a", "b"}));
}

TEST_F(OptionsTest, ListsAreReplacedNotAddedTo) {
  config("[options]\nexclude = ['a']\n[options.where]\n's.t' = 'x = 1'\n");
  variables_["ROWFERRY_EXCLUDE"] = "c\nd";
  const Options options = copy({"--where", "u=y"});
  EXPECT_EQ(options.request.selection.excludes, (std::vector<std::string>{"c", "d"}));
  EXPECT_EQ(options.request.selection.where.count("s.t"), 0U);
}

TEST_F(OptionsTest, FileHasTablesForPairs) {
  config("[options.where]\n's.t' = 'x = 1'\n[options.columns]\n's.t' = ['a', 'b']\n");
  const Selection selection = copy({}).request.selection;
  EXPECT_EQ(selection.where.at("s.t"), "x = 1");
  EXPECT_EQ(selection.columns.at("s.t"), (std::vector<std::string>{"a", "b"}));
}

TEST_F(OptionsTest, SwitchesCanBeTurnedOffAgain) {
  config("[options]\nquiet = true\nrestart = true\n");
  EXPECT_TRUE(copy({}).quiet);
  EXPECT_FALSE(copy({"--quiet=false"}).quiet);
  variables_["ROWFERRY_QUIET"] = "no";
  EXPECT_FALSE(copy({}).quiet);
}

TEST_F(OptionsTest, ExclusionsHoldWithinOneOriginOnly) {
  EXPECT_NE(refused({"copy", "sqlite:a", "sqlite:b", "--restart", "--resume"}), "");
  config("[options]\nquiet = true\n");
  const Options options = copy({"--verbose"});
  EXPECT_TRUE(options.verbose);
  EXPECT_FALSE(options.quiet);
}

TEST_F(OptionsTest, NamedEnds) {
  config(
      "[ends]\nlab = 'sqlite:lab.db'\n"
      "prod = {url = 'postgres://ann@h/db', password_env = 'PROD_PW'}\n"
      "file = {url = 'postgres://ann@h/db', password_file = 'pw'}\n");
  variables_["PROD_PW"] = "secret";
  std::ofstream(home_ / ".config/rowferry/pw") << "hidden\n";
  const Options options = parse({"copy", "@prod", "@lab"});
  EXPECT_EQ(options.request.source.password.reveal(), "secret");
  EXPECT_EQ(options.request.target.text(), "sqlite:lab.db");
  EXPECT_EQ(parse({"copy", "@lab", "@file"}).request.target.password.reveal(), "hidden");
  EXPECT_NE(refused({"copy", "@prd", "@lab"}).find("@file, @lab, @prod"), std::string::npos);
}

TEST_F(OptionsTest, MistakesAreUsageErrorsThatSayWhere) {
  const auto says = [this](const std::vector<std::string>& arguments, const char* text) {
    EXPECT_NE(refused(arguments).find(text), std::string::npos) << refused(arguments);
  };
  says({}, "copy");
  says({"cpoy", "a", "b"}, "did you mean 'copy'?");
  says({"copy", "sqlite:a", "sqlite:b", "--jbos", "2"}, "did you mean '--jobs'?");
  says({"verify", "sqlite:a", "sqlite:b", "--existing", "append"}, "see rowferry verify --help");
  says({"copy", "sqlite:a"}, "TARGET");
  says({"copy", "sqlite:a", "sqlite:b", "sqlite:c"}, "sqlite:c");
  says({"copy", "sqlite:a", "sqlite:b", "--jobs", "0"}, "--jobs: '0'");
  says({"copy", "sqlite:a", "sqlite:b", "--yes"}, "--yes");
  says({"copy", "shop.db", "sqlite:b"}, "shop.db");
  says({"copy", "sqlite:a", "sqlite:b", "--where", "t=a", "--where", "t=b"}, "twice");
  variables_["ROWFERRY_JOBS"] = "many";
  says({"copy", "sqlite:a", "sqlite:b"}, "ROWFERRY_JOBS: 'many'");
  variables_.erase("ROWFERRY_JOBS");
  config("[options]\njbos = 2\n");
  says({"copy", "sqlite:a", "sqlite:b"}, "did you mean 'jobs'?");
  config("[options]\njobs = \n");
  says({"copy", "sqlite:a", "sqlite:b"}, "config.toml:2");
  config("jobs = 2\n");
  says({"copy", "sqlite:a", "sqlite:b"}, "config.toml:1");
  says({"copy", "sqlite:a", "sqlite:b", "--config", "absent"}, "absent");
}

TEST_F(OptionsTest, DirectoriesFollowXdg) {
  variables_["XDG_STATE_HOME"] = "/state";
  EXPECT_EQ(copy({}).request.dir, "/state/rowferry");
  variables_["XDG_STATE_HOME"] = "relative";
  EXPECT_EQ(copy({}).request.dir, home_ / ".local/state/rowferry");
  EXPECT_EQ(copy({"--dir", "/here/../there"}).request.dir, "/there");
}

TEST_F(OptionsTest, OtherVerbs) {
  EXPECT_EQ(parse({"status"}).job, "");
  EXPECT_EQ(parse({"status", "3f"}).job, "3f");
  const Options options = parse({"cleanup", "3f", "sqlite:b", "--yes"});
  EXPECT_TRUE(options.has_target && options.yes);
  EXPECT_FALSE(parse({"cleanup", "3f"}).has_target);
  EXPECT_EQ(parse({"schema", "sqlite:a", "sqlite:b", "--section", "keys"}).request.section,
            Section::keys);
  EXPECT_NE(parse({"--help"}).answer, "");
  EXPECT_NE(parse({"status", "--help"}).answer.find("Examples:"), std::string::npos);
  EXPECT_EQ(parse({"--version"}).answer.find("rowferry "), 0U);
}

TEST_F(OptionsTest, TheCommandCanBeRunAgain) {
  const Options options = parse({"copy", "sqlite:my shop.db", "postgres://ann:pw@h/db", "--restart",
                                 "--where", "t=a > 'b'", "-j", "2"});
  EXPECT_EQ(
      options.command,
      "rowferry copy 'sqlite:my shop.db' postgres://ann@h/db --where 't=a > '\\''b'\\''' -j 2");
  EXPECT_TRUE(options.password_left_out);
  EXPECT_FALSE(copy({}).password_left_out);
}

TEST(OptionNames, AreUnique) {
  const auto names = option_names();
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
  EXPECT_NE(std::find(names.begin(), names.end(), "--page-size"), names.end());
}

TEST(PageSizes, RowsOrBytes) {
  EXPECT_EQ(parse_page_size("50000").rows, 50000);
  EXPECT_EQ(parse_page_size("50000").bytes, PageSize().bytes);
  const std::map<std::string, std::int64_t> bytes = {
      {"16MB", 16'000'000}, {"16mb", 16'000'000}, {"64KiB", 65536}, {"1 GB", 1'000'000'000},
      {"4096B", 4096},      {"2kB", 2000},        {"3MiB", 3 << 20}};
  for (const auto& [text, size] : bytes) {
    EXPECT_EQ(parse_page_size(text).bytes, size) << text;
    EXPECT_EQ(parse_page_size(text).rows, 0) << text;
  }
  for (const char* text : {"", "0", "-1", "MB", "16 M", "1.5MB", "16MBx", "0kB",
                           "99999999999999999999", "9999999999999GB"}) {
    EXPECT_THROW(parse_page_size(text), Error) << text;
  }
}

TEST(Pairs, SplitAtTheFirstEqualsOrBehindTheExpression) {
  using Pair = std::pair<std::string, std::string>;
  EXPECT_EQ(parse_pair("a=b"), Pair("a", "b"));
  EXPECT_EQ(parse_pair("t=a = b"), Pair("t", "a = b"));
  EXPECT_EQ(parse_pair("/^a=b$/=c = d"), Pair("/^a=b$/", "c = d"));
  for (const char* text : {"", "a", "=b", "a="}) EXPECT_THROW(parse_pair(text), Error) << text;
}

TEST(Nearest, FindsMisspellingsOnly) {
  const std::vector<std::string> verbs = {"copy", "schema", "status", "cleanup"};
  EXPECT_EQ(nearest("cpoy", verbs), "copy");
  EXPECT_EQ(nearest("statsu", verbs), "status");
  EXPECT_EQ(nearest("migrate", verbs), "");
  EXPECT_EQ(nearest("x", verbs), "");
}

}  // namespace
}  // namespace rowferry
