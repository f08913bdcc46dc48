/* SPDX-License-Identifier: MIT
 * Which store this is, and which key it was made with. */
#include "store/sql_identity.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define KEY_CHECK "koppel store key"
#define SEALED_BYTES (sizeof KEY_CHECK + SECRET_SEAL_OVERHEAD)

void sql_identity_new(char out[STORE_ID_BYTES])
{
    unsigned char random[(STORE_ID_BYTES - 1) / 2];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(out, STORE_ID_BYTES, random, sizeof random);
}

int sql_identity_make(struct conn *c, const struct secret *key, struct koppel_error *err)
{
    unsigned char check[SEALED_BYTES];
    char hex[2 * sizeof check + 1], id[STORE_ID_BYTES];
    secret_seal(key, KEY_CHECK, sizeof KEY_CHECK, check);
    sodium_bin2hex(hex, sizeof hex, check, sizeof check);
    sql_identity_new(id);
    return conn_run(c, SQL_META_PUT, err, "tt", "key_check", hex) != 0 ||
                   conn_run(c, SQL_META_PUT, err, "tt", "id", id) != 0 ||
                   conn_run(c, SQL_META_SET, err, "ti", "epoch", (int64_t)0) != 0 ||
                   conn_run(c, SQL_META_SET, err, "ti", "commits", (int64_t)0) != 0
               ? -1
               : 0;
}

int sql_identity_key(struct conn *c, const char *path, const struct secret *key,
                     struct koppel_error *err)
{
    unsigned char check[SEALED_BYTES];
    char plain[sizeof KEY_CHECK];
    struct conn_rows *st;
    size_t bytes = 0;
    int row = conn_row(c, &st, SQL_META_GET, err, "t", "key_check");
    if (row < 0)
        return -1;
    const char *hex = row == 1 ? conn_peek(st, 0) : NULL;
    bool right = hex && sodium_hex2bin(check, sizeof check, hex, strlen(hex), NULL, &bytes,
                                       NULL) == 0 &&
                 bytes == sizeof check && secret_unseal(key, check, sizeof check, plain) == 0;
    if (row == 1)
        conn_reset(st);
    return right ? 0
                 : err_reason(err, KOPPEL_E_CONFIG, "store.key",
                              "store %s: it was sealed with another key; give the key it was made"
                              " with", path);
}

int sql_identity_read(struct conn *c, char out[STORE_ID_BYTES], struct koppel_error *err)
{
    struct conn_rows *st;
    int row = conn_row(c, &st, SQL_META_GET, err, "t", "id");
    if (row != 1)
        return row;
    snprintf(out, STORE_ID_BYTES, "%s", conn_peek(st, 0));
    conn_reset(st);
    return 0;
}

int sql_identity_stays(struct conn *c, const char *path, struct koppel_error *err)
{
    static const char *const names[] = {"moved", "moving"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct conn_rows *st;
        int row = conn_row(c, &st, SQL_META_GET, err, "t", names[i]);
        if (row == 0)
            continue;
        if (row == 1) {
            (void)err_reason(err, KOPPEL_E_CONFIG, i == 0 ? "store.moved" : "store.moving",
                             i == 0 ? "store %s: it was moved; name its new place with `store`: %s"
                                    : "store %s: it is a part of another one; finish koppel store"
                                      " move (%s)", path, conn_peek(st, 0));
            conn_reset(st);
        }
        return -1;
    }
    return 0;
}
