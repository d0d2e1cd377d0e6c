libaardig_a_SOURCES += \
	include/aardig/message.h \
	include/aardig/gmime-autoptr.h
