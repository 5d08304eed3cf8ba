#include "app/app.h"
#include "engine/engines.h"

int main(int argc, char** argv) {
  return rowferry::run_app(argc, argv, rowferry::built_in_engines());
}
