libaardig_a_SOURCES += \
	include/aardig/message.h
