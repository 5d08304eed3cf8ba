#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rowferry::sqlite {

// A piece of SQL text. Space and comments lie between tokens.
struct Token {
  enum class What {
    word,    // keyword or bare identifier
    name,    // identifier in "", [] or ``
    string,  // '…', also X'…'
    number,
    symbol,  // one character
    end,
  };
  What what = What::end;
  std::string text;  // names and strings without their quotes
  std::size_t begin = 0;
  std::size_t end = 0;  // one past the last byte
};

// Cuts SQL into tokens, the last of kind `end`. Text that stops within quotes or a comment ends
// there.
std::vector<Token> tokens_of(std::string_view sql);

// True for the keyword `upper` (in capitals), in any case and without quotes.
bool is_word(const Token& token, std::string_view upper);

}  // namespace rowferry::sqlite
