libaardig_a_SOURCES += \
	include/aardig/source.h
