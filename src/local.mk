# All objects but main.c and cli/ are in libaardig.a, which the tests link.
aardig_SOURCES = src/main.c
libaardig_a_SOURCES =
include src/base/local.mk
include src/settings/local.mk
include src/net/local.mk
include src/source/local.mk
include src/message/local.mk
include src/guard/local.mk
include src/classify/local.mk
include src/decide/local.mk
include src/words/local.mk
include src/act/local.mk
include src/record/local.mk
include src/cli/local.mk

libaardig_a_SOURCES += src/pipeline.c
libaardig_a_SOURCES += src/history.c
libaardig_a_SOURCES += src/observe.c
libaardig_a_SOURCES += include/aardig/pipeline.h
libaardig_a_SOURCES += src/worker.c
libaardig_a_SOURCES += include/aardig/worker.h
libaardig_a_SOURCES += include/aardig/spool.h
