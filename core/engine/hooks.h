/* SPDX-License-Identifier: MIT
 * Messages that come in: handed to their connector, which checks them, and what they tell put into
 * the journal of every flow that reads that entity. Whoever sent one is answered once that is
 * durable.
 *
 * Messages of one flow that come at the same time are one append: whoever brings the first of them
 * writes for all that are there by then, and goes on while more come, so many of them cost little
 * more than one and no thread waits for another. */
#ifndef KOPPEL_ENGINE_HOOKS_H
#define KOPPEL_ENGINE_HOOKS_H

#include "connection/connection_receive.h"
#include "engine/engine.h"

/* How the sender is to be answered. Who is given it takes body and type (free) or leaves them, to
 * be freed. */
struct hooks_reply {
    int status;   /* what the connector wants, else 200 */
    char *type;   /* content type; NULL: none */
    char *body;   /* NULL: none */
    size_t bytes;
};

/* What came of a message, told once, by any thread; err is NULL where it was taken, and then reply
 * is given. */
typedef void hooks_answer(void *arg, struct hooks_reply *reply, const struct koppel_error *err);

/* Takes a message at a connection of the active configuration; request->subscription names the
 * entity, and nothing of the request is needed any more when this returns. 0: it waits to be
 * appended, and is answered; or it was answered. -1: it is refused, and answer is not called.
 * KOPPEL_E_AUTH: its signature is wrong. HOOKS_NONE: no enabled flow reads that. KOPPEL_E_RETRY: it
 * is not taken now, the sender is to try again. Nothing is kept then, and nothing was lost: what is
 * taken twice is one record of one key. */
#define HOOKS_NONE "hook.none"
#define HOOKS_LACKS "secret.missing" /* this host cannot tell who signed it; others may */
#define HOOKS_SAFE "engine.safe" /* the configuration has mistakes; with KOPPEL_E_RETRY */
#define HOOKS_MANY "hook.many"   /* more thin records than are fetched at once */
struct hooks; /* what waits to be appended, of one engine */
int hooks_take(struct hooks *h, const char *connection,
               const struct koppel_receive_request *request, hooks_answer *answer, void *arg,
               struct koppel_error *err);

struct hooks *hooks_new(struct engine *e); /* NULL: no memory */
/* Once every hooks_take is over, nobody waits any more. Takes NULL. */
void hooks_free(struct hooks *h);

#endif
