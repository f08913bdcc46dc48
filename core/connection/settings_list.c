/* SPDX-License-Identifier: MIT
 * The choice lists of a connection, and whether a value is in one. */
#include "connection/settings_list.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/nearest.h"
#include "connection/connection_choices.h"

#define TEXT_LIMIT 4096
#define WHY_BYTES 512
#define SHOWN 6 /* values that are listed where none is near */

struct settings_list {
    const char *name; /* the catalogue's */
    struct koppel_list rows;
};

void settings_list_done(struct settings_check *s)
{
    for (int i = 0; i < s->list_count; i++)
        list_done(&s->lists[i].rows);
    free(s->lists);
    s->lists = NULL;
    s->list_count = 0;
}

/* The list, fetched when it is first needed; NULL and err where that fails. */
static const struct koppel_list *list_get(struct settings_check *s, const char *name,
                                          struct koppel_error *err)
{
    for (int i = 0; i < s->list_count; i++) {
        if (strcmp(s->lists[i].name, name) == 0)
            return &s->lists[i].rows;
    }
    struct settings_list *grown = realloc(s->lists, sizeof *grown * (size_t)(s->list_count + 1));
    if (!grown) {
        err_set(err, KOPPEL_E_RETRY, "out of memory");
        return NULL;
    }
    s->lists = grown;
    struct settings_list *l = &grown[s->list_count];
    *l = (struct settings_list){.name = name};
    if (connection_choices(s->connection, name, &l->rows, err) < 0) {
        list_done(&l->rows);
        err_prefix(err, "list %s", name);
        return NULL;
    }
    s->list_count++;
    return &l->rows;
}

static const struct list_row *row_of(const struct koppel_list *l, const char *value)
{
    for (int i = 0; i < l->count; i++) {
        if (strcmp(l->rows[i].value, value) == 0)
            return &l->rows[i];
    }
    return NULL;
}

/* Why a value that is in the list must not be set after all; false: nothing speaks against it. */
static bool is_unfit(const struct list_row *row, char *out, size_t room)
{
    char today[CLOCK_TEXT_BYTES];
    const char *not = list_fact(row, "not"), *until = list_fact(row, "until");
    clock_format(clock_now_ms(), today);
    if (not &&not [0])
        snprintf(out, room, "%s", not );
    else if (until && strlen(until) >= 10 && strncmp(until, today, 10) < 0)
        snprintf(out, room, "it ended on %.10s", until);
    else
        return false;
    return true;
}

/* The row that was meant: spelled alike, or named by its title. */
static const struct list_row *nearest(const struct koppel_list *l, const char *value)
{
    const char **names = calloc((size_t)l->count + 1, sizeof *names);
    const char *near = NULL;
    for (int i = 0; i < l->count; i++) {
        if (strcasecmp(l->rows[i].value, value) == 0 || strcasecmp(l->rows[i].title, value) == 0) {
            free(names);
            return &l->rows[i];
        }
        if (names)
            names[i] = l->rows[i].value;
    }
    /* Numbers that look alike are no slips of the pen. */
    if (names && value[strspn(value, "0123456789")])
        near = nearest_name(value, names, l->count);
    free(names);
    for (int i = 0; near && i < l->count; i++) {
        if (l->rows[i].value == near)
            return &l->rows[i];
    }
    return NULL;
}

static void add_row(struct buf *out, const struct list_row *row)
{
    buf_printf(out, "\"%s\"", row->value);
    if (row->title[0] && strcmp(row->title, row->value) != 0)
        buf_printf(out, " (%s)", row->title);
}

/* "; did you mean ...?" or "; it has ...". */
static void add_remedy(struct buf *out, const struct koppel_list *l, const struct list_row *near)
{
    if (near) {
        buf_add_text(out, "; did you mean ");
        add_row(out, near);
        buf_add_char(out, '?');
        return;
    }
    buf_add_text(out, l->count ? "; it has " : "; it is empty");
    for (int i = 0; i < l->count && i < SHOWN; i++) {
        if (i > 0)
            buf_add_text(out, ", ");
        add_row(out, &l->rows[i]);
    }
    if (l->count > SHOWN)
        buf_printf(out, " and %d more", l->count - SHOWN);
}

void settings_list_wrong(struct settings_check *s, const struct settings_value *v,
                         const char *nearest, const char *format, ...)
{
    char text[TEXT_LIMIT];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    s->wrong(s->arg, &(struct conf_mistake){.file = (char *)v->at.file,
                                            .line = v->at.line,
                                            .path = (char *)v->path,
                                            .text = text,
                                            .nearest = (char *)nearest});
}

int settings_list_check(struct settings_check *s, const struct settings_value *v,
                        const struct list_row **row, struct koppel_error *err)
{
    const char *name = connection_conf(s->connection)->name;
    *row = NULL;
    if (!v->value[0])
        return 0;
    const struct koppel_list *l = list_get(s, v->list, err);
    if (!l)
        return -1;
    const struct list_row *found = row_of(l, v->value);
    char why[WHY_BYTES];
    if (found && !is_unfit(found, why, sizeof why)) {
        *row = found;
        return 0;
    }
    if (found) {
        settings_list_wrong(s, v, NULL, "%s is \"%s\" (%s) of list %s in connection \"%s\": %s",
                            v->what, v->value, found->title, v->list, name, why);
        return 0;
    }
    struct buf remedy;
    const struct list_row *near = nearest(l, v->value);
    buf_init(&remedy, TEXT_LIMIT);
    add_remedy(&remedy, l, near);
    settings_list_wrong(s, v, near ? near->value : NULL,
                        "%s is \"%s\", which connection \"%s\" does not have in its list %s%s",
                        v->what, v->value, name, v->list, buf_text(&remedy));
    buf_done(&remedy);
    return 0;
}
