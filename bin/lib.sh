# shellcheck shell=bash
# Sourced by bin/demo, bin/test, bin/judge and bin/bench: what a fresh machine lacks, installed once.
# Nothing here touches the system's own Python: uv and every Python package live inside the checkout.

set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$ROOT"

UV_VERSION=0.13.9
PYTHON="$ROOT/.venv/bin/python"
# WeasyPrint's text shaping, file-type detection, translations, and a Traditional Chinese font for the report.
RUNTIME_PACKAGES=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libmagic1 gettext fontconfig fonts-noto-cjk)
RUNTIME_BREW=(pango libmagic gettext)

say() { printf '\033[1m▸ %s\033[0m\n' "$*"; }
die() { printf '\033[1;31m✗ %s\033[0m\n' "$*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else die "This needs root or sudo: $*"
    fi
}

# The names that installed packages answer to, their virtual ones included (libmagic1t64 provides libmagic1).
installed_names() {
    dpkg-query -W -f='${db:Status-Status} ${Package}, ${Provides}\n' | sed -n 's/^installed //p' |
        tr ',' '\n' | awk 'NF {print $1}' | sort -u
}

# need_packages NAME…: installs by apt what is missing, and says so; silent when nothing is.
need_packages() {
    command -v apt-get >/dev/null || { need_homebrew; return; }
    local missing
    missing="$(comm -13 <(installed_names) <(printf '%s\n' "$@" | sort -u) | tr '\n' ' ')"
    [ -n "$missing" ] || return 0
    say "Installing by apt: $missing"
    as_root apt-get update -qq
    # shellcheck disable=SC2086  # one word per package
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

need_homebrew() {
    [ "$(uname)" = Darwin ] || die "Neither apt-get nor Homebrew here. Please install by hand: ${RUNTIME_PACKAGES[*]}"
    command -v brew >/dev/null || die "Please install Homebrew first (https://brew.sh), then run this again."
    say "Installing by Homebrew what is missing: ${RUNTIME_BREW[*]} font-noto-sans-cjk-tc font-noto-serif-cjk-tc"
    brew install --quiet "${RUNTIME_BREW[@]}"
    brew install --quiet --cask font-noto-sans-cjk-tc font-noto-serif-cjk-tc
    # Python looks for WeasyPrint's libraries here.
    DYLD_FALLBACK_LIBRARY_PATH="$(brew --prefix)/lib:${DYLD_FALLBACK_LIBRARY_PATH:-}"
    export DYLD_FALLBACK_LIBRARY_PATH
}

# Sets UV to a uv command: the one on PATH, else our own in .uv/.
need_uv() {
    UV="$(command -v uv || true)"
    [ -z "$UV" ] || return 0
    UV="$ROOT/.uv/bin/uv"
    [ ! -x "$UV" ] || return 0
    need_packages python3-venv
    say "Installing uv $UV_VERSION into .uv/"
    python3 -m venv .uv
    .uv/bin/pip install --quiet --disable-pip-version-check "uv==$UV_VERSION"
}

# sync_python [uv sync options]: .venv/ as the lock file says. What is there on top of that stays (--inexact), so
# bin/demo does not take the test tools away from a developer.
sync_python() {
    need_uv
    say "Python packages (uv sync)"
    "$UV" sync --frozen --inexact --quiet "$@"
}

compile_translations() {
    local po
    for po in locale/*/LC_MESSAGES/*.po; do
        [ -e "$po" ] || continue
        [ "${po%.po}.mo" -nt "$po" ] || msgfmt --check-format -o "${po%.po}.mo" "$po"
    done
}

# Hashing and compressing takes seconds, so only after a change.
collect_static() {
    local made="$DIGAO_DATA/static/staticfiles.json"
    [ -e "$made" ] && [ -z "$(find static uv.lock config/staticfiles.py -newer "$made" -print -quit)" ] && return 0
    manage collectstatic --no-input --clear --verbosity 0
}

manage() { "$PYTHON" manage.py "$@"; }
