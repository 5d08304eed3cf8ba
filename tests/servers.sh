#!/usr/bin/env bash
# Private servers for tests, each kind as source and as target, on free loopback ports and on sockets in
# a temporary directory, run by an unprivileged user.
#
#   tests/servers.sh up FILE                        starts all and writes FILE, to be sourced
#   tests/servers.sh down FILE                      stops what FILE names and removes its directory
#   tests/servers.sh restart FILE NAME [fast|immediate]
#   tests/servers.sh stop|start FILE NAME [fast|immediate]
#
# NAME is postgres_source, postgres_target, mariadb_source or mariadb_target. The environment it writes:
#   ROWFERRY_TEST_POSTGRES_SOURCE, ROWFERRY_TEST_POSTGRES_TARGET   URLs, password included
#   ROWFERRY_TEST_MARIADB_SOURCE, ROWFERRY_TEST_MARIADB_TARGET
#   ROWFERRY_TEST_…_PORT              of each of these four
#   ROWFERRY_TEST_SERVERS_DIR         holds NAME/ (data, log) of each, sockets/, and tls/ (ca.pem, and other.pem
#                                     of another authority): only mariadb_target has TLS
#   ROWFERRY_TEST_PASSWORD            of the user `rowferry` everywhere, who may do everything
#   ROWFERRY_TEST_PG_BIN              PostgreSQL's programs
#   ROWFERRY_TEST_SYSTEM_USER         the system user the servers run as
#   ROWFERRY_TEST_SERVERS             this FILE, for stop and start
set -euo pipefail

servers=(postgres_source postgres_target mariadb_source mariadb_target)

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
  command -v mariadbd >/dev/null || die "MariaDB is not installed"
  user=$(find_user)
  password=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
  dir=$(mktemp -d "${TMPDIR:-/tmp}/rowferry-servers.XXXXXX")
  trap 'stop_all; rm -rf "$dir"' EXIT
  mkdir "$dir/sockets"
  [ "$(id -u)" -ne 0 ] || chown -R "$user:" "$dir"
  printf '%s\n' "$password" >"$dir/password"
  chmod 644 "$dir/password"
  cd "$dir"
  local name
  make_certificates
  for name in "${servers[@]}"; do make_server "$name"; done
  write_file
  trap - EXIT
  cat "$file"
}

make_certificates() {
  mkdir "$dir/tls"
  (
    cd "$dir/tls"
    authority ca
    authority other
    openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.request -subj /CN=localhost
    openssl x509 -req -in server.request -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 \
      -extfile <(echo subjectAltName=IP:127.0.0.1,DNS:localhost) -out server.pem
  ) >"$dir/tls.log" 2>&1 || { cat "$dir/tls.log" >&2; die "no certificates"; }
  [ "$(id -u)" -ne 0 ] || chown -R "$user:" "$dir/tls"
}

authority() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -keyout "$1.key" -out "$1.pem" -subj "/CN=rowferry test $1"
}

# Makes and starts a server. Its port may be taken between looking and starting: then another is tried.
make_server() {
  "make_${1%_*}" "$1"
  local attempt
  for attempt in 1 2 3 4 5; do
    "configure_${1%_*}" "$1" "$(free_port)"
    ! start "$1" || return 0
  done
  cat "$dir/$1"/log* >&2
  die "the server $1 does not start"
}

start() { "start_${1%_*}" "$1"; }
stop() { "stop_${1%_*}" "$@"; }

stop_all() {
  local name
  for name in "${servers[@]}"; do stop "$name" immediate; done
}

# PostgreSQL.

make_postgres() {
  as_user "$bin/initdb" -D "$dir/$1" -U rowferry --pwfile "$dir/password" --auth scram-sha-256 \
    --encoding UTF8 --locale C.UTF-8 --no-instructions >"$dir/$1.initdb" 2>&1 ||
    { cat "$dir/$1.initdb" >&2; die "initdb failed"; }
}

configure_postgres() {
  # An idle source stays idle: no vacuum of its own moves its transaction ids.
  local vacuum=on
  [ "$1" = postgres_target ] || vacuum=off
  as_user tee "$dir/$1/postgresql.auto.conf" >/dev/null <<END
listen_addresses = '127.0.0.1'
port = $2
unix_socket_directories = '$dir/sockets'
max_connections = 100
cluster_name = 'rowferry-test-$1'
log_line_prefix = '%m [%p] %a '
autovacuum = $vacuum
END
}

start_postgres() { as_user "$bin/pg_ctl" start -s -w -t 60 -D "$dir/$1" -l "$dir/$1/log" </dev/null; }

# stop_postgres NAME [MODE]: only the server whose process id stands in its own data directory.
stop_postgres() {
  [ ! -e "$dir/$1/postmaster.pid" ] || as_user "$bin/pg_ctl" stop -s -w -t 60 -D "$dir/$1" -m "${2:-fast}" || true
}

# MariaDB. A server that starts removes what it takes for the leavings of another from its tmpdir: each has one
# of its own.

make_mariadb() {
  local data=$dir/$1/data
  as_user mkdir -p "$data" "$dir/$1/tmp"
  printf "CREATE USER rowferry IDENTIFIED BY '%s';\nGRANT ALL ON *.* TO rowferry WITH GRANT OPTION;\n" "$password" |
    as_user tee "$dir/$1/first.sql" >/dev/null
  as_user mariadb-install-db --no-defaults --datadir="$data" --auth-root-authentication-method=normal --skip-test-db \
    --skip-name-resolve >"$dir/$1/install" 2>&1 || { cat "$dir/$1/install" >&2; die "mariadb-install-db failed"; }
}

configure_mariadb() {
  as_user tee "$dir/$1/my.cnf" >/dev/null <<END
[mariadbd]
datadir = $dir/$1/data
tmpdir = $dir/$1/tmp
socket = $dir/sockets/$1
pid-file = $dir/$1/pid
log-error = $dir/$1/log.err
open-files-limit = 2000
bind-address = 127.0.0.1
port = $2
server-id = $2
character-set-server = utf8mb4
log-bin = binlog
sync_binlog = 0
innodb_flush_log_at_trx_commit = 2
innodb_log_file_size = 96M
max_connections = 200
skip-name-resolve
max_allowed_packet = 1G
END
  [ "$1" != mariadb_target ] || as_user tee -a "$dir/$1/my.cnf" >/dev/null <<END
ssl_cert = $dir/tls/server.pem
ssl_key = $dir/tls/server.key
ssl_ca = $dir/tls/ca.pem
END
}

start_mariadb() {
  local first=()
  [ ! -e "$dir/$1/first.sql" ] || first=(--init-file="$dir/$1/first.sql")
  # In a session of its own, as pg_ctl does it: Ctrl-C at whoever started it is not meant for the server.
  as_user setsid mariadbd --defaults-file="$dir/$1/my.cnf" "${first[@]}" </dev/null >>"$dir/$1/out" 2>&1 &
  local server=$! tries
  for tries in $(seq 900); do
    kill -0 "$server" 2>/dev/null || return 1
    # A server that another run started would not know the password.
    if MYSQL_PWD=$password mariadb --no-defaults -h 127.0.0.1 -P "$(port_of "$1")" -u rowferry -e 'DO 1' >/dev/null 2>&1; then
      rm -f "$dir/$1/first.sql"
      disown "$server"
      return 0
    fi
    sleep 0.1
  done
  stop_mariadb "$1" immediate
  return 1
}

# The same promise; immediate is as if the machine had lost the process.
stop_mariadb() {
  local process tries signal=TERM
  [ "${2:-fast}" = fast ] || signal=KILL
  process=$(cat "$dir/$1/pid" 2>/dev/null) || return 0
  kill -s "$signal" "$process" 2>/dev/null || true
  for tries in $(seq 600); do
    kill -0 "$process" 2>/dev/null || break
    sleep 0.1
  done
  rm -f "$dir/$1/pid"
}

port_of() {
  sed -n 's/^port = //p' "$dir/$1/postgresql.auto.conf" "$dir/$1/my.cnf" 2>/dev/null
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

write_file() {
  local name variable
  {
    for name in "${servers[@]}"; do
      variable=ROWFERRY_TEST_${name^^}
      local database=postgres
      [ "${name%_*}" = postgres ] || database=mysql
      echo "export $variable='${name%_*}://rowferry:$password@127.0.0.1:$(port_of "$name")/$database'"
      echo "export ${variable}_PORT='$(port_of "$name")'"
    done
    echo "export ROWFERRY_TEST_SERVERS_DIR='$dir'"
    echo "export ROWFERRY_TEST_PASSWORD='$password'"
    echo "export ROWFERRY_TEST_PG_BIN='$bin'"
    echo "export ROWFERRY_TEST_SYSTEM_USER='$user'"
    echo "export ROWFERRY_TEST_SERVERS='$file'"
  } >"$file"
}

read_file() {
  [ -s "$file" ] || die "no servers are up: $file is missing or empty"
  . "$file"
  dir=$ROWFERRY_TEST_SERVERS_DIR
  bin=$ROWFERRY_TEST_PG_BIN
  user=$ROWFERRY_TEST_SYSTEM_USER
  password=$ROWFERRY_TEST_PASSWORD
  cd /
}

down() {
  [ -s "$file" ] || return 0
  read_file
  stop_all
  rm -rf "$dir"
  rm -f "$file"
}

main() {
  [ $# -ge 2 ] || die "usage: tests/servers.sh up|down|stop|start|restart FILE [NAME [MODE]]"
  file=$(readlink -f "$2")
  case $1 in
    up | down) "$1" ;;
    stop | start | restart)
      read_file
      [ "$1" = start ] || stop "${3:?the name of a server}" "${4:-fast}"
      [ "$1" = stop ] || start "$3"
      ;;
    *) die "there is no command '$1'" ;;
  esac
}

main "$@"
