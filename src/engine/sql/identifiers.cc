#include "engine/sql/identifiers.h"

#include <strings.h>

#include <cctype>

namespace rowferry::sql {

namespace {

bool word_part(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
         (c & 0x80) != 0;
}

class Renaming {
 public:
  Renaming(std::string_view text, const std::map<std::string, std::string>& names, bool escapes,
           bool bare)
      : text_(text), names_(names), escapes_(escapes), bare_(bare) {}

  std::string run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\'') {
        out_ += quoted('\'');
      } else if (c == '"' || c == '`') {
        put_quoted(c, c);
      } else if (c == '[') {
        put_quoted(c, ']');
      } else if (word_part(c)) {
        put_word();
      } else {
        out_ += text_[at_++];
      }
    }
    return std::move(out_);
  }

 private:
  // From one quote to the one that ends it, both included.
  std::string_view quoted(char close) {
    const std::size_t start = at_++;
    while (at_ < text_.size()) {
      if (escapes_ && close == '\'' && text_[at_] == '\\') {
        at_ += 2;
      } else if (text_[at_] != close) {
        ++at_;
      } else if (close != ']' && text_.substr(at_ + 1, 1) == std::string_view(&close, 1)) {
        at_ += 2;
      } else {
        break;
      }
    }
    at_ = std::min(at_ + 1, text_.size());
    return text_.substr(start, at_ - start);
  }

  void put_quoted(char open, char close) {
    const std::string_view whole = quoted(close);
    std::string name;
    for (std::size_t i = 1; i + 1 < whole.size(); ++i) {
      name += whole[i];
      if (whole[i] == close && open == close) ++i;
    }
    const auto found = names_.find(name);
    if (found == names_.end() || (open == '[' && name.empty())) {
      out_ += whole;
    } else {
      put_name(found->second, open == '[' ? '"' : open);
    }
  }

  void put_name(const std::string& name, char quote) {
    out_ += quote;
    for (const char c : name) {
      out_ += c;
      if (c == quote) out_ += c;
    }
    out_ += quote;
  }

  void put_word() {
    const std::size_t start = at_;
    while (at_ < text_.size() && word_part(text_[at_])) ++at_;
    const std::string word(text_.substr(start, at_ - start));
    const bool cast = out_.ends_with("::");
    const bool call = at_ < text_.size() && text_[at_] == '(';
    for (const auto& [from, to] : names_) {
      if (!bare_ || cast || call || strcasecmp(from.c_str(), word.c_str()) != 0) continue;
      if (to == word) break;
      return put_name(to, '"');
    }
    out_ += word;
  }

  std::string_view text_;
  const std::map<std::string, std::string>& names_;
  bool escapes_;
  bool bare_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string with_names(std::string_view text, const std::map<std::string, std::string>& names,
                       bool escapes, bool bare) {
  return Renaming(text, names, escapes, bare).run();
}

}  // namespace rowferry::sql
