# The reading of a mail: glue, language, facts.
libaardig_a_SOURCES += \
	src/classify/classify-private.h \
	src/classify/classify.c \
	src/classify/evidence.c \
	src/classify/facts-date.c \
	src/classify/facts-first.c \
	src/classify/facts-misc.c \
	src/classify/facts-name.c \
	src/classify/facts-name.h \
	src/classify/facts-names.c \
	src/classify/facts-number.c \
	src/classify/facts-order.c \
	src/classify/facts-order.h \
	src/classify/facts-other.c \
	src/classify/facts-private.h \
	src/classify/facts-read.c \
	src/classify/facts-safe.c \
	src/classify/language.c \
	src/classify/language.h \
	src/classify/lexicon.c \
	src/classify/lexicon.h

libaardig_a_SOURCES += \
	include/aardig/rules.h \
	include/aardig/classify.h \
	src/classify/tokens.h \
	src/classify/tokens-private.h \
	src/classify/tokens.c \
	src/classify/faces.c \
	src/classify/forms.c \
	src/classify/image.h \
	src/classify/image.c \
	src/classify/phrase.h \
	src/classify/phrase.c \
	src/classify/build.h \
	src/classify/build-private.h \
	src/classify/build.c \
	src/classify/hints.h \
	src/classify/hints.c \
	src/classify/hintfile.c \
	src/classify/layout.c \
	src/classify/sources.h \
	src/classify/sources.c \
	src/classify/load.h \
	src/classify/conf.c \
	src/classify/syntax.c \
	src/classify/labels.c \
	src/classify/rulefile.c \
	src/classify/load.c \
	src/classify/compile.c \
	src/classify/regex.h \
	src/classify/regex.c \
	src/classify/run.h \
	src/classify/lookup.c \
	src/classify/verify.c \
	src/classify/match.c \
	src/classify/score.c \
	src/classify/engine.h \
	src/classify/engine.c \
	src/classify/signals.c \
	src/classify/whynot.c \
	src/classify/examples.c \
	src/classify/cache.h \
	src/classify/lists.h \
	src/classify/lists.c \
	src/classify/cache.c
