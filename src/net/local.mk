libaardig_a_SOURCES += \
	include/aardig/net.h
