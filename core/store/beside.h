/* SPDX-License-Identifier: MIT
 * The files of a store: made so that whoever owns the folder can use them. */
#ifndef KOPPEL_STORE_BESIDE_H
#define KOPPEL_STORE_BESIDE_H

#include "base/err.h"

/* Opens path for reading and writing, makes it where it is not there (mode 0600). Where root does
 * that, the file takes owner and group of its folder, so that a service user can open it later.
 * *fd is the caller's. */
int beside_make(const char *path, int *fd, struct koppel_error *err);
/* Waits until the folder of path has its new entry on the disk. */
int beside_sync_folder(const char *path, struct koppel_error *err);

#endif
