libaardig_a_SOURCES += \
	include/aardig/act.h
libaardig_a_SOURCES += src/act/outgoing.c
libaardig_a_SOURCES += src/act/act.c
libaardig_a_SOURCES += src/act/compose.c
libaardig_a_SOURCES += src/act/effects.c
libaardig_a_SOURCES += src/act/effects-dry.c
libaardig_a_SOURCES += src/act/facts.c
libaardig_a_SOURCES += src/act/operator.c
libaardig_a_SOURCES += src/act/spawn.c
libaardig_a_SOURCES += src/act/act-private.h
libaardig_a_SOURCES += src/act/set-aside.c
