/* SPDX-License-Identifier: MIT
 * The witness: a small file beside the store's that tells which store it is and how often it has
 * committed. A store that is behind it was put back from a backup. */
#ifndef KOPPEL_STORE_WITNESS_H
#define KOPPEL_STORE_WITNESS_H

#include <stdint.h>

#include "base/err.h"
#include "store/store.h"

struct witness {
    char id[STORE_ID_BYTES];
    int64_t commits;
};

/* 1; 0: there is none, or it is unreadable; -1 and err. */
int witness_read(const char *path, struct witness *out, struct koppel_error *err);
/* Opens it for writing, makes it where it is not there, and brings it to the disk with this
 * content. *fd is the caller's. */
int witness_make(const char *path, const struct witness *w, int *fd, struct koppel_error *err);
/* Writes it where it stands, without waiting for the disk: the store's own commit has waited, and a
 * witness that is behind says nothing wrong. */
void witness_write(int fd, const struct witness *w);

#endif
