/* SPDX-License-Identifier: MIT
 * One configuration for all hosts that share a store. */
#include "service/publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "service/ask.h"
#include "service/lifecycle.h"
#include "service/published.h"
#include "service/save_may.h"

#define FROM "published/" /* a note: as what a directory was published */

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* The name of the note that says as what this directory of this host was published. */
static int from_name(struct service *s, char out[sizeof FROM + STORE_DIGEST_BYTES],
                     struct koppel_error *err)
{
    char host[256] = "", digest[STORE_DIGEST_BYTES], *place = NULL;
    (void)gethostname(host, sizeof host - 1);
    if (asprintf(&place, "%s:%s", host, s->dir) < 0)
        return no_memory(err);
    s->store->ops->digest(s->store, place, digest);
    snprintf(out, sizeof FROM + STORE_DIGEST_BYTES, FROM "%s", digest);
    free(place);
    return 0;
}

/* Which one is to be replaced: what stands, unless somebody else put it there unseen. */
static int find_over(struct service *s, const struct service_ask *ask, const char *note,
                     int64_t *over, struct koppel_error *err)
{
    char *from = NULL;
    int64_t asked = ask_number(ask, "over"), stands = 0;
    if (s->store->ops->published(s->store, &stands, err) != 0 ||
        s->store->ops->note_get(s->store, note, &from, err) != 0)
        return -1;
    int64_t known = from ? strtoll(from, NULL, 10) : 0;
    free(from);
    *over = stands;
    if (asked >= 0)
        return asked == stands ? 0 : published_another(stands, err);
    if (stands == 0 || known == stands || ask_number(ask, "revision") > 0)
        return 0;
    return err_reason(err, KOPPEL_E_CONFIG, SERVICE_CHANGED,
                      "revision %lld is published, and not from this directory, which may lack what"
                      " changed there (koppel config diff %lld); to put these files in its place"
                      " all the same: koppel publish --over %lld", (long long)stands,
                      (long long)stands, (long long)stands);
}

/* Loads what is to be published. *ground: of a revision; the caller lets go. NULL and report: it
 * has mistakes; NULL and err: it could not be had. */
static struct conf *load(struct service *s, int64_t seq, struct conf_source *source,
                         struct conf_report *report, struct koppel_error *err)
{
    struct revision_place p = {s->store, s->conf->key, s->dir};
    *source = (struct conf_source){.disk = seq <= 0};
    if (seq > 0 && !(source->ground = published_ground(&p, seq, err)))
        return NULL;
    struct conf *conf = lifecycle_load(s->dir, source, s->plugins, report);
    if (conf && lifecycle_sources(s->store, conf, report, err) == 0 && report->errors == 0)
        return conf;
    conf_free(conf);
    return NULL;
}

/* As what this directory is known now. */
static void remember(struct service *s, const char *note, int64_t seq)
{
    struct koppel_error problem = {0};
    char digits[24];
    snprintf(digits, sizeof digits, "%lld", (long long)seq);
    if (s->store->ops->note_put(s->store, note, digits, &problem) != 0)
        log_warning(LOG_ABOUT(.event = "config", .reason = problem.reason, .count = seq),
                    "revision %lld is published, and it is not noted that it is the files of %s:"
                    " the next koppel publish there takes --over: %s", (long long)seq, s->dir,
                    problem.text);
}

static int publish(struct service *s, const struct service_ask *ask, const struct conf *conf,
                   const struct conf_source *source, const char *note, int64_t over, json_t *out,
                   struct koppel_error *err)
{
    struct revision_origin origin = {ask->who->name, ask->who->via, ask_text(ask, "why")};
    struct revision_place p = {s->store, s->conf->key, s->dir};
    int64_t seq = ask_number(ask, "revision");
    if (seq <= 0 && published_keep(&p, conf, source, &origin, &seq, err) != 0)
        return -1;
    if (seq != over && published_put(s->store, seq, over, err) != 0)
        return -1;
    /* from here on all hosts take it: whatever fails, it is published */
    if (source->disk)
        remember(s, note, seq);
    json_object_set_new(out, "published", json_true());
    json_object_set_new(out, "revision", json_integer((json_int_t)seq));
    if (s->serves)
        json_object_set_new(out, "reload", lifecycle_after(s));
    return 0;
}

int publish_order(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err)
{
    struct conf_report report = {0};
    struct conf_source source = {0};
    char note[sizeof FROM + STORE_DIGEST_BYTES];
    int64_t over = 0;
    if (save_may_all(s, err) != 0)
        return -1;
    if (!s->conf->store_connection)
        return err_reason(err, KOPPEL_E_CONFIG, "publish.alone",
                          "there is nobody to publish to: this store is a file, of one host, which"
                          " takes its files as they are (koppel reload)");
    if (from_name(s, note, err) != 0 || find_over(s, ask, note, &over, err) != 0)
        return -1;
    struct conf *conf = load(s, ask_number(ask, "revision"), &source, &report, err);
    int rc = err->kind ? -1 : 0;
    if (rc == 0) {
        json_t *mistakes = lifecycle_mistakes(&report);
        *out = json_pack("{s:b,s:n,s:I,s:o,s:n}", "published", 0, "revision", "before",
                         (json_int_t)over, "mistakes", mistakes, "reload");
        rc = *out ? 0 : no_memory(err);
    }
    if (rc == 0 && conf)
        rc = publish(s, ask, conf, &source, note, over, *out, err);
    if (rc != 0) {
        json_decref(*out);
        *out = NULL;
    }
    conf_free(conf);
    conf_ground_let_go(source.ground);
    conf_report_done(&report);
    return rc;
}
