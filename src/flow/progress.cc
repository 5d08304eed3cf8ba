#include "flow/progress.h"

namespace rowferry {

std::string_view name_of(TableState state) {
  switch (state) {
    case TableState::done:
      return "done";
    case TableState::earlier:
      return "done earlier";
    case TableState::not_one_point:
      return "not one point in time";
    case TableState::failed:
      return "failed";
    case TableState::unfinished:
      break;
  }
  return "unfinished";
}

}  // namespace rowferry
