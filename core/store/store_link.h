/* SPDX-License-Identifier: MIT
 * What the store knows of a source key at its destination, and what was begun there. */
#ifndef KOPPEL_STORE_STORE_LINK_H
#define KOPPEL_STORE_STORE_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "store/link_state.h"

/* A write that was begun. Which one it is tells what may be there now. */
enum link_write {
    WRITE_NONE,
    WRITE_CREATE,   /* the record itself */
    WRITE_UPDATE,   /* the whole record, by its id */
    WRITE_POST,     /* one more document of the record's chain (difference, credit, whole) */
    WRITE_REMOVE,
    WRITE_RESTORED, /* by a store of which this one is an older copy: anything may be there */
};

/* What was begun. Strings of a link that was read are its own; of a change they are borrowed. */
struct store_begun {
    enum link_write write;
    char *ref;       /* the document's own reference ("REF/2"); NULL: it has none */
    char *key;       /* the idempotency key it goes under; NULL: none */
    char *document;  /* JSON text of what was sent; NULL: none. Sealed at rest */
    char *digest;    /* of the core record it was made of; NULL: none */
    int64_t version; /* of the source record */
};

/* A link: source key <-> destination id, remembered for ever. `scope` names what is linked, as
 * "till/order>books/sales-invoice". id, alias, digest, version, chain say what is certain; beside
 * them a LINK_MAYBE says what was begun. */
struct store_link {
    enum link_state state;
    char *id;         /* the destination's; NULL: unknown */
    char *alias;      /* what other records refer to it by (a customer number); NULL: none */
    char *digest;     /* of the core record that stands there; NULL: unknown */
    int64_t version;  /* of the source record that stands there */
    int chain;        /* documents of it that are known to stand there: 1, and one per correction */
    bool adopted;     /* somebody else made what stands there, equal to what we would make */
    bool closed;      /* the source is gone; kept for history */
    struct store_begun begun; /* write is WRITE_NONE unless LINK_MAYBE */
    /* LINK_MAYBE: since when nobody saw an outcome, as an age: of the last announcement or
     * unseen outcome; where the lease that wrote it was given back unsettled, of that; where it
     * ran out, of its end or of its take-over (a restart is one). LINK_THERE: since when it has
     * been so */
    int64_t unseen_ms;
};
void store_link_done(struct store_link *l);

/* A change of a link: the whole of what is known afterwards, but for the alias. All borrowed. */
struct store_link_change {
    const char *scope, *key;
    enum link_state state;
    const char *id, *digest;
    const char *alias; /* NULL keeps the alias of the same id */
    int64_t version;
    int chain;
    bool adopted, closed;
    struct store_begun begun;
    bool forget; /* the link goes: its key is free again */
};

#endif
