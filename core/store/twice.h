/* SPDX-License-Identifier: MIT
 * Which texts of a list stand in it before. */
#ifndef KOPPEL_STORE_TWICE_H
#define KOPPEL_STORE_TWICE_H

#include <stdbool.h>

/* again[i]: texts[i] stands before i too. text gives the i-th of list. -1: no memory. */
int twice_mark(const void *list, int count, const char *(*text)(const void *list, int i),
               bool *again);

#endif
