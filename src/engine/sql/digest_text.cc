#include "engine/sql/digest_text.h"

namespace rowferry::sql {

std::string where_text(const std::string& range, const std::string& condition) {
  if (range.empty() && condition.empty()) return "";
  std::string text = " WHERE " + range;
  if (condition.empty()) return text;
  if (!range.empty()) text += " AND ";
  return text + "(" + condition + "\n)";  // a comment may end it
}

}  // namespace rowferry::sql
