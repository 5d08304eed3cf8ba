#include "flow/side_reader.h"

#include <algorithm>

#include "flow/amend.h"

namespace rowferry {

void SideReader::read(const ComparedSide& side, const Page& page, const std::stop_token& stop,
                      Rejects& rejects, const std::function<void(const FormedRow&)>& take) {
  const bool forms = std::any_of(side.forms.begin(), side.forms.end(),
                                 [](const Form& form) { return form.changes(); });
  try {
    if (!reader_) reader_ = std::make_unique<AmendingReader>(snapshot_.reader());
    pass(throttle_, 0, stop);
    reader_->open(side.read, page, &rejects);
    for (;;) {
      raw_.clear();
      if (!reader_->next(raw_)) break;
      if (stop.stop_requested()) throw interrupted();
      pass(throttle_, static_cast<std::int64_t>(raw_.bytes().size()), stop);
      if (forms) form(side.forms);
      CellCursor read(raw_.bytes());
      for (CellCursor cursor((forms ? formed_ : raw_).bytes()); !cursor.done();) {
        const std::string_view row = cursor.skip_row();
        take({.row = row, .read = keeps_ ? read.skip_row() : std::string_view{}});
      }
    }
  } catch (...) {
    reader_.reset();  // it may be in the middle of a page
    throw;
  }
}

void SideReader::form(const std::vector<Form>& forms) {
  formed_.clear();
  for (CellCursor cursor(raw_.bytes()); !cursor.done();) {
    formed_.begin_row(cursor.row());
    for (const Form& form : forms) {
      const std::string_view cell = cursor.cell();
      if (cursor.null()) {
        formed_.add_null();
      } else if (form.changes()) {
        add_formed(form, cell, formed_);
      } else {
        formed_.add_cell(cell);
      }
    }
    formed_.end_row();
  }
}

}  // namespace rowferry
