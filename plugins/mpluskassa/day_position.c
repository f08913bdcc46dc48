/* SPDX-License-Identifier: MIT
 * How far the reading of day totals is: see day_position.h. */
#include "day_position.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soap_value.h"

void day_position_done(struct day_position *p)
{
    json_decref(p->todo);
    json_decref(p->open);
}

/* One part of the cursor; text moves on to the next. */
static json_t *take_part(const char **text)
{
    size_t n = strcspn(*text, "|");
    char *part = strndup(*text, n);
    json_t *list = part ? call_split(part) : NULL;
    *text += n + ((*text)[n] == '|');
    free(part);
    return list;
}

/* The distances from the marker. */
static void take_seen(struct day_position *p, const json_t *seen)
{
    for (size_t i = 0; i < json_array_size(seen) && p->seen_count < DAY_POSITION_SEEN; i++) {
        int64_t away;
        if (soap_value_parse_integer(json_string_value(json_array_get(seen, i)), &away))
            p->seen[p->seen_count++] = p->marker - away;
    }
}

int day_position_read(struct mplus *m, const char *cursor, struct day_position *p,
                      struct koppel_error *err)
{
    const char *text = cursor ? cursor : "";
    json_t *marker = take_part(&text);
    const char *digits = json_string_value(json_array_get(marker, 0));
    *p = (struct day_position){.marker = -1};
    p->todo = take_part(&text);
    p->open = take_part(&text);
    json_t *seen = take_part(&text);
    int rc = 0;
    if (!marker || !p->todo || !p->open || !seen)
        rc = call_no_memory(m, err);
    else if (digits && (!call_is_number(digits) || !soap_value_parse_integer(digits, &p->marker)))
        rc = m->host->fail(err, KOPPEL_E_CONFIG,
                           "the cursor \"%s\" is no sync marker; set it to a number, 0 for all",
                           cursor);
    else
        take_seen(p, seen);
    json_decref(marker);
    json_decref(seen);
    return rc;
}

/* Puts "|a,b" behind the text. */
static void put_list(FILE *text, const json_t *list)
{
    const json_t *one;
    size_t i;
    fputc('|', text);
    json_array_foreach((json_t *)list, i, one)
        fprintf(text, "%s%s", i > 0 ? "," : "", json_string_value(one));
}

int day_position_end(struct mplus *m, const struct day_position *p, bool more,
                     struct koppel_batch *out, struct koppel_error *err)
{
    char *cursor = NULL;
    size_t bytes;
    FILE *text = open_memstream(&cursor, &bytes);
    if (!text)
        return call_no_memory(m, err);
    fprintf(text, "%" PRId64, p->marker < 0 ? 0 : p->marker);
    put_list(text, p->todo);
    put_list(text, p->open);
    for (int i = 0; i < p->seen_count; i++)
        fprintf(text, "%c%" PRId64, i > 0 ? ',' : '|', p->marker - p->seen[i]);
    int rc =
        fclose(text) == 0 ? m->host->batch_end(out, cursor, more, err) : call_no_memory(m, err);
    free(cursor);
    return rc;
}

void day_position_add(json_t *days, const char *day)
{
    const json_t *known;
    size_t i;
    /* in order: the days are posted as they come */
    json_array_foreach(days, i, known) {
        int order = strcmp(json_string_value(known), day);
        if (order == 0)
            return;
        if (order > 0)
            break;
    }
    json_array_insert_new(days, i, json_string(day));
}

/* Puts a marker in its place; the oldest one is forgotten where there is no more room. */
static void remember(struct day_position *p, int64_t marker)
{
    int i = p->seen_count < DAY_POSITION_SEEN ? p->seen_count++ : DAY_POSITION_SEEN - 1;
    for (; i > 0 && p->seen[i - 1] < marker; i--)
        p->seen[i] = p->seen[i - 1];
    p->seen[i] = marker;
}

bool day_position_see(struct day_position *p, int64_t before, int64_t marker)
{
    bool known = marker <= before && (p->seen_count == 0 || marker < p->seen[p->seen_count - 1]);
    for (int i = 0; i < p->seen_count && !known; i++)
        known = p->seen[i] == marker;
    if (known) /* older than what is remembered: it was seen, for all that is known */
        return false;
    remember(p, marker);
    if (marker > p->marker)
        p->marker = marker;
    return true;
}
