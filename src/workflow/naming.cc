#include "workflow/naming.h"

#include <cctype>

#include "engine/sql/identifiers.h"

namespace rowferry {

namespace {

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool is_lower(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

char lowered(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

// A word begins where a capital follows a small letter, or is followed by one: HTTPServer.
bool begins_word(const std::string& name, std::size_t at) {
  if (at == 0 || !is_upper(name[at]) || name[at - 1] == '_') return false;
  if (is_lower(name[at - 1])) return true;
  return is_upper(name[at - 1]) && at + 1 < name.size() && is_lower(name[at + 1]);
}

std::string snake(const std::string& name) {
  std::string out;
  for (std::size_t at = 0; at < name.size(); ++at) {
    const bool gap = name[at] == ' ' || name[at] == '-' || name[at] == '.';
    if (begins_word(name, at) && !out.ends_with('_')) out += '_';
    out += gap ? '_' : lowered(name[at]);
  }
  return out;
}

// One table on its way to other names.
class Renamer {
 public:
  Renamer(Table& table, LetterCase letters) : table_(table), letters_(letters) {
    for (const Column& column : table.columns) names_.emplace(column.name, name(column.name));
  }

  void run(const std::function<LetterCase(const TableName&)>& letters_of) {
    for (Column& column : table_.columns) {
      column.name = name(column.name);
      if (column.generated) rename(column.generated->expression);
      if (column.default_value) rename(*column.default_value);
    }
    if (table_.primary_key) rename(*table_.primary_key);
    for (Index& index : table_.indexes) rename(index);
    for (Check& check : table_.checks) {
      check.name = name(check.name);
      rename(check.expression);
    }
    for (ForeignKey& key : table_.foreign_keys) {
      key.name = name(key.name);
      for (std::string& column : key.columns) column = name(column);
      for (std::string& column : key.to_columns) column = in_case(column, letters_of(key.to));
    }
    table_.options = sql::with_names(table_.options, names_, true, false);
  }

 private:
  std::string name(const std::string& text) const { return in_case(text, letters_); }

  void rename(Expression& expression) const {
    expression.text = sql::with_names(expression.text, names_, expression.escapes, true);
  }

  void rename(Index& index) const {
    index.name = name(index.name);
    for (IndexPart& part : index.parts) {
      part.column = name(part.column);
      if (part.expression) rename(*part.expression);
    }
    for (std::string& column : index.included) column = name(column);
    if (index.predicate) rename(*index.predicate);
  }

  Table& table_;
  LetterCase letters_;
  std::map<std::string, std::string> names_;
};

}  // namespace

std::string in_case(const std::string& name, LetterCase letters) {
  if (letters == LetterCase::keep) return name;
  if (letters == LetterCase::snake) return snake(name);
  std::string out = name;
  for (char& c : out) c = lowered(c);
  return out;
}

Table renamed(Table table, LetterCase letters,
              const std::function<LetterCase(const TableName&)>& letters_of) {
  Renamer(table, letters).run(letters_of);
  return table;
}

}  // namespace rowferry
