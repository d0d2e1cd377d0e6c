libaardig_a_SOURCES += \
	include/aardig/act.h
libaardig_a_SOURCES += src/act/outgoing.c
