# Flow tests: the real flow code between a fake source and a fake destination.
FLOW_TESTS = tests/flow/test_table tests/flow/test_schedules
FLOW_WORLD = tests/flow/peer.c tests/flow/peer.h tests/flow/world.c tests/flow/world.h tests/flow/world_end.c \
  tests/flow/world_gate.c tests/flow/world_judge.c tests/flow/world_parts.h tests/flow/world_site.c
if HAVE_CHECK
FLOW_TESTS += tests/flow/test_cases
endif
check_PROGRAMS += $(FLOW_TESTS)
tests_flow_test_table_SOURCES = tests/flow/test_table.c $(FLOW_WORLD)
tests_flow_test_table_LDADD = $(CORE_LDADD) $(SQLITE_LIBS)
tests_flow_test_schedules_SOURCES = tests/flow/test_schedules.c $(FLOW_WORLD)
tests_flow_test_schedules_LDADD = $(CORE_LDADD) $(SQLITE_LIBS)
tests_flow_test_cases_SOURCES = tests/flow/test_cases.c $(FLOW_WORLD)
tests_flow_test_cases_LDADD = $(CORE_LDADD) $(CHECK_LIBS) $(SQLITE_LIBS)
TESTS += $(FLOW_TESTS) tests/flow/ablate.py

# How this build compiles and links, for the mutants of ablate.py.
tests/flow/flags: Makefile
	@$(MKDIR_P) tests/flow
	@{ echo 'CC=$(CC)'; echo 'CPPFLAGS=$(DEFS) -I. $(AM_CPPFLAGS) $(CHECK_CFLAGS) $(CPPFLAGS)'; \
	  echo 'CFLAGS=$(AM_CFLAGS) $(CFLAGS) -pthread'; echo 'LDFLAGS=$(AM_LDFLAGS) $(LDFLAGS)'; \
	  echo 'LIBS=$(CORE_LDADD) $(CHECK_LIBS)'; } > $@
check_DATA += tests/flow/flags
CLEANFILES += tests/flow/flags
EXTRA_DIST += tests/flow/README tests/flow/ablate.py tests/flow/mutants.py \
  tests/flow/schedules/model.txt tests/flow/schedules/own.txt

# The whole table, every rule taken out, and every other mutant.
.PHONY: check-ablate
check-ablate: $(FLOW_TESTS) tests/flow/flags
	tests/flow/test_table -a
	KOPPEL_BUILD_DIR='$(abs_top_builddir)' srcdir='$(srcdir)' python3 $(srcdir)/tests/flow/ablate.py --all
