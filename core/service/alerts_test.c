/* SPDX-License-Identifier: MIT
 * A message to a channel, to see whether it is taken. */
#include "service/alerts_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alert_channel.h"
#include "alert/alert_text.h"
#include "base/clock.h"
#include "config/conf_load.h"
#include "service/alerts_file.h"
#include "service/ask.h"

#define ID_BYTES 40

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* alerts.conf as it stands, with the files that were changed in memory. NULL and err: its first
 * mistake. */
static struct conf *load(struct service *s, const struct conf_edit_files *files,
                         struct koppel_error *err)
{
    struct conf_report report = {0};
    struct conf_source_text *texts = calloc((size_t)files->count + 1, sizeof *texts);
    struct conf_source source = {.texts = texts, .count = files->count};
    if (!texts) {
        (void)no_memory(err);
        return NULL;
    }
    for (int i = 0; i < files->count; i++)
        texts[i] = (struct conf_source_text){files->items[i]->path, files->items[i]->text,
                                             files->items[i]->bytes};
    struct conf *conf = conf_load_alerts(s->dir, &source, &report);
    int at = 0;
    while (!conf && at + 1 < report.count && report.items[at].warning)
        at++;
    if (!conf && report.count > 0)
        err_set(err, KOPPEL_E_CONFIG, "%s:%d: %s", report.items[at].file, report.items[at].line,
                report.items[at].text);
    else if (!conf)
        err_set(err, KOPPEL_E_CONFIG, "%s/" ALERTS_FILE " cannot be read", s->dir);
    conf_report_done(&report);
    free(texts);
    return conf;
}

static const struct conf_alert_channel *find(const struct conf_alert *a, const char *name,
                                             struct koppel_error *err)
{
    const char **names = calloc((size_t)a->channel_count + 1, sizeof *names);
    for (int i = 0; i < a->channel_count; i++) {
        if (names)
            names[i] = a->channels[i].name;
        if (strcmp(a->channels[i].name, name) == 0) {
            free(names);
            return &a->channels[i];
        }
    }
    if (names)
        (void)ask_unknown("channel", name, ALERTS_FILE, names, a->channel_count, err);
    else
        (void)no_memory(err);
    free(names);
    return NULL;
}

static int test(const struct conf_alert *a, const struct conf_alert_channel *c, json_t **out,
                struct koppel_error *err)
{
    struct alert_text text = {0};
    struct koppel_error why = {0};
    char id[ID_BYTES];
    struct http *h = alert_channel_http(c, err);
    json_t *dialogue = json_array();
    if (!h || !dialogue || alert_text_test(a, c->name, &text, err) != 0) {
        http_free(h);
        json_decref(dialogue);
        return -1;
    }
    snprintf(id, sizeof id, "test-%llx-%x", (unsigned long long)clock_now_ms(),
             clock_random(UINT32_MAX));
    struct alert_channel_message message = {.id = id,
                                            .kind = "test",
                                            .at_ms = clock_now_ms(),
                                            .subject = text.subject,
                                            .body = text.body};
    int64_t begun = clock_monotonic_ms();
    int rc = alert_channel_send(c, h, &message, dialogue, &why);
    *out = json_pack("{s:s,s:s,s:b,s:o,s:I,s:o}", "channel", c->name, "type",
                     conf_alert_channel_type(c->type), "ok", rc == 0, "error",
                     ask_json_text(rc == 0 ? NULL : why.text), "ms",
                     (json_int_t)(clock_monotonic_ms() - begun), "dialogue", dialogue);
    alert_text_done(&text);
    http_free(h);
    return *out ? 0 : no_memory(err);
}

int alerts_test_channel(struct service *s, const struct service_ask *ask, json_t **out,
                        struct koppel_error *err)
{
    struct conf_edit_files files = {.dir = s->dir};
    const json_t *settings = json_object_get(ask->in, "settings");
    const char *name = ask_text(ask, "channel");
    int rc = settings ? alerts_file_channel(&files, s, name, settings,
                                            json_object_get(ask->in, "secrets"), err)
                      : 0;
    struct conf *conf = rc == 0 ? load(s, &files, err) : NULL;
    const struct conf_alert_channel *c = conf ? find(conf->alert, name, err) : NULL;
    rc = c ? test(conf->alert, c, out, err) : -1;
    conf_free(conf);
    conf_edit_files_done(&files);
    return rc;
}
