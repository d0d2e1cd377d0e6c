libaardig_a_SOURCES += \
	include/aardig/decide.h
