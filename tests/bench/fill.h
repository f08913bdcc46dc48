/* SPDX-License-Identifier: MIT
 * A store of many jobs, made quickly: three flows (orders with 16 partitions, customers and stock
 * with 4 each), one job in ten parked, for a hundred causes. */
#ifndef KOPPEL_BENCH_FILL_H
#define KOPPEL_BENCH_FILL_H

#include "store/store.h"

/* So many jobs (of hundreds) into a store that is open as an engine opens it. Ends the program
 * where that fails. */
void fill_store(struct store *into, int jobs);

#endif
