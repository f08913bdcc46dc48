/* SPDX-License-Identifier: MIT
 * Passwords. */
#include "service/passwords.h"

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <pthread.h>
#include <sodium.h>
#include <string.h>

#ifdef HAVE_ZXCVBN
#include <zxcvbn.h>
#endif

#define LEAST 12   /* characters */
#define MOST 1024  /* bytes */
#define BITS 27    /* of entropy at least, where that is known */
#define PASSES 2
#define MEMORY (19u * 1024 * 1024)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char nobody[crypto_pwhash_STRBYTES]; /* of a password that nobody knows */

static void make_nobody(void)
{
    char password[32];
    randombytes_buf(password, sizeof password);
    if (crypto_pwhash_str(nobody, password, sizeof password, PASSES, MEMORY) != 0)
        nobody[0] = '\0';
    sodium_memzero(password, sizeof password);
}

static size_t characters(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

/* How many different characters; a few of them over and over are guessed at once. */
static size_t different(const char *text)
{
    bool seen[256] = {false};
    size_t count = 0;
    for (; *text; text++) {
        count += !seen[(unsigned char)*text];
        seen[(unsigned char)*text] = true;
    }
    return count;
}

/* By words, names, dates and patterns that people choose: 10^8 guesses are a score of 3. */
static bool is_guessable(const char *password, const char *user)
{
#ifdef HAVE_ZXCVBN
    const char *known[] = {user, "koppel", NULL};
    return ZxcvbnMatch(password, known, NULL) < BITS;
#else
    (void)password;
    (void)user;
    return false;
#endif
}

int passwords_check(const char *password, const char *user, struct koppel_error *err)
{
    static const char code[] = "password.weak";
    if (characters(password) < LEAST)
        return err_reason(err, KOPPEL_E_REJECTED, code,
                          "the password must have %d characters or more", LEAST);
    if (strlen(password) > MOST)
        return err_reason(err, KOPPEL_E_REJECTED, code, "the password is too long");
    if (is_guessable(password, user) || different(password) < 5 ||
        strcasestr(password, user) || strcasestr(password, "koppel"))
        return err_reason(err, KOPPEL_E_REJECTED, code,
                          "the password is easily guessed; several words that have nothing to do "
                          "with one another are a good one");
    return 0;
}

int passwords_hash(const char *password, char out[ACCOUNTS_HASH_BYTES], struct koppel_error *err)
{
    memset(out, 0, ACCOUNTS_HASH_BYTES);
    if (crypto_pwhash_str(out, password, strlen(password), PASSES, MEMORY) == 0)
        return 0;
    return err_set(err, KOPPEL_E_RETRY, "there is no memory to hash a password");
}

bool passwords_fit(const char *hash, const char *password)
{
    pthread_once(&once, make_nobody);
    bool there = *hash != '\0';
    bool fits = crypto_pwhash_str_verify(there ? hash : nobody, password, strlen(password)) == 0;
    return there && fits;
}

bool passwords_old(const char *hash)
{
    return crypto_pwhash_str_needs_rehash(hash, PASSES, MEMORY) != 0;
}
