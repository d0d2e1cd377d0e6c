# Unit tests: one Check program per module, tests/unit/test_<module>.c; add a UNIT_TESTS line.
# They speak TAP, so every case shows in make check.
UNIT_TESTS = tests/unit/test_base
UNIT_TESTS += tests/unit/test_settings

if HAVE_CHECK
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif

AM_TESTS_ENVIRONMENT = \
	CK_TAP_LOG_FILE_NAME=-; export CK_TAP_LOG_FILE_NAME; \
	CK_VERBOSITY=silent; export CK_VERBOSITY; \
	CK_DEFAULT_TIMEOUT=60; export CK_DEFAULT_TIMEOUT; \
	AARDIG_DATADIR='$(abs_top_srcdir)/conf'; export AARDIG_DATADIR; \
	AARDIG_TEMPLATEDIR='$(abs_top_srcdir)/templates'; export AARDIG_TEMPLATEDIR; \
	srcdir_abs='$(abs_top_srcdir)'; export srcdir_abs; \
	builddir_abs='$(abs_top_builddir)'; export builddir_abs;
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh --comments
SH_LOG_DRIVER = $(LOG_DRIVER)
TEST_EXTENSIONS = .sh

EXTRA_DIST += tests/unit/unit.h
