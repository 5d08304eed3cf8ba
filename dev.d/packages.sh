# Debian packages: installed when something is missing, otherwise not touched.

build_packages=(g++ cmake ninja-build pkg-config libfmt-dev libspdlog-dev libcli11-dev
  libtomlplusplus-dev nlohmann-json3-dev libxxhash-dev libssl-dev libpq-dev libmariadb-dev libsqlite3-dev)
server_packages=(postgresql-15 mariadb-server openssl util-linux tzdata)
test_packages=("${build_packages[@]}" "${server_packages[@]}" libgtest-dev libgmock-dev sqlite3
  python3 python3-pytest python3-psycopg2 python3-pymysql)

# need PACKAGE...: installs those that are missing.
need() {
  local missing=() package
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
}

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

install_packages() {
  say "Installing: $*"
  with_root "$root/dev.d/install_packages" "$@" || die "could not install: $*"
}

with_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "needs root or sudo to install packages"
  fi
}
