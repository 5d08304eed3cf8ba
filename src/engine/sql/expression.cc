#include "engine/sql/expression.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "core/canonical.h"
#include "core/convert.h"
#include "core/value.h"

namespace rowferry::sql {

namespace {

struct Token {
  enum class What { word, identifier, number, string, symbol, unknown };
  What what = What::unknown;
  std::string text;  // identifiers without their quotes, strings with theirs
};

bool word_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
}
bool word_part(char c) {
  return word_start(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '$';
}

// Cuts an expression into tokens. Anything outside the common subset becomes `unknown`.
class Tokens {
 public:
  Tokens(std::string_view text, bool escapes) : text_(text), escapes_(escapes) {}

  std::vector<Token> all() {
    std::vector<Token> tokens;
    for (skip_space(); at_ < text_.size(); skip_space()) tokens.push_back(next());
    return tokens;
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }

  Token next() {
    const char c = text_[at_];
    if (c == '\'') return quoted('\'', '\'', Token::What::string);
    if (c == '"') return quoted('"', '"', Token::What::identifier);
    if (c == '`') return quoted('`', '`', Token::What::identifier);
    if (c == '[') return quoted('[', ']', Token::What::identifier);
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) return number();
    if (word_start(c)) return run(Token::What::word);
    return symbol();
  }

  Token run(Token::What what) {
    const std::size_t start = at_;
    const bool number = what == Token::What::number;
    while (at_ < text_.size() && (word_part(text_[at_]) || (number && text_[at_] == '.'))) ++at_;
    return {what, std::string(text_.substr(start, at_ - start))};
  }

  // 0x00ff is bytes to some engines and a number to others.
  Token number() {
    Token token = run(Token::What::number);
    if (token.text.find_first_not_of("0123456789.eE") != std::string::npos) {
      token.what = Token::What::unknown;
    }
    return token;
  }

  Token quoted(char open, char close, Token::What what) {
    std::string value;
    ++at_;
    while (at_ < text_.size()) {
      if (text_[at_] == close) {
        if (open == '[' || at_ + 1 >= text_.size() || text_[at_ + 1] != close) break;
        ++at_;
      }
      const bool escape = escapes_ && open == '\'' && text_[at_] == '\\';
      if (escape && at_ + 1 < text_.size()) ++at_;
      value += text_[at_++];
    }
    if (at_ >= text_.size()) return {Token::What::unknown, value};
    ++at_;
    return {what, value};
  }

  Token symbol() {
    static constexpr std::array<std::string_view, 5> kPairs = {"<=", ">=", "<>", "!=", "||"};
    for (const std::string_view pair : kPairs) {
      if (text_.substr(at_, 2) == pair) {
        at_ += 2;
        return {Token::What::symbol, std::string(pair)};
      }
    }
    const char c = text_[at_++];
    const bool known = std::string_view("()=<>+-*,").find(c) != std::string_view::npos;
    return {known ? Token::What::symbol : Token::What::unknown, std::string(1, c)};
  }

  std::string_view text_;
  bool escapes_;
  std::size_t at_ = 0;
};

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

template <std::size_t N>
bool is_one_of(const std::string& word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_keyword(const std::string& word) {
  static constexpr std::array<std::string_view, 8> kWords = {"AND", "OR",      "NOT", "IN",
                                                             "IS",  "BETWEEN", "NULL"};
  return is_one_of(upper(word), kWords);
}

bool is_function(const std::string& word) {
  static constexpr std::array<std::string_view, 3> kFunctions = {"COALESCE", "NULLIF", "ABS"};
  return is_one_of(upper(word), kFunctions);
}

// Words that are neither columns nor meant alike everywhere.
bool is_foreign(const std::string& word) {
  static constexpr std::array<std::string_view, 30> kWords = {
      "LIKE",  "GLOB", "REGEXP", "MATCH",  "COLLATE", "CASE",   "WHEN",    "THEN",
      "ELSE",  "END",  "ESCAPE", "EXISTS", "SELECT",  "ISNULL", "NOTNULL", "DISTINCT",
      "FROM",  "CAST", "AS",     "ILIKE",  "SIMILAR", "ANY",    "ALL",     "SOME",
      "ARRAY", "XOR",  "DIV",    "MOD",    "TRUE",    "FALSE"};
  static constexpr std::array<std::string_view, 6> kMore = {
      "RLIKE", "BINARY", "INTERVAL", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"};
  return is_one_of(upper(word), kWords) || is_one_of(upper(word), kMore);
}

// One token in the target's words; nothing when it is not portable.
std::optional<std::string> translated(const Token& token, bool before_parenthesis,
                                      const Dialect& target) {
  switch (token.what) {
    case Token::What::identifier:
      return target.quote(token.text);
    case Token::What::string:
      return target.literal(token.text);
    case Token::What::number:
      return token.text;
    case Token::What::symbol:
      return token.text == "!=" ? "<>" : token.text;
    case Token::What::word:
      break;
    case Token::What::unknown:
      return std::nullopt;
  }
  if (is_keyword(token.text)) return upper(token.text);
  if (is_foreign(token.text)) return std::nullopt;
  if (before_parenthesis) {
    return is_function(token.text) ? std::optional(upper(token.text)) : std::nullopt;
  }
  return target.quote(token.text);
}

// The end of a type's name that begins at `end`.
std::size_t end_of_type(std::string_view text, std::size_t end) {
  const auto part = [](char c) { return word_part(c) || c == ' ' || c == '"' || c == '.'; };
  while (end < text.size() && part(text[end])) {
    const std::string_view rest = text.substr(end);
    if (rest.starts_with(" varying") || rest.starts_with(" without time zone") ||
        rest.starts_with(" with time zone") || rest.starts_with(" precision")) {
      end += std::min(rest.find(' ', 1), rest.size());
      continue;
    }
    if (text[end] == ' ') break;
    ++end;
  }
  return end;
}

// The type casts that PostgreSQL prints behind literals ('x'::text, 0::numeric) say nothing that
// the column does not say; any other cast is not portable.
std::string without_literal_casts(std::string_view text, bool escapes) {
  std::string out;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool escaped = quoted && escapes && text[at] == '\\' && at + 1 < text.size();
    if (escaped) out += text[at++];
    if (!escaped && text[at] == '\'') quoted = !quoted;
    const bool cast = !quoted && !escaped && text.substr(at, 2) == "::" && !out.empty();
    const bool literal =
        cast && (out.back() == '\'' || std::isdigit(static_cast<unsigned char>(out.back())) != 0);
    if (!literal) {
      out += text[at];
      continue;
    }
    at = end_of_type(text, at + 2) - 1;
  }
  return out;
}

bool is_now(const std::string& word) {
  return word == "CURRENT_TIMESTAMP" || word == "NOW()" || word == "CURRENT_DATE" ||
         word == "CURRENT_TIME";
}

// PostgreSQL keeps `x IN (a, b)` as `x = ANY (ARRAY[a, b])`.
std::string with_in(std::string text) {
  static constexpr std::string_view kOpen = " = ANY (ARRAY[";
  for (std::size_t at = text.find(kOpen); at != std::string::npos; at = text.find(kOpen, at)) {
    const std::size_t close = text.find("])", at);
    if (close == std::string::npos) return text;
    text.replace(close, 2, ")");
    text.replace(at, kOpen.size(), " IN (");
  }
  return text;
}

std::string stripped(std::string text) {
  const auto space = [](unsigned char c) { return std::isspace(c) != 0; };
  text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), space));
  text.erase(std::find_if_not(text.rbegin(), text.rend(), space).base(), text.end());
  while (text.size() >= 2 && text.front() == '(' && text.back() == ')' &&
         text.find('(', 1) == std::string::npos) {
    text = text.substr(1, text.size() - 2);
  }
  return text;
}

bool is_moment(Kind kind) {
  return kind == Kind::date || kind == Kind::timestamp || kind == Kind::timestamptz;
}

// 2024-03-01…: not 0000-00-00, 2024-02-30, infinity or a year of five digits or before 1, which are
// no dates to most engines.
bool is_plain_date(const std::string& date, Kind kind) {
  if (kind != Kind::timestamptz && date.find('+') != std::string::npos) return false;
  const auto digit = [](unsigned char c) { return std::isdigit(c) != 0; };
  return date.size() >= 10 && std::all_of(date.begin(), date.begin() + 4, digit) &&
         date[4] == '-' && date[7] == '-' && !date.starts_with("0000") &&
         parse_date(date.substr(0, 10)).has_value() && !date.ends_with("BC");
}

bool is_number(Kind kind) {
  return kind == Kind::int16 || kind == Kind::int32 || kind == Kind::int64 ||
         kind == Kind::decimal || kind == Kind::float32 || kind == Kind::float64;
}

// Whether every engine takes the string for a value of the type.
bool is_plain(const std::string& text, const Type& type) {
  if (type.kind == Kind::bytes || type.kind == Kind::bits) return false;
  if (is_moment(type.kind)) return is_plain_date(text, type.kind);
  return !is_number(type.kind) || text.find_first_not_of("0123456789.-+eE") == std::string::npos;
}

// What a default says, before it is said in another engine's words.
struct Literal {
  Token::What what = Token::What::unknown;
  std::string text;  // a number with its sign; 1 or 0 for TRUE and FALSE in a column of numbers
};

bool is_digits(const std::string& text) {
  return text.find_first_not_of("0123456789", text.starts_with("-") ? 1 : 0) == std::string::npos;
}

// A number with an optional sign, a string, TRUE or FALSE. `loose`: columns take values of other
// types than their own, and print those that are put into texts in their own way.
std::optional<Literal> literal_of(const std::vector<Token>& tokens, const Type& from, bool loose) {
  std::size_t at = 0;
  std::string sign;
  if (tokens.size() == 2 && (tokens[0].text == "-" || tokens[0].text == "+")) {
    sign = tokens[at++].text == "-" ? "-" : "";
  }
  if (tokens.size() != at + 1) return std::nullopt;
  const Token& token = tokens[at];
  const bool numbers = is_number(from.kind) || (loose && from.kind != Kind::boolean);
  if (token.what == Token::What::string) return Literal{token.what, token.text};
  if (token.what == Token::What::number) {
    const bool printed = loose && !is_number(from.kind) && !is_digits(token.text);
    return printed ? std::nullopt : std::optional(Literal{token.what, sign + token.text});
  }
  const std::string word = token.what == Token::What::word ? upper(token.text) : "";
  if (word != "TRUE" && word != "FALSE") return std::nullopt;
  if (numbers) return Literal{Token::What::number, word == "TRUE" ? "1" : "0"};
  return Literal{token.what, word};
}

// The value that a text stands for in both types, as text; nothing where it is not exactly one of
// both. Texts of types that no conversion knows stand for themselves.
std::optional<std::string> value_in(const std::string& text, const Type& from, const Type& to) {
  Batch cell;
  const bool known = from.kind != Kind::dynamic && from.kind != Kind::json;
  const Conversion reading = conversion(Kind::text, from, false, false);
  const bool read = known && reading.step != nullptr;
  if (read && reading.step(reading, text, cell) != nullptr) return std::nullopt;
  const Kind kind = read ? from.kind : Kind::text;
  const std::string value = read ? std::string(cell.bytes().substr(4)) : text;
  const Conversion writing = conversion(kind, to, false, false);
  if (writing.step == nullptr) return text;
  cell.clear();
  if (writing.step(writing, value, cell) != nullptr) return std::nullopt;
  const std::string written = canonical(to, cell.bytes().substr(4));
  return written.starts_with("-0") && written.find_first_of("123456789") == std::string::npos
             ? std::nullopt
             : std::optional(written);
}

// As the target writes it. How bytes are written in a string, each engine has its own mind of.
std::optional<std::string> literal_default(const std::vector<Token>& tokens, const Type& from,
                                           const Type& to, const Dialect& source,
                                           const Dialect& target) {
  const bool bare = tokens.size() == 1 && tokens[0].what == Token::What::word;
  if (bare && upper(tokens[0].text) == "NULL") return "NULL";
  const auto literal = literal_of(tokens, from, source.rules().values_checked);
  if (!literal) return std::nullopt;
  const bool word = literal->what == Token::What::word;
  if (word && to.kind == Kind::boolean) return literal->text;
  if (!is_plain(literal->text, to)) return std::nullopt;
  const auto value =
      value_in(word ? (literal->text == "TRUE" ? "true" : "false") : literal->text, from, to);
  if (!value) return std::nullopt;
  // As a bare number it would be a real there.
  if (to.kind == Kind::decimal && target.rules().values_checked) return target.literal(*value);
  if (literal->what == Token::What::string) return target.literal(literal->text);
  if (word) return is_number(to.kind) ? *value : target.literal(*value);
  return is_number(to.kind) ? literal->text : target.literal(literal->text);
}

}  // namespace

std::optional<std::string> portable(const Expression& expression, const Dialect& target) {
  if (expression.flavour == target.facts().flavour) return expression.text;
  const std::vector<Token> tokens =
      Tokens(with_in(without_literal_casts(expression.text, expression.escapes)),
             expression.escapes)
          .all();
  std::string out;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool call = i + 1 < tokens.size() && tokens[i + 1].text == "(" &&
                      tokens[i + 1].what == Token::What::symbol;
    const bool introduces = i + 1 < tokens.size() && tokens[i].what == Token::What::word &&
                            tokens[i + 1].what == Token::What::string &&
                            !is_keyword(tokens[i].text);
    if (introduces) return std::nullopt;  // _latin1'x', x'ff', DATE '2000-01-01'
    const auto text = translated(tokens[i], call, target);
    if (!text) return std::nullopt;
    if (!out.empty()) out += ' ';
    out += *text;
  }
  if (out.empty()) return std::nullopt;
  return out;
}

std::optional<std::string> portable_default(const Expression& expression, const Type& from,
                                            const Type& to, const Dialect& source,
                                            const Dialect& target) {
  if (expression.flavour == target.facts().flavour) return expression.text;
  const std::string text = stripped(without_literal_casts(expression.text, expression.escapes));
  const std::string word = upper(text);
  if (is_now(word)) return word == "NOW()" ? "CURRENT_TIMESTAMP" : word;
  if (word.starts_with("CURRENT_TIMESTAMP(")) return "CURRENT_TIMESTAMP";
  return literal_default(Tokens(text, expression.escapes).all(), from, to, source, target);
}

Expression without_casts(const Expression& expression) {
  Expression bare = expression;
  bare.text = without_literal_casts(expression.text, expression.escapes);
  return bare;
}

bool names_any(const Expression& expression, const std::set<std::string>& names) {
  const std::vector<Token> tokens = Tokens(expression.text, expression.escapes).all();
  return std::any_of(tokens.begin(), tokens.end(), [&](const Token& token) {
    const bool name = token.what == Token::What::identifier || token.what == Token::What::word;
    return name && names.count(token.text) > 0;
  });
}

namespace {

bool compares_bytes(const Column& column, const Table& table, bool folds) {
  if (column.type.fixed) return false;
  if (!folds) return column.collation.empty() || column.collation == "BINARY";
  const bool own = !column.collation.empty();
  return own ? column.collation.ends_with("_bin") : table.options.find("_bin") != std::string::npos;
}

}  // namespace

bool compares_by_collation(const Expression& expression, const Table& table, bool folds) {
  static const std::set<std::string> kComparing = {"=",  "<>", "!=", "<",       ">",
                                                   "<=", ">=", "IN", "BETWEEN", "NULLIF"};
  bool compares = false;
  bool collated = false;
  for (const Token& token : Tokens(expression.text, expression.escapes).all()) {
    const bool word = token.what == Token::What::word;
    if (word || token.what == Token::What::symbol) {
      compares = compares || kComparing.count(upper(token.text)) > 0;
    }
    if (!word && token.what != Token::What::identifier) continue;
    const Column* column = find_column(table, token.text);
    if (column == nullptr || column->type.kind != Kind::text) continue;
    collated = collated || !compares_bytes(*column, table, folds);
  }
  return compares && collated;
}

namespace {

// Without parentheses, casts and names of character sets.
std::vector<std::string> bare_words(const Expression& expression) {
  std::vector<std::string> words;
  int colons = 0;
  for (const Token& token : Tokens(expression.text, expression.escapes).all()) {
    const bool word = token.what == Token::What::word;
    if (token.what == Token::What::unknown && token.text == ":") {
      ++colons;
      continue;
    }
    const bool cast = std::exchange(colons, 0) > 1;
    if ((word && (cast || token.text.starts_with('_'))) || token.text == "(" || token.text == ")") {
      continue;
    }
    const bool quoted = token.what == Token::What::string;
    words.push_back(quoted ? "'" + token.text : upper(token.text));
  }
  return words;
}

}  // namespace

bool reads_alike(const Expression& one, const Expression& other) {
  return bare_words(one) == bare_words(other);
}

Expression widened(const Expression& expression, const Table& table, const Dialect& target) {
  const std::vector<Token> tokens = Tokens(expression.text, expression.escapes).all();
  const bool computes = std::any_of(tokens.begin(), tokens.end(), [](const Token& token) {
    return token.what == Token::What::symbol &&
           std::string_view("+-*").find(token.text) != std::string_view::npos;
  });
  if (!computes) return expression;
  std::string text;
  for (const Token& token : tokens) {
    if (!text.empty()) text += ' ';
    const bool name = token.what == Token::What::identifier;
    const Column* column = name ? find_column(table, token.text) : nullptr;
    const Kind kind = column == nullptr ? Kind::text : column->type.kind;
    if (kind == Kind::int16 || kind == Kind::int32) {
      text += "CAST(" + target.quote(token.text) + " AS bigint)";
    } else if (name) {
      text += target.quote(token.text);
    } else {
      text += token.what == Token::What::string ? target.literal(token.text) : token.text;
    }
  }
  return {.text = text, .flavour = expression.flavour};
}

bool gives_truth(const Expression& expression) {
  static const std::set<std::string> kSigns = {
      "=", "<>", "!=", "<", ">", "<=", ">=", "AND", "OR", "NOT", "IN", "IS", "BETWEEN"};
  const std::vector<Token> tokens = Tokens(expression.text, expression.escapes).all();
  return std::any_of(tokens.begin(), tokens.end(), [](const Token& token) {
    const bool sign = token.what == Token::What::symbol || token.what == Token::What::word;
    return sign && kSigns.count(upper(token.text)) > 0;
  });
}

bool exact_arithmetic(const Expression& expression, const Table& table) {
  bool numbers = false;
  bool texts = false;
  bool compares = false;
  for (const Token& token : Tokens(expression.text, expression.escapes).all()) {
    if (token.what == Token::What::number) {
      if (token.text.find('.') != std::string::npos) return false;
      numbers = true;
    }
    if (token.what == Token::What::string) texts = true;
    const bool joins =
        token.text == "||" || token.text == "," || token.text == "(" || token.text == ")";
    if (token.what == Token::What::symbol && !joins) compares = true;
    const bool name = token.what == Token::What::identifier || token.what == Token::What::word;
    const Column* column = name ? find_column(table, token.text) : nullptr;
    if (token.what == Token::What::word && column == nullptr && upper(token.text) != "COALESCE") {
      compares = true;
    }
    if (column == nullptr) continue;
    const Kind kind = column->type.kind;
    const bool whole = kind == Kind::int16 || kind == Kind::int32 || kind == Kind::int64;
    if (!whole && (kind != Kind::text || column->type.fixed)) return false;
    (whole ? numbers : texts) = true;
  }
  // Whether texts are equal, and which number one is, depends on collations and rules.
  return !texts || (!numbers && !compares);
}

}  // namespace rowferry::sql
