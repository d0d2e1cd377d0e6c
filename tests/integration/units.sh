#!/bin/sh
# The systemd units are sound, hardened, and name what is installed.
# shellcheck source=tests/integration/lib.sh
. "${srcdir_abs:-.}/tests/integration/lib.sh"

command -v systemd-analyze >/dev/null 2>&1 || skip_all "no systemd-analyze"

for unit in aardig aardig-once; do
	# As they would be installed; the program itself need not be there.
	sed -e "s|@bindir@/aardig|/bin/true|; s|@bindir@|/usr/bin|" \
		-e '/^Documentation=/d' "$top/conf/systemd/$unit.service.in" >"$base/$unit.service"
	is "$unit.service: nothing left to fill in" "" "$(grep '@[a-z]*@' "$base/$unit.service")"
	is "$unit.service is sound" "" "$(systemd-analyze verify "$base/$unit.service" 2>&1 | grep -F "$unit")"
	exposure=$(systemd-analyze security --offline=yes --no-pager "$base/$unit.service" 2>/dev/null |
		sed -n 's/.*exposure level for [^:]*: \([0-9.]*\).*/\1/p')
	ok "$unit.service: exposure $exposure is below 2" awk "BEGIN { exit !(\"$exposure\" != \"\" && \"$exposure\" + 0 < 2) }"
done
sed '/^Documentation=/d' "$top/conf/systemd/aardig-once.timer" >"$base/aardig-once.timer"
is "aardig-once.timer is sound" "" \
	"$(systemd-analyze verify "$base/aardig-once.timer" "$base/aardig-once.service" 2>&1 | grep -F aardig-once)"
ok "the units start with the same hardening" test \
	"$(sed -n '/^StateDirectory=/,/^UMask/p' "$base/aardig.service")" = \
	"$(sed -n '/^StateDirectory=/,/^UMask/p' "$base/aardig-once.service")"
ok "the user of the units is made by sysusers" grep -q '^u aardig ' "$top/conf/systemd/aardig.sysusers"
finish
