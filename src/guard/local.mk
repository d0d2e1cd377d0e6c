libaardig_a_SOURCES += \
	include/aardig/guard.h
