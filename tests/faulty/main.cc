#include "app/app.h"
#include "engine/engines.h"
#include "faulty/wrap.h"

// rowferry with every engine wrapped: see fault.h for how it is told what to do.
int main(int argc, char** argv) {
  return rowferry::run_app(argc, argv, rowferry::faulty::wrap_all(rowferry::built_in_engines()));
}
