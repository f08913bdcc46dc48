/* SPDX-License-Identifier: MIT
 * The alerts' series: a rule that has none shows zero, so that its end is seen. */
#include "metrics/metrics_alerts.h"

#include <string.h>

#include "alert/alert_book_json.h"
#include "config/conf_alert.h"
#include "metrics/metrics_text.h"

struct shown {
    struct buf *out;
    const struct conf_alert *conf;
};

static bool is_active(const struct alert *a)
{
    return a->state == ALERT_OPEN || a->state == ALERT_ACKNOWLEDGED;
}

static void add_active(struct buf *out, const struct alert_book *book)
{
    metrics_text_family(out, "koppel_alerts_active", "gauge",
                        "Alerts that are open or acknowledged, by rule");
    for (int rule = 0; rule < CONF_ALERT_RULES; rule++) {
        int64_t count = 0;
        for (int i = 0; i < book->count; i++)
            count += (int)book->alerts[i]->rule == rule && is_active(book->alerts[i]);
        const char *name = conf_alert_rule_name((enum conf_alert_name)rule);
        metrics_text_number(out, "koppel_alerts_active", METRICS_TEXT_LABELS({"rule", name}),
                            count);
    }
}

static void add_told(void *arg, const struct meter_row *row)
{
    const struct shown *s = arg;
    for (int i = 0; i < s->conf->channel_count; i++) {
        if (strcmp(s->conf->channels[i].name, row->words[0]) == 0)
            metrics_text_number(s->out, "koppel_notifications_total",
                                METRICS_TEXT_LABELS({"channel", row->words[0]},
                                                    {"outcome", row->words[1]}),
                                row->count);
    }
}

int metrics_alerts_add(struct buf *out, struct engine *e, const struct generation *g,
                       struct koppel_error *err)
{
    struct shown s = {out, g->conf->alert};
    struct alert_book book = {0};
    int64_t rev;
    int rc = alert_book_json_load(&book, e->store, &rev, err);
    if (rc == 0) {
        add_active(out, &book);
        metrics_text_family(out, "koppel_notifications_total", "counter",
                            "Messages that channels of alerts took, or did not");
        meter_each(METER_MESSAGES, add_told, &s);
    }
    alert_book_done(&book);
    return rc;
}
