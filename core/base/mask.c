/* SPDX-License-Identifier: MIT
 * How secrets stay out of every text: a register of values that are replaced by "****". */
#include "base/mask.h"

#include <pthread.h>
#include <sodium.h>
#include <stdbool.h>
#include <string.h>

#include "base/guarded.h"

#define MASK_MAX_BYTES 65536 /* longer values are no secrets, and are not looked for */
#define MASK_MIN_BYTES 4
#define MASK_FOREVER 1024 /* the first ones, from the configuration, stay */
#define MASK_MAX 2048     /* then the oldest of the later ones, worn-out tokens, make room */

struct mask {
    char *value; /* guarded memory */
    size_t bytes;
    unsigned long serial;
};

/* Sorted by length, longest first: masking a short value first would leave the tail of a longer one
 * that begins with it. */
static struct mask masks[MASK_MAX];
static int mask_count;
static unsigned long mask_serial;
static pthread_rwlock_t mask_lock = PTHREAD_RWLOCK_INITIALIZER;

static void mask_evict(void)
{
    int oldest = -1;

    for (int i = 0; i < mask_count; i++)
        if (masks[i].serial >= MASK_FOREVER &&
            (oldest < 0 || masks[i].serial < masks[oldest].serial))
            oldest = i;
    sodium_free(masks[oldest].value);
    memmove(&masks[oldest], &masks[oldest + 1],
            (size_t)(mask_count - oldest - 1) * sizeof masks[0]);
    mask_count--;
}

/* Under the write lock. */
static void mask_insert(const char *value)
{
    size_t bytes = strlen(value);
    char *copy;
    int at;

    for (int i = 0; i < mask_count; i++)
        if (masks[i].bytes == bytes && memcmp(masks[i].value, value, bytes) == 0)
            return;
    copy = guarded(bytes + 1);
    if (!copy)
        return;
    memcpy(copy, value, bytes + 1);
    if (mask_count == MASK_MAX)
        mask_evict();
    for (at = mask_count; at > 0 && masks[at - 1].bytes < bytes; at--)
        masks[at] = masks[at - 1];
    masks[at] = (struct mask){copy, bytes, mask_serial++};
    mask_count++;
}

/* Writes value percent-encoded; out has room for three times its length. */
static void percent_encode(const char *value, const char *digits, bool plus, char *out)
{
    for (; *value; value++) {
        unsigned char c = (unsigned char)*value;
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                     strchr("-._~", c);

        if (plain) {
            *out++ = (char)c;
        } else if (plus && c == ' ') {
            *out++ = '+';
        } else {
            *out++ = '%';
            *out++ = digits[c >> 4];
            *out++ = digits[c & 15];
        }
    }
    *out = '\0';
}

void mask_add(const char *value)
{
    size_t bytes = value ? strlen(value) : 0;
    char *encoded;

    if (bytes < MASK_MIN_BYTES || bytes > MASK_MAX_BYTES)
        return;
    encoded = guarded(bytes * 3 + 1);
    pthread_rwlock_wrlock(&mask_lock);
    mask_insert(value);
    if (encoded) {
        percent_encode(value, "0123456789ABCDEF", false, encoded);
        mask_insert(encoded);
        percent_encode(value, "0123456789abcdef", false, encoded);
        mask_insert(encoded);
        percent_encode(value, "0123456789ABCDEF", true, encoded);
        mask_insert(encoded);
    }
    pthread_rwlock_unlock(&mask_lock);
    if (encoded)
        sodium_free(encoded);
}

/* Replaces every occurrence; values are never shorter than the stars, so the text only shrinks. */
static void mask_one(char *text, const struct mask *mask)
{
    char *from = text, *to = text, *hit = strstr(text, mask->value);

    if (!hit)
        return;
    for (; hit; hit = strstr(from, mask->value)) {
        memmove(to, from, (size_t)(hit - from));
        to += hit - from;
        memcpy(to, "****", 4);
        to += 4;
        from = hit + mask->bytes;
    }
    memmove(to, from, strlen(from) + 1);
}

void mask_text(char *text)
{
    pthread_rwlock_rdlock(&mask_lock);
    for (int i = 0; i < mask_count; i++)
        mask_one(text, &masks[i]);
    pthread_rwlock_unlock(&mask_lock);
}
