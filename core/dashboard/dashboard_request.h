/* SPDX-License-Identifier: MIT
 * One request of a browser or a program, and its answer, as plain values: whoever answers knows no
 * HTTP library. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_REQUEST_H
#define KOPPEL_DASHBOARD_DASHBOARD_REQUEST_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "dashboard/dashboard_path.h"
#include "engine/engine.h"
#include "service/service_socket.h"

#define DASHBOARD_REQUEST_BODY_BYTES (1024 * 1024) /* the longest body */
#define DASHBOARD_REQUEST_DEPTH 32                 /* of JSON in it */
#define DASHBOARD_REQUEST_TAG_BYTES 128            /* of an answer, with its quotes */

struct dashboard_streams; /* dashboard_stream.h */
struct dashboard_tasks;   /* dashboard_tasks.h */
struct dashboard_limits;  /* dashboard_limits.h */
struct dashboard_guesses; /* dashboard_guesses.h */
struct hooks;             /* engine/hooks.h */
struct dashboard_sweep;   /* dashboard_sweep.h */
struct dashboard_sweep_one;
struct conf_dashboard;    /* config/conf_dashboard.h */
struct dashboard_hook_known;
struct koppel_pair;       /* koppel/plugin.h */
struct dashboard_stream;
struct dashboard_route;   /* dashboard_route.h */
struct dashboard_request;

/* What everything is answered from; of the server. All of it outlives the requests. */
struct dashboard_context {
    struct engine *engine;
    struct service_source source;
    struct dashboard_streams *streams;
    struct dashboard_tasks *tasks;
    struct dashboard_limits *limits;
    struct dashboard_guesses *guesses;
    struct hooks *hooks;
    struct dashboard_sweep *sweep;
    const struct conf_dashboard *conf; /* of whoever opened the server */
    struct dashboard_hook_known *known;
    char *listen;     /* "127.0.0.1:8484", the port as it is in use */
    /* The answer of a request that was answered later is there; the request must not be touched any
     * more. From any thread. */
    void (*answered)(struct dashboard_request *r);
    atomic_bool stop; /* it ends: what takes long ends too */
};

struct dashboard_answer {
    char request[9];       /* the number of a problem */
    unsigned status;
    const char *type;      /* of the body */
    char own_type[96];     /* room for one that lives no longer than the answer */
    char *body;            /* malloc'd; NULL: constant, or none */
    const void *constant;  /* lives for ever */
    size_t bytes;
    bool gzip;             /* the body is */
    char etag[DASHBOARD_REQUEST_TAG_BYTES]; /* "": none */
    const char *cache;     /* NULL: it is kept nowhere */
    const char *allow;     /* with 405 */
    char *cookie, *second_cookie; /* malloc'd; NULL: none is set */
    char *location;        /* malloc'd; NULL: none */
    int retry_after_s;     /* 0: nothing is said */
    bool last;             /* the connection ends with it */
    struct dashboard_stream *stream; /* in place of a body */
};

struct dashboard_request {
    struct dashboard_context *context;
    struct dashboard_path path;
    const struct dashboard_route *route; /* NULL: none of the API */
    const char *label;                   /* of the metrics; a name of this program */
    struct buf body;
    struct dashboard_answer answer;
    /* Of the head; borrowed from the library until the answer has left, "" where not given. */
    const char *method, *host, *cookie, *authorization, *csrf, *origin, *fetch_site, *content_type,
        *last_event_id, *if_none_match, *if_match, *agent, *forwarded;
    struct koppel_pair *heads;           /* all of them, their names small; of messages only */
    int head_count;
    char address[64];                    /* of who asks, as a number */
    /* Of the library's side, dashboard_server.c. */
    struct dashboard_server *server;
    struct MHD_Connection *connection;
    struct dashboard_sweep_one *deadline; /* of the connection; NULL: none */
    char *target;
    enum { DASHBOARD_NEW, DASHBOARD_READING, DASHBOARD_WORKING, DASHBOARD_ANSWERED } state;
    bool malformed, too_long, unclear;
};

/* An answer with a JSON value, which is freed. */
void dashboard_request_json(struct dashboard_request *r, unsigned status, json_t *value_take);
/* The answer gets a tag of its bytes, behind version and a dot where that is not NULL: the digest
 * of the file that it is about. To who has that answer already it says so and no more. */
void dashboard_request_tag(struct dashboard_request *r, const char *version);
/* Does the answer's tag stand in If-None-Match? */
bool dashboard_request_has_it(const struct dashboard_request *r);
void dashboard_request_answer_done(struct dashboard_answer *a);

#endif
