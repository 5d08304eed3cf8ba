#!/usr/bin/env bash
# Private PostgreSQL servers for tests: one as source, one as target, each on a free loopback port and
# on a socket in a temporary directory, run by an unprivileged user.
#
#   tests/servers.sh up FILE                        starts both and writes FILE, to be sourced
#   tests/servers.sh down FILE                      stops what FILE names and removes its directory
#   tests/servers.sh restart FILE source|target [fast|immediate]
#   tests/servers.sh stop|start FILE source|target [fast|immediate]
#
# The environment it writes:
#   ROWFERRY_TEST_POSTGRES_SOURCE, ROWFERRY_TEST_POSTGRES_TARGET   URLs, password included
#   ROWFERRY_TEST_POSTGRES_DIR        holds source/, target/ (data, log) and sockets/
#   ROWFERRY_TEST_POSTGRES_PASSWORD   of the superuser `rowferry`
#   ROWFERRY_TEST_POSTGRES_SOURCE_PORT, ROWFERRY_TEST_POSTGRES_TARGET_PORT
#   ROWFERRY_TEST_PG_BIN              the servers' programs
#   ROWFERRY_TEST_PG_USER             the system user the servers run as
#   ROWFERRY_TEST_SERVERS             this FILE, for stop and start
set -euo pipefail

die() {
  printf 'servers: %s\n' "$*" >&2
  exit 2
}

find_programs() {
  local found
  found=$(find /usr/lib/postgresql/*/bin -name initdb 2>/dev/null | sort -V | tail -n 1)
  [ -n "$found" ] || die "PostgreSQL is not installed"
  dirname "$found"
}

# PostgreSQL refuses to run as root.
find_user() {
  if [ "$(id -u)" -ne 0 ]; then
    id -un
  elif id postgres >/dev/null 2>&1; then
    echo postgres
  else
    echo nobody
  fi
}

as_user() {
  if [ "$(id -u)" -eq 0 ]; then
    setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups env HOME="$dir" "$@"
  else
    "$@"
  fi
}

up() {
  [ ! -s "$file" ] || die "$file names servers already: tests/servers.sh down $file"
  bin=$(find_programs)
  user=$(find_user)
  password=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
  dir=$(mktemp -d "${TMPDIR:-/tmp}/rowferry-servers.XXXXXX")
  trap 'stop source immediate; stop target immediate; rm -rf "$dir"' EXIT
  mkdir "$dir/sockets"
  [ "$(id -u)" -ne 0 ] || chown -R "$user:" "$dir"
  printf '%s\n' "$password" >"$dir/password"
  chmod 644 "$dir/password"
  cd "$dir"
  # An idle source stays idle: no vacuum of its own moves its transaction ids.
  make_cluster source 'autovacuum = off'
  make_cluster target ''
  write_file
  trap - EXIT
  cat "$file"
}

# make_cluster NAME SETTING
make_cluster() {
  as_user "$bin/initdb" -D "$dir/$1" -U rowferry --pwfile "$dir/password" --auth scram-sha-256 \
    --encoding UTF8 --locale C.UTF-8 --no-instructions >"$dir/$1.initdb" 2>&1 ||
    { cat "$dir/$1.initdb" >&2; die "initdb failed"; }
  local attempt
  for attempt in 1 2 3 4 5; do
    configure "$1" "$(free_port)" "$2"
    ! start "$1" || return 0
  done
  cat "$dir/$1/log" >&2
  die "the $1 server does not start"
}

configure() {
  as_user tee "$dir/$1/postgresql.auto.conf" >/dev/null <<END
listen_addresses = '127.0.0.1'
port = $2
unix_socket_directories = '$dir/sockets'
max_connections = 100
cluster_name = 'rowferry-test-$1'
log_line_prefix = '%m [%p] %a '
$3
END
}

# A port that nobody listens on now. That it is taken a moment later is rare; the caller tries again.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    if ! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
}

port_of() { sed -n 's/^port = //p' "$dir/$1/postgresql.auto.conf"; }

start() { as_user "$bin/pg_ctl" start -s -w -t 60 -D "$dir/$1" -l "$dir/$1/log" </dev/null; }

# stop NAME [MODE]: only the server whose process id stands in its own data directory.
stop() {
  [ ! -e "$dir/$1/postmaster.pid" ] || as_user "$bin/pg_ctl" stop -s -w -t 60 -D "$dir/$1" -m "${2:-fast}" || true
}

write_file() {
  local name upper
  {
    for name in source target; do
      upper=${name^^}
      echo "export ROWFERRY_TEST_POSTGRES_${upper}='postgres://rowferry:$password@127.0.0.1:$(port_of $name)/postgres'"
      echo "export ROWFERRY_TEST_POSTGRES_${upper}_PORT='$(port_of $name)'"
    done
    echo "export ROWFERRY_TEST_POSTGRES_DIR='$dir'"
    echo "export ROWFERRY_TEST_POSTGRES_PASSWORD='$password'"
    echo "export ROWFERRY_TEST_PG_BIN='$bin'"
    echo "export ROWFERRY_TEST_PG_USER='$user'"
    echo "export ROWFERRY_TEST_SERVERS='$file'"
  } >"$file"
}

read_file() {
  [ -s "$file" ] || die "no servers are up: $file is missing or empty"
  . "$file"
  dir=$ROWFERRY_TEST_POSTGRES_DIR
  bin=$ROWFERRY_TEST_PG_BIN
  user=$ROWFERRY_TEST_PG_USER
  cd /
}

down() {
  [ -s "$file" ] || return 0
  read_file
  stop source immediate
  stop target immediate
  rm -rf "$dir"
  rm -f "$file"
}

main() {
  [ $# -ge 2 ] || die "usage: tests/servers.sh up|down|stop|start|restart FILE [source|target [MODE]]"
  file=$(readlink -f "$2")
  case $1 in
    up | down) "$1" ;;
    stop | start | restart)
      read_file
      [ "$1" = start ] || stop "${3:?source or target}" "${4:-fast}"
      [ "$1" = stop ] || start "$3"
      ;;
    *) die "there is no command '$1'" ;;
  esac
}

main "$@"
