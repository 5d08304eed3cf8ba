# ./dev demo: a copy that dies half-way, goes on, and is proven equal.

dev_demo() {
  need "${build_packages[@]}" sqlite3
  build_preset release rowferry
  local orders=${1:-155000}
  demo=$root/build/demo
  source_db=$demo/shop.db
  target_db=$demo/copy.db
  rm -rf "$demo"
  mkdir -p "$demo"

  say "" "1. A sample shop"
  make_shop "$orders"
  say "" "2. Copy it, and kill the copy (kill -9) about half-way"
  copy_and_kill
  say "" "3. What is known of the job"
  "$program" status --dir "$demo/jobs" || true
  say "" "4. The same command again"
  say "   \$ ${copy_command[*]}"
  "${copy_command[@]}" || die "the copy ended with status $?"
  say "" "5. Proof: every table of both files, all rows sorted, each value with its type"
  compare_all || die "the two differ: $source_db $target_db"
  say "" "The same from and to PostgreSQL; it makes the tables itself:" "" \
    "   $program copy sqlite:$source_db postgres://USER@HOST/DATABASE"
}

make_shop() {
  sqlite3 -bail "$source_db" ".parameter set @orders $1" ".read tests/sample/shop.sql" >/dev/null
  total_rows=$(count_rows "$source_db")
  say "   $source_db: $(table_names "$source_db" | wc -l) tables, $total_rows rows, $(($(stat -c %s "$source_db") / 1000000)) MB" \
    "   Composite keys, a table without a key, a generated column, NULLs, blobs, decimals, JSON," \
    "   names with capitals, spaces, quotes and letters beyond ASCII."
}

copy_and_kill() {
  copy_command=("$program" copy "sqlite:$source_db" "sqlite:$target_db" --dir "$demo/jobs"
    --page-size 1MB)
  say "   \$ ${copy_command[*]}"
  "${copy_command[@]}" >"$demo/first-run.log" 2>&1 &
  local pid=$! rows=0
  trap 'kill -9 '"$pid"' 2>/dev/null' EXIT
  while kill -0 "$pid" 2>/dev/null; do
    rows=$(count_rows "$target_db")
    if [ "$rows" -ge $((total_rows / 2)) ]; then
      kill -9 "$pid" 2>/dev/null && say "   killed process $pid"
      break
    fi
    sleep 0.02
  done
  # The shell would report the death that was meant.
  { wait "$pid"; } 2>/dev/null || true
  trap - EXIT
  rows=$(count_rows "$target_db")
  if [ "$rows" -lt $((total_rows / 2)) ]; then
    cat "$demo/first-run.log" >&2
    die "the copy ended by itself, before half of the rows had landed"
  fi
  say "   $rows of $total_rows rows have landed"
}

# The user's tables; the target's ledger is none of them.
table_names() {
  sqlite3 "$1" "SELECT name FROM sqlite_schema WHERE type = 'table'
    AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_rowferry_*' ORDER BY name"
}

quoted() { printf '"%s"' "${1//\"/\"\"}"; }

# count_rows FILE: of all tables that are there; 0 while there is nothing to count.
count_rows() {
  local query='' name
  [ -e "$1" ] || { echo 0; return; }
  while IFS= read -r name; do
    query+="${query:+ + }(SELECT count(*) FROM $(quoted "$name"))"
  done < <(table_names "$1" 2>/dev/null)
  sqlite3 -cmd '.timeout 2000' "$1" "SELECT ${query:-0}" 2>/dev/null || echo 0
}

# dump FILE TABLE: every row as literals and types of its values, sorted; doubled rows stay doubled.
dump() {
  local columns count
  columns=$(sqlite3 "$1" "SELECT group_concat('quote(' || c || '), typeof(' || c || ')', ', ') FROM
    (SELECT '\"' || replace(name, '\"', '\"\"') || '\"' AS c FROM pragma_table_xinfo('${2//\'/\'\'}')
     WHERE hidden <> 1 ORDER BY cid)")
  count=$(sqlite3 "$1" "SELECT 2 * count(*) FROM pragma_table_xinfo('${2//\'/\'\'}') WHERE hidden <> 1")
  sqlite3 "$1" "SELECT $columns FROM $(quoted "$2") ORDER BY $(seq -s , "$count")"
}

compare_all() {
  local name left right rows equal=0
  [ "$(table_names "$source_db")" = "$(table_names "$target_db")" ] || { say "   not the same tables"; return 1; }
  while IFS= read -r name; do
    rows=$(sqlite3 "$source_db" "SELECT count(*) FROM $(quoted "$name")")
    left=$(dump "$source_db" "$name" | sha256sum)
    right=$(dump "$target_db" "$name" | sha256sum)
    if [ "$left" = "$right" ]; then
      printf '   equal  %8d rows  %s  %s\n' "$rows" "${left:0:12}" "$name"
    else
      printf '   DIFFER %8d rows  %s  %s\n' "$rows" "${left:0:12}/${right:0:12}" "$name"
      equal=1
    fi
  done < <(table_names "$source_db")
  return "$equal"
}
