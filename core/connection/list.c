/* SPDX-License-Identifier: MIT
 * Rows of probe(), choices() and verify(). */
#include "connection/list.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mask.h"
#include "connection/border.h"

#define ROWS_MAX 100000

void list_done(struct koppel_list *l)
{
    for (int i = 0; i < l->count; i++) {
        free(l->rows[i].value);
        free(l->rows[i].title);
        free(l->rows[i].setting);
        json_decref(l->rows[i].facts);
    }
    free(l->rows);
    *l = (struct koppel_list){0};
}

const char *list_fact(const struct list_row *row, const char *name)
{
    return json_string_value(json_object_get(row->facts, name));
}

static int grow(struct koppel_list *l)
{
    if (l->count < l->room)
        return 0;
    int room = l->room ? l->room * 2 : 16;
    struct list_row *grown = realloc(l->rows, (size_t)room * sizeof *grown);
    if (!grown)
        return -1;
    l->rows = grown;
    l->room = room;
    return 0;
}

int list_add(struct koppel_list *out, const char *value, const char *title,
             struct koppel_error *err)
{
    if (!value || !border_is_text(value, strlen(value))
        || (title && !border_is_text(title, strlen(title))))
        return err_reason(err, KOPPEL_E_BUG, "plugin.text", "row wants a value and a title that "
                          "are UTF-8");
    if (out->count >= ROWS_MAX)
        return err_reason(err, KOPPEL_E_BUG, "plugin.large", "more than %d rows", ROWS_MAX);
    struct list_row row = {.value = strdup(value), .title = strdup(title ? title : ""),
                           .at_ns = clock_monotonic_ns()};
    if (!row.value || !row.title || grow(out) < 0) {
        free(row.value);
        free(row.title);
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    }
    out->rows[out->count++] = row;
    return 0;
}

int list_add_fact(struct koppel_list *out, const char *name, const char *value,
                  struct koppel_error *err)
{
    if (out->count == 0 || !name || !name[0] || !value)
        return err_reason(err, KOPPEL_E_BUG, "plugin.order", "row_fact wants a row before it, a "
                          "name and a value");
    struct list_row *row = &out->rows[out->count - 1];
    if (!row->facts)
        row->facts = json_object();
    if (json_object_set_new(row->facts, name, json_string(value)) < 0)
        return err_reason(err, KOPPEL_E_BUG, "plugin.text", "row_fact %s is not UTF-8", name);
    return 0;
}

int list_add_step(struct koppel_list *out, const char *step, uint32_t outcome,
                  const char *setting, const char *text, struct koppel_error *err)
{
    if (outcome < KOPPEL_STEP_OK || outcome > KOPPEL_STEP_FAILED)
        return err_reason(err, KOPPEL_E_BUG, "plugin.step", "step has the unknown outcome %u",
                          outcome);
    if (list_add(out, step, text, err) < 0)
        return -1;
    struct list_row *row = &out->rows[out->count - 1];
    mask_text(row->title);
    row->outcome = outcome;
    row->setting = setting && border_is_text(setting, strlen(setting)) ? strdup(setting) : NULL;
    return 0;
}
