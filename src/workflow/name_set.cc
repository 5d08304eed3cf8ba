#include "workflow/name_set.h"

#include <algorithm>
#include <cctype>

#include "core/fingerprint.h"
#include "core/utf8.h"

namespace rowferry {

namespace {

// Cuts UTF-8 text to at most `bytes`, not within a character.
std::string cut_text(std::string text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  text.resize(bytes);
  return text;
}

}  // namespace

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::size_t name_length(const std::string& name, const DdlRules& rules) {
  return rules.name_in_characters ? count_characters(name) : name.size();
}

std::string NameSet::folded(const std::string& schema, const std::string& name) const {
  const std::string full = schema + '\x1f' + name;
  return rules_.folds_case ? lower(full) : full;
}

std::string NameSet::take(const std::string& schema, const std::string& wanted) {
  std::string name = wanted;
  if (rules_.name_bytes > 0 && name_length(name, rules_) > rules_.name_bytes) {
    name = cut_text(name, rules_.name_bytes - 9) + "_" + fingerprint(wanted).substr(0, 8);
  }
  const bool roomy = rules_.name_bytes == 0 || name_length(name, rules_) + 5 <= rules_.name_bytes;
  const std::string stem = roomy ? name : cut_text(name, rules_.name_bytes - 5);
  for (int suffix = 1; !taken_.insert(folded(schema, name)).second; ++suffix) {
    name = stem + "_" + std::to_string(suffix);
  }
  return name;
}

}  // namespace rowferry
