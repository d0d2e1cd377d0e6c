libaardig_a_SOURCES += \
	include/aardig/decide.h
libaardig_a_SOURCES += src/decide/decide.c
libaardig_a_SOURCES += src/decide/reasons.c
libaardig_a_SOURCES += src/decide/calendar.c src/decide/holidays.c
