# Unit tests: one Check program per module, tests/unit/test_<module>.c; add a UNIT_TESTS line.
# They speak TAP, so every case shows in make check.
UNIT_TESTS = tests/unit/test_base
UNIT_TESTS += tests/unit/test_guard tests/unit/test_guard_edges
UNIT_TESTS += tests/unit/test_needles tests/unit/test_plain tests/unit/test_message tests/unit/test_lines tests/unit/test_hostile tests/unit/test_mails
UNIT_TESTS += tests/unit/test_calendar tests/unit/test_template tests/unit/test_words tests/unit/test_words_safe \
	tests/unit/test_words_reply tests/unit/test_words_coach
UNIT_TESTS += tests/unit/test_settings tests/unit/test_settings_files tests/unit/test_settings_errors
UNIT_TESTS += tests/unit/test_ledger tests/unit/test_ledger_claims tests/unit/test_ledger_read \
	tests/unit/test_ledger_store tests/unit/test_ledger_busy tests/unit/test_ledger_crash \
	tests/unit/test_ledger_threads tests/unit/test_ledger_time
UNIT_TESTS += tests/unit/test_tokens tests/unit/test_match tests/unit/test_rules tests/unit/test_hints tests/unit/test_perturb
UNIT_TESTS += tests/unit/test_imap tests/unit/test_imap_folders tests/unit/test_smtp
UNIT_TESTS += tests/unit/test_source tests/unit/test_source_maildir tests/unit/test_source_imap
UNIT_TESTS += tests/unit/test_classify tests/unit/test_facts tests/unit/test_facts_forms tests/unit/test_language
UNIT_TESTS += tests/unit/test_coach tests/unit/test_coach_texts

# Fuzz targets: tests/fuzz/fuzz_<name>.c with seeds in tests/fuzz/corpus/<name>/; add a FUZZ_TARGETS
# line. In make check each replays its corpus; with --enable-fuzzing it is a libFuzzer program.
FUZZ_TARGETS =
FUZZ_TARGETS += tests/fuzz/fuzz_settings
FUZZ_TARGETS += tests/fuzz/fuzz_imap tests/fuzz/fuzz_smtp
FUZZ_TARGETS += tests/fuzz/fuzz_rules tests/fuzz/fuzz_match tests/fuzz/fuzz_hints
FUZZ_TARGETS += tests/fuzz/fuzz_facts
FUZZ_TARGETS += tests/fuzz/fuzz_message tests/fuzz/fuzz_html tests/fuzz/fuzz_address
FUZZ_TARGETS += tests/fuzz/fuzz_template
FUZZ_TARGETS += tests/fuzz/fuzz_auth_results tests/fuzz/fuzz_guard

# Programs the integration tests need: an SMTP server that fails on demand, net/ by hand.
check_PROGRAMS += tests/tools/smtp-sink tests/tools/net-probe tests/tools/relay
check_PROGRAMS += tests/tools/examples tests/tools/source-probe

# Shell tests against real servers, tests/integration/<name>.sh; add an INTEGRATION_TESTS line.
INTEGRATION_TESTS =
INTEGRATION_TESTS += tests/integration/preview.sh tests/integration/wrong.sh tests/integration/examples.sh
INTEGRATION_TESTS += tests/integration/net.sh tests/integration/classify.sh
INTEGRATION_TESTS += tests/integration/source.sh
INTEGRATION_TESTS += tests/integration/check.sh tests/integration/completion.sh \
	tests/integration/units.sh tests/integration/manuals.sh

if HAVE_CHECK
if !FUZZING
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif
endif

AM_TESTS_ENVIRONMENT = \
	CK_TAP_LOG_FILE_NAME=-; export CK_TAP_LOG_FILE_NAME; \
	CK_VERBOSITY=silent; export CK_VERBOSITY; \
	CK_DEFAULT_TIMEOUT=600; export CK_DEFAULT_TIMEOUT; \
	AARDIG_DATADIR='$(abs_top_srcdir)/conf'; export AARDIG_DATADIR; \
	AARDIG_TEMPLATEDIR='$(abs_top_srcdir)/templates'; export AARDIG_TEMPLATEDIR; \
	srcdir_abs='$(abs_top_srcdir)'; export srcdir_abs; \
	builddir_abs='$(abs_top_builddir)'; export builddir_abs;
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh --comments
SH_LOG_DRIVER = $(LOG_DRIVER)
SH_LOG_COMPILER = $(SHELL)
TEST_EXTENSIONS = .sh

EXTRA_DIST += tests/unit/unit.h tests/integration/lib.sh tests/integration/shop.sh tests/integration/ports.sh
EXTRA_DIST += tests/unit/words_fixture.h tests/unit/net_fixture.h tests/unit/memory_stream.h tests/unit/source_fixture.h \
	tests/unit/coach_fixture.h

if FUZZING
noinst_PROGRAMS += $(FUZZ_TARGETS)
else
check_PROGRAMS += $(FUZZ_TARGETS)
TESTS += $(FUZZ_TARGETS)
endif
# LDADD (Makefile.am) gives every target a main(): this one, or libFuzzer's.
check_LIBRARIES = libreplay.a
libreplay_a_SOURCES = tests/fuzz/replay.c

TESTS += $(INTEGRATION_TESTS)
EXTRA_DIST += $(INTEGRATION_TESTS) tests/fuzz/corpus tests/corpus tests/data

# The quick, in-process part: what runs again under the sanitizers.
check-sanitized:
	$(MAKE) check TESTS='$(UNIT_TESTS) $(FUZZ_TARGETS)'

# One minute each; needs a build configured with CC=clang --enable-fuzzing.
FUZZ_SECONDS = 60
fuzz-smoke: $(FUZZ_TARGETS)
	@for target in $(FUZZ_TARGETS); do \
		name=$${target##*/fuzz_}; mkdir -p fuzz-work/$$name; echo "== $$target"; \
		./$$target -max_total_time=$(FUZZ_SECONDS) -rss_limit_mb=1024 -timeout=10 -print_final_stats=1 \
			fuzz-work/$$name '$(srcdir)'/tests/fuzz/corpus/$$name || exit 1; \
	done
.PHONY: check-sanitized fuzz-smoke
EXTRA_DIST += tests/unit/ledger_fixture.h tests/unit/rules_fixture.h tests/fuzz/rules_text.h

# The whole program with fault points armed; see tests/tools/fault-hook.c.
check_PROGRAMS += tests/tools/aardig-faults
tests_tools_aardig_faults_SOURCES = $(aardig_SOURCES) tests/tools/fault-hook.c
tests_tools_aardig_faults_LDADD = $(aardig_LDADD)

tests_unit_test_guard_SOURCES = tests/unit/test_guard.c tests/unit/guard_fixture.h \
	tests/unit/guard-cases.h \
	tests/unit/guard-cases-auth.h \
	tests/unit/guard-cases-form.h \
	tests/unit/guard-cases-machine.h \
	tests/unit/guard-cases-recipient.h \
	tests/unit/guard-cases-sender.h \
	tests/unit/guard-cases-spam.h \
	tests/unit/guard-cases-subject.h
tests_unit_test_guard_edges_SOURCES = tests/unit/test_guard_edges.c tests/unit/guard_fixture.h
INTEGRATION_TESTS += tests/integration/main.sh
INTEGRATION_TESTS += tests/integration/crash.sh
INTEGRATION_TESTS += tests/integration/many.sh
INTEGRATION_TESTS += tests/integration/status.sh

# Benchmarks: ratios side by side in one run; built and run by `make bench` only. Programs take the folder of
# rules; scripts run against real servers. Add a BENCHES or BENCH_SHELL line.
BENCHES = tests/bench/bench_match
BENCHES += tests/bench/bench_classify
BENCH_HELPERS = tests/bench/bench_spawn tests/bench/bench_gmime tests/bench/bench_net
tests_bench_bench_net_LDADD = $(aardig_LDADD) $(CURL_LIBS)
BENCH_SHELL = tests/bench/delivery.sh
BENCH_SHELL += tests/bench/imap.sh
EXTRA_PROGRAMS += $(BENCHES) $(BENCH_HELPERS)
EXTRA_DIST += $(BENCH_SHELL) tests/bench/bench.h tests/tools/probe.h
bench: $(BENCHES) $(BENCH_HELPERS) aardig $(check_PROGRAMS)
BENCHES += tests/bench/bench_message
EXTRA_PROGRAMS += $(BENCHES)
bench: $(BENCHES)
	@$(AM_TESTS_ENVIRONMENT) for bench in $(BENCHES); do \
		echo "== $$bench"; \
		./$$bench '$(abs_top_srcdir)/conf/rules' || exit 1; \
	done
	@$(AM_TESTS_ENVIRONMENT) for bench in $(BENCH_SHELL); do \
		echo "== $$bench"; sh '$(abs_top_srcdir)'/$$bench || exit 1; \
	done
.PHONY: bench
INTEGRATION_TESTS += tests/integration/delivery.sh
INTEGRATION_TESTS += tests/integration/postfix.sh
INTEGRATION_TESTS += tests/integration/quality.sh
INTEGRATION_TESTS += tests/integration/imap-drop.sh

# Fits the points of conf/*/*/words.hints anew: after a pack or a corpus has changed.
EXTRA_PROGRAMS += tests/tools/fit-hints
tests_tools_fit_hints_SOURCES = tests/tools/fit-hints.c tests/tools/fit-hints.h tests/tools/fit-data.c \
	tests/tools/fit-model.c src/cli/corpus.c
tests_tools_fit_hints_LDADD = $(aardig_LDADD) -lm
HINT_TUNED = dev ext more-nl more-en more-de more-fr
HINT_SENTENCES = sentences-nl sentences-en sentences-de sentences-fr
HINT_UNSEEN = blind learn-nl learn-en learn-de learn-fr
COACH_TUNED = coach-nl coach-en coach-more-nl coach-more-en coach-shipped-nl coach-shipped-en
COACH_UNSEEN = coach-learn-nl coach-learn-en
hints: tests/tools/fit-hints$(EXEEXT)
	cd '$(srcdir)' && AARDIG_DATADIR=conf '$(abs_builddir)/tests/tools/fit-hints' conf/rules \
		--tuned $(HINT_TUNED:%=tests/corpus/%.jsonl) \
		--sentences $(HINT_SENTENCES:%=tests/corpus/%.jsonl) \
		--unseen $(HINT_UNSEEN:%=tests/corpus/%.jsonl)
	cd '$(srcdir)' && AARDIG_DATADIR=conf '$(abs_builddir)/tests/tools/fit-hints' conf/coach \
		--tuned $(COACH_TUNED:%=tests/corpus/%.jsonl) \
		--unseen $(COACH_UNSEEN:%=tests/corpus/%.jsonl)
.PHONY: hints
INTEGRATION_TESTS += tests/integration/observe.sh
INTEGRATION_TESTS += tests/integration/smtp-tls.sh
INTEGRATION_TESTS += tests/integration/operator.sh
