#!/bin/sh
# Around rustc: counts edges, for libFuzzer, in what is ours. Cargo calls it with rustc and its arguments.
rustc=$1
shift
case " $* " in
*" --crate-name build_script_build "*) ;;
*" --crate-name fuzz"* | *" --crate-name prosody_"* | *" --crate-name e2ee "* | *" --crate-name recognition "*)
	set -- "$@" --cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
		-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
		-Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1
	;;
esac
exec "$rustc" "$@"
