/* SPDX-License-Identifier: MIT
 * Answers that are no success; see problem.h. */
#include "problem.h"

#include "place.h"

#define WORDS_BYTES 600
#define CODE_BYTES 80

const char *const problem_kinds[] = {"rejected", "exists", "retry", "unsure", "auth", "config",
                                     "gone", "access", "stale", "down", "missing", NULL};
enum { REJECTED, EXISTS, RETRY, UNSURE, AUTH, CONFIG, GONE, ACCESS, STALE, DOWN, MISSING, NONE };

/* What it was found to be. */
struct finding {
    int kind;
    unsigned status; /* 0: the answer was a success, and told of a failure inside */
    char code[CODE_BYTES];
    char words[WORDS_BYTES];
};

int problem_lost(const struct request *q)
{
    return q->write ? KOPPEL_E_UNSURE : KOPPEL_E_RETRY;
}

static int kind_of(const json_t *kinds, const char *code)
{
    const char *kind = *code ? koppel_get_text(kinds, code, NULL) : NULL;
    for (int i = 0; kind && problem_kinds[i]; i++) {
        if (strcmp(kind, problem_kinds[i]) == 0)
            return i;
    }
    return NONE;
}

/* ---- the words ---- */

static void say(struct finding *f, const char *text)
{
    size_t used = strlen(f->words);
    if (*text && used < sizeof f->words && !strstr(f->words, text))
        snprintf(f->words + used, sizeof f->words - used, "%s%s", used ? "; " : "", text);
}

/* Texts wherever they stand: errors come as text, as a list, or by field. */
static void say_all(struct finding *f, const json_t *value, int depth)
{
    const char *name;
    char text[WORDS_BYTES];
    json_t *item;
    if (place_text(value, NULL, text, sizeof text)) {
        say(f, text);
        return;
    }
    for (size_t i = 0; i < json_array_size(value) && i < 20 && depth < 4; i++)
        say_all(f, json_array_get(value, i), depth + 1);
    json_object_foreach((json_t *)value, name, item) {
        if (depth >= 4)
            break;
        if (json_array_size(item) > 0)
            say(f, name);
        say_all(f, item, depth + 1);
    }
}

static void find_words(struct rest *r, const json_t *errors, const json_t *answer,
                       struct finding *f)
{
    static const char *const usual[] = {"message", "error", "errors", "title", "detail",
                                        "error_description", NULL};
    const char *place = koppel_get_text(errors, "text", NULL);
    (void)r;
    if (place)
        say_all(f, place_get(answer, place), 0);
    for (int i = 0; !place && usual[i] && json_is_object(answer); i++)
        say_all(f, json_object_get(answer, usual[i]), 0);
    if (!f->words[0])
        say(f, f->code[0] ? f->code : "no reason given");
}

/* ---- what it is ---- */

static int by_status(const struct request *q, unsigned status, bool page)
{
    bool elsewhere = status >= 300 && status < 400;
    /* What stands between may say "not there", or lead to its own log-in, behind a write that went
     * through; and the system itself leads elsewhere when one is done. */
    if (q->write && elsewhere)
        return UNSURE;
    if (page && (q->write || q->one) && (status == 404 || elsewhere))
        return UNSURE;
    if (status >= 500 || status == 408)
        return page ? DOWN : UNSURE;
    switch (status) {
    case 401:
        return AUTH;
    case 403:
        return ACCESS;
    case 404:
    case 410:
        return strcmp(q->name, "update") == 0 || strcmp(q->name, "remove") == 0 ? GONE
               : q->one && request_asks(q)                                      ? MISSING
                                                                                : CONFIG;
    case 405:
        return q->one ? ACCESS : CONFIG;
    case 412:
        return STALE;
    case 425:
    case 429:
        return RETRY;
    default:
        return status >= 400 ? REJECTED : CONFIG;
    }
}

/* Does what stands where a failure has its code, or its words, tell of none? A code in a form that
 * nobody knows is one. */
static bool is_nothing(const json_t *there)
{
    char text[8];
    if (!there || json_is_null(there) || json_is_array(there) || json_is_object(there))
        return json_array_size(there) == 0 && json_object_size(there) == 0;
    if (!place_text(there, NULL, text, sizeof text))
        return false;
    return !*text || strcmp(text, "0") == 0 || strcmp(text, "false") == 0;
}

/* What a success tells of itself: REJECTED, UNSURE where it lacks what it should say, or NONE. */
static int inside(const json_t *errors, const json_t *answer)
{
    const json_t *success = json_object_get(errors, "success");
    const json_t *code = place_get(answer, koppel_get_text(errors, "code", "\001"));
    char value[CODE_BYTES];
    if (!success)
        return koppel_get_bool(errors, "inside", 0) && !is_nothing(code) ? REJECTED : NONE;
    const json_t *said = place_get(answer, koppel_get_text(success, "place", ""));
    if (!said)
        return is_nothing(code) ? UNSURE : REJECTED;
    place_text(said, NULL, value, sizeof value);
    const json_t *values = json_object_get(success, "values");
    for (size_t i = 0; i < json_array_size(values); i++) {
        if (strcmp(json_string_value(json_array_get(values, i)), value) == 0)
            return NONE;
    }
    return REJECTED;
}

/* ---- what the engine is told ---- */

static int tell(struct rest *r, const struct request *q, const struct finding *f,
                struct koppel_error *err)
{
    const struct koppel_host *h = r->host;
    char how[CODE_BYTES + 40];
    if (f->code[0])
        snprintf(how, sizeof how, "with %s", f->code);
    else
        snprintf(how, sizeof how, "with HTTP %u", f->status);
    switch (f->kind) {
    case EXISTS:
        return h->fail(err, KOPPEL_E_EXISTS, "%s: it is there already: " KOPPEL_SAID, q->what,
                       f->words);
    case RETRY:
        return h->fail(err, KOPPEL_E_RETRY, "%s: the system asks for patience, %s: " KOPPEL_SAID,
                       q->what, how, f->words);
    case UNSURE:
        return h->fail(err, problem_lost(q), "%s failed %s: " KOPPEL_SAID, q->what, how, f->words);
    case DOWN:
        h->fail(err, problem_lost(q), "%s: the system does not work, %s: " KOPPEL_SAID, q->what,
                how, f->words);
        return h->reason(err, KOPPEL_REASON_DOWN);
    case AUTH:
        return h->fail(err, KOPPEL_E_AUTH, "%s: the log-in is refused, %s: " KOPPEL_SAID, q->what,
                       how, f->words);
    case GONE:
        h->fail(err, KOPPEL_E_REJECTED, "%s: it is not there (any more): " KOPPEL_SAID, q->what,
                f->words);
        return h->reason(err, KOPPEL_REASON_GONE);
    case ACCESS:
        h->fail(err, q->one ? KOPPEL_E_REJECTED : KOPPEL_E_CONFIG,
                "%s is not allowed, %s: " KOPPEL_SAID "; check the rights of this log-in", q->what,
                how, f->words);
        return h->reason(err, KOPPEL_REASON_ACCESS);
    case STALE:
        h->fail(err, KOPPEL_E_RETRY, "%s: somebody changed it meanwhile: " KOPPEL_SAID, q->what,
                f->words);
        return h->reason(err, KOPPEL_REASON_STALE);
    case CONFIG:
        return h->fail(err, KOPPEL_E_CONFIG, "%s was answered %s: " KOPPEL_SAID "; check the "
                       "address, and the path and method in the description", q->what, how,
                       f->words);
    default:
        return h->fail(err, KOPPEL_E_REJECTED, "%s was refused %s: " KOPPEL_SAID, q->what, how,
                       f->words);
    }
}

int problem_check(struct rest *r, const struct request *q, const struct answer *a, bool page,
                  struct koppel_error *err)
{
    const json_t *errors = json_object_get(r->service, "errors");
    struct finding f = {.kind = NONE, .status = a->http.status};
    char status[16];
    bool well = a->http.status >= 200 && a->http.status <= 299;
    int told = well && a->json ? inside(errors, a->json) : NONE;
    place_text(a->json, koppel_get_text(errors, "code", "\001"), f.code, sizeof f.code);
    snprintf(status, sizeof status, "%u", a->http.status);
    /* 204 may be how the system says that nothing is there. */
    if (well && request_asks(q) && kind_of(json_object_get(errors, "statuses"), status) == MISSING)
        return 1;
    if (well && told == NONE)
        return 0;
    f.kind = kind_of(json_object_get(errors, "kinds"), f.code);
    if (f.kind == NONE && !page)
        f.kind = kind_of(json_object_get(errors, "statuses"), status);
    if (f.kind == NONE)
        f.kind = well ? told : by_status(q, a->http.status, page);
    if (f.kind == MISSING && request_asks(q))
        return 1;
    if (f.kind == MISSING)
        f.kind = GONE;
    if (page)
        snprintf(f.words, sizeof f.words, "a page instead of an answer");
    else
        find_words(r, errors, a->json, &f);
    return tell(r, q, &f, err);
}

/* The status says that it is done and that nothing follows. What is made has more to tell: under
 * which id. */
static bool is_done_silently(const struct request *q, const struct answer *a)
{
    static const char *const names[] = {"update", "remove", "unsubscribe"};
    if ((a->http.status != 204 && a->http.status != 205) || a->http.body_bytes > 0)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(q->name, names[i]) == 0)
            return true;
    }
    return false;
}

int problem_silent(struct rest *r, const struct request *q, const struct answer *a,
                   struct koppel_error *err)
{
    const json_t *success = json_object_get(json_object_get(r->service, "errors"), "success");
    if (!success || is_done_silently(q, a))
        return 0;
    return r->host->fail(err, problem_lost(q), "%s: the answer does not say at %s whether it is a "
                         "success", q->what, koppel_get_text(success, "place", ""));
}

int problem_unreadable(struct rest *r, const struct request *q, bool broken,
                       struct koppel_error *err)
{
    if (broken)
        return r->host->fail(err, problem_lost(q), "%s: the answer is JSON that cannot be read",
                             q->what);
    r->host->fail(err, problem_lost(q), "%s: the answer is no JSON: a page of something in "
                  "between, or check the address", q->what);
    return r->host->reason(err, KOPPEL_REASON_DOWN);
}

int problem_row(struct rest *r, const struct request *q, const json_t *rows, const json_t *row,
                uint32_t index, struct koppel_results *out)
{
    static const int kinds[] = {[REJECTED] = KOPPEL_E_REJECTED, [EXISTS] = KOPPEL_E_EXISTS,
                                [RETRY] = KOPPEL_E_RETRY, [UNSURE] = KOPPEL_E_UNSURE,
                                [AUTH] = KOPPEL_E_AUTH, [CONFIG] = KOPPEL_E_CONFIG,
                                [GONE] = KOPPEL_E_REJECTED, [ACCESS] = KOPPEL_E_REJECTED,
                                [STALE] = KOPPEL_E_RETRY, [DOWN] = KOPPEL_E_UNSURE,
                                [MISSING] = KOPPEL_E_REJECTED, [NONE] = KOPPEL_E_REJECTED};
    static const char *const reasons[] = {
        [GONE] = KOPPEL_REASON_GONE, [MISSING] = KOPPEL_REASON_GONE,
        [ACCESS] = KOPPEL_REASON_ACCESS, [STALE] = KOPPEL_REASON_STALE, [NONE] = NULL};
    const json_t *errors = json_object_get(r->service, "errors");
    struct finding f = {.kind = NONE};
    const char *code = koppel_get_text(rows, "code", NULL);
    const char *text = koppel_get_text(rows, "text", NULL);
    const json_t *said = text ? place_get(row, text) : NULL;
    const json_t *coded = code ? place_get(row, code) : NULL;
    place_text(coded, NULL, f.code, sizeof f.code);
    bool well = strcmp(f.code, "0") == 0 || strcmp(f.code, "false") == 0;
    if (well || (is_nothing(coded) && is_nothing(said)))
        return 0;
    f.kind = kind_of(json_object_get(errors, "kinds"), f.code);
    say_all(&f, said, 0);
    if (!f.words[0])
        say(&f, f.code[0] ? f.code : "no reason given");
    r->host->result_error(out, index, kinds[f.kind], "%s was refused%s%s: " KOPPEL_SAID, q->what,
                          f.code[0] ? " with " : "", f.code, f.words);
    if (reasons[f.kind])
        r->host->result_reason(out, index, reasons[f.kind]);
    return 1;
}
