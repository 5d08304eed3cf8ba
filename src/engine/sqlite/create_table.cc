#include "engine/sqlite/create_table.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/sqlite/tokens.h"

namespace rowferry::sqlite {

namespace {

bool is_symbol(const Token& token, char c) {
  return token.what == Token::What::symbol && token.text[0] == c;
}

template <std::size_t N>
bool is_any(const Token& token, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return is_word(token, word); });
}

// Walks the tokens of one statement.
class Cursor {
 public:
  explicit Cursor(std::string_view sql) : sql_(sql), tokens_(tokens_of(sql)) {}

  const Token& here() const { return tokens_[at_]; }
  const Token& ahead(std::size_t by) const {
    return tokens_[std::min(at_ + by, tokens_.size() - 1)];
  }
  bool done() const { return here().what == Token::What::end; }
  const Token& take() {
    const Token& token = here();
    if (!done()) ++at_;
    return token;
  }
  bool take_word(std::string_view upper) {
    if (!is_word(here(), upper)) return false;
    take();
    return true;
  }
  bool take_symbol(char c) {
    if (!is_symbol(here(), c)) return false;
    take();
    return true;
  }
  bool at_symbol(char c) const { return is_symbol(here(), c); }

  // Passes over "( … )" and returns what is inside, without space at the ends.
  std::string parenthesised() {
    take();
    const std::size_t begin = here().begin;
    std::size_t end = begin;
    for (int depth = 1; !done(); take()) {
      if (at_symbol('(')) ++depth;
      if (at_symbol(')') && --depth == 0) break;
      end = here().end;
    }
    take();
    return std::string(sql_.substr(begin, end - begin));
  }

  std::string_view between(std::size_t begin, std::size_t end) const {
    return sql_.substr(begin, end - begin);
  }

 private:
  std::string_view sql_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

class TableParser {
 public:
  explicit TableParser(std::string_view sql) : cursor_(sql) {}

  CreateTable parse() {
    while (!cursor_.done() && !cursor_.at_symbol('(')) cursor_.take();
    cursor_.take();
    while (!cursor_.done() && !cursor_.at_symbol(')')) {
      if (!table_constraint()) column();
      cursor_.take_symbol(',');
    }
    return std::move(table_);
  }

 private:
  bool table_constraint() {
    static constexpr std::array<std::string_view, 5> kStarts = {"CONSTRAINT", "PRIMARY", "UNIQUE",
                                                                "CHECK", "FOREIGN"};
    if (!is_any(cursor_.here(), kStarts)) return false;
    if (cursor_.take_word("CONSTRAINT")) name_ = cursor_.take().text;
    if (cursor_.take_word("PRIMARY")) {
      cursor_.take_word("KEY");
      table_key(true);
    } else if (cursor_.take_word("UNIQUE")) {
      table_key(false);
    } else if (cursor_.take_word("CHECK")) {
      check();
    } else if (cursor_.take_word("FOREIGN")) {
      cursor_.take_word("KEY");
      cursor_.parenthesised();
      cursor_.take_word("REFERENCES");
      reference();
    }
    return true;
  }

  void table_key(bool primary) {
    KeyClause key{.name = take_name(), .columns = {}, .primary = primary};
    cursor_.take_symbol('(');
    while (!cursor_.done() && !cursor_.at_symbol(')')) {
      key.columns.push_back(cursor_.take().text);
      while (!cursor_.done() && !cursor_.at_symbol(',') && !cursor_.at_symbol(')')) {
        if (cursor_.take_word("AUTOINCREMENT")) {
          table_.autoincrement = true;
        } else {
          cursor_.take();
        }
      }
      cursor_.take_symbol(',');
    }
    cursor_.take_symbol(')');
    conflict();
    table_.keys.push_back(std::move(key));
  }

  void column() {
    ColumnClauses column{.name = cursor_.take().text, .collation = {}, .generated = {}};
    type();
    while (!cursor_.done() && !cursor_.at_symbol(',') && !cursor_.at_symbol(')')) {
      column_constraint(column);
    }
    name_.clear();
    table_.columns.push_back(std::move(column));
  }

  void type() {
    static constexpr std::array<std::string_view, 10> kEnds = {
        "CONSTRAINT", "PRIMARY", "NOT",     "NULL",       "UNIQUE",
        "CHECK",      "DEFAULT", "COLLATE", "REFERENCES", "AS"};
    while (!cursor_.done() && !cursor_.at_symbol(',') && !cursor_.at_symbol(')')) {
      if (is_any(cursor_.here(), kEnds)) return;
      if (is_word(cursor_.here(), "GENERATED") && is_word(cursor_.ahead(1), "ALWAYS")) return;
      if (cursor_.at_symbol('(')) {
        cursor_.parenthesised();
      } else {
        cursor_.take();
      }
    }
  }

  void column_constraint(ColumnClauses& column) {
    if (cursor_.take_word("CONSTRAINT")) {
      name_ = cursor_.take().text;
    } else if (cursor_.take_word("PRIMARY")) {
      column_key(column, true);
    } else if (cursor_.take_word("UNIQUE")) {
      column_key(column, false);
    } else if (cursor_.take_word("CHECK")) {
      check();
    } else if (cursor_.take_word("COLLATE")) {
      column.collation = cursor_.take().text;
    } else if (cursor_.take_word("DEFAULT")) {
      default_value();
    } else if (cursor_.take_word("REFERENCES")) {
      reference();
    } else if (cursor_.take_word("AS")) {
      column.generated = cursor_.parenthesised();
    } else if (cursor_.take_word("NULL")) {  // also the end of NOT NULL
      name_.clear();
      conflict();
    } else {
      cursor_.take();  // NOT, GENERATED, ALWAYS, STORED, VIRTUAL
    }
  }

  void column_key(const ColumnClauses& column, bool primary) {
    cursor_.take_word("KEY");
    if (!cursor_.take_word("ASC")) cursor_.take_word("DESC");
    conflict();
    if (cursor_.take_word("AUTOINCREMENT")) table_.autoincrement = true;
    table_.keys.push_back({.name = take_name(), .columns = {column.name}, .primary = primary});
  }

  void default_value() {
    if (cursor_.at_symbol('(')) {
      cursor_.parenthesised();
      return;
    }
    if (!cursor_.take_symbol('-')) cursor_.take_symbol('+');
    cursor_.take();
  }

  void check() {
    std::string name = take_name();
    table_.checks.push_back({.name = std::move(name), .expression = cursor_.parenthesised()});
    conflict();
  }

  // After REFERENCES.
  void reference() {
    ReferenceClause clause{.name = take_name(), .deferral = {}};
    cursor_.take();
    if (cursor_.at_symbol('(')) cursor_.parenthesised();
    while (action()) {
    }
    clause.deferral = deferral();
    table_.references.push_back(std::move(clause));
  }

  // Passes over "ON DELETE SET NULL", "ON UPDATE CASCADE", "MATCH FULL".
  bool action() {
    if (cursor_.take_word("MATCH")) {
      cursor_.take();
      return true;
    }
    if (!cursor_.take_word("ON")) return false;
    cursor_.take();
    const bool two_words = is_word(cursor_.here(), "SET") || is_word(cursor_.here(), "NO");
    cursor_.take();
    if (two_words) cursor_.take();
    return true;
  }

  std::string deferral() {
    const bool no = is_word(cursor_.here(), "NOT") && is_word(cursor_.ahead(1), "DEFERRABLE");
    if (no) cursor_.take();
    if (!cursor_.take_word("DEFERRABLE")) return "";
    std::string text = "DEFERRABLE";
    if (cursor_.take_word("INITIALLY") && is_word(cursor_.take(), "DEFERRED")) {
      text += " INITIALLY DEFERRED";
    }
    return no ? "" : text;
  }

  void conflict() {
    if (!is_word(cursor_.here(), "ON") || !is_word(cursor_.ahead(1), "CONFLICT")) return;
    cursor_.take();
    cursor_.take();
    const Token& action = cursor_.take();
    if (!is_word(action, "ABORT")) table_.on_conflict.push_back(action.text);
  }

  std::string take_name() { return std::exchange(name_, {}); }

  Cursor cursor_;
  CreateTable table_;
  std::string name_;  // of the constraint that follows
};

// Without parentheses that stand around the whole of it.
std::string unwrapped(std::string text) {
  for (;;) {
    Cursor cursor(text);
    if (!cursor.at_symbol('(')) return text;
    std::string inside = cursor.parenthesised();
    if (!cursor.done()) return text;
    text = std::move(inside);
  }
}

// One part of an index, from `begin` up to what COLLATE, ASC or DESC say at its end.
std::string take_part(Cursor& cursor) {
  const std::size_t begin = cursor.here().begin;
  std::size_t end = begin;
  std::size_t collate = 0;  // where a COLLATE stands that nothing but its name follows
  int after = 0;
  for (int depth = 0; !cursor.done(); cursor.take()) {
    if (depth == 0 && (cursor.at_symbol(',') || cursor.at_symbol(')'))) break;
    if (cursor.at_symbol('(')) ++depth;
    if (cursor.at_symbol(')')) --depth;
    const bool order =
        depth == 0 && (is_word(cursor.here(), "ASC") || is_word(cursor.here(), "DESC"));
    if (order && (is_symbol(cursor.ahead(1), ',') || is_symbol(cursor.ahead(1), ')'))) continue;
    if (depth == 0 && is_word(cursor.here(), "COLLATE")) {
      collate = end;
      after = 0;
    } else {
      ++after;
    }
    end = cursor.here().end;
  }
  if (collate != 0 && after == 1) end = collate;
  return unwrapped(std::string(cursor.between(begin, end)));
}

}  // namespace

CreateTable parse_create_table(std::string_view sql) {
  return TableParser(sql).parse();
}

CreateIndex parse_create_index(std::string_view sql) {
  CreateIndex index;
  Cursor cursor(sql);
  while (!cursor.done() && !cursor.at_symbol('(')) cursor.take();
  cursor.take();
  while (!cursor.done() && !cursor.at_symbol(')')) {
    index.parts.push_back(take_part(cursor));
    cursor.take_symbol(',');
  }
  cursor.take();
  if (!cursor.take_word("WHERE") || cursor.done()) return index;
  const std::size_t begin = cursor.here().begin;
  std::size_t end = begin;
  for (; !cursor.done(); cursor.take()) end = cursor.here().end;
  index.predicate = std::string(cursor.between(begin, end));
  return index;
}

}  // namespace rowferry::sqlite
