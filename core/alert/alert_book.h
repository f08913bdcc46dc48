/* SPDX-License-Identifier: MIT
 * What is open: alerts, from the first look that found something to the one that did not any more.
 *
 * Whoever looks hands over everything that is wrong now; the book tells what is to be said of it,
 * so that nobody is told twice, nor of what follows from something else. It knows no clock, no
 * store and no channel: the moment is handed over, and alert_book_json.h keeps it. */
#ifndef KOPPEL_ALERT_ALERT_BOOK_H
#define KOPPEL_ALERT_ALERT_BOOK_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "config/conf_alert_rule.h"

#define ALERT_BOOK_MAX 40 /* alerts at once, so that they fit one value; more are not taken */
#define ALERT_BOOK_JOIN_MS 60000       /* others of a group join the first within; a new kind too */
#define ALERT_BOOK_AGAIN_MS 300000     /* and later ones of a kind at most so often */
#define ALERT_BOOK_REMIND_MS 86400000
#define ALERT_BOOK_FLAP_MS 600000      /* what comes back within is the same */

enum alert_state {
    ALERT_PENDING,      /* it is wrong, and has not lasted long enough */
    ALERT_OPEN,
    ALERT_ACKNOWLEDGED, /* a person knows: until a moment, or until it grows */
    ALERT_RESOLVED,     /* it is over; kept for as long as it would be the same if it came back */
};

/* One thing that is wrong now. All borrowed. */
struct alert_finding {
    enum conf_alert_name rule;
    const char *subject; /* flow, connection or channel; "": none */
    const char *cause;   /* tells several of one subject apart; "": there is one */
    bool critical;
    int64_t count;       /* how many it stands for; more is growth */
    int64_t since_ms;    /* when it began; 0: now */
    int64_t after_ms;    /* how long it may last before it is told */
    const char *from, *to; /* of a flow: its connections; NULL: it has none */
    bool paused, by_hand;  /* of a flow: it is paused; a person did that */
    const json_t *facts;   /* what the text needs; NULL: nothing */
};

struct alert {
    int64_t number; /* by which people name it; never given twice */
    enum conf_alert_name rule;
    char *subject, *cause;
    enum alert_state state;
    bool critical;
    int64_t count;
    int64_t since_ms;  /* when it began */
    int64_t opened_ms; /* 0: it is pending */
    int64_t told_ms;   /* the last time; 0: it was not */
    int64_t gone_ms;   /* RESOLVED: when */
    int64_t hold_ms;   /* not to be told before */
    int64_t until_ms;  /* ACKNOWLEDGED: until then; 0: until it grows */
    int64_t seen_count; /* how many it were when it was acknowledged */
    char *who;         /* that acknowledged it; NULL: nobody */
    char *silenced;    /* why nobody is told: "connection books", "pause", "engine"; NULL: not so */
    int flaps;         /* how often it came back */
    bool due;          /* it is to be told, again or for the first time */
    bool found;        /* by the last look */
    json_t *facts;     /* never NULL */
    json_t *told_on;   /* names of the channels that were told; whoever tells adds them */
};

enum alert_notice_kind { ALERT_NOTICE_OPEN, ALERT_NOTICE_REMINDER, ALERT_NOTICE_OVER };

/* What is to be said at once, of one group. The alerts are the book's, until its next look. */
struct alert_notice {
    enum alert_notice_kind kind;
    struct alert **alerts;
    int count;
    bool critical; /* one of them is */
};

/* When a group was told last. */
struct alert_group {
    char *name; /* "flow orders" */
    int64_t last_ms;
    int times;
};

struct alert_book {
    struct alert **alerts; /* in the order of their numbers */
    int count;
    struct alert_group *groups;
    int group_count;
    int64_t serial; /* the last number that was given */
    int64_t turn;   /* how often messages were queued; those of a later turn never happened */
    int64_t digest_ms, weekly_ms; /* when these were told last; 0: never */
};

/* Frees what it holds; takes a zeroed one, and leaves one. */
void alert_book_done(struct alert_book *b);
/* Holds what is wrong now against what is known. *notices, of *count: what is to be said; the
 * caller frees them by alert_book_notices_done. The alerts in them count as told. */
int alert_book_look(struct alert_book *b, const struct alert_finding *findings, int finding_count,
                    int64_t now_ms, struct alert_notice **notices, int *count,
                    struct koppel_error *err);
void alert_book_notices_done(struct alert_notice *notices, int count);
/* A person knows of it. until_ms 0: until it grows. -1 and err: there is no such open alert. */
int alert_book_acknowledge(struct alert_book *b, int64_t number, const char *who, int64_t until_ms,
                           struct koppel_error *err);
/* NULL: there is none. */
struct alert *alert_book_find(const struct alert_book *b, int64_t number);
/* An alert of its own for whoever reads one in; subject and cause are copied. NULL: no memory, or
 * the book is full. */
struct alert *alert_book_add(struct alert_book *b, enum conf_alert_name rule, const char *subject,
                             const char *cause);
/* The group of that name, made where there is none. NULL: no memory. */
struct alert_group *alert_book_group(struct alert_book *b, const char *name);
/* What the rule's subject is: "flow", "connection", "channel", or "" (the whole). */
const char *alert_book_kind(enum conf_alert_name rule);
const char *alert_book_state_name(enum alert_state state); /* "open" */

#endif
