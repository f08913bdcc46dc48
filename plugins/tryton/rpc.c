/* SPDX-License-Identifier: MIT
 * JSON-RPC; see rpc.h. */
#include "rpc.h"

#include <stdlib.h>

#include "wire.h"

#define WARNINGS_MAX 8 /* of one call */
#define SHARED "session"

int rpc_no_memory(struct tryton *t, struct koppel_error *err)
{
    return t->host->fail(err, KOPPEL_E_RETRY, "out of memory");
}

/* What a failure leaves behind: doubt, where something may have been stored. */
static int lost(const struct rpc *call)
{
    return call->write ? KOPPEL_E_UNSURE : KOPPEL_E_RETRY;
}

/* ---- one exchange ---- */

struct exchange {
    const char *url, *auth; /* auth: NULL, nobody is logged in */
    uint32_t flags;
    unsigned status;
    json_t *answer; /* NULL: the body was no JSON object */
};

static int send(struct tryton *t, const struct rpc *call, const json_t *params, struct exchange *x,
                struct koppel_error *err)
{
    struct koppel_pair headers[] = {KOPPEL_PAIR("Content-Type", "application/json"),
                                    KOPPEL_PAIR_SECRET("Authorization", x->auth)};
    struct koppel_http_request request = KOPPEL_INIT(request);
    struct koppel_http_response response = KOPPEL_INIT(response);
    size_t bytes = 0;
    json_t *body = json_pack("{s:i,s:s,s:O}", "id", 1, "method", call->method, "params", params);
    char *text = body ? wire_print(body, &bytes) : NULL;
    json_decref(body);
    if (!text)
        return rpc_no_memory(t, err);
    request.method = "POST";
    request.url = x->url;
    request.headers = headers;
    request.header_count = x->auth ? 2 : 1;
    request.body = text;
    request.body_bytes = bytes;
    request.what = call->what;
    request.flags = x->flags | KOPPEL_HTTP_SESSION | (call->write ? KOPPEL_HTTP_WRITE : 0);
    x->answer = NULL;
    int rc = t->host->http(t->ctx, &request, &response, err);
    free(text);
    if (rc != 0)
        return -1;
    x->status = response.status;
    /* A body that is none of Tryton's is told by whoever looks at the status. */
    if (response.body_bytes > 0 && *response.body == '{' &&
        t->host->json(t->ctx, response.body, response.body_bytes, &x->answer, err) != 0)
        x->answer = NULL;
    t->host->http_done(t->ctx, &response);
    return 0;
}

/* ---- the log-in ---- */

static int refused_login(struct tryton *t, struct koppel_error *err)
{
    t->host->fail(err, KOPPEL_E_AUTH, "log in: Tryton refuses user \"%s\" or the password of it",
                  t->user);
    return t->host->fact(err, "setting", "password");
}

static int answered(struct tryton *t, const struct rpc *call, struct exchange *x,
                    json_t **result, struct koppel_error *err);

static int ask(struct tryton *t, const struct rpc *call, json_t *params_take, struct exchange *x,
               json_t **result, struct koppel_error *err)
{
    int rc = params_take ? send(t, call, params_take, x, err) : rpc_no_memory(t, err);
    json_decref(params_take);
    if (rc == 0 && x->status == 401)
        rc = refused_login(t, err);
    else if (rc == 0)
        rc = answered(t, call, x, result, err);
    json_decref(x->answer);
    x->answer = NULL;
    return rc;
}

/* What goes into the header Authorization: its text in base 64. */
static int make_auth(struct tryton *t, const json_t *login, char *out, size_t room,
                     struct koppel_error *err)
{
    char plain[600];
    uint64_t bytes;
    const char *token = json_string_value(json_array_get(login, 1));
    json_int_t user = json_integer_value(json_array_get(login, 0));
    int n = snprintf(plain, sizeof plain, "%s:%lld:%s", t->user, (long long)user,
                     token ? token : "");
    size_t head = sizeof "Session " - 1;
    if (!token || user <= 0 || n < 0 || (size_t)n >= sizeof plain)
        return t->host->fail(err, KOPPEL_E_AUTH, "log in: Tryton gave no session");
    memcpy(out, "Session ", head);
    return t->host->base64(t->ctx, KOPPEL_BASE64_ENCODE, plain, (uint64_t)n, out + head,
                           room - head, &bytes, err);
}

/* The company of the session and its currency. */
static int add_company(struct tryton *t, const char *auth, json_t *session,
                       struct koppel_error *err)
{
    static const struct rpc preferences = {.what = "read the user's preferences",
                                           .method = "model.res.user.get_preferences"};
    static const struct rpc company = {.what = "read the company",
                                       .method = "model.company.company.read"};
    struct exchange x = {.url = t->url, .auth = auth};
    json_t *found = NULL, *rows = NULL;
    int64_t id = t->company;
    if (ask(t, &preferences, json_pack("[b,{}]", 1), &x, &found, err) != 0)
        return -1;
    if (id == 0)
        id = wire_id(found, "company");
    json_decref(found);
    if (id == 0) {
        t->host->fail(err, KOPPEL_E_CONFIG,
                      "log in: user \"%s\" works in no company: set company, or give the user one",
                      t->user);
        return t->host->fact(err, "setting", "company");
    }
    if (ask(t, &company,
            json_pack("[[I],[s,s,s],{s:I}]", (json_int_t)id, "currency", "currency.code",
                      "party.name", "company", (json_int_t)id),
            &x, &rows, err) != 0)
        return -1;
    const json_t *row = json_array_get(rows, 0);
    json_t *name = json_object_get(wire_inside(row, "party"), "name"),
           *code = json_object_get(wire_inside(row, "currency"), "code");
    int rc = json_object_set_new(session, "company", json_integer((json_int_t)id)) |
             json_object_set_new(session, "currency", json_integer(wire_id(row, "currency"))) |
             json_object_set(session, "currency_code", code) |
             json_object_set(session, "name", name);
    json_decref(rows);
    return rc == 0 ? 0
                   : t->host->fail(err, KOPPEL_E_CONFIG, "log in: there is no company %lld",
                                   (long long)id);
}

static int log_in(struct tryton *t, struct koppel_error *err)
{
    static const struct rpc login = {.what = "log in", .method = "common.db.login"};
    struct exchange x = {.url = t->url, .flags = KOPPEL_HTTP_PRIVATE};
    char auth[1024];
    json_t *given = NULL, *session = NULL;
    int rc = ask(t, &login, json_pack("[s,{s:s},s]", t->user, "password", t->password,
                                      t->language),
                 &x, &given, err);
    if (rc == 0)
        rc = make_auth(t, given, auth, sizeof auth, err);
    if (rc == 0) {
        session = json_pack("{s:s,s:O}", "auth", auth, "user", json_array_get(given, 0));
        rc = session ? add_company(t, auth, session, err) : rpc_no_memory(t, err);
    }
    json_decref(given);
    if (rc == 0)
        rc = t->host->shared_set(t->ctx, SHARED, json_incref(session), 0, err);
    if (rc != 0) {
        json_decref(session);
        return -1;
    }
    json_decref(t->session);
    t->session = session;
    return 0;
}

int rpc_session_anew(struct tryton *t, struct koppel_error *err)
{
    return log_in(t, err);
}

int rpc_session(struct tryton *t, struct koppel_error *err)
{
    if (t->session)
        return 0;
    t->session = t->host->shared_get(t->ctx, SHARED);
    return t->session ? 0 : log_in(t, err);
}

/* The session has ended. Another instance may have begun a new one since. */
static void forget_session(struct tryton *t)
{
    json_t *shared = t->host->shared_get(t->ctx, SHARED);
    bool newer = shared && strcmp(wire_text(shared, "auth"), wire_text(t->session, "auth")) != 0;
    json_decref(t->session);
    t->session = newer ? shared : NULL;
    if (!newer)
        json_decref(shared);
}

int64_t rpc_number(const struct tryton *t, const char *name)
{
    return wire_id(t->session, name);
}

/* ---- answers ---- */

/* A problem that Tryton itself names: ["UserError", [message, description, ...]]. */
static int refusal(struct tryton *t, const struct rpc *call, const json_t *error,
                   struct koppel_error *err)
{
    const json_t *said = json_array_get(error, 1);
    const char *message = json_string_value(json_array_get(said, 0)),
               *more = json_string_value(json_array_get(said, 1));
    char words[RPC_WORDS_BYTES];
    snprintf(words, sizeof words, "%s%s%s", message ? message : "no reason given",
             more && *more ? " " : "", more ? more : "");
    for (char *c = words; *c; c++)
        *c = *c == '\n' || *c == '\r' ? ' ' : *c;
    if (call->refused)
        *call->refused = true;
    if (call->words)
        memcpy(call->words, words, sizeof words);
    return t->host->fail(err, KOPPEL_E_REJECTED, "%s: Tryton says: " KOPPEL_SAID, call->what,
                         words);
}

/* Something broke inside, or the database was taken by others; that is tried again. */
static int broke(struct tryton *t, const struct rpc *call, const char *words,
                 struct koppel_error *err)
{
    static const char *const busy[] = {"locked", "serialize", "deadlock", "could not obtain"};
    for (size_t i = 0; i < sizeof busy / sizeof *busy; i++) {
        if (strstr(words, busy[i]))
            return t->host->fail(err, KOPPEL_E_RETRY, "%s: the database of Tryton is busy: "
                                 KOPPEL_SAID, call->what, words);
    }
    return t->host->fail(err, lost(call), "%s: Tryton failed inside: " KOPPEL_SAID, call->what,
                         words);
}

static int error_of(struct tryton *t, const struct rpc *call, const json_t *error,
                    struct koppel_error *err)
{
    const char *kind = json_string_value(json_array_get(error, 0));
    if (!kind)
        return t->host->fail(err, lost(call), "%s: Tryton failed and did not say why", call->what);
    if (strcmp(kind, "UserError") == 0)
        return refusal(t, call, error, err);
    if (strcmp(kind, "UserWarning") == 0) {
        const char *message = json_string_value(json_array_get(json_array_get(error, 1), 1));
        t->host->fail(err, KOPPEL_E_REJECTED, "%s: Tryton warns: " KOPPEL_SAID, call->what,
                      message ? message : "no reason given");
        t->host->fact(err, "remedy", "mend what it warns of, or set warnings = \"accept\"");
        if (call->refused)
            *call->refused = true;
        if (call->warned)
            *call->warned = true;
        return t->host->reason(err, "tryton.warning");
    }
    if (strcmp(kind, "ConcurrencyException") == 0 || strcmp(kind, "RateLimitException") == 0)
        return t->host->fail(err, KOPPEL_E_RETRY, "%s: somebody else changed it at the same time",
                             call->what);
    if (strcmp(kind, "LoginException") == 0)
        return t->host->fail(err, KOPPEL_E_AUTH,
                             "log in: Tryton asks for more than a password, which a program "
                             "cannot give");
    return broke(t, call, kind, err);
}

static int other_status(struct tryton *t, const struct rpc *call, const struct exchange *x,
                        struct koppel_error *err)
{
    if (x->status == 403) {
        t->host->fail(err, call->one ? KOPPEL_E_REJECTED : KOPPEL_E_CONFIG,
                      "%s: Tryton does not let this user call %s", call->what, call->method);
        return t->host->reason(err, KOPPEL_REASON_ACCESS);
    }
    if (x->status == 413)
        return t->host->fail(err, KOPPEL_E_REJECTED,
                             "%s: it is larger than Tryton's max_size of a request", call->what);
    if (x->status == 408 || x->status >= 500) {
        t->host->fail(err, lost(call), "%s: HTTP %u", call->what, x->status);
        return t->host->reason(err, KOPPEL_REASON_DOWN);
    }
    t->host->fail(err, call->write && x->status >= 300 && x->status < 400 ? KOPPEL_E_UNSURE
                                                                          : KOPPEL_E_CONFIG,
                  "%s: the server answered HTTP %u: check url and database", call->what,
                  x->status);
    return t->host->fact(err, "setting", "url");
}

static int answered(struct tryton *t, const struct rpc *call, struct exchange *x,
                    json_t **result, struct koppel_error *err)
{
    if (x->status != 200)
        return other_status(t, call, x, err);
    const json_t *error = json_object_get(x->answer, "error");
    json_t *value = json_object_get(x->answer, "result");
    if (error)
        return error_of(t, call, error, err);
    if (!value) {
        t->host->fail(err, lost(call), "%s: the answer is none of Tryton's: check url, or what "
                      "stands between", call->what);
        return t->host->reason(err, KOPPEL_REASON_DOWN);
    }
    *result = json_incref(value);
    return 0;
}

/* A warning is answered as a person would in the client: by accepting it, once. *again: it was. */
static int accept_warning(struct tryton *t, const struct exchange *x, bool *again,
                          struct koppel_error *err)
{
    static const struct rpc accept = {.what = "accept the warning",
                                      .method = "model.res.user.warning.create"};
    struct exchange own = {.url = t->url, .auth = x->auth};
    const json_t *error = json_object_get(x->answer, "error"), *said = json_array_get(error, 1);
    const char *kind = json_string_value(json_array_get(error, 0)),
               *name = json_string_value(json_array_get(said, 0));
    json_t *made = NULL;
    *again = false;
    if (!t->accept_warnings || !kind || strcmp(kind, "UserWarning") != 0 || !name)
        return 0;
    if (ask(t, &accept,
            json_pack("[[{s:I,s:s,s:b}],{}]", "user", (json_int_t)rpc_number(t, "user"), "name",
                      name, "always", 0),
            &own, &made, err) != 0)
        return -1;
    json_decref(made);
    *again = true;
    return 0;
}

static int call_in(struct tryton *t, const struct rpc *call, json_t *params, bool all,
                   json_t **result, struct koppel_error *err)
{
    json_t *context = json_pack("{s:I,s:s}", "company", (json_int_t)rpc_number(t, "company"),
                                "language", t->language);
    if (all)
        json_object_set_new(context, "active_test", json_false());
    json_t *whole = json_copy(params);
    int rc = json_array_append_new(whole, context) == 0 ? 0 : rpc_no_memory(t, err);
    bool again = rc == 0;
    for (int i = 0; rc == 0 && again; i++) {
        json_t *session = json_incref(t->session);
        struct exchange x = {.url = t->url, .auth = wire_text(session, "auth")};
        again = false;
        rc = send(t, call, whole, &x, err);
        if (rc == 0 && x.status == 401)
            rc = 401;
        if (rc == 0 && i < WARNINGS_MAX)
            rc = accept_warning(t, &x, &again, err);
        if (rc == 0 && !again)
            rc = answered(t, call, &x, result, err);
        json_decref(x.answer);
        json_decref(session);
    }
    json_decref(whole);
    return rc;
}

static int call_any(struct tryton *t, const struct rpc *call, json_t *params, bool all,
                    json_t **result, struct koppel_error *err)
{
    int rc = params ? 401 : rpc_no_memory(t, err);
    *result = NULL;
    /* A session that was kept may have ended; one that was begun just now has not. */
    for (int i = 0; rc == 401 && i < 3; i++) {
        if (i > 0)
            forget_session(t);
        rc = rpc_session(t, err) == 0 ? call_in(t, call, params, all, result, err) : -1;
    }
    json_decref(params);
    if (rc == 401)
        return t->host->fail(err, KOPPEL_E_AUTH, "%s: Tryton does not take the session that it "
                             "gave", call->what);
    return rc;
}

int rpc_call(struct tryton *t, const struct rpc *call, json_t *params_take, json_t **result,
             struct koppel_error *err)
{
    return call_any(t, call, params_take, false, result, err);
}

int rpc_call_all(struct tryton *t, const struct rpc *call, json_t *params_take, json_t **result,
                 struct koppel_error *err)
{
    return call_any(t, call, params_take, true, result, err);
}

int rpc_version(struct tryton *t, json_t **version, struct koppel_error *err)
{
    static const struct rpc call = {.what = "ask the version", .method = "common.server.version"};
    struct exchange x = {.url = t->root};
    return ask(t, &call, json_array(), &x, version, err);
}
