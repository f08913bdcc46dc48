/* SPDX-License-Identifier: MIT
 * The difference of two texts by lines, as `diff -u` shows it and `patch` takes it. */
#ifndef KOPPEL_BASE_DIFFER_H
#define KOPPEL_BASE_DIFFER_H

/* "" where they are the same. old or new may be NULL: there is no such file. name is how the file
 * is called, without a/ and b/ before it. NULL: no memory. The caller frees it. */
char *differ_unified(const char *old, const char *new, const char *name);

#endif
