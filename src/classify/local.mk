libaardig_a_SOURCES += \
	include/aardig/rules.h \
	include/aardig/classify.h
