/* SPDX-License-Identifier: MIT
 * What users ask and order: one table of questions and orders, each with its role, its route, and
 * what the audit says of it. The command line and the pages translate, nothing else: what one can
 * do the other can.
 *
 * A running engine answers on a unix socket (service_socket.h); without one whoever asks opens what
 * the question needs by itself (opened.h). */
#ifndef KOPPEL_SERVICE_SERVICE_H
#define KOPPEL_SERVICE_SERVICE_H

#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "config/conf.h"
#include "config/conf_report.h"
#include "engine/engine.h"
#include "plugin/plugins.h"
#include "store/store.h"

/* Reasons of a failure that is the asker's: wrong usage for a shell, 4xx for a page. */
#define SERVICE_UNKNOWN "ask.unknown" /* there is nothing of that name; the text has the nearest */
#define SERVICE_WRONG "ask.wrong"     /* a member is missing, unknown, or of the wrong kind */
#define SERVICE_DENIED "ask.denied"   /* the role is too low */
#define SERVICE_CHANGED "config.changed" /* what is changed is not what was read any more */
/* What was asked is for an engine that runs, and none does. */
#define SERVICE_NO_ENGINE "engine.none"

/* Each may do what those before it may. */
enum service_role { SERVICE_VIEWER = 1, SERVICE_OPERATOR, SERVICE_ADMIN };

struct service_who {
    const char *name; /* of the user; on the command line and the socket the system's */
    enum service_role role;
    const char *via;  /* "cli", "gui", "token", "schedule" */
    const char *session; /* its id, where via is "gui"; else NULL */
    bool no_persons;     /* may not see personal data */
};

struct service_ask {
    const struct service_who *who;
    const json_t *in; /* an object; its members are as the row says */
    /* Takes progress, a JSON object, borrowed; may be NULL. -1: whoever asked is gone. */
    int (*tell)(void *arg, const json_t *progress);
    void *arg;
    const atomic_bool *stop; /* whoever asked is gone, or wants no more; may be NULL */
};

/* What questions are answered from; of one request. Everything is borrowed from whoever opened
 * it. */
struct service {
    const char *dir;            /* the configuration directory, absolute */
    struct plugins *plugins;    /* NULL: conf holds names only */
    /* Faultless where `whole`; else no more than place of the store, key, and names of the
     * flows. */
    const struct conf *conf;
    bool whole;
    struct store *store;
    struct engine *engine;      /* NULL: only the store is open */
    bool serves;                /* the engine runs flows at their intervals */
    bool pages;                 /* asked by a page or a program with a token; of service_call */
    struct generation *held;    /* of a running engine: what conf belongs to; of the source */
};

enum service_need {
    /* nothing is opened, and it is done by whoever asks, never by an engine: files of theirs are
     * read or written. conf holds names, or is NULL where it cannot be had */
    SERVICE_NAMES,
    SERVICE_STORE,  /* the store, where there is one, and the names of the flows */
    SERVICE_ORDER,  /* the same; the store is made for it */
    SERVICE_EDIT,   /* the same, and plugins to check with; the configuration may have mistakes */
    SERVICE_CONF,   /* a faultless configuration and its connections; nothing is delivered */
    SERVICE_LOGIN,  /* the same; the store is made for it */
    SERVICE_ENGINE, /* an engine that reads and delivers */
};

enum service_type {
    SERVICE_TEXT = 1, /* not empty */
    SERVICE_LINE,     /* a text that may be empty */
    SERVICE_NUMBER,   /* a whole one, from 0 */
    SERVICE_FLAG,
    SERVICE_LIST,     /* of texts */
    SERVICE_OBJECT,
    SERVICE_OBJECTS, /* a list of them */
};

/* A member of a question. */
struct service_member {
    const char *name; /* NULL: there are no more */
    enum service_type type;
    bool required;
    const char *what; /* one line, for the API's description */
};

#define SERVICE_MEMBERS 14

struct service_row {
    const char *name; /* "flows.pause" */
    enum service_role role;
    enum service_need need;
    const char *method, *route; /* where pages reach it: "POST", "/flows/{flow}/pause" */
    /* What the audit says once it was done; NULL: a question, which changes nothing. */
    const char *audit;
    /* 0 and *out, a new value; -1 and err. */
    int (*run)(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err);
    struct service_member members[SERVICE_MEMBERS];
};

/* NULL: there is none of that name. */
const struct service_row *service_find(const char *name);
/* Are the members of in those of the row? SERVICE_WRONG, with the nearest name. */
int service_check(const struct service_row *row, const json_t *in, struct koppel_error *err);
/* Checks role and members, runs the row and writes the audit (audit.h); none of a plan. s has what
 * row->need says. */
int service_call(const struct service_row *row, struct service *s, const struct service_ask *ask,
                 json_t **out, struct koppel_error *err);

#endif
