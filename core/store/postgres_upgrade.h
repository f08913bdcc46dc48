/* SPDX-License-Identifier: MIT
 * Schemas that follow one another while hosts with older and newer programs share a store.
 *
 * A step only adds, so that an older program goes on with what it knows; in meta stand which schema
 * the tables have, and the oldest that a program must know to work with them (`needs`), which a
 * step raises only where what it added is relied on. A newer program works with older tables until
 * they are taken on: by the host that leads once no older program was seen for a day, or by
 * order. */
#ifndef KOPPEL_STORE_POSTGRES_UPGRADE_H
#define KOPPEL_STORE_POSTGRES_UPGRADE_H

#include "store/postgres.h"

struct postgres_upgrade_step {
    int to, needs;   /* the schema that it makes, and the oldest that a program must know then */
    const char *sql; /* that only adds; what a program of before writes still fits */
};

/* What a program knows. */
struct postgres_upgrade {
    int knows, least; /* the newest schema that it works with, and the oldest */
    const struct postgres_upgrade_step *steps; /* ascending; the last one has to = 0 */
};

/* This program's. A test puts another program's in its place, before a store is opened. */
extern const struct postgres_upgrade *postgres_upgrade_program;

/* Which schema stands there, and which a program must know. *stands = 0: there is no store. */
int postgres_upgrade_read(struct conn_postgres *c, int *stands, int *needs,
                          struct koppel_error *err);
/* May a program work with it? */
int postgres_upgrade_may(const struct postgres_upgrade *program, int stands, int needs,
                         const char *label, struct koppel_error *err);
/* This program was seen; once a minute is enough. */
int postgres_upgrade_tell(struct postgres_store *s, struct koppel_error *err);

enum postgres_upgrade_end {
    POSTGRES_UPGRADE_NONE,  /* nothing to do */
    POSTGRES_UPGRADE_DONE,
    POSTGRES_UPGRADE_LATER, /* an older program was seen within a day, or still runs */
};

/* Takes the tables on to what this program knows. by_order: whatever was seen within a day; but
 * a host that runs, and could not go on, is never left behind. *from, *to: the schemas. */
int postgres_upgrade(struct postgres_store *s, bool by_order, enum postgres_upgrade_end *end,
                     int *from, int *to, struct koppel_error *err);

#endif
