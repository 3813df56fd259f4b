# Sourced by script/publish and script/test: a virtual environment with what pyproject.toml asks for.
# Leaves $root and $python set. Nothing is done when the environment already fits.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
python="$root/.venv/bin/python"

say() { printf '%s\n' "$*" >&2; }
fail() { say "error: $*"; exit 1; }

# As root, run the command; as somebody who may use sudo without a password, run it with sudo; else say no.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"
  else return 126
  fi
}

apt_install() {
  command -v apt-get >/dev/null || return 127
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2 || return
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

find_python() {
  local candidate needed
  for needed in "sys, ensurepip, venv" sys; do # the first choice is one that can make an environment as it is
    for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python; do
      if "$candidate" -c "import $needed; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then
        command -v "$candidate"
        return
      fi
    done
  done
  return 1
}

# ensure_environment EXTRA: "" for what publishing needs, "test" for what the tests need as well.
ensure_environment() {
  local extra=$1 wanted found base
  wanted=$(cat "$root/pyproject.toml" "$root/script/constraints.txt" | cksum)
  for found in "$root/.venv/installed-$extra" "$root/.venv/installed-test"; do
    if [ -x "$python" ] && [ "$(cat "$found" 2>/dev/null)" = "$wanted" ]; then return; fi
  done
  if ! [ -x "$python" ] || ! "$python" -m pip --version >/dev/null 2>&1; then
    base=$(find_python) || fail "Python 3.11 or later is needed, and none was found; install python3 or set PYTHON"
    say "Making a virtual environment with $("$base" --version) …"
    if ! "$base" -m venv --clear "$root/.venv" >/dev/null 2>&1; then
      apt_install python3-venv >/dev/null 2>&1 || fail "Python's venv module is needed; install it, on Debian or Ubuntu with: apt-get install python3-venv"
      "$base" -m venv --clear "$root/.venv" >&2 || fail "the virtual environment $root/.venv could not be made"
    fi
  fi
  say "Installing what pyproject.toml asks for${extra:+ ($extra)}: the first time this takes a few minutes …"
  if ! "$python" -m pip install --quiet --disable-pip-version-check -c "$root/script/constraints.txt" \
      -e "$root${extra:+[$extra]}" >"$root/.venv/pip.log" 2>&1; then
    tail -n 15 "$root/.venv/pip.log" >&2
    fail "pip could not install the packages (the end of $root/.venv/pip.log is above); a package index must be reachable"
  fi
  printf '%s\n' "$wanted" >"$root/.venv/installed-$extra"
}
