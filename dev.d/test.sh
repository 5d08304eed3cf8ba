# All tests: C++ under ctest, whole-program tests under Debian's own pytest.

dev_test() {
  local only='' fast=''
  while [ $# -gt 0 ]; do
    case $1 in
      --all) export ROWFERRY_TEST_ALL=1 ;;
      --fast) fast=1 ;;
      --only) only=${2:?--only needs a name}; shift ;;
      *) die "test does not know '$1'" ;;
    esac
    shift
  done
  need "${test_packages[@]}"
  (build_preset release) || { say "The build failed" "0 passed, 1 failed"; exit 1; }
  choose_sample
  export ROWFERRY_TEST_PROGRAM=$program ROWFERRY_TEST_FAULTY=$root/build/release/rowferry-faulty
  [ -n "$fast" ] || start_test_servers

  results=$root/build/results
  rm -rf "$results"
  mkdir -p "$results"
  local status=0
  run_ctest "$only" || status=1
  run_pytest "$only" "$fast" || status=1
  total "$status"
}

# What a run picks at random it can be told to pick again.
choose_sample() {
  export ROWFERRY_TEST_SEED=${ROWFERRY_TEST_SEED:-$((RANDOM * 32768 + RANDOM))}
  if [ -n "${ROWFERRY_TEST_ALL:-}" ]; then
    say "All kill points and random rounds, ROWFERRY_TEST_SEED=$ROWFERRY_TEST_SEED"
  else
    say "A sample, ROWFERRY_TEST_SEED=$ROWFERRY_TEST_SEED (all: ./dev test --all)"
  fi
}

# Servers of this run only, stopped when the script ends.
start_test_servers() {
  server_file=$(mktemp)
  trap 'tests/servers.sh down "$server_file"; rm -f "$server_file"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  tests/servers.sh up "$server_file"
  . "$server_file"
}

run_ctest() {
  ctest --test-dir build/release --output-on-failure --no-tests=ignore \
    --output-junit "$results/ctest.xml" ${1:+-R "$1"}
}

run_pytest() {
  local paths=(tests)
  [ -z "$2" ] || paths=(tests/structure_test.py)
  # 5: --only matches no test of these.
  run_python --junitxml "$results/pytest.xml" ${1:+-k "$1"} "${paths[@]}" || { [ $? -eq 5 ] && [ -n "$1" ]; }
}

run_python() {
  PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -m pytest -p no:cacheprovider --rootdir . -q -rs "$@"
}

# total STATUS: the closing line, and a status that agrees with it.
total() {
  local status=$1 passed=0 failed=0 skipped=0 file
  for file in "$results/ctest.xml" "$results/pytest.xml"; do
    if [ -s "$file" ]; then
      local tests bad absent
      tests=$(attributes "$file" tests)
      bad=$(($(attributes "$file" failures) + $(attributes "$file" errors)))
      absent=$(($(attributes "$file" skipped) + $(attributes "$file" disabled)))
      passed=$((passed + tests - bad - absent))
      failed=$((failed + bad))
      skipped=$((skipped + absent))
    else
      say "No results in $file"
      failed=$((failed + 1))
    fi
  done
  # A runner that failed without naming a test must not look like success, nor must an empty run.
  [ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
  [ $((passed + failed)) -gt 0 ] || failed=1
  say "$passed passed, $failed failed$([ "$skipped" -eq 0 ] || say ", $skipped skipped")"
  [ "$failed" -eq 0 ] || exit 1
}

# attributes FILE NAME: the sum of an attribute over the <testsuite> elements of a JUnit file.
attributes() {
  tr '\n' ' ' <"$1" | awk -v RS='<testsuite ' -v name="$2" '
    NR > 1 {
      sub(/>.*/, "")
      if (match(" " $0, "[ \t]" name "=\"[0-9]+\"")) {
        text = substr(" " $0, RSTART, RLENGTH)
        gsub(/[^0-9]/, "", text)
        sum += text
      }
    }
    END { print sum + 0 }'
}
