# Build options of aardig: each flag is tried before it is used.

# AARDIG_TRY_FLAG(VARIABLE, FLAG): append FLAG to VARIABLE if compiler and linker take it.
AC_DEFUN([AARDIG_TRY_FLAG], [
	AC_MSG_CHECKING([whether $CC takes $2])
	aardig_save_cflags=$CFLAGS
	CFLAGS="$CFLAGS -Werror $2"
	AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
		[AC_MSG_RESULT([yes]); $1="$$1 $2"], [AC_MSG_RESULT([no])])
	CFLAGS=$aardig_save_cflags
])

AC_DEFUN([AARDIG_OPTIONS], [
	AC_ARG_ENABLE([sanitizers],
		[AS_HELP_STRING([--enable-sanitizers], [AddressSanitizer and UBSan, ending at the first error])],
		[], [enable_sanitizers=no])
	AC_ARG_ENABLE([fuzzing],
		[AS_HELP_STRING([--enable-fuzzing], [libFuzzer targets (needs clang); implies sanitizers])],
		[], [enable_fuzzing=no])
	AC_ARG_ENABLE([coverage],
		[AS_HELP_STRING([--enable-coverage], [gcov counters])], [], [enable_coverage=no])
	AC_ARG_ENABLE([hardening],
		[AS_HELP_STRING([--disable-hardening], [leave hardening flags to the packager])],
		[], [enable_hardening=yes])

	BUILD_FLAGS=
	AS_IF([test "$enable_fuzzing" = yes], [enable_sanitizers=yes
		BUILD_FLAGS="$BUILD_FLAGS -fsanitize=fuzzer-no-link"
		AC_SUBST([FUZZ_ENGINE], [-fsanitize=fuzzer])])
	AS_IF([test "$enable_sanitizers" = yes], [enable_hardening=no
		BUILD_FLAGS="$BUILD_FLAGS -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"])
	AS_IF([test "$enable_coverage" = yes], [BUILD_FLAGS="$BUILD_FLAGS --coverage"])
	AC_SUBST([BUILD_FLAGS])
	AM_CONDITIONAL([FUZZING], [test "$enable_fuzzing" = yes])
	AM_CONDITIONAL([SANITIZERS], [test "$enable_sanitizers" = yes])
])

AC_DEFUN([AARDIG_WARNINGS], [
	WARN_FLAGS=
	for flag in -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes \
		-Wformat=2 -Wvla -Wundef -Wwrite-strings -Wno-unused-parameter -Wno-missing-field-initializers
	do
		AARDIG_TRY_FLAG([WARN_FLAGS], [$flag])
	done
	AC_SUBST([WARN_FLAGS])
])

AC_DEFUN([AARDIG_HARDENING], [
	HARDEN_CFLAGS= HARDEN_LDFLAGS=
	AS_IF([test "$enable_hardening" = yes], [
		dnl -fno-plt: with -z now all symbols are bound at the start anyway, so that calls into libraries
		dnl need no jump in between; 3 % of the time of a mail.
		for flag in -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE -fno-plt; do
			AARDIG_TRY_FLAG([HARDEN_CFLAGS], [$flag])
		done
		AS_CASE([$CFLAGS], [*-O0*], [], [*-O*], [HARDEN_CFLAGS="$HARDEN_CFLAGS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"])
		for flag in -pie -Wl,-z,relro -Wl,-z,now; do
			AARDIG_TRY_FLAG([HARDEN_LDFLAGS], [$flag])
		done
	])
	AC_SUBST([HARDEN_CFLAGS])
	AC_SUBST([HARDEN_LDFLAGS])
])
