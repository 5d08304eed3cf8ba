#include "core/image.h"

#include "core/batch.h"
#include "core/value.h"

namespace rowferry {

namespace {

void append_framed(std::string& out, Kind kind, std::string_view cell) {
  if (kind == Kind::text || kind == Kind::json) {
    out += std::to_string(cell.size());
    out += ':';
    out += cell;
    return;
  }
  std::string text;
  append_text(text, kind, cell);
  append_framed(out, Kind::text, text);
}

}  // namespace

bool sound(Kind kind, std::string_view cell) {
  switch (kind) {
    case Kind::boolean:
      return cell.size() == 1;
    case Kind::int16:
      return cell.size() == 2;
    case Kind::int32:
    case Kind::float32:
    case Kind::date:
      return cell.size() == 4;
    case Kind::int64:
    case Kind::float64:
    case Kind::time:
    case Kind::timestamp:
    case Kind::timestamptz:
      return cell.size() == 8;
    case Kind::uuid:
    case Kind::interval:
      return cell.size() == 16;
    case Kind::bytes:
      return true;
    default:
      return !cell.starts_with('\xff');
  }
}

bool framed(Kind kind) {
  return kind == Kind::text || kind == Kind::json || kind == Kind::dynamic || kind == Kind::bytes ||
         kind == Kind::bits;
}

void append_image(std::string& out, const std::vector<Kind>& kinds, std::string_view row) {
  CellCursor cursor(row);
  cursor.row();
  for (const Kind kind : kinds) {
    const std::string_view cell = cursor.cell();
    if (cursor.null()) {
      if (framed(kind)) out += ':';
    } else if (!sound(kind, cell)) {
      append_framed(out, Kind::bytes, cell);
    } else if (framed(kind)) {
      append_framed(out, kind, cell);
    } else {
      append_text(out, kind, cell);
    }
    out += ',';
  }
}

}  // namespace rowferry
