/* SPDX-License-Identifier: MIT
 * One instance of the connector that is being checked, and one call of it at a time. */
#ifndef KOPPEL_KIT_KIT_SESSION_H
#define KOPPEL_KIT_KIT_SESSION_H

#include "connection/batch.h"
#include "connection/list.h"
#include "connection/results.h"
#include "kit/kit_check.h"
#include "kit/kit_host.h"
#include "kit/kit_tape.h"

/* What can be asked of a connector. */
enum kit_session_op { KIT_PROBE, KIT_READ, KIT_FIND, KIT_FETCH, KIT_WRITE, KIT_CHOICES,
                      KIT_DESCRIBE, KIT_VERIFY, KIT_SUBSCRIBE, KIT_UNSUBSCRIBE, KIT_RECEIVE };

/* A question. Members that its operation has no use for are zero. */
struct kit_step {
    enum kit_session_op op;
    const struct cat_entity *entity;
    const char *word;          /* the field to find by, or the choice list */
    uint32_t verb, flags;      /* of a write */
    const char *const *keys;   /* of find and fetch */
    uint32_t count;            /* of keys; of a write always 1 */
    const char *cursor;        /* of a read */
    uint32_t limit, page;
    json_t *record;            /* of a write; borrowed */
    const char *job, *id;      /* of a write; NULL: the kit's own, none */
};

/* What came of it. */
struct kit_answer {
    int rc;
    struct koppel_error err;
    struct koppel_batch batch;
    struct koppel_results results;
    struct koppel_list list;
    json_t *described;
};

struct kit_session {
    struct kit_host host; /* fill what the check wants before the first call */
    const struct kit_run *run;
    struct connection *connection;
    struct store *store; /* where it logs in; NULL */
    void *self;
    bool grown, opened;
    char *secrets[32];
    struct kit_tape tape;
};

/* Makes the connection, and calls open(). conf NULL: the made-up one. -1: err; kit_session_close
 * all the same. The session's host may have been filled before. */
int kit_session_open(struct kit_session *s, const struct kit_run *r,
                     const struct conf_connection *conf, struct koppel_error *err);
/* Only the connection with its context, for whoever calls open() itself. */
int kit_session_prepare(struct kit_session *s, const struct kit_run *r,
                        const struct conf_connection *conf, struct koppel_error *err);
void kit_session_close(struct kit_session *s);
/* Another context on the same connection, as a second instance has; other->run is NULL before. */
int kit_session_second(const struct kit_session *s, struct kit_session *other,
                       struct koppel_error *err);

/* Asks. out is empty before; kit_session_done frees it. */
void kit_session_ask(struct kit_session *s, const struct kit_step *step, struct kit_answer *out);
void kit_session_done(struct kit_answer *a);
/* "find of customer by email", for messages. */
const char *kit_session_words(const struct kit_step *step, char *out, size_t room);
/* What is wrong with the answer, whatever was asked: a sentence in out; NULL: nothing. */
const char *kit_session_fault(const struct kit_step *step, const struct kit_answer *a, char *out,
                              size_t room);
/* The failure of the call, or where it went well, of the first item that failed. NULL: all is well.
 */
const struct koppel_error *kit_session_failure(const struct kit_answer *a);

#endif
