/* SPDX-License-Identifier: MIT
 * The texts of alerts, filled in. */
#include "alert/alert_text.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alert/alert_texts_model.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/cut.h"
#include "base/json_read.h"
#include "base/log.h"
#include "base/visible.h"
#include "base/zone.h"

#define BODY_BYTES (64 * 1024)
#define SUBJECT_BYTES 300
#define VALUE_BYTES 600  /* of one that is filled in */
#define BODY_ENOUGH (24 * 1024) /* alerts behind it are only counted */
#define LABEL_COLUMNS 8
#define MOMENT_BYTES 24

enum part { PART_SUMMARY, PART_WHAT, PART_WHY, PART_EFFECT, PART_DO, PARTS };

/* Facts that may name a person, and stay out where that is not wanted. */
static const char *const personal_facts[] = {"why", "title"};

static json_t *texts;

static void load(void)
{
    texts = json_read_text(alert_texts_model, NULL);
    if (texts)
        return;
    log_error(NULL, "the texts of alerts cannot be read"); /* they are part of the program */
    abort();
}

static const json_t *language_of(const struct conf_alert *conf)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    const json_t *found = json_object_get(texts, conf->language);
    return found ? found : json_object_get(texts, "en");
}

static const char *word(const struct conf_alert *conf, const char *name)
{
    const json_t *words = json_object_get(language_of(conf), "words");
    const char *text = json_string_value(json_object_get(words, name));
    return text ? text : "";
}

/* What concerns this program itself, and no connection, may have words of its own; so may what one
 * of several hosts does not take. */
static const char *rule_text(const struct conf_alert *conf, const struct alert *a,
                             enum part part)
{
    const json_t *rules = json_object_get(language_of(conf), "rules");
    const json_t *parts = json_object_get(rules, conf_alert_rule_name(a->rule));
    if (a->rule == CONF_ALERT_CERTIFICATE && !*a->subject)
        parts = json_object_get(rules, "certificate.own");
    if (a->rule == CONF_ALERT_REJECTED && *a->subject)
        parts = json_object_get(rules, "host.lacks");
    const char *text = json_string_value(json_array_get(parts, (size_t)part));
    return text ? text : "";
}

/* ---- values ---- */

/* A moment in the zone of the shop, to the minute. */
static void moment(const struct conf_alert *conf, int64_t ms, char out[MOMENT_BYTES])
{
    char text[CLOCK_TEXT_BYTES];
    int64_t shown = ms + (int64_t)zone_offset(zone_find(conf->zone), ms / 1000) * 1000;
    (void)clock_format(shown / 1000 * 1000, text);
    snprintf(out, MOMENT_BYTES, "%.10s %.5s", text, strlen(text) > 15 ? text + 11 : "");
}

/* "2 d 3 h", "5 min", "12 s": the two largest units. */
static void length(int64_t ms, char out[MOMENT_BYTES])
{
    long long s = ms < 0 ? 0 : ms / 1000;
    if (s >= 86400)
        snprintf(out, MOMENT_BYTES, "%lld d %lld h", s / 86400, s % 86400 / 3600);
    else if (s >= 3600)
        snprintf(out, MOMENT_BYTES, "%lld h %lld min", s / 3600, s % 3600 / 60);
    else if (s >= 60)
        snprintf(out, MOMENT_BYTES, "%lld min", s / 60);
    else
        snprintf(out, MOMENT_BYTES, "%lld s", s);
}

/* Adds text with nothing in it that would steer a terminal or end a header. */
static void add_visible(struct buf *out, const char *text, size_t limit)
{
    char part[BODY_BYTES / 16];
    cut_copy(part, limit < sizeof part ? limit : sizeof part, text);
    char *shown = visible_text(part, false);
    buf_add_text(out, shown ? shown : "");
    free(shown);
}

/* Fills names in braces in from an object of texts and whole numbers. false: one is missing. */
static bool fill(struct buf *out, const char *text, const json_t *values)
{
    bool whole = true;
    while (*text) {
        size_t n = strcspn(text, "{");
        char name[32], digits[24];
        buf_add(out, text, n);
        text += n;
        if (!*text)
            break;
        n = strcspn(text, "}");
        snprintf(name, sizeof name, "%.*s", (int)(n - 1), text + 1);
        text += text[n] ? n + 1 : n;
        const json_t *value = json_object_get(values, name);
        snprintf(digits, sizeof digits, "%lld", (long long)json_integer_value(value));
        const char *known = json_is_integer(value) ? digits : json_string_value(value);
        whole = whole && known && *known;
        add_visible(out, known ? known : "-", VALUE_BYTES);
    }
    return whole;
}

static char *filled(const char *text, const json_t *values, bool *whole)
{
    struct buf out;
    buf_init(&out, BODY_BYTES);
    bool all = fill(&out, text, values);
    if (whole)
        *whole = all;
    char *words = buf_ok(&out) ? strdup(buf_text(&out)) : NULL;
    buf_done(&out);
    return words;
}

/* Why: the record's own words where these may be told; else what the reason means, with the words
 * of a failure that names no person behind it. */
static char *why_of(const struct conf_alert *conf, const json_t *values)
{
    const char *own = json_string_value(json_object_get(values, "why"));
    const char *because = json_string_value(json_object_get(values, "because"));
    const char *reason = json_string_value(json_object_get(values, "reason"));
    const json_t *reasons = json_object_get(language_of(conf), "reasons");
    const char *text = reason ? json_string_value(json_object_get(reasons, reason)) : NULL;
    bool whole = false;
    char *words = text ? filled(text, values, &whole) : NULL, *both = NULL;
    if (own && *own)
        both = strdup(own);
    else if (because && *because && whole && asprintf(&both, "%s (%s)", words, because) < 0)
        both = NULL;
    else if (because && *because && !whole)
        both = strdup(because);
    else if (!whole)
        both = filled(word(conf, reason && *reason ? "reason" : "unknown"), values, NULL);
    if (!both && whole)
        return words;
    free(words);
    return both;
}

/* All that the texts of an alert may be filled in with. NULL: no memory. */
static json_t *values_of(const struct conf_alert *conf, const struct alert *a)
{
    char since[MOMENT_BYTES], until[MOMENT_BYTES] = "";
    json_t *values = json_copy(a->facts);
    const char *command = json_string_value(json_object_get(values, "command"));
    const char *remedy = json_string_value(json_object_get(values, "remedy"));
    int64_t ends = json_integer_value(json_object_get(values, "until"));
    for (size_t i = 0; !conf->personal && i < sizeof personal_facts / sizeof *personal_facts; i++)
        (void)json_object_del(values, personal_facts[i]);
    moment(conf, a->since_ms, since);
    if (ends > 0)
        moment(conf, ends, until);
    (void)json_object_set_new(values, "subject", json_string_nocheck(a->subject));
    (void)json_object_set_new(values, "count", json_integer(a->count));
    char *records = filled(word(conf, a->count == 1 ? "record" : "records"), values, NULL);
    (void)json_object_set_new(values, "records", json_string_nocheck(records ? records : ""));
    free(records);
    (void)json_object_set_new(values, "since", json_string(since));
    (void)json_object_set_new(values, "until", json_string(until));
    json_t *todo = json_sprintf("%s%s%s", remedy ? remedy : "", remedy && command ? ": " : "",
                                command ? command : "");
    if (!remedy && !command) {
        json_decref(todo);
        todo = json_sprintf("koppel causes %.160s", a->subject);
    }
    (void)json_object_set_new(values, "todo", todo);
    char *why = why_of(conf, values);
    (void)json_object_set_new(values, "why", json_string_nocheck(why ? why : ""));
    free(why);
    return values;
}

/* ---- parts ---- */

static void add_line(struct buf *out, const char *label, const char *text)
{
    size_t wide = cut_count(label);
    buf_printf(out, "%s%*s%s\n", label, wide < LABEL_COLUMNS ? (int)(LABEL_COLUMNS - wide) : 1, "",
               text);
}

/* A line of a rule, unless it lacks something. */
static void add_part(struct buf *out, const struct conf_alert *conf, const struct alert *a,
                     const json_t *values, enum part part, const char *label)
{
    bool whole = false;
    char *text = filled(rule_text(conf, a, part), values, &whole);
    if (text && (whole || part == PART_WHAT || part == PART_DO))
        add_line(out, word(conf, label), text);
    free(text);
}

static void add_link(struct buf *out, const struct conf_alert *conf, const struct alert *a)
{
    char link[400];
    size_t n = strlen(conf->url);
    if (n == 0)
        return;
    snprintf(link, sizeof link, "%.200s%s#/%s%.60s", conf->url, conf->url[n - 1] == '/' ? "" : "/",
             a->rule == CONF_ALERT_PARKED && *a->cause ? "errors?cause=" : "alerts",
             a->rule == CONF_ALERT_PARKED ? a->cause : "");
    add_line(out, word(conf, "link"), link);
}

static char *summary_of(const struct conf_alert *conf, const struct alert *a, const json_t *values)
{
    char *text = filled(rule_text(conf, a, PART_SUMMARY), values, NULL);
    if (!text || a->flaps == 0)
        return text;
    json_t *outer = json_pack("{s:o,s:i}", "text", json_string_nocheck(text), "count", a->flaps);
    free(text);
    text = filled(word(conf, "flapping"), outer, NULL);
    json_decref(outer);
    return text;
}

static void add_over(struct buf *out, const struct conf_alert *conf, const struct alert *a)
{
    char took[MOMENT_BYTES], since[MOMENT_BYTES], until[MOMENT_BYTES];
    length(a->gone_ms - a->since_ms, took);
    moment(conf, a->since_ms, since);
    moment(conf, a->gone_ms, until);
    json_t *values = json_pack("{s:s,s:s,s:s}", "length", took, "since", since, "until", until);
    char *text = filled(word(conf, "lasted"), values, NULL);
    add_line(out, word(conf, "over"), text ? text : "");
    free(text);
    text = filled("{done}", a->facts, NULL);
    if (text && json_object_get(a->facts, "done"))
        add_line(out, word(conf, "done"), text);
    free(text);
    json_decref(values);
}

/* The four lines below the summary. */
static void add_block(struct buf *out, const struct conf_alert *conf, const struct alert *a,
                      const json_t *values)
{
    if (a->state == ALERT_RESOLVED) {
        add_over(out, conf, a);
        return;
    }
    add_part(out, conf, a, values, PART_WHAT, "what");
    add_part(out, conf, a, values, PART_WHY, "why");
    add_part(out, conf, a, values, PART_EFFECT, "effect");
    add_part(out, conf, a, values, PART_DO, "do");
    add_link(out, conf, a);
}

/* Several alerts: each with its summary above its lines. One: the subject is its summary. */
static void add_blocks(struct buf *out, const struct conf_alert *conf, struct alert *const *alerts,
                       int count)
{
    for (int i = 0; i < count && out->bytes < BODY_ENOUGH; i++) {
        json_t *values = values_of(conf, alerts[i]);
        char *summary = count > 1 ? summary_of(conf, alerts[i], values) : NULL;
        if (summary)
            buf_printf(out, "%s%s\n", i > 0 ? "\n" : "", summary);
        add_block(out, conf, alerts[i], values);
        free(summary);
        json_decref(values);
    }
}

/* ---- messages ---- */

static int finish(const struct conf_alert *conf, char *line_take, struct buf *body,
                  struct alert_text *out, struct koppel_error *err)
{
    char host[65] = "";
    struct buf subject;
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = '\0';
    buf_init(&subject, SUBJECT_BYTES * 6);
    buf_add_text(&subject, "[Koppel ");
    add_visible(&subject, *conf->name ? conf->name : host, 64);
    buf_add_text(&subject, "] ");
    add_visible(&subject, line_take ? line_take : "", SUBJECT_BYTES);
    bool good = line_take && buf_ok(&subject) && buf_ok(body);
    if (good) {
        out->subject = buf_take(&subject);
        out->body = buf_take(body);
    }
    buf_done(&subject);
    buf_done(body);
    free(line_take);
    return good && out->body ? 0 : err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* The line put into the words that go around it. NULL: no memory. */
static char *around(const struct conf_alert *conf, const char *name, char *line_take, int more)
{
    json_t *values = json_pack("{s:o,s:i}", "text", json_string_nocheck(line_take ? line_take : ""),
                               "count", more);
    char *out = filled(word(conf, name), values, NULL);
    json_decref(values);
    free(line_take);
    return out;
}

int alert_text_notice(const struct conf_alert *conf, const struct alert_notice *n,
                      struct alert_text *out, struct koppel_error *err)
{
    struct buf body;
    const struct alert *worst = n->alerts[0];
    for (int i = 1; i < n->count && !worst->critical; i++)
        worst = n->alerts[i]->critical ? n->alerts[i] : worst;
    json_t *values = values_of(conf, worst);
    char *line = summary_of(conf, worst, values);
    json_decref(values);
    *out = (struct alert_text){.critical = n->critical};
    if (n->count > 1)
        line = around(conf, "more", line, n->count - 1);
    if (n->kind != ALERT_NOTICE_OPEN)
        line = around(conf, n->kind == ALERT_NOTICE_OVER ? "resolved" : "reminder", line, 0);
    buf_init(&body, BODY_BYTES);
    add_blocks(&body, conf, n->alerts, n->count);
    return finish(conf, line, &body, out, err);
}

int alert_text_digest(const struct conf_alert *conf, struct alert *const *alerts, int count,
                      struct alert_text *out, struct koppel_error *err)
{
    struct buf body;
    *out = (struct alert_text){0};
    for (int i = 0; i < count; i++)
        out->critical = out->critical || alerts[i]->critical;
    buf_init(&body, BODY_BYTES);
    add_blocks(&body, conf, alerts, count);
    return finish(conf, around(conf, "digest", NULL, count), &body, out, err);
}

int alert_text_weekly(const struct conf_alert *conf, const struct alert_text_week *week,
                      struct alert_text *out, struct koppel_error *err)
{
    struct buf body;
    json_t *values = json_pack("{s:I,s:I,s:I,s:I,s:i}", "read", (json_int_t)week->read, "done",
                               (json_int_t)week->done, "skipped", (json_int_t)week->skipped,
                               "parked", (json_int_t)week->parked, "flows", week->flows);
    *out = (struct alert_text){0};
    buf_init(&body, BODY_BYTES);
    (void)fill(&body, word(conf, "weekly_body"), values);
    buf_add_char(&body, '\n');
    char *line = filled(word(conf, "weekly"), values, NULL);
    json_decref(values);
    return finish(conf, line, &body, out, err);
}

int alert_text_test(const struct conf_alert *conf, const char *channel, struct alert_text *out,
                    struct koppel_error *err)
{
    struct buf body;
    json_t *values = json_pack("{s:o}", "channel", json_string_nocheck(channel));
    *out = (struct alert_text){0};
    buf_init(&body, BODY_BYTES);
    buf_printf(&body, "%s\n", word(conf, "test_body"));
    char *line = filled(word(conf, "test"), values, NULL);
    json_decref(values);
    return finish(conf, line, &body, out, err);
}

char *alert_text_line(const struct conf_alert *conf, const struct alert *a)
{
    json_t *values = values_of(conf, a);
    char *line = summary_of(conf, a, values);
    json_decref(values);
    return line;
}

char *alert_text_todo(const struct conf_alert *conf, const struct alert *a)
{
    json_t *values = values_of(conf, a);
    char *line = filled(rule_text(conf, a, PART_DO), values, NULL);
    json_decref(values);
    return line;
}

void alert_text_done(struct alert_text *t)
{
    free(t->subject);
    free(t->body);
    *t = (struct alert_text){0};
}
