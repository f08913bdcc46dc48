# A model of several hosts on one store, drawn at random: make simulate SCHEDULES=1000000 SEED=7.
check_PROGRAMS += tests/simulate/simulate
tests_simulate_simulate_SOURCES = tests/simulate/sim.h tests/simulate/sim_db.c \
  tests/simulate/sim_host.c tests/simulate/sim_peer.c tests/simulate/sim_worker.c \
  tests/simulate/simulate.c
tests_simulate_simulate_LDADD = $(CORE_LDADD)
TESTS += tests/simulate/simulate
EXTRA_DIST += tests/simulate/README

.PHONY: simulate
simulate: tests/simulate/simulate
	tests/simulate/simulate -n "$${SCHEDULES:-1000000}" -s "$${SEED:-1}"
