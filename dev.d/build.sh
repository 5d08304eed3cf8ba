# Building with the CMake presets.

dev_build() {
  need "${build_packages[@]}"
  build_preset release rowferry
  say "$program"
}

# build_preset PRESET [TARGET]: configures quietly and builds.
build_preset() {
  local preset=$1 target=${2:-all} log
  mkdir -p build
  log=build/$preset-configure.log
  cmake --preset "$preset" >"$log" 2>&1 || { cat "$log" >&2; die "cannot configure '$preset'"; }
  grep 'left out' "$log" || true
  cmake --build --preset "$preset" --target "$target"
}

dev_bench() {
  need "${build_packages[@]}" "${server_packages[@]}" sqlite3 python3 python3-psycopg2 python3-pymysql \
    pgloader pgcopydb mydumper percona-toolkit python3-venv
  build_preset release rowferry
  exec bench/run "$@"
}
