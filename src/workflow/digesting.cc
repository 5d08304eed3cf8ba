#include "workflow/digesting.h"

namespace rowferry {

namespace {

using Images = std::optional<std::vector<std::string>>;

// Of every column, or none.
template <typename Make>
Images each_image(const ComparedTable& table, const Make& make) {
  std::vector<std::string> images;
  for (std::size_t i = 0; i < table.kinds.size(); ++i) {
    std::optional<std::string> image = make(i);
    if (!image) return std::nullopt;
    images.push_back(std::move(*image));
  }
  return images;
}

bool is_whole(Kind kind) {
  return kind == Kind::int16 || kind == Kind::int32 || kind == Kind::int64;
}

std::string product_of(const Dialect& dialect) {
  const std::string& product = dialect.facts().product;
  return product.substr(0, product.find(' '));
}

// Both sides hold values of the same types, in servers that print them alike, and no rule of the
// user's changes them.
bool one_kind(const TablePlan& plan, const Dialect& from, const Dialect& to) {
  if (product_of(from) != product_of(to)) return false;
  for (std::size_t i = 0; i < plan.read.columns.size(); ++i) {
    const Column* sent = find_column(plan.read.table, plan.read.columns[i].name);
    const Column* taken = find_column(plan.target, plan.write.columns[i].name);
    const bool same = sent->native == taken->native && sent->collation == taken->collation &&
                      sent->charset == taken->charset;
    if (!same || plan.read.columns[i].amendment != Amendment{}) return false;
  }
  return true;
}

Images own_images(const TablePlan& plan, const Dialect& dialect, DigestWay way, bool source,
                  const ComparedTable& table) {
  return each_image(table, [&](std::size_t i) {
    const Column* column = source ? find_column(plan.read.table, plan.read.columns[i].name)
                                  : find_column(plan.target, plan.write.columns[i].name);
    return dialect.image(*column, nullptr, way);
  });
}

// The type whose canonical text a column of the side has in a digest; none where its values become
// others on their way.
std::optional<Type> form_of(const ComparedTable& table, const ComparedSide& side, std::size_t i) {
  const Form& form = side.forms[i];
  const Kind kind = table.kinds[i];
  const ColumnRead& column = side.read.columns[i];
  const bool widened = is_whole(kind) && is_whole(column.type.kind);
  if (form.document || (form.conversion.step != nullptr && !widened)) return std::nullopt;
  if (column.amendment != Amendment{}) return std::nullopt;
  Type type{.kind = kind, .fixed = form.trimmed};
  if (kind == Kind::decimal && form.scale >= 0) {
    type.precision = 1;
    type.scale = form.scale;
  }
  return type;
}

Images canonical_images(const ComparedTable& table, const ComparedSide& side,
                        const Dialect& dialect) {
  return each_image(table, [&](std::size_t i) -> std::optional<std::string> {
    const std::optional<Type> form = form_of(table, side, i);
    const Column* column = find_column(side.read.table, side.read.columns[i].name);
    if (!form || column == nullptr) return std::nullopt;
    return dialect.image(*column, &*form, DigestWay::ordered);
  });
}

void use(ComparedSide& side, DigestWay way, Images images) {
  if (images) side.digest = {.read = side.read, .way = way, .images = std::move(*images)};
}

}  // namespace

void choose_digests(const TablePlan& plan, const Dialect& from, const Dialect& to,
                    const DigestWish& wish, ComparedTable& table) {
  constexpr double kNear = 0.001;  // as within one place
  if (!table.ranges || wish.where == Digests::here) return;
  if (one_kind(plan, from, to)) {
    for (const DigestWay way : {DigestWay::scan, DigestWay::sum, DigestWay::ordered}) {
      if (way != DigestWay::ordered && wish.strong) continue;
      Images source = own_images(plan, from, way, true, table);
      Images target = own_images(plan, to, way, false, table);
      if (!source || !target) continue;
      use(table.source, way, std::move(source));
      use(table.target, way, std::move(target));
      return;
    }
  }
  if (plan.read.format != RowFormat::cells) return;
  if (wish.where == Digests::automatic && wish.round_trip <= kNear) return;
  use(table.source, DigestWay::ordered, canonical_images(table, table.source, from));
  use(table.target, DigestWay::ordered, canonical_images(table, table.target, to));
  if (!table.digested()) return;
  table.source.read.ordered = !table.source.digest;
  table.target.read.ordered = !table.target.digest;
}

std::string describe_digests(const ComparedTable& table) {
  const auto side = [](const ComparedSide& compared) {
    if (!compared.digest) return std::string("read");
    return std::string(compared.digest->way == DigestWay::ordered
                           ? "MD5 in the server"
                           : "summed up in the server (64 bits)");
  };
  const std::string source = side(table.source);
  const std::string target = side(table.target);
  if (source == target) return source == "read" ? "both sides are read" : "both sides: " + source;
  return "source: " + source + ", target: " + target;
}

}  // namespace rowferry
