libaardig_a_SOURCES += \
	include/aardig/words.h \
	include/aardig/coach.h
