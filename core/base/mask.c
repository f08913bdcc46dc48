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
#define MASK_MAX 2048     /* then the oldest of the later ones make room */
#define FORMS 4           /* of a value: as it is, and encoded for an address in three ways */

struct mask {
    char *value; /* guarded memory */
    size_t bytes;
    unsigned long serial;
    unsigned long added; /* how often, less how often it was forgotten */
};

/* Sorted by length, longest first: masking a short value first would leave the tail of a longer one
 * that begins with it. */
static struct mask masks[MASK_MAX];
static int count;
static unsigned long next_serial;
static pthread_rwlock_t mask_lock = PTHREAD_RWLOCK_INITIALIZER;

/* All under the write lock. */
static void drop(int at)
{
    sodium_free(masks[at].value);
    memmove(&masks[at], &masks[at + 1], (size_t)(count - at - 1) * sizeof masks[0]);
    count--;
}

static void evict(void)
{
    int oldest = -1;
    for (int i = 0; i < count; i++) {
        if (masks[i].serial >= MASK_FOREVER &&
            (oldest < 0 || masks[i].serial < masks[oldest].serial))
            oldest = i;
    }
    drop(oldest);
}

static int find(const char *value)
{
    size_t bytes = strlen(value);
    for (int i = 0; i < count; i++) {
        if (masks[i].bytes == bytes && sodium_memcmp(masks[i].value, value, bytes) == 0)
            return i;
    }
    return -1;
}

static void insert(const char *value)
{
    int known = find(value);
    if (known >= 0) {
        masks[known].added++;
        return;
    }
    size_t bytes = strlen(value);
    char *copy = guarded(bytes + 1);
    if (!copy)
        return;
    memcpy(copy, value, bytes + 1);
    if (count == MASK_MAX)
        evict();
    int at = count;
    for (; at > 0 && masks[at - 1].bytes < bytes; at--)
        masks[at] = masks[at - 1];
    masks[at] = (struct mask){copy, bytes, next_serial++, 1};
    count++;
}

static void forget(const char *value)
{
    int known = find(value);
    if (known >= 0 && --masks[known].added == 0)
        drop(known);
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

/* Calls change for every form of a value. */
static void each_form(const char *value, void (*change)(const char *value))
{
    static const struct {
        const char *digits;
        bool plus;
    } codes[FORMS - 1] = {{"0123456789ABCDEF", false}, {"0123456789abcdef", false},
                          {"0123456789ABCDEF", true}};
    size_t bytes = value ? strlen(value) : 0;
    if (bytes < MASK_MIN_BYTES || bytes > MASK_MAX_BYTES)
        return;
    char *encoded = guarded(bytes * 3 + 1);
    pthread_rwlock_wrlock(&mask_lock);
    change(value);
    for (int i = 0; encoded && i < FORMS - 1; i++) {
        percent_encode(value, codes[i].digits, codes[i].plus, encoded);
        change(encoded);
    }
    pthread_rwlock_unlock(&mask_lock);
    if (encoded)
        sodium_free(encoded);
}

void mask_add(const char *value)
{
    each_form(value, insert);
}

void mask_forget(const char *value)
{
    each_form(value, forget);
}

int mask_count(void)
{
    pthread_rwlock_rdlock(&mask_lock);
    int n = count;
    pthread_rwlock_unlock(&mask_lock);
    return n;
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

void mask_words(char *text)
{
    static const char left_out[] = "\u2026";
    char *open = strstr(text, MASK_WORDS_OPEN);
    const char *close = open ? strstr(open, MASK_WORDS_CLOSE) : NULL;
    if (!open)
        return;
    open += strlen(MASK_WORDS_OPEN);
    for (const char *next = close; next; next = strstr(next + 1, MASK_WORDS_CLOSE))
        close = next;
    if (!close) /* it was cut */
        close = open + strlen(open);
    if ((size_t)(close - open) < strlen(left_out)) { /* nothing said so little */
        memmove(open, close, strlen(close) + 1);
        return;
    }
    memcpy(open, left_out, strlen(left_out));
    memmove(open + strlen(left_out), close, strlen(close) + 1);
}

void mask_text(char *text)
{
    pthread_rwlock_rdlock(&mask_lock);
    for (int i = 0; i < count; i++)
        mask_one(text, &masks[i]);
    pthread_rwlock_unlock(&mask_lock);
}
