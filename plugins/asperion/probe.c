/* SPDX-License-Identifier: MIT
 * The administrations of a login; see probe.h. */
#include "probe.h"

#include "choices.h"
#include "records.h"

/* Those that the login has, for a message. */
struct seen {
    char text[400];
    size_t bytes;
    /* Of the one that is set; "": it is not among them. */
    char name[120];
};

static void see(struct asperion *a, struct seen *s, const json_t *row)
{
    char id[API_ID_BYTES];
    const char *name = koppel_get_text(row, "name", "no name");
    records_id(row, id, sizeof id);
    if (strcmp(id, a->tenant) == 0)
        snprintf(s->name, sizeof s->name, "%s", name);
    if (s->bytes >= sizeof s->text)
        return;
    int n = snprintf(s->text + s->bytes, sizeof s->text - s->bytes, "%s%s %s", s->bytes ? ", " : "",
                     id, name);
    s->bytes += n > 0 ? (size_t)n : 0;
}

int probe_tenant(struct asperion *a, struct koppel_list *facts, struct koppel_error *err)
{
    struct seen s = {.text = ""};
    size_t i;
    json_t *row, *rows = choices_rows(a, "administrations", err);
    if (!rows || a->host->step(facts, "administrations", KOPPEL_STEP_OK, NULL, NULL, err) != 0) {
        json_decref(rows);
        return -1;
    }
    json_array_foreach(rows, i, row) {
        if (json_is_object(row))
            see(a, &s, row);
    }
    json_decref(rows);
    if (!s.name[0]) {
        a->host->step(facts, "administration", KOPPEL_STEP_FAILED, "tenant", NULL, err);
        return a->host->fail(err, KOPPEL_E_CONFIG,
                             "this login has no administration %s; it has: %s", a->tenant,
                             *s.text ? s.text : "none");
    }
    a->tenant_seen = false;
    if (api_know_tenant(a, err) != 0 ||
        a->host->step(facts, "administration", KOPPEL_STEP_OK, NULL, s.name, err) != 0 ||
        a->host->row(facts, "administration", a->tenant, err) != 0)
        return -1;
    return a->host->row(facts, "administration name", s.name, err);
}
