/* SPDX-License-Identifier: MIT
 * What SQLite leaves in the unused part of a page.
 *
 * secure_delete overwrites what is deleted, but where SQLite rebuilds a page (it splits one, or
 * merges two) copies of what stood there before stay in the gap between its cell pointers and its
 * cells, for as long as the page lives: a record that was erased later is left there. */
#ifndef KOPPEL_STORE_SCRUB_H
#define KOPPEL_STORE_SCRUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Overwrites the gap of a page of a table or an index, as it goes into the file; any other page
 * (overflow, free, pointer map), and one that does not look sound, is left alone. number: from 1.
 * bytes: of the page, 512 to 65536. true: something was there. */
bool scrub_page(unsigned char *page, size_t bytes, int64_t number);

#endif
