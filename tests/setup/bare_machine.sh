#!/usr/bin/env bash
# Proves on a Debian with nothing but python3 and pip that `manage` makes all that is missing.
#
#   tests/setup/bare_machine.sh [setup|demo|test] [CASE...]
#
# For each case it copies a fresh minimal root made by debootstrap, puts the working tree into it
# (what git would take, without .venv) and runs `./manage setup`, or a demonstration that it opens
# and stops, or all tests (or `./manage test $WORDS`). Cases, all by default:
#
#   root      root installs by apt
#   sudo      an ordinary user installs through a sudo that asks no password
#   refused   an ordinary user without sudo, and one whom sudo does not know: exit 3, and the
#             message names what to type; after root has typed it, the user's run succeeds
#   pip       uv can't reach its index: pip installs the same lock
#
# It needs root, git and debootstrap, some 3 GB below $BARE (/tmp/bare) and a quarter of an hour; it
# is no part of `./manage test`. Suite, mirror and certificates are those of this machine: apt's
# sources and settings, /etc/pip.conf, and the files that PIP_CERT and SSL_CERT_FILE name are copied
# where they exist, and pip's index and the proxies of the environment are handed on. Every case
# runs in name spaces of its own, so that no mount and no process outlives it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=$(cd "$here/../.." && pwd)
bare=${BARE:-/tmp/bare}
base=$bare/base
handed_on=(PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST PIP_CERT PIP_DEFAULT_TIMEOUT
    SSL_CERT_FILE http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY)

make_base() {
    [ -e "$base/.complete" ] && return
    local suite mirror file
    suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
    mirror=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' | awk -v s="$suite" '$1 == s { print $2; exit }')
    rm -rf "$base"
    mkdir -p "$base"
    debootstrap --variant=minbase --include=python3,python3-pip "$suite" "$base" "$mirror" >"$bare/debootstrap.log"
    cp -a /etc/apt/sources.list* "$base/etc/apt/" 2>/dev/null || true
    # Only what says how to reach the sources; the rest of a machine's apt settings is its own.
    grep -l Acquire /etc/apt/apt.conf.d/* | xargs -r cp -t "$base/etc/apt/apt.conf.d/"
    cp /etc/resolv.conf /etc/hosts "$base/etc/"
    for file in /etc/pip.conf "${PIP_CERT:-}" "${SSL_CERT_FILE:-}"; do
        if [ -f "$file" ]; then install -D -m 644 "$file" "$base$file"; fi
    done
    chroot "$base" useradd --create-home --shell /bin/bash worker
    touch "$base/.complete"
}

# Inside the name spaces: a fresh root with the tree at /home/worker/hall.
enter() {
    root=$bare/$1
    rm -rf --one-file-system "$root"
    cp -a --reflink=auto "$base" "$root"
    mkdir "$root/home/worker/hall"
    git -C "$tree" ls-files -z --cached --others --exclude-standard |
        (cd "$tree" && while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done) |
        tar -C "$tree" --null --files-from=- -c | tar -x -C "$root/home/worker/hall"
    chroot "$root" chown -R worker:worker /home/worker/hall
    mount --rbind /dev "$root/dev"
    mount -t proc proc "$root/proc"
}

# as USER COMMAND: as after a log-in, from another folder than the tree.
as() {
    local user=$1 name
    local -a given=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
        "HOME=$(chroot "$root" sh -c "echo ~$user")")
    shift
    for name in "${handed_on[@]}"; do
        if [ -n "${!name:-}" ]; then given+=("$name=${!name}"); fi
    done
    chroot "--userspec=$user:$user" "$root" env -i "${given[@]}" "${extra[@]}" bash -c "$*" </dev/null
}

# expect STATUS USER COMMAND: run, time, compare the exit status.
expect() {
    local wanted=$1 user=$2 status=0 began=$EPOCHREALTIME
    shift 2
    as "$user" "$@" >"$root.log" 2>&1 || status=$?
    tee -a "$root.full.log" <"$root.log" | tail -n 25 | sed 's/^/    /'
    echo "  $(awk "BEGIN { printf \"%.1f\", $EPOCHREALTIME - $began }") s, exit $status, as $user: ${*%%$'\n'*}"
    [ "$status" -eq "$wanted" ]
}

act() {
    case $mode in
        setup) expect 0 "$1" 'cd / && ~worker/hall/manage setup' ;;
        test) expect 0 "$1" "cd / && ~worker/hall/manage test ${WORDS:-}" ;;
        demo) expect 0 "$1" "$demo" ;;
    esac
}

# Start the demonstration, open the announced address, stop it as Ctrl-C does, and say how long
# the second start takes.
read -r -d '' demo <<'INSIDE' || true
: manage demo, twice
once() {
    local began=$EPOCHREALTIME address
    setsid ~worker/hall/manage demo >/tmp/demo.out 2>/tmp/demo.err &
    local manage=$!
    until grep -q http:// /tmp/demo.out; do
        kill -0 $manage 2>/dev/null || { cat /tmp/demo.err; return 1; }
        sleep 0.1
    done
    echo "answers after $(python3 -c "print(round($EPOCHREALTIME - $began, 1))") s"
    cat /tmp/demo.err /tmp/demo.out
    address=$(grep -o 'http://[0-9.:]*/' /tmp/demo.out)
    python3 -c "import sys, urllib.request as u
page = u.build_opener(u.ProxyHandler({})).open(sys.argv[1]).read().decode()
print(len(page), 'characters'); assert '<h1' in page" "$address"
    # A job in the background of a script ignores INT, as every child that it starts: TERM is as good.
    kill -TERM $manage
    wait $manage
}
cd / && once && once
INSIDE

case_root() {
    act root && expect 0 root '~worker/hall/manage setup'
}

case_sudo() {
    as root 'apt-get -q update && apt-get -q install -y --no-install-recommends sudo' >"$root.log" 2>&1
    echo 'worker ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/worker"
    act worker && expect 0 worker '~/hall/manage setup'
}

case_refused() {
    local command
    expect 3 worker '~/hall/manage setup' || return 1
    [ ! -e "$root/home/worker/hall/.venv" ] || return 1
    command=$(grep -o 'apt-get update && .*' "$root.log")
    as root 'apt-get -q update && apt-get -q install -y --no-install-recommends sudo' >"$root.sudo.log" 2>&1
    expect 3 worker '~/hall/manage setup' || return 1
    expect 0 root "$command" && act worker
}

case_pip() {
    # Port 9 of the loopback discards: nobody listens there.
    extra=(UV_DEFAULT_INDEX=http://127.0.0.1:9/simple UV_HTTP_RETRIES=0)
    expect 0 root '~worker/hall/manage setup' && grep -q pip "$root.log"
}

if [ "${1:-}" = --inside ]; then
    mode=$2 extra=()
    enter "$3"
    "case_$3"
    exit
fi

mode=${1:-setup}
shift || true
cases=("$@")
[ ${#cases[@]} -gt 0 ] || cases=(root sudo refused pip)
mkdir -p "$bare"
make_base
passed=0 failed=0
for name in "${cases[@]}"; do
    echo "== $mode, $name"
    rm -f "$bare/$name".*log
    if unshare --mount --pid --fork --kill-child -- "${BASH_SOURCE[0]}" --inside "$mode" "$name"; then
        passed=$((passed + 1)) && echo "== $name: passed"
    else
        failed=$((failed + 1)) && echo "== $name: FAILED, see $bare/$name.full.log"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
