#!/bin/sh
# The manual pages are sound mdoc, and aardig(1) has every command of --help.
# shellcheck source=tests/integration/lib.sh
. "${srcdir_abs:-.}/tests/integration/lib.sh"

for page in "$top"/doc/*.[1-9]; do
	name=${page##*/}
	if command -v mandoc >/dev/null 2>&1; then
		# Our own pages are not in the database of manuals yet; how long a line of their source is
		# nobody sees.
		is "$name: mandoc finds nothing" "" \
			"$(mandoc -T lint "$page" 2>&1 | grep -v -e 'referenced manual not found' \
				-e 'outdated mandoc.db' -e 'input text line longer')"
	else
		echo "# no mandoc"
	fi
	is "$name: no trailing blanks" "" "$(grep -n ' $' "$page")"
done
for command in $("$aardig" --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
	ok "aardig(1) has $command" grep -q "^\.It Cm $command\( \|\$\)" "$top/doc/aardig.1"
done
finish
