#include "app/grammar.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "app/examples.h"
#include "app/option_values.h"
#include "core/error.h"

#ifndef ROWFERRY_VERSION
#define ROWFERRY_VERSION "0.1.0"
#endif

namespace rowferry {

namespace {

// Groups, names and one line of help; long texts are wrapped to the column beside the names.
class Layout : public CLI::Formatter {
 public:
  Layout() {
    column_width(kNames);
    label("REQUIRED", "");
    label("SUBCOMMAND", "VERB");
  }

  std::string make_option(const CLI::Option* option, bool positional) const override {
    std::string names = "  " + make_option_name(option, positional) + make_option_opts(option);
    if (positional || option->get_description().empty()) return names + "\n";
    return columns(names, option->get_description());
  }

  // The line of usage names them.
  std::string make_positionals(const CLI::App*) const override { return ""; }

  std::string make_subcommand(const CLI::App* verb) const override {
    return columns("  " + verb->get_name(), verb->get_description());
  }

  std::string make_option_opts(const CLI::Option* option) const override {
    const std::string type = option->get_type_name();
    const bool value = !option->get_positional() && option->get_items_expected_max() > 0;
    return value && !type.empty() ? " " + type : "";
  }

 private:
  static constexpr std::size_t kNames = 32;
  static constexpr std::size_t kLine = 96;

  static std::string columns(std::string names, const std::string& text) {
    std::string out = std::move(names);
    if (out.size() + 2 > kNames) out += "\n" + std::string(kNames, ' ');
    std::size_t width = out.size() > kNames ? kNames : (out.resize(kNames, ' '), kNames);
    std::istringstream words(text);
    for (std::string word; words >> word; width += word.size() + 1) {
      if (width + word.size() > kLine) {
        out += "\n" + std::string(kNames, ' ');
        width = kNames;
      } else if (width > kNames) {
        out += ' ';
      }
      out += word;
    }
    return out + "\n";
  }
};

// CLI11 leaves two empty lines between groups.
std::string without_gaps(std::string text) {
  for (std::size_t at = text.find("\n\n\n"); at != std::string::npos;
       at = text.find("\n\n\n", at)) {
    text.erase(at, 1);
  }
  return text;
}

// CLI11's objects, built from the tables, for as long as one command line is parsed.
class Grammar {
 public:
  Grammar() {
    app_.name("rowferry");
    app_.formatter(std::make_shared<Layout>());
    app_.require_subcommand(1);
    app_.set_version_flag("--version", std::string("rowferry ") + ROWFERRY_VERSION,
                          "Show the version");
    app_.set_help_flag("-h,--help", "Show this help");
    app_.footer(kFooter);
    for (const VerbRow& row : verb_table()) declare(row);
  }

  Arguments parse(std::vector<std::string> arguments) {
    Arguments result;
    check_verb(arguments);
    try {
      std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
      arguments.pop_back();
      app_.parse(std::move(arguments));
    } catch (const CLI::CallForHelp&) {
      result.answer = without_gaps(app_.help());
      return result;
    } catch (const CLI::CallForVersion& version) {
      result.answer = std::string(version.what()) + "\n";
      return result;
    } catch (const CLI::ParseError& error) {
      refuse(error);
    }
    collect(result);
    return result;
  }

 private:
  void declare(const VerbRow& row) {
    CLI::App* verb = app_.add_subcommand(row.name, row.help)->group("Verbs");
    verb->footer(row.examples);
    for (const PositionalRow& positional : row.positionals) {
      verb->add_option(positional.name, CLI::callback_t())->required(positional.required);
    }
    for (const OptionRow& option : option_table()) {
      if ((option.verbs & row.bit) != 0) declare(*verb, option);
    }
    verb->set_help_flag("-h,--help", "Show this help")->group("Output");
  }

  static void declare(CLI::App& verb, const OptionRow& row) {
    std::string names = std::string("--") + row.name;
    if (row.letter != 0) names = std::string("-") + row.letter + "," + names;
    CLI::Option* option = nullptr;
    if (*row.value == '\0') {
      option = verb.add_flag(names, row.help);
    } else {
      option = verb.add_option(names, CLI::callback_t(), row.help);
      option->type_name(row.value)->type_size(1)->expected(1)->allow_extra_args(false);
    }
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->group(row.group);
  }

  // Before CLI11 looks, because it would call an unknown verb an unexpected argument.
  static void check_verb(const std::vector<std::string>& arguments) {
    const auto word = std::find_if(arguments.begin() + 1, arguments.end(),
                                   [](const std::string& text) { return !text.starts_with('-'); });
    const std::vector<std::string> verbs = verb_names();
    if (word == arguments.end() || std::find(verbs.begin(), verbs.end(), *word) != verbs.end()) {
      return;
    }
    const std::string meant = nearest(*word, verbs);
    throw Error(ErrorKind::usage, "usage.verb", "there is no verb '" + *word + "'")
        .hint(meant.empty() ? "see rowferry --help" : "did you mean '" + meant + "'?");
  }

  [[noreturn]] void refuse(const CLI::ParseError& error) const {
    const auto verbs = app_.get_subcommands();
    const std::string verb = verbs.empty() ? "" : " " + verbs.front()->get_name();
    std::string message = error.what();
    if (verbs.empty())
      message = "say what to do: check, copy, schema, verify, sync, status or cleanup";
    std::string hint = "see rowferry" + verb + " --help";
    if (!verbs.empty() && verbs.front()->remaining_size() > 0) {
      const std::string word = verbs.front()->remaining().front();
      const bool option = word.starts_with('-');
      message = (option ? "there is no option '" : "one argument too many: '") + word + "'";
      const std::string meant = option ? nearest(word, option_names()) : "";
      if (meant == word) message = word + " is no option of" + verb;
      if (!meant.empty() && meant != word) hint = "did you mean '" + meant + "'?";
    }
    throw Error(ErrorKind::usage, "usage.arguments", message).hint(hint);
  }

  void collect(Arguments& result) const {
    const CLI::App* verb = app_.get_subcommands().front();
    for (const VerbRow& row : verb_table()) {
      if (verb->get_name() == row.name) result.verb = &row;
    }
    for (const PositionalRow& row : result.verb->positionals) {
      const CLI::Option* option = verb->get_option(row.name);
      if (option->count() > 0) result.positionals[row.name] = option->results().front();
    }
    for (const OptionRow& row : option_table()) {
      if ((row.verbs & result.verb->bit) == 0) continue;
      const CLI::Option* option = verb->get_option(std::string("--") + row.name);
      if (option->count() > 0) result.options[row.name] = option->results();
    }
  }

  CLI::App app_{"Moves tables between databases: schema, rows, indexes and keys."};
};

}  // namespace

Arguments parse_arguments(const std::vector<std::string>& arguments) {
  return Grammar().parse(arguments);
}

}  // namespace rowferry
