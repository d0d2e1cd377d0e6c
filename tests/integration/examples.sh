#!/bin/sh
# doc/voorbeelden.md says what the templates say now.
# shellcheck source=tests/integration/lib.sh
. "${srcdir_abs:-.}/tests/integration/lib.sh"

"$tools/examples" >"$base/page" 2>"$base/err"
is "the examples render" 0 $?
is "without remarks" "" "$(cat "$base/err")"
ok "doc/voorbeelden.md is what they say (else: tests/tools/examples >doc/voorbeelden.md)" \
	cmp "$base/page" "$top/doc/voorbeelden.md"

finish
