/* SPDX-License-Identifier: MIT
 * Where scrubbing happens: between SQLite and the files. */
#ifndef KOPPEL_STORE_SCRUB_VFS_H
#define KOPPEL_STORE_SCRUB_VFS_H

/* Name of the SQLite file system on which what is written into a database file goes through
 * scrub_page; everything else is the default one's. NULL: SQLite has no default one. */
const char *scrub_vfs(void);

#endif
