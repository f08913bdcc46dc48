/* SPDX-License-Identifier: MIT
 * What a document comes to: totals, and sums per VAT code, ledger account and payment method, read
 * off a record in the destination's shape by the roles of its fields. Exact decimals. */
#ifndef KOPPEL_RECONCILE_RECONCILE_DOCUMENT_H
#define KOPPEL_RECONCILE_RECONCILE_DOCUMENT_H

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>

#include "base/decimal.h"
#include "base/err.h"
#include "catalogue/catalogue.h"

#define RECONCILE_NO_DAY INT_MIN

enum reconcile_kind {
    RECONCILE_VAT,     /* excl and vat of what has this VAT code */
    RECONCILE_ACCOUNT, /* excl: the sum that is booked on this account, debit positive */
    RECONCILE_PAYMENT, /* excl: the total of the document that is paid so, with VAT */
};

/* Every code that was met, as the destination writes it. */
struct reconcile_codes {
    struct reconcile_code {
        enum reconcile_kind kind;
        char *text; /* owned */
    } *list;
    int count, room;
};
/* Its place in the list, made where it is new; -1: no memory. */
int reconcile_document_code(struct reconcile_codes *codes, enum reconcile_kind kind,
                            const char *text);
void reconcile_document_codes_done(struct reconcile_codes *codes);

struct reconcile_sum {
    int code; /* a place in the codes */
    struct decimal excl, vat;
};

/* All owned; zeroed is empty. */
struct reconcile_document {
    char *key;       /* the source's key, or the destination's id */
    char *reference; /* by which both sides know it; "": it has none */
    int day;         /* since 1970; RECONCILE_NO_DAY: it tells none */
    bool has_incl, has_excl;
    struct decimal incl, excl; /* totals; of an entry that balances incl is its debit */
    /* What a destination that computes the VAT itself shifts between what is without VAT and the
     * VAT, so that the total is right: its excl is that much more. */
    struct decimal rounding;
    struct reconcile_sum *sums;
    int count, room;
};

/* The days since 1970 of a text that begins with a day; RECONCILE_NO_DAY where it does not. */
int reconcile_document_day(const char *text);
/* Fills all but the key. KOPPEL_E_REJECTED where an amount is no number. */
int reconcile_document_fill(struct reconcile_document *d, const struct cat_entity *e,
                            const json_t *record, struct reconcile_codes *codes,
                            struct koppel_error *err);
/* Adds the amounts of a document that corrects this one. -1: beyond what a decimal holds, or no
 * memory. */
int reconcile_document_add(struct reconcile_document *d, const struct reconcile_document *other);
/* Makes incl what an entry moves: the sum of the accounts that are debited. -1 as above. */
int reconcile_document_debit(struct reconcile_document *d);
/* Adds to the sum of one code. */
int reconcile_document_sum(struct reconcile_document *d, int code, struct decimal excl,
                           struct decimal vat);
/* NULL: it has none of that code. */
const struct reconcile_sum *reconcile_document_of(const struct reconcile_document *d, int code);
void reconcile_document_done(struct reconcile_document *d);

#endif
