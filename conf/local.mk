# what make install puts below $(pkgdatadir) and $(docdir)/examples

# Word lists beside the rule packs: languages, names, labels of order numbers.
ruleslistsdir = $(pkgdatadir)/rules
dist_ruleslists_DATA = conf/rules/facts.txt conf/rules/names.txt
ruleslanguagedir = $(pkgdatadir)/rules/language
dist_ruleslanguage_DATA = \
	conf/rules/language/nl.txt \
	conf/rules/language/en.txt \
	conf/rules/language/de.txt \
	conf/rules/language/fr.txt \
	conf/rules/language/other.txt
dataconfdir = $(pkgdatadir)/data
dist_dataconf_DATA = conf/data/mail-providers.txt
