/* SPDX-License-Identifier: MIT
 * The second factor of a log-in. Kept is {"secret","on","step" (of the code that was used last),
 * "codes" (digests of recovery codes)}, with the user and sealed like it. */
#include "service/totp.h"

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_OATH
#include <liboath/oath.h>
#endif
#ifdef HAVE_QRENCODE
#include <qrencode.h>
#endif

#include "base/buf.h"
#include "base/clock.h"

#define SECRET_RANDOM 20 /* bytes, as RFC 4226 recommends */
#define STEP_S 30
#define DIGITS 6
#define APART 1 /* how many steps the clock of the device may be off */
#define CODES 10
#define CODE_RANDOM 8 /* bytes of a recovery code */
#define DIGEST_BYTES 32

bool totp_on(const struct accounts_user *u)
{
    return json_is_true(json_object_get(u->totp, "on"));
}

void totp_end(struct accounts_user *u)
{
    json_decref(u->totp);
    u->totp = NULL;
}

/* ---- recovery codes ---- */

static void digest_of(const char *code, char out[2 * DIGEST_BYTES + 1])
{
    unsigned char digest[DIGEST_BYTES];
    char bare[64];
    size_t n = 0;
    for (; *code && n < sizeof bare - 1; code++) {
        if (*code != '-' && *code != ' ')
            bare[n++] = *code >= 'A' && *code <= 'F' ? (char)(*code - 'A' + 'a') : *code;
    }
    crypto_generichash(digest, sizeof digest, (const unsigned char *)bare, n, NULL, 0);
    sodium_bin2hex(out, 2 * DIGEST_BYTES + 1, digest, sizeof digest);
}

static bool take_recovery(struct accounts_user *u, const char *code)
{
    json_t *codes = json_object_get(u->totp, "codes"), *one;
    char digest[2 * DIGEST_BYTES + 1];
    size_t i;
    digest_of(code, digest);
    json_array_foreach(codes, i, one) {
        if (strcmp(json_string_value(one), digest) == 0)
            return json_array_remove(codes, i) == 0;
    }
    return false;
}

int totp_confirm(struct accounts_user *u, json_t **codes, struct koppel_error *err)
{
    json_t *digests = json_array();
    *codes = json_array();
    for (int i = 0; i < CODES; i++) {
        unsigned char random[CODE_RANDOM];
        char hex[2 * CODE_RANDOM + 1], digest[2 * DIGEST_BYTES + 1];
        randombytes_buf(random, sizeof random);
        sodium_bin2hex(hex, sizeof hex, random, sizeof random);
        digest_of(hex, digest);
        (void)json_array_append_new(digests, json_string(digest));
        (void)json_array_append_new(*codes, json_sprintf("%.4s-%.4s-%.4s-%.4s", hex, hex + 4,
                                                         hex + 8, hex + 12));
    }
    if (json_array_size(*codes) == CODES && json_object_set(u->totp, "on", json_true()) == 0 &&
        json_object_set_new(u->totp, "codes", digests) == 0)
        return 0;
    json_decref(*codes);
    *codes = NULL;
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* ---- codes of a device ---- */

#ifdef HAVE_OATH

bool totp_there(void)
{
    return true;
}

int totp_begin(struct accounts_user *u, char secret[TOTP_SECRET_BYTES], struct koppel_error *err)
{
    char random[SECRET_RANDOM], *text = NULL;
    size_t bytes = 0;
    randombytes_buf(random, sizeof random);
    int rc = oath_base32_encode(random, sizeof random, &text, &bytes);
    sodium_memzero(random, sizeof random);
    if (rc != OATH_OK || bytes >= TOTP_SECRET_BYTES) {
        free(text);
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    }
    snprintf(secret, TOTP_SECRET_BYTES, "%s", text);
    totp_end(u);
    u->totp = json_pack("{s:s,s:b,s:i}", "secret", text, "on", 0, "step", 0);
    sodium_memzero(text, bytes);
    free(text);
    return u->totp ? 0 : err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* The code of a step; -1: it cannot be made. */
static int code_of(const char *secret, json_int_t step, char out[DIGITS + 1])
{
    char *key = NULL;
    size_t bytes = 0;
    int rc = oath_base32_decode(secret, strlen(secret), &key, &bytes);
    if (rc == OATH_OK)
        rc = oath_hotp_generate(key, bytes, (uint64_t)step, DIGITS, false,
                                OATH_HOTP_DYNAMIC_TRUNCATION, out);
    if (key)
        sodium_memzero(key, bytes);
    free(key);
    return rc == OATH_OK ? 0 : -1;
}

static bool take_step(struct accounts_user *u, const char *code)
{
    const char *secret = json_string_value(json_object_get(u->totp, "secret"));
    json_int_t used = json_integer_value(json_object_get(u->totp, "step"));
    json_int_t now = clock_now_ms() / 1000 / STEP_S;
    for (json_int_t step = now - APART; secret && step <= now + APART; step++) {
        char wanted[DIGITS + 1] = "";
        if (step > used && code_of(secret, step, wanted) == 0 &&
            sodium_memcmp(wanted, code, DIGITS) == 0)
            return json_object_set_new(u->totp, "step", json_integer(step)) == 0;
    }
    return false;
}

#else

bool totp_there(void)
{
    return false;
}

int totp_begin(struct accounts_user *u, char secret[TOTP_SECRET_BYTES], struct koppel_error *err)
{
    (void)u;
    (void)secret;
    return err_reason(err, KOPPEL_E_REJECTED, "totp.none",
                      "this program was built without second factors (liboath)");
}

static bool take_step(struct accounts_user *u, const char *code)
{
    (void)u;
    (void)code;
    return false;
}

#endif

bool totp_take(struct accounts_user *u, const char *code)
{
    bool digits = strlen(code) == DIGITS && strspn(code, "0123456789") == DIGITS;
    return digits ? take_step(u, code) : totp_on(u) && take_recovery(u, code);
}

/* ---- the picture ---- */

#ifdef HAVE_QRENCODE

json_t *totp_picture(const char *text)
{
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    struct buf path;
    if (!code)
        return json_null();
    buf_init(&path, 256 * 1024);
    for (int y = 0; y < code->width; y++) {
        for (int x = 0; x < code->width; x++) {
            if (code->data[y * code->width + x] & 1)
                buf_printf(&path, "M%d %dh1v1h-1z", x, y);
        }
    }
    json_t *picture = buf_ok(&path) ? json_pack("{s:i,s:s}", "size", code->width, "path",
                                                buf_text(&path)) : json_null();
    buf_wipe_done(&path);
    QRcode_free(code);
    return picture;
}

#else

json_t *totp_picture(const char *text)
{
    (void)text;
    return json_null();
}

#endif
