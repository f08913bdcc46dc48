/* SPDX-License-Identifier: MIT
 * What goes into the file sealed. */
#include "store/seal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 3

int seal_text(const struct secret *key, const char *plain, size_t bytes, struct seal *out,
              struct koppel_error *err)
{
    *out = (struct seal){0};
    if (!plain)
        return 0;
    out->data = malloc(bytes + SECRET_SEAL_OVERHEAD);
    if (!out->data)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    out->bytes = bytes + SECRET_SEAL_OVERHEAD;
    secret_seal(key, plain, bytes, out->data);
    return 0;
}

/* Each word is '+', its text and a NUL; '-' and a NUL where there is none. */
int seal_words(const struct secret *key, const struct seal_words *w, struct seal *out,
               struct koppel_error *err)
{
    const char *const all[WORDS] = {w->detail, w->facts, w->brief};
    size_t bytes = 0, at = 0;
    *out = (struct seal){0};
    if (!w->detail && !w->facts && !w->brief)
        return 0;
    for (int i = 0; i < WORDS; i++)
        bytes += 2 + (all[i] ? strlen(all[i]) : 0);
    char *plain = malloc(bytes);
    if (!plain)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    for (int i = 0; i < WORDS; i++) {
        size_t n = all[i] ? strlen(all[i]) : 0;
        plain[at] = all[i] ? '+' : '-';
        if (n)
            memcpy(plain + at + 1, all[i], n);
        plain[at + 1 + n] = '\0';
        at += n + 2;
    }
    int rc = seal_text(key, plain, bytes, out, err);
    sodium_memzero(plain, bytes);
    free(plain);
    return rc;
}

struct seal_words seal_words_of(const char *plain, size_t bytes)
{
    const char *all[WORDS] = {NULL};
    size_t at = 0;
    for (int i = 0; plain && i < WORDS && at < bytes; i++) {
        all[i] = plain[at] == '+' ? plain + at + 1 : NULL;
        at += strlen(plain + at) + 1;
    }
    return (struct seal_words){all[0], all[1], all[2]};
}
