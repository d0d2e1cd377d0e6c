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
# What make install puts below $(pkgdatadir) and $(docdir)/examples, the units and the completion.

# Rule packs, coach packs, data and the demo's mails: whole trees. They are walked when make runs, so
# a new pack needs no line here.
conf_trees = rules coach data demo

exampledir = $(docdir)/examples
dist_example_DATA = \
	conf/aardig.conf \
	conf/examples/dovecot.conf \
	conf/examples/gmail.conf \
	conf/examples/microsoft365.conf \
	conf/examples/hoster.conf \
	conf/examples/delivery.conf

completiondir = $(datadir)/bash-completion/completions
dist_completion_DATA = conf/completion/aardig

units = conf/systemd/aardig.service conf/systemd/aardig-once.service
EXTRA_DIST += \
	conf/systemd/aardig.service.in \
	conf/systemd/aardig-once.service.in \
	conf/systemd/aardig.sysusers
CLEANFILES += $(units)

# Not by config.status: $(bindir) is known to make only.
fill_in = sed -e 's|@bindir[@]|$(bindir)|g'

conf/systemd/aardig.service: conf/systemd/aardig.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) conf/systemd && \
		$(fill_in) '$(srcdir)/conf/systemd/aardig.service.in' > $@.new && mv $@.new $@
conf/systemd/aardig-once.service: conf/systemd/aardig-once.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) conf/systemd && \
		$(fill_in) '$(srcdir)/conf/systemd/aardig-once.service.in' > $@.new && mv $@.new $@

if INSTALL_UNITS
systemdunit_DATA = $(units)
dist_systemdunit_DATA = conf/systemd/aardig-once.timer
sysusersdir = $(prefix)/lib/sysusers.d
else
noinst_DATA = $(units)
endif

list_trees = cd '$(srcdir)/conf' && for tree in $(conf_trees); do \
	test ! -d $$tree || find $$tree -type f ! -name '.*' ! -name '*~' -print; done | LC_ALL=C sort

dist-hook: dist-trees
dist-trees:
	@($(list_trees)) | while read -r file; do \
		$(MKDIR_P) "$(distdir)/conf/$${file%/*}" && \
		cp -p "$(srcdir)/conf/$$file" "$(distdir)/conf/$$file" || exit 1; \
	done

install-data-local: install-trees install-sysusers
uninstall-local: uninstall-trees uninstall-sysusers

install-trees:
	@($(list_trees)) | while read -r file; do \
		$(MKDIR_P) "$(DESTDIR)$(pkgdatadir)/$${file%/*}" && \
		$(INSTALL_DATA) "$(srcdir)/conf/$$file" "$(DESTDIR)$(pkgdatadir)/$$file" || exit 1; \
	done
uninstall-trees:
	@($(list_trees)) | while read -r file; do rm -f "$(DESTDIR)$(pkgdatadir)/$$file"; done
	@for tree in $(conf_trees); do \
		test ! -d "$(DESTDIR)$(pkgdatadir)/$$tree" || \
			find "$(DESTDIR)$(pkgdatadir)/$$tree" -depth -type d -empty -exec rmdir {} \; ; \
	done

if INSTALL_UNITS
install-sysusers:
	@$(MKDIR_P) "$(DESTDIR)$(sysusersdir)"
	$(AM_V_at)$(INSTALL_DATA) '$(srcdir)/conf/systemd/aardig.sysusers' "$(DESTDIR)$(sysusersdir)/aardig.conf"
uninstall-sysusers:
	rm -f "$(DESTDIR)$(sysusersdir)/aardig.conf"
else
install-sysusers:
uninstall-sysusers:
endif
.PHONY: dist-trees install-trees uninstall-trees install-sysusers uninstall-sysusers
