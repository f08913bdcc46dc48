/* SPDX-License-Identifier: MIT
 * What stands in the books in the end, and whether it is right. */
#include "world_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- judging ---- */

static int take_row(void *arg, const struct store_job_row *row)
{
    struct world_end *end = arg;
    if (end->reason[0] != '?')
        return 0; /* newest first */
    end->state = row->state;
    end->attempt = row->attempt;
    snprintf(end->reason, sizeof end->reason, "%s", row->reason ? row->reason : "");
    snprintf(end->detail, sizeof end->detail, "%.290s", row->detail ? row->detail : "");
    return 0;
}

void world_end_of(struct world *w, const char *name, struct world_end *out)
{
    struct koppel_error err = {0};
    struct store *s = w->reader->real;
    struct store_job_filter filter = {.flow = w->flow_name, .state = -1, .key = name};
    struct store_page page = {.limit = 10};
    *out = (struct world_end){.state = JOB_NEW, .reason = "?"};
    if (s->ops->jobs(s, &filter, &page, take_row, out, &err) != 0)
        world_die("jobs", &err);
}

int world_content(const struct world *w, const char *name)
{
    for (int i = w->version_count - 1; i >= 0; i--) {
        if (strcmp(w->versions[i].key, name) == 0)
            return w->versions[i].content;
    }
    return -1;
}

/* "" after the name: the record itself; else "/" and a number: one of its chain. */
static bool is_of(const char *name, const char *text)
{
    size_t n = strlen(name);
    return strncmp(text, name, n) == 0 && (text[n] == '\0' || text[n] == '/');
}

/* Is it the card of that name, up to date? */
static bool is_card_of(const struct peer_doc *d, const char *name, int content)
{
    char wanted[32];
    const char *number = json_string_value(json_object_get(d->record, "number"));
    const char *there = json_string_value(json_object_get(d->record, "name"));
    snprintf(wanted, sizeof wanted, "name %d", content);
    return number && there && strcmp(number, name) == 0 && strcmp(there, wanted) == 0;
}

bool world_right(struct world *w, const char *name, char *why, size_t room)
{
    int content = world_content(w, name), sum = 0, count = 0, active = 0, cards = 0;
    bool chain = w->way == WAY_DIFFERENCE || w->way == WAY_SINGLE || w->way == WAY_KEYED_SUM;
    for (int i = 0; i < w->peer.count; i++) {
        const struct peer_doc *d = &w->peer.docs[i];
        const char *text = json_string_value(json_object_get(d->record, w->peer.by));
        if (d->card) {
            cards += is_card_of(d, name, content);
            continue;
        }
        if (d->removed || !text || !is_of(name, text) ||
            (d->foreign && (w->mood != MOOD_EQUAL || !content)))
            continue;
        const char *use = json_string_value(json_object_get(d->record, "active"));
        sum += atoi(json_string_value(json_object_get(d->record, "total")));
        active += !use || strcmp(use, "true") == 0;
        count++;
    }
    snprintf(why, room, "%d documents, sum %d instead of %d%s", count, sum, content,
             strcmp(w->peer.by, "number") == 0 && active != (content > 0) ? ", in use or not" : "");
    if (w->peer.broken[0])
        return false;
    if (w->way == WAY_REFERENCE && content && cards != 1) {
        snprintf(why, room, "%d cards with that name", cards);
        return false;
    }
    if (strcmp(w->peer.by, "number") == 0)
        return content ? count == 1 && active == 1 && sum == content : active == 0;
    if (chain)
        return sum == content && (count > 0 || content == 0);
    return content ? count == 1 && sum == content : count == 0;
}
