#include <malloc.h>

#include "app/app.h"
#include "engine/engines.h"

int main(int argc, char** argv) {
  // Rows move through buffers that are kept, so that lanes seldom allocate: two arenas serve them,
  // and a plan of many thousand tables is not spread over one for each thread.
  mallopt(M_ARENA_MAX, 2);
  return rowferry::run_app(argc, argv, rowferry::built_in_engines());
}
