libaardig_a_SOURCES += \
	include/aardig/settings.h
