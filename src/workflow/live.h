#pragma once

#include <vector>

#include "flow/compare.h"
#include "workflow/ages.h"
#include "workflow/ends.h"
#include "workflow/request.h"

// What verbs that compare do about rows that change meanwhile.
namespace rowferry {

// Sets the ages that hold for the table. False, and an error more, where they cannot hold.
bool set_ages(const TablePlan& plan, const Ends& ends, Ages& ages, ComparedTable& table,
              std::vector<Error>& errors);

// Waits for what is under way from one side to the other, with no view open.
void wait_to_settle(const Request& request, Progress& progress);

// Says which rows were left alone, and which were under way.
void name_live(const Compared& compared, std::vector<Loss>& notes);

}  // namespace rowferry
