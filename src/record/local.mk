libaardig_a_SOURCES += \
	include/aardig/ledger.h
