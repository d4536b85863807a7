# Sourced by the setup scripts: where things go, and one way to run a long command.
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
setup=$project/target/setup
mkdir -p "$setup"

fail() {
	printf '\nerror: %s\n' "$1" >&2
	exit 1
}

# step "what is being done" command…
# Runs the command quietly and keeps its output in a log, which is shown only when the command fails; then the script ends.
# (So it is never called as part of a condition: there, bash would go on after an error inside the command.)
# A terminal sees the seconds tick; a log file gets a line at the start, every half minute and at the end.
step() {
	local what=$1 log=$setup/$BASHPID.log started=$SECONDS said=0 status=0
	shift
	"$@" >"$log" 2>&1 </dev/null &
	local pid=$!
	[ -t 1 ] || printf '· %s …\n' "$what"
	while kill -0 "$pid" 2>/dev/null; do
		if [ -t 1 ]; then
			printf '\r· %s … %s s ' "$what" $((SECONDS - started))
		elif [ $((SECONDS - started - said)) -ge 30 ]; then
			said=$((SECONDS - started))
			printf '    still at it, %s s\n' "$said"
		fi
		sleep 0.2
	done
	wait "$pid" || status=$?
	[ ! -t 1 ] || printf '\r\e[K'
	if [ "$status" != 0 ]; then
		printf '✗ %s: failed after %s s\n' "$what" $((SECONDS - started))
		tail -n 40 "$log" >&2
		exit "$status"
	fi
	printf '✓ %s (%s s)\n' "$what" $((SECONDS - started))
	rm -f "$log"
}
