# Format, lint, sanitizers, documentation.

cxx_sources() { find src tests -name '*.cc' -o -name '*.h' | sort; }

dev_format() {
  need clang-format
  if [ "${1:-}" = --check ]; then
    cxx_sources | xargs clang-format --dry-run --Werror
  else
    cxx_sources | xargs clang-format -i
  fi
}

dev_lint() {
  need "${build_packages[@]}" libgtest-dev libgmock-dev clang-tidy
  build_preset dev
  find src -name '*.cc' ! -name '*_test.cc' | sort |
    xargs -P "$(nproc)" -n 1 clang-tidy --quiet -p build/dev
}

dev_asan() { sanitize asan; }

dev_tsan() { sanitize tsan; }

sanitize() {
  need "${test_packages[@]}"
  build_preset "$1"
  start_test_servers
  ctest --test-dir "build/$1" --output-on-failure
}

dev_docs() {
  need python3 python3-pytest
  run_python -k docs tests/structure_test.py
}

dev_servers() {
  need "${server_packages[@]}"
  mkdir -p build
  tests/servers.sh "${1:-}" build/servers.env "${@:2}"
}
