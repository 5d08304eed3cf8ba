#pragma once

#include <string>
#include <type_traits>

// Faults at named points. Two environment variables say what happens:
//
//   ROWFERRY_FAULT=POINT:N=ACTION[;POINT:N=ACTION…]
//     what happens when POINT is passed for the N-th time in this process, or each time (N = *)
//   ROWFERRY_FAULT_TRACE=FILE
//     each point that is passed is appended to FILE, a line each
//
// Actions: kill (SIGKILL to ourselves), signal:NUMBER, pause:MILLISECONDS, hold:FILE (until FILE is
// there), and the name of an error kind, which is thrown.
namespace rowferry::faulty {

// Counts the point, traces it and does what is asked for there. Safe from every thread.
void pass(const std::string& point);

// Runs `call` between the points NAME.before and NAME.after.
template <typename Call>
std::invoke_result_t<Call> around(const char* name, Call call) {
  pass(std::string(name) + ".before");
  if constexpr (std::is_void_v<std::invoke_result_t<Call>>) {
    call();
    pass(std::string(name) + ".after");
  } else {
    auto result = call();
    pass(std::string(name) + ".after");
    return result;
  }
}

}  // namespace rowferry::faulty
