/* SPDX-License-Identifier: MIT
 * The nearest right name for one that is wrong, for messages: "did you mean ...?" */
#ifndef KOPPEL_BASE_NEAREST_H
#define KOPPEL_BASE_NEAREST_H

/* The nearest of the names (edit distance at most a third of the length; NULL entries are passed
 * over), or NULL. Borrowed from names. */
const char *nearest_name(const char *name, const char *const *names, int count);

#endif
