libaardig_a_SOURCES += \
	include/aardig/act.h
