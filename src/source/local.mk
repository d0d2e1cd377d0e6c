libaardig_a_SOURCES += \
	include/aardig/source.h
libaardig_a_SOURCES += src/source/spool.c
