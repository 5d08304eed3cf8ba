#include "engine/sqlite/tokens.h"

#include <algorithm>
#include <cctype>

namespace rowferry::sqlite {

namespace {

bool is_space(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}
bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}
bool in_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || c == '$' || byte >= 0x80;
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view sql) : sql_(sql) {}

  Token next() {
    skip();
    const std::size_t begin = at_;
    Token token = read();
    token.begin = begin;
    token.end = at_;
    return token;
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0';
  }

  void skip() {
    for (;;) {
      if (at_ < sql_.size() && is_space(peek())) {
        ++at_;
      } else if (peek() == '-' && peek(1) == '-') {
        at_ = std::min(sql_.find('\n', at_), sql_.size());
      } else if (peek() == '/' && peek(1) == '*') {
        const std::size_t close = sql_.find("*/", at_ + 2);
        at_ = close == std::string_view::npos ? sql_.size() : close + 2;
      } else {
        return;
      }
    }
  }

  Token read() {
    if (at_ >= sql_.size()) return {};
    const char c = peek();
    if (c == '\'') return quoted(Token::What::string, '\'');
    if ((c == 'x' || c == 'X') && peek(1) == '\'') {
      ++at_;
      return quoted(Token::What::string, '\'');
    }
    if (c == '"' || c == '`') return quoted(Token::What::name, c);
    if (c == '[') return quoted(Token::What::name, ']');
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (in_word(c)) return word();
    ++at_;
    return {.what = Token::What::symbol, .text = std::string(1, c)};
  }

  // A closing mark written twice stands for itself, but for ']'.
  Token quoted(Token::What what, char close) {
    Token token{.what = what, .text = {}};
    for (++at_; at_ < sql_.size(); ++at_) {
      if (peek() == close) {
        if (close == ']' || peek(1) != close) break;
        ++at_;
      }
      token.text += peek();
    }
    if (at_ < sql_.size()) ++at_;
    return token;
  }

  Token number() {
    const std::size_t begin = at_;
    while (in_word(peek()) || peek() == '.' || exponent_sign(begin)) ++at_;
    return {.what = Token::What::number, .text = std::string(sql_.substr(begin, at_ - begin))};
  }

  bool exponent_sign(std::size_t begin) const {
    if ((peek() != '+' && peek() != '-') || at_ == begin) return false;
    const char before = sql_[at_ - 1];
    const bool hex = sql_.substr(begin, 2) == "0x" || sql_.substr(begin, 2) == "0X";
    return (before == 'e' || before == 'E') && !hex;
  }

  Token word() {
    const std::size_t begin = at_;
    while (in_word(peek())) ++at_;
    return {.what = Token::What::word, .text = std::string(sql_.substr(begin, at_ - begin))};
  }

  std::string_view sql_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view sql) {
  std::vector<Token> tokens;
  Tokenizer tokenizer(sql);
  do {
    tokens.push_back(tokenizer.next());
  } while (tokens.back().what != Token::What::end);
  return tokens;
}

bool is_word(const Token& token, std::string_view upper) {
  return token.what == Token::What::word &&
         std::equal(token.text.begin(), token.text.end(), upper.begin(), upper.end(),
                    [](unsigned char a, char b) { return std::toupper(a) == b; });
}

}  // namespace rowferry::sqlite
