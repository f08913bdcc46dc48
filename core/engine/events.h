/* SPDX-License-Identifier: MIT
 * What happens in an engine, for whoever wants to hear of it: pages, alerts.
 *
 * The last ones are kept in a ring. Nobody who tells waits for who reads: a reader that is too slow
 * learns that it missed some, and looks anew. A flow's movement is told each reader once between
 * two of its looks, however often the flow moves meanwhile. */
#ifndef KOPPEL_ENGINE_EVENTS_H
#define KOPPEL_ENGINE_EVENTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define EVENTS_KEPT 1024
#define EVENTS_SUBJECT_BYTES 160

enum events_kind {
    EVENTS_FLOW,     /* the counts of a flow moved; who wants them asks. No body */
    EVENTS_BEGUN,    /* a run: {"run","trigger"} */
    /* A run: {"run","trigger","read","done","parked","complete","reason" (of what failed, or
     * null)}. */
    EVENTS_ENDED,
    EVENTS_PAUSED,   /* a flow: {"why"} */
    EVENTS_RESUMED,  /* a flow */
    EVENTS_DOWN,     /* a connection: {"why"} */
    EVENTS_UP,       /* a connection */
    EVENTS_LOGIN,    /* a connection: somebody logged in */
    EVENTS_RELOAD,   /* another configuration is active: {"changed","begun","ended"}: flows */
    EVENTS_REJECTED, /* the configuration on disk has mistakes: {"mistakes"}, how many */
    EVENTS_REVISION, /* {"revision"} */
    EVENTS_ALERT,
    EVENTS_TASK,
    EVENTS_STOPPING,
    EVENTS_KINDS
};

struct events;
struct events_reader;

struct events_event {
    int64_t id;    /* 1, 2, 3 ... of this process */
    int64_t at_ms; /* since 1970 UTC */
    enum events_kind kind;
    char subject[EVENTS_SUBJECT_BYTES]; /* flow or connection; "": none */
    char *body; /* JSON text, the reader's to free; NULL: none */
    bool again; /* it is told once more further on: whoever has not read it reads that */
};

const char *events_kind_name(enum events_kind kind); /* "run.begun" */

struct events *events_new(void); /* NULL: no memory */
void events_free(struct events *e); /* no reader is left. Takes NULL */
/* Told to everybody; body is freed, and may be NULL. subject is cut where it is too long; NULL:
 * none. Nothing is told where e is NULL. */
void events_tell(struct events *e, enum events_kind kind, const char *subject, json_t *body_take);

/* A reader begins behind the event `after` (-1: with the next one). NULL: no memory. */
struct events_reader *events_open(struct events *e, int64_t after);
void events_close(struct events_reader *r);
/* Readable while there is something that was not read. Whoever waits for it polls. */
int events_fd(const struct events_reader *r);
/* The next event. false: there is none now. *missed: some before it are not kept any more. */
bool events_next(struct events_reader *r, struct events_event *out, bool *missed);

#endif
