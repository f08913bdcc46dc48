/* SPDX-License-Identifier: MIT
 * One call of Tryton over JSON-RPC, in a session that is kept. */
#ifndef TRYTON_RPC_H
#define TRYTON_RPC_H

#include <jansson.h>
#include <stdbool.h>

#include "koppel/sdk.h"

#define RPC_WORDS_BYTES 300

/* One instance of the connector. */
struct tryton {
    const struct koppel_host *host;
    struct koppel_context *ctx;
    char *root, *url; /* of the server and of the database, both with "/" at their end */
    const char *user, *password, *language;
    int64_t company; /* of the settings; 0: the user's own */
    bool accept_warnings;
    /* What the instances share of the log-in: auth, user, company, currency; NULL: none. */
    json_t *session;
};

struct rpc {
    const char *what;   /* for the trace and messages: "post the invoice" */
    const char *method; /* "model.party.party.create" */
    bool write;         /* stores something: a lost answer leaves doubt */
    bool one;           /* is about one record, so that a refusal is that record's */
    /* Set where Tryton itself refused it for its content; NULL: nobody asks. */
    bool *refused;
    /* The same where it warned only, and the settings do not accept that. */
    bool *warned;
    /* RPC_WORDS_BYTES that receive the words of that refusal; NULL: nobody asks. */
    char *words;
};

/* Fails for a lack of memory. */
int rpc_no_memory(struct tryton *t, struct koppel_error *err);
/* Calls the method with these parameters (a list, stolen, NULL stands for a lack of memory) and the
 * context of the session behind them. *result is a new reference. A session that ended is begun
 * anew, once. */
int rpc_call(struct tryton *t, const struct rpc *call, json_t *params_take, json_t **result,
             struct koppel_error *err);
/* The same with inactive records in sight. */
int rpc_call_all(struct tryton *t, const struct rpc *call, json_t *params_take, json_t **result,
                 struct koppel_error *err);
/* Logs in unless a session stands. */
int rpc_session(struct tryton *t, struct koppel_error *err);
/* Begins a session of its own in any case, for a probe. */
int rpc_session_anew(struct tryton *t, struct koppel_error *err);
/* Numbers of the session: "user", "company", "currency". 0 without one. */
int64_t rpc_number(const struct tryton *t, const char *name);
/* The version of the server, for which nobody logs in; a new reference. */
int rpc_version(struct tryton *t, json_t **version, struct koppel_error *err);

#endif
