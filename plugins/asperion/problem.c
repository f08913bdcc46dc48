/* SPDX-License-Identifier: MIT
 * Failures that the service reports; see problem.h. */
#include "problem.h"

#include <strings.h>

#define WORDS_BYTES 700

/* ---- The words ---- */

struct words {
    char text[WORDS_BYTES];
    size_t bytes;
};

static void say(struct words *w, const char *before, const char *text)
{
    if (!text || !*text || w->bytes >= sizeof w->text)
        return;
    int n = snprintf(w->text + w->bytes, sizeof w->text - w->bytes, "%s%s",
                     w->bytes ? before : "", text);
    if (n > 0)
        w->bytes += (size_t)n;
}

/* What one of the errors says: text, or an object that names what it is about. */
static const char *error_text(const json_t *error)
{
    const char *text = json_string_value(error);
    if (!text)
        text = koppel_get_text(error, "message", NULL);
    return text ? text : koppel_get_text(error, "detail", koppel_get_text(error, "title", NULL));
}

/* What one of a list is about, "" where it does not say. */
static const char *error_field(const json_t *error)
{
    return koppel_get_text(error, "field", koppel_get_text(error, "property", ""));
}

static void say_field(struct words *w, const char *field, json_t *messages)
{
    char all[WORDS_BYTES] = "";
    json_t *message;
    size_t i, used = 0;
    const char *own = error_text(messages);
    if (own)
        snprintf(all, sizeof all, "%s", own);
    json_array_foreach(messages, i, message) {
        const char *text = error_text(message);
        if (text && used < sizeof all)
            used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", used ? ", " : "", text);
    }
    bool said = *all && strstr(w->text, all);
    say(w, "; ", field);
    if (!said)
        say(w, *field ? ": " : "; ", all);
}

/* Title, detail and the errors, by field or as a list, as one line; what is the same comes once. */
static void problem_words(const json_t *problem, struct words *w)
{
    const char *field;
    json_t *messages, *errors = json_object_get(problem, "errors");
    size_t i;
    const char *title = koppel_get_text(problem, "title", koppel_get_text(problem, "message", ""));
    const char *detail = koppel_get_text(problem, "detail", "");
    w->text[0] = '\0';
    w->bytes = 0;
    /* Either may hold the other. */
    if (!strstr(detail, title))
        say(w, "", title);
    if (!strstr(w->text, detail))
        say(w, " ", detail);
    json_object_foreach(errors, field, messages)
        say_field(w, field, messages);
    json_array_foreach(errors, i, messages)
        say_field(w, error_field(messages), messages);
    if (json_is_string(errors))
        say_field(w, "", errors);
    if (!w->bytes)
        say(w, "", "no reason given");
}

static bool is_period(const char *field)
{
    return strcasecmp(field, "bookyear") == 0 || strcasecmp(field, "bookperiod") == 0;
}

/* Whether it is about the period of the books. */
static bool about_period(const json_t *problem)
{
    const char *field;
    json_t *messages, *errors = json_object_get(problem, "errors");
    size_t i;
    json_object_foreach(errors, field, messages) {
        if (is_period(field))
            return true;
    }
    json_array_foreach(errors, i, messages) {
        if (is_period(error_field(messages)))
            return true;
    }
    return false;
}

bool problem_inside(const json_t *answer, unsigned *status)
{
    int64_t own = 0;
    const json_t *errors = json_object_get(answer, "errors");
    bool told = json_object_get(answer, "title") || json_object_get(answer, "detail") ||
                json_object_get(answer, "message") || errors;
    *status = 400;
    if (told && koppel_get_int(answer, "status", &own) == 0 && own >= 400 && own <= 599) {
        *status = (unsigned)own;
        return true;
    }
    return !json_object_get(answer, "id") && !json_object_get(answer, "_data") &&
           (json_object_size(errors) > 0 || json_array_size(errors) > 0);
}

/* ---- The kinds ---- */

int problem_lost(const struct api_request *r)
{
    return r->write ? KOPPEL_E_UNSURE : KOPPEL_E_RETRY;
}

/* Of one record it may be the right to this one only, or something in between that dislikes what
 * is in it; the engine tells that from a refusal of every record. */
static int fail_access(struct asperion *a, const struct api_request *r, const char *words,
                       struct koppel_error *err)
{
    int kind = r->one ? KOPPEL_E_REJECTED : KOPPEL_E_CONFIG;
    if (r->package)
        a->host->fail(err, kind,
                      "%s: Asperion gives no access to administration %s: " KOPPEL_SAID
                      "; this needs the package %s: check that the administration has it, and the "
                      "rights of this login", r->what, a->tenant, words, r->package);
    else
        a->host->fail(err, kind,
                      "%s: Asperion gives no access to administration %s: " KOPPEL_SAID
                      "; check tenant and the rights and modules of this login", r->what,
                      a->tenant, words);
    return a->host->reason(err, "access");
}

/* A path or a verb that the service does not know; on a change, more likely a record. */
static int fail_path(struct asperion *a, const struct api_request *r, unsigned status,
                     const char *words, struct koppel_error *err)
{
    const char *has = status == 405 ? "allows no" : "does not know";
    int kind = status == 405 && r->one ? KOPPEL_E_REJECTED : KOPPEL_E_CONFIG;
    if (status == 404 && strcmp(r->method, "PUT") == 0) {
        a->host->fail(err, KOPPEL_E_REJECTED, "%s: %s is not there (any more): " KOPPEL_SAID,
                      r->what, r->path, words);
        return a->host->reason(err, "gone");
    }
    if (r->setting)
        return a->host->fail(err, kind, "%s: Asperion %s %s %s: check %s", r->what, has, r->method,
                             r->path, r->setting);
    if (r->entity)
        return a->host->fail(err, kind,
                             "%s: Asperion %s %s %s: check url, or correct \"path\" of %s in an "
                             "overlay of the catalogue", r->what, has, r->method, r->path,
                             r->entity);
    return a->host->fail(err, kind, "%s: Asperion %s %s %s: check url", r->what, has, r->method,
                         r->path);
}

int problem_fail(struct asperion *a, const struct api_request *r, unsigned status,
                 const json_t *problem, bool page, struct koppel_error *err)
{
    struct words w;
    /* What stands between may say "not there", or lead to its own log-in, behind a write that went
     * through; and whoever leads elsewhere may have done it. */
    bool elsewhere = status >= 300 && status < 400;
    bool doubt = r->write && (elsewhere || (page && status == 404));
    problem_words(problem, &w);
    if (r->period_refused && status >= 400 && status < 500)
        *r->period_refused = about_period(problem);
    if (r->not_there)
        *r->not_there = status != 401;
    if (doubt || status >= 500 || status == 408) {
        a->host->fail(err, problem_lost(r), "%s: %s failed with HTTP %u: " KOPPEL_SAID, r->what,
                      page ? "what stands before Asperion" : "Asperion", status,
                      page ? "a page instead of an answer" : w.text);
        return page ? a->host->reason(err, KOPPEL_REASON_DOWN) : -1;
    }
    switch (status) {
    case 400:
    case 409:
    case 422:
        return a->host->fail(err, KOPPEL_E_REJECTED, "%s: Asperion says: " KOPPEL_SAID, r->what,
                             w.text);
    case 401:
        return a->host->fail(err, KOPPEL_E_AUTH, "%s: Asperion refuses the login: " KOPPEL_SAID,
                             r->what, w.text);
    case 403:
        return fail_access(a, r, w.text, err);
    case 404:
    case 405:
        return fail_path(a, r, status, w.text, err);
    case 429:
        return a->host->fail(err, KOPPEL_E_RETRY, "%s: Asperion asks for patience: " KOPPEL_SAID,
                             r->what, w.text);
    default:
        break;
    }
    if (elsewhere)
        return a->host->fail(err, KOPPEL_E_CONFIG,
                             "%s: the server answered HTTP %u, a redirect: check url", r->what,
                             status);
    return a->host->fail(err, KOPPEL_E_REJECTED, "%s: Asperion answered HTTP %u: " KOPPEL_SAID,
                         r->what, status, w.text);
}

int problem_unreadable(struct asperion *a, const struct api_request *r, bool broken,
                       struct koppel_error *err)
{
    const char *check = r->setting ? r->setting : "url";
    if (r->not_there)
        *r->not_there = true;
    if (broken)
        return a->host->fail(err, problem_lost(r), "%s: the answer is JSON that cannot be read",
                             r->what);
    a->host->fail(err, problem_lost(r),
                  "%s: the answer is no JSON object: a page of something in between, or check %s",
                  r->what, check);
    return a->host->reason(err, KOPPEL_REASON_DOWN);
}
