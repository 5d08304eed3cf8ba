#!/usr/bin/env bash
# Private servers for tests, each kind as source and as target, on free loopback ports and on sockets in
# a temporary directory, run by an unprivileged user.
#
#   tests/servers.sh up FILE [plain] [NAME...]      starts all, or those named, and writes FILE, to be sourced
#   tests/servers.sh down FILE                      stops what FILE names and removes its directory
#   tests/servers.sh restart FILE NAME [fast|immediate]
#   tests/servers.sh stop|start FILE NAME [fast|immediate]
#
# NAME is postgres_source, postgres_target, mariadb_source, mariadb_target or postgres18. The last is left out
# where its programs cannot be had. What sessions have that ask for nothing is as odd as a server may be
# configured, so that whoever relies on defaults is found out; with `plain` it is what packages ship.
#
# The environment it writes:
#   ROWFERRY_TEST_POSTGRES_SOURCE, ROWFERRY_TEST_POSTGRES_TARGET   URLs, password included
#   ROWFERRY_TEST_MARIADB_SOURCE, ROWFERRY_TEST_MARIADB_TARGET
#   ROWFERRY_TEST_POSTGRES18          one that is source and target
#   ROWFERRY_TEST_…_PORT              of each of these
#   ROWFERRY_TEST_SERVERS_DIR         holds NAME/ (data, log) of each, sockets/, and tls/ (ca.pem, and other.pem
#                                     of another authority): only mariadb_target has TLS
#   ROWFERRY_TEST_PASSWORD            of the user `rowferry` everywhere, who may do everything
#   ROWFERRY_TEST_DEFAULTS            hostile or plain
#   ROWFERRY_TEST_PG_BIN              PostgreSQL's programs
#   ROWFERRY_TEST_SYSTEM_USER         the system user the servers run as
#   ROWFERRY_TEST_SERVERS             this FILE, for stop and start
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
. "$here/postgres18.sh"

servers=(postgres_source postgres_target mariadb_source mariadb_target postgres18)

die() {
  printf 'servers: %s\n' "$*" >&2
  exit 2
}

kind_of() {
  case $1 in
    postgres*) echo postgres ;;
    *) echo mariadb ;;
  esac
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
  defaults=hostile
  [ "${1:-}" != plain ] || { defaults=plain; shift; }
  choose_servers "$@"
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
  for name in "${chosen[@]}"; do make_server "$name"; done
  write_file
  trap - EXIT
  cat "$file"
}

# choose_servers [NAME...]: those named must be there, otherwise all that can be had.
choose_servers() {
  local name
  chosen=("$@")
  for name in "$@"; do
    [[ " ${servers[*]} " = *" $name "* ]] || die "there is no server '$name'"
  done
  [ $# -gt 0 ] || chosen=("${servers[@]}")
  [[ " ${chosen[*]} " = *" postgres18 "* ]] || return 0
  archive18=$(fetch_postgres18) && return 0
  [ $# -eq 0 ] || die "without it there is no server postgres18"
  chosen=("${servers[@]:0:4}")
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
  "make_$(kind_of "$1")" "$1"
  local attempt
  for attempt in 1 2 3 4 5; do
    "configure_$(kind_of "$1")" "$1" "$(free_port)"
    ! start "$1" || return 0
  done
  cat "$dir/$1"/log* >&2
  die "the server $1 does not start"
}

start() { "start_$(kind_of "$1")" "$1"; }
stop() { "stop_$(kind_of "$1")" "$@"; }

stop_all() {
  local name
  for name in "${servers[@]}"; do stop "$name" immediate; done
}

# PostgreSQL.

# The programs of a server.
bin_of() {
  [ "$1" = postgres18 ] && echo "$dir/programs18/bin" || echo "$bin"
}

make_postgres() {
  [ "$1" != postgres18 ] || unpack_postgres18 "$archive18" "$dir/programs18"
  as_user "$(bin_of "$1")/initdb" -D "$dir/$1" -U rowferry --pwfile "$dir/password" --auth scram-sha-256 \
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
  [ "$defaults" = plain ] || hostile_postgres | as_user tee -a "$dir/$1/postgresql.auto.conf" >/dev/null
}

# Of sessions that set nothing.
hostile_postgres() {
  cat <<'END'
client_encoding = latin1
timezone = 'Pacific/Chatham'
timezone_abbreviations = 'Australia'
datestyle = 'German, DMY'
intervalstyle = sql_standard
extra_float_digits = -15
bytea_output = escape
standard_conforming_strings = off
escape_string_warning = off
backslash_quote = off
quote_all_identifiers = on
transform_null_equals = on
array_nulls = off
xmloption = document
search_path = nowhere
default_text_search_config = 'pg_catalog.german'
default_transaction_isolation = serializable
default_transaction_deferrable = on
statement_timeout = 500ms
lock_timeout = 10ms
idle_in_transaction_session_timeout = 1s
idle_session_timeout = 3s
END
}

start_postgres() { as_user "$(bin_of "$1")/pg_ctl" start -s -w -t 60 -D "$dir/$1" -l "$dir/$1/log" </dev/null; }

# stop_postgres NAME [MODE]: only the server whose process id stands in its own data directory. One that a test has
# killed left the file behind: pg_ctl then fails, and there is nothing to stop.
stop_postgres() {
  [ ! -e "$dir/$1/postmaster.pid" ] || as_user "$(bin_of "$1")/pg_ctl" stop -s -w -t 60 -D "$dir/$1" -m "${2:-fast}" || true
}

# MariaDB. A server that starts removes what it takes for the leavings of another from its tmpdir: each has one
# of its own.

make_mariadb() {
  local data=$dir/$1/data
  as_user mkdir -p "$data" "$dir/$1/tmp"
  [ "$defaults" = plain ] || as_user tee "$dir/$1/each.sql" >/dev/null <<'END'
SET GLOBAL sql_select_limit = 3, sql_quote_show_create = OFF, check_constraint_checks = OFF, sql_auto_is_null = ON;
END
  { [ "$defaults" = plain ] || cat "$dir/$1/each.sql"
    printf "CREATE USER rowferry IDENTIFIED BY '%s';\nGRANT ALL ON *.* TO rowferry WITH GRANT OPTION;\n" "$password"
  } | as_user tee "$dir/$1/first.sql" >/dev/null
  mariadb-tzinfo-to-sql /usr/share/zoneinfo/Pacific/Chatham Pacific/Chatham | as_user tee "$dir/$1/zone.sql" >/dev/null
  as_user mariadb-install-db --no-defaults --extra-file="$dir/$1/zone.sql" --datadir="$data" --auth-root-authentication-method=normal --skip-test-db \
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
log-bin = binlog
sync_binlog = 0
innodb_flush_log_at_trx_commit = 2
innodb_log_file_size = 96M
max_connections = 200
skip-name-resolve
max_allowed_packet = 1G
END
  "${defaults}_mariadb" "$1" | as_user tee -a "$dir/$1/my.cnf" >/dev/null
  [ "$1" != mariadb_target ] || as_user tee -a "$dir/$1/my.cnf" >/dev/null <<END
ssl_cert = $dir/tls/server.pem
ssl_key = $dir/tls/server.key
ssl_ca = $dir/tls/ca.pem
END
}

plain_mariadb() { echo "character-set-server = utf8mb4"; }

# Of sessions that set nothing; init-connect acts on users who are no administrators.
hostile_mariadb() {
  cat <<END
init-file = $dir/$1/each.sql
character-set-server = latin1
collation-server = latin1_german2_ci
default-time-zone = Pacific/Chatham
default-storage-engine = Aria
explicit-defaults-for-timestamp = OFF
autocommit = OFF
completion-type = CHAIN
group-concat-max-len = 4
max-sort-length = 64
div-precision-increment = 0
innodb-strict-mode = OFF
max-statement-time = 5
innodb-lock-wait-timeout = 1
lock-wait-timeout = 1
idle-transaction-timeout = 1
END
  case $1 in
    mariadb_source)
      cat <<'END'
sql-mode =
old-mode = ZERO_DATE_TIME_CAST,NO_PROGRESS_INFO
transaction-isolation = SERIALIZABLE
character-set-client-handshake = OFF
init-connect = "SET NAMES latin1, autocommit = 0, sql_mode = 'ORACLE', sql_select_limit = 2"
END
      ;;
    mariadb_target)
      cat <<'END'
sql-mode = ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH,PIPES_AS_CONCAT,ONLY_FULL_GROUP_BY,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_UNSIGNED_SUBTRACTION,HIGH_NOT_PRECEDENCE,IGNORE_SPACE
transaction-isolation = READ-COMMITTED
init-connect = "SET autocommit = 0, sql_mode = 'NO_BACKSLASH_ESCAPES', time_zone = '-11:30'"
END
      ;;
  esac
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
    for name in "${chosen[@]}"; do
      variable=ROWFERRY_TEST_${name^^}
      local kind database=postgres
      kind=$(kind_of "$name")
      [ "$kind" = postgres ] || database=mysql
      echo "export $variable='$kind://rowferry:$password@127.0.0.1:$(port_of "$name")/$database'"
      echo "export ${variable}_PORT='$(port_of "$name")'"
    done
    echo "export ROWFERRY_TEST_SERVERS_DIR='$dir'"
    echo "export ROWFERRY_TEST_PASSWORD='$password'"
    echo "export ROWFERRY_TEST_DEFAULTS='$defaults'"
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
  [ $# -ge 2 ] || die "usage: tests/servers.sh up FILE [plain] [NAME...], or down|stop|start|restart FILE [NAME [MODE]]"
  file=$(readlink -f "$2")
  case $1 in
    up) up "${@:3}" ;;
    down) down ;;
    stop | start | restart)
      read_file
      [ "$1" = start ] || stop "${3:?the name of a server}" "${4:-fast}"
      [ "$1" = stop ] || start "$3"
      ;;
    *) die "there is no command '$1'" ;;
  esac
}

main "$@"
