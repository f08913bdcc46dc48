/* SPDX-License-Identifier: MIT
 * What goes into the file sealed: texts on their way in, and the words of an outcome as one. */
#ifndef KOPPEL_STORE_SEAL_H
#define KOPPEL_STORE_SEAL_H

#include <stddef.h>

#include "base/err.h"
#include "base/secret.h"

/* A sealed text; data NULL: none. */
struct seal {
    unsigned char *data;
    size_t bytes;
};

/* plain NULL: none. free(out->data) afterwards. */
int seal_text(const struct secret *key, const char *plain, size_t bytes, struct seal *out,
              struct koppel_error *err);

/* What an outcome says in words; each NULL where it says nothing. */
struct seal_words {
    const char *detail, *facts, *brief;
};

/* The words as one text that is sealed; none where all are NULL. */
int seal_words(const struct secret *key, const struct seal_words *w, struct seal *out,
               struct koppel_error *err);
/* Points into what was unsealed (bytes long, NUL-terminated); NULL gives none. */
struct seal_words seal_words_of(const char *plain, size_t bytes);

#endif
